import type { Sql } from '../client.ts';

export interface Recording {
  id: number;
  tenantId: number;
  callId: number;
  /** of the call: whose it is */
  agentId: number;
  storageKey: string | null;
  fileName: string;
  mimeType: string;
  sizeBytes: number | null;
  status: 'pending' | 'ready' | 'failed';
  createdAt: Date;
}

export interface UploadedRecording {
  tenantId: number;
  callId: number;
  storageKey: string;
  fileName: string;
  mimeType: string;
  sizeBytes: number;
}

export async function insertUploaded(sql: Sql, given: UploadedRecording): Promise<number> {
  const [row] = await sql<Array<{ id: number }>>`
    insert into recordings (tenant_id, call_id, source, storage_key, file_name, mime_type, size_bytes)
    values (${given.tenantId}, ${given.callId}, 'upload', ${given.storageKey}, ${given.fileName}, ${given.mimeType}, ${given.sizeBytes})
    returning id`;
  if (!row) throw new Error('An insert without a row');
  return row.id;
}

/** One recording of a tenant that is not deleted. */
export async function findRecording(sql: Sql, tenantId: number, id: number): Promise<Recording | undefined> {
  const [row] = await sql<Recording[]>`
    select r.id, r.tenant_id as "tenantId", r.call_id as "callId", c.agent_id as "agentId", r.storage_key as "storageKey",
           r.file_name as "fileName", r.mime_type as "mimeType", r.size_bytes as "sizeBytes", r.status, r.created_at as "createdAt"
      from recordings r join calls c on c.id = r.call_id and c.tenant_id = r.tenant_id
     where r.tenant_id = ${tenantId} and r.id = ${id} and r.deleted_at is null`;
  return row;
}

/** The row stays and says when. Answers what is to be removed with it; undefined: there is no such recording. */
export async function markDeleted(sql: Sql, tenantId: number, id: number): Promise<{ storageKey: string | null } | undefined> {
  const [row] = await sql<Array<{ storageKey: string | null }>>`
    update recordings set deleted_at = now() where tenant_id = ${tenantId} and id = ${id} and deleted_at is null
    returning storage_key as "storageKey"`;
  return row;
}

/**
 * The carrier has recorded a call: its audio is to be fetched. Told twice, it is written down once; a word about another dial than the
 * one that is known changes nothing.
 */
export async function insertRecorded(
  sql: Sql,
  told: { callId: number; token: string; carrierCallId: string; recordingId: string; durationSeconds: number; fileName: string },
): Promise<void> {
  await sql`
    insert into recordings (tenant_id, call_id, source, carrier_recording_id, file_name, mime_type, duration_seconds, status, next_fetch_at)
    select tenant_id, id, 'carrier', ${told.recordingId}, ${told.fileName}, 'audio/mpeg', ${told.durationSeconds}, 'pending', now()
      from calls
     where id = ${told.callId} and claim_token = ${told.token}::uuid and coalesce(carrier_call_id, ${told.carrierCallId}) = ${told.carrierCallId}
    on conflict (carrier_recording_id) where carrier_recording_id is not null do nothing`;
}

export interface PendingRecording {
  id: number;
  tenantId: number;
  callId: number;
  carrierRecordingId: string;
  /** who has its audio: whoever carried the call */
  carrier: string | null;
  createdAt: Date;
  /** this one included */
  attempts: number;
}

/** Takes recordings whose audio is to be fetched now; after `leaseSeconds` they are anybody's again. */
export async function takePending(sql: Sql, limit: number, leaseSeconds: number): Promise<PendingRecording[]> {
  return sql<PendingRecording[]>`
    update recordings r set fetch_attempts = fetch_attempts + 1, next_fetch_at = now() + ${leaseSeconds} * interval '1 second'
     where id = any(array(
       select id from recordings where status = 'pending' and deleted_at is null and next_fetch_at <= now()
        order by next_fetch_at limit ${limit} for update skip locked))
    returning id, tenant_id as "tenantId", call_id as "callId", carrier_recording_id as "carrierRecordingId", created_at as "createdAt",
              fetch_attempts as attempts, (select c.carrier from calls c where c.id = r.call_id) as carrier`;
}

/** False when somebody else has fetched it meanwhile, or it was deleted: the file is nobody's then. */
export async function markFetched(
  sql: Sql,
  id: number,
  stored: { storageKey: string; fileName: string; mimeType: string; sizeBytes: number },
): Promise<boolean> {
  const { count } = await sql`
    update recordings set status = 'ready', storage_key = ${stored.storageKey}, file_name = ${stored.fileName}, mime_type = ${stored.mimeType},
           size_bytes = ${stored.sizeBytes}, next_fetch_at = null
     where id = ${id} and status = 'pending' and deleted_at is null`;
  return count > 0;
}

/** Not fetched this time; `againInMs` undefined: it never will be. */
export async function markNotFetched(sql: Sql, { id, attempts }: PendingRecording, againInMs: number | undefined): Promise<void> {
  await sql`
    update recordings set status = ${againInMs === undefined ? 'failed' : 'pending'},
           next_fetch_at = now() + ${againInMs ?? null}::float8 * interval '1 millisecond'
     where id = ${id} and status = 'pending' and fetch_attempts = ${attempts}`;
}

/** Marks recordings deleted whose time is over: the tenant's own, else `defaultDays`; 0 is for ever. Answers whose files are to go. */
export async function expireRecordings(
  sql: Sql,
  defaultDays: number,
  limit: number,
): Promise<Array<{ tenantId: number; storageKey: string | null }>> {
  return sql<Array<{ tenantId: number; storageKey: string | null }>>`
    update recordings set deleted_at = now()
     where id = any(array(
       select r.id from tenants t, lateral (
         select id from recordings r
          where r.deleted_at is null and r.tenant_id = t.id
            and r.created_at < now() - coalesce(t.recording_retention_days, ${defaultDays}::int) * interval '1 day'
          order by r.created_at limit ${limit}) r
        where coalesce(t.recording_retention_days, ${defaultDays}::int) > 0 limit ${limit}))
    returning tenant_id as "tenantId", storage_key as "storageKey"`;
}

/** Which of these keys belong to a recording that is not deleted. */
export async function knownKeys(sql: Sql, keys: readonly string[]): Promise<Set<string>> {
  const rows = await sql<Array<{ key: string }>>`
    select storage_key as key from recordings where storage_key = any(${keys as string[]}::text[]) and deleted_at is null`;
  return new Set(rows.map((row) => row.key));
}

export async function readRetentionDays(sql: Sql, tenantId: number): Promise<number | null> {
  const [row] = await sql<Array<{ days: number | null }>>`select recording_retention_days as days from tenants where id = ${tenantId}`;
  return row?.days ?? null;
}

/** null: the installation's default */
export async function writeRetentionDays(sql: Sql, tenantId: number, days: number | null): Promise<void> {
  await sql`update tenants set recording_retention_days = ${days}, updated_at = now() where id = ${tenantId}`;
}
