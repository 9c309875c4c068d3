import type { Outcome } from '../../core/call.ts';
import type { Sql } from '../client.ts';
import { countedColumns, rollUps } from './roll-ups.ts';

export type Cursor = Record<string, number>;

/** Where what is nobody's goes: the tenant of the first platform administrator. */
export async function findHomeTenant(sql: Sql): Promise<number | undefined> {
  const [row] = await sql<Array<{ tenantId: number }>>`
    select tenant_id as "tenantId" from users where platform_role = 'admin' and is_active order by id limit 1`;
  return row?.tenantId;
}

export async function readCursor(sql: Sql, carrier: string, subject: string): Promise<Cursor | undefined> {
  const [row] = await sql<Array<{ cursor: Cursor }>>`select cursor from sync_cursors where carrier = ${carrier} and subject = ${subject}`;
  return row?.cursor;
}

/** Moves a cursor on from where it was read; false when somebody else has moved it meanwhile. */
export async function moveCursor(
  sql: Sql,
  { carrier, subject }: { carrier: string; subject: string },
  from: Cursor | undefined,
  to: Cursor,
): Promise<boolean> {
  const next = JSON.stringify(to);
  const rows = from
    ? await sql`
        update sync_cursors set cursor = ${next}::text::jsonb, updated_at = now()
         where carrier = ${carrier} and subject = ${subject} and cursor = ${JSON.stringify(from)}::text::jsonb returning subject`
    : await sql`
        insert into sync_cursors (carrier, subject, cursor) values (${carrier}, ${subject}, ${next}::text::jsonb)
        on conflict do nothing returning subject`;
  return rows.length > 0;
}

/** Which of these dials belong to rows that have not ended. */
export async function findOpenDials(sql: Sql, dials: ReadonlyArray<{ callId: number; token: string }>): Promise<Set<string>> {
  const rows = await sql<Array<{ token: string }>>`
    select c.claim_token::text as token
      from unnest(${dials.map((d) => d.callId)}::bigint[], ${dials.map((d) => d.token)}::uuid[]) as t(id, token)
      join calls c on c.id = t.id and c.claim_token = t.token
     where c.ended_at is null`;
  return new Set(rows.map((row) => row.token));
}

export interface BookedAgent {
  tenantId: number;
  carrierAgentId: string;
  name: string;
  prompt: string | undefined;
}

const NUMBERS = 7_310_204;

/** One at a time who brings numbers of the carriers, so that each gets one row. Held until the transaction ends. */
export async function lockCarrierNumbers(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(${NUMBERS})`;
}

/**
 * Agents that a carrier has and their tenants have not, so that numbers and calls have somebody. One that was deleted here stays
 * deleted: its row remembers it by the carrier's id.
 */
export async function insertCarrierAgents(sql: Sql, carrier: string, agents: readonly BookedAgent[]): Promise<void> {
  await sql`
    insert into agents (tenant_id, kind, name, system_prompt, carrier, carrier_agent_id)
    select t.tenant_id, 'ai', t.name, t.prompt, ${carrier}, t.id
      from unnest(${agents.map((a) => a.tenantId)}::bigint[], ${agents.map((a) => a.name)}::text[],
                  ${agents.map((a) => a.prompt ?? null)}::text[], ${agents.map((a) => a.carrierAgentId)}::text[]) as t(tenant_id, name, prompt, id)
     where not exists (select from agents o where o.tenant_id = t.tenant_id and o.carrier = ${carrier} and o.carrier_agent_id = t.id)
    on conflict (tenant_id, carrier, carrier_agent_id) where deleted_at is null and carrier_agent_id is not null do nothing`;
}

export interface NumberOwner {
  tenantId: number;
  /** when it came to the tenant */
  since: Date;
}

/**
 * Whose numbers these are: of the tenants that have them from the carrier. A number that a tenant has merely entered does not
 * count: anybody may enter any number, and would be shown the calls of whoever really has it.
 */
export async function findNumberOwners(sql: Sql, carrier: string, numbers: readonly string[]): Promise<Map<string, NumberOwner>> {
  const rows = await sql<Array<NumberOwner & { number: string }>>`
    select number, tenant_id as "tenantId", tenant_since as since from phone_numbers
     where carrier = ${carrier} and number = any(${numbers as string[]}::text[])`;
  return new Map(rows.map(({ number, ...owner }) => [number, owner]));
}

export interface BookedPhone {
  tenantId: number;
  number: string;
  carrierNumberId: string;
  carrierAgentId: string | undefined;
  tags: readonly string[] | undefined;
  /** what the carrier says of it */
  meta: Record<string, unknown>;
}

/**
 * Numbers as the carrier has them. A number that is known keeps its tags and an agent of our own; an agent that came from the
 * carrier follows it when the carrier gives the number another one. A number that goes to another tenant meanwhile is left for the
 * next time. Answers how many are new or have changed.
 */
export async function saveCarrierPhones(sql: Sql, carrier: string, phones: readonly BookedPhone[]): Promise<number> {
  const follows = sql`(a.id is not null and p.carrier_agent_id is distinct from t.agent
    and (p.agent_id is null or exists (select from agents own where own.id = p.agent_id and own.carrier_agent_id is not null)))`;
  const [row] = await sql<Array<{ saved: number }>>`
    with told as (
      select * from unnest(${phones.map((p) => p.tenantId)}::bigint[], ${phones.map((p) => p.number)}::text[],
                           ${phones.map((p) => p.carrierNumberId)}::text[], ${phones.map((p) => p.carrierAgentId ?? null)}::text[],
                           ${phones.map((p) => JSON.stringify(p.tags ?? []))}::jsonb[], ${phones.map((p) => JSON.stringify(p.meta))}::jsonb[])
                    as t(tenant_id, number, id, agent, tags, meta)
    ), known as (
      update phone_numbers p
         set carrier = ${carrier}, carrier_number_id = t.id, carrier_agent_id = t.agent, meta = p.meta || t.meta,
             agent_id = case when ${follows} then a.id else p.agent_id end, updated_at = now()
        from told t left join agents a on ${ofCarrier(sql, carrier)}
       where p.tenant_id = t.tenant_id and p.number = t.number
         and (p.carrier, p.carrier_number_id, p.carrier_agent_id, p.meta) is distinct from (${carrier}, t.id, t.agent, p.meta || t.meta)
      returning p.id
    ), made as (
      insert into phone_numbers (tenant_id, number, carrier, carrier_number_id, carrier_agent_id, agent_id, tags, meta)
      select t.tenant_id, t.number, ${carrier}, t.id, t.agent, a.id, array(select jsonb_array_elements_text(t.tags)), t.meta
        from told t left join agents a on ${ofCarrier(sql, carrier)}
       where not exists (select from phone_numbers p where p.tenant_id = t.tenant_id and p.number = t.number)
      on conflict do nothing returning id
    )
    select (select count(*) from known) + (select count(*) from made) as saved`;
  return row?.saved ?? 0;
}

function ofCarrier(sql: Sql, carrier: string) {
  return sql`a.tenant_id = t.tenant_id and a.carrier = ${carrier} and a.carrier_agent_id = t.agent and a.deleted_at is null`;
}

export interface BookedCall {
  tenantId: number;
  carrierCallId: string;
  carrierAgentId: string;
  direction: 'outbound' | 'inbound';
  /** E.164 */
  from: string;
  to: string;
  status: Outcome;
  answeredBy: string | undefined;
  durationSeconds: number;
  startedAt: Date;
  metadata: Record<string, unknown>;
  turns: ReadonlyArray<{ role: 'assistant' | 'user'; content: string; at: Date | undefined }>;
  recording: { recordingId: string; fileName: string } | undefined;
}

/**
 * Keeps calls that were made over the carrier by others, ended as they are, and counts them: they are never dialed, charged or tried
 * again. One that is known already, by the carrier's id, is left as it is. Answers the new ones.
 */
export async function insertCarrierCalls(
  sql: Sql,
  carrier: string,
  calls: readonly BookedCall[],
): Promise<Array<{ id: number; tenantId: number }>> {
  const turns = calls.flatMap(({ carrierCallId, startedAt, turns: said }) =>
    said.map(({ at, ...turn }, position) => ({ ...turn, carrierCallId, position, at: (at ?? startedAt).toISOString() })),
  );
  const recordings = calls.flatMap(({ carrierCallId, recording }) => (recording ? [{ ...recording, carrierCallId }] : []));
  return sql<Array<{ id: number; tenantId: number }>>`
    with told as (
      select * from unnest(${calls.map((c) => c.tenantId)}::bigint[], ${calls.map((c) => c.carrierCallId)}::text[],
                           ${calls.map((c) => c.carrierAgentId)}::text[], ${calls.map((c) => c.direction)}::text[],
                           ${calls.map((c) => c.from || null)}::text[], ${calls.map((c) => c.to)}::text[], ${calls.map((c) => c.status)}::text[],
                           ${calls.map((c) => c.answeredBy ?? null)}::text[], ${calls.map((c) => c.durationSeconds)}::int[],
                           ${calls.map((c) => c.startedAt.toISOString())}::timestamptz[], ${calls.map((c) => JSON.stringify(c.metadata))}::jsonb[])
        as t(tenant_id, carrier_call_id, agent, direction, from_number, to_number, status, answered_by, duration, started_at, metadata)
    ), moved as (
      insert into calls as c (tenant_id, agent_id, direction, status, from_number, to_number, scheduled_for, claimed_at, answered_at, ended_at,
                              answered_by, duration_seconds, carrier, carrier_call_id, metadata, created_at)
      select t.tenant_id, a.id, t.direction, t.status, t.from_number, t.to_number, t.started_at, t.started_at,
             case when t.duration > 0 then t.started_at end, t.started_at + t.duration * interval '1 second', t.answered_by, t.duration,
             ${carrier}, t.carrier_call_id, t.metadata, t.started_at
        from told t
        cross join lateral (
          -- one that was deleted keeps its calls
          select id from agents where tenant_id = t.tenant_id and carrier = ${carrier} and carrier_agent_id = t.agent
           order by deleted_at is not null, id desc limit 1
        ) a
       order by t.started_at
      on conflict (carrier, carrier_call_id) where carrier_call_id is not null do nothing
      returning c.id, c.carrier_call_id, ${countedColumns(sql)}
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status, detail)
      select id, 'end', 'unscheduled', status, '{"reason": "made elsewhere"}'::jsonb from moved
    ), transcribed as (
      insert into transcript_turns (call_id, position, role, content, at)
      select moved.id, t.position, t.role, t.content, t.at
        from unnest(${turns.map((t) => t.carrierCallId)}::text[], ${turns.map((t) => t.position)}::int[], ${turns.map((t) => t.role)}::text[],
                    ${turns.map((t) => t.content)}::text[], ${turns.map((t) => t.at)}::timestamptz[]) as t(carrier_call_id, position, role, content, at)
        join moved using (carrier_call_id)
    ), recorded as (
      insert into recordings (tenant_id, call_id, source, carrier_recording_id, file_name, mime_type, duration_seconds, status, next_fetch_at)
      select moved.tenant_id, moved.id, 'carrier', t.recording_id, t.file_name, 'audio/mpeg', moved.duration, 'pending', now()
        from unnest(${recordings.map((r) => r.carrierCallId)}::text[], ${recordings.map((r) => r.recordingId)}::text[],
                    ${recordings.map((r) => r.fileName)}::text[]) as t(carrier_call_id, recording_id, file_name)
        join moved using (carrier_call_id)
      on conflict (carrier_recording_id) where carrier_recording_id is not null do nothing
    ), ${rollUps(sql)}
    select id, tenant_id as "tenantId" from moved`;
}
