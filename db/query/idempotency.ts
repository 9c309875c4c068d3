import type { Sql } from '../client.ts';

/** Whose key it is: equal keys of two users, or on two surfaces, have nothing to do with each other. */
export interface KeyOwner {
  tenantId: number;
  userId: number;
  surface: string;
  key: string;
}

/** One execution of the request under a key. */
export interface Once {
  keyId: number;
  /** counts the executions; only the latest writes */
  attempt: number;
  /** what an earlier execution, of which no answer is known, made and committed; null: nothing */
  madeId: number | null;
}

/** How a request ended. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  /** sealed */
  body: string;
}

export interface KnownKey {
  keyId: number;
  attempt: number;
  requestHash: string;
  /** null: in progress, or nobody knows */
  answer: KeptAnswer | null;
  /** milliseconds until whoever executes it is given up; not positive: is */
  leaseMs: number;
}

export interface Claim {
  requestHash: string;
  /** an execution that was given up may be repeated */
  repeatable: boolean;
  leaseMs: number;
  keptMs: number;
}

/** The moment a statement goes by: the database's, unless given. */
const at = (sql: Sql, now: Date | undefined) => sql`coalesce(${now ?? null}::timestamptz, now())`;
const after = (sql: Sql, now: Date | undefined, ms: number) => sql`${at(sql, now)} + ${ms}::bigint * interval '1 millisecond'`;

/**
 * Claims a key that nobody holds: a new one, a dead one, or one whose holder was given up and may be repeated. Of any number that try at
 * once, on any number of servers, one gets it; undefined: somebody else has, or had it.
 */
export async function claimKey(sql: Sql, owner: KeyOwner, claim: Claim, now?: Date): Promise<Once | undefined> {
  const [row] = await sql<Once[]>`
    insert into idempotency_keys as k (tenant_id, user_id, surface, key, request_hash, created_at, leased_until, expires_at)
    values (${owner.tenantId}, ${owner.userId}, ${owner.surface}, ${owner.key}, ${claim.requestHash}, ${at(sql, now)},
            ${after(sql, now, claim.leaseMs)}, ${after(sql, now, claim.keptMs)})
    on conflict (tenant_id, user_id, surface, key) do update
       set attempt = k.attempt + 1, leased_until = excluded.leased_until, request_hash = excluded.request_hash,
           made_id = case when k.expires_at > ${at(sql, now)} then k.made_id end,
           created_at = case when k.expires_at > ${at(sql, now)} then k.created_at else excluded.created_at end,
           expires_at = case when k.expires_at > ${at(sql, now)} then k.expires_at else excluded.expires_at end,
           response_status = null, response_headers = null, response_body = null
     where k.expires_at <= ${at(sql, now)}
        or (${claim.repeatable} and k.response_status is null and k.leased_until <= ${at(sql, now)} and k.request_hash = excluded.request_hash)
    returning id as "keyId", attempt, made_id as "madeId"`;
  return row;
}

/** What is known of a key; undefined: nothing, or it is dead. */
export async function readKey(sql: Sql, owner: KeyOwner, now?: Date): Promise<KnownKey | undefined> {
  const [row] = await sql<
    Array<Omit<KnownKey, 'answer'> & { status: number | null; headers: Record<string, string> | null; body: string }>
  >`
    select id as "keyId", attempt, request_hash as "requestHash", response_status as status, response_headers as headers, response_body as body,
           (extract(epoch from leased_until - ${at(sql, now)}) * 1000)::float8 as "leaseMs"
      from idempotency_keys
     where tenant_id = ${owner.tenantId} and user_id = ${owner.userId} and surface = ${owner.surface} and key = ${owner.key}
       and expires_at > ${at(sql, now)}`;
  if (!row) return undefined;
  const { status, headers, body, ...rest } = row;
  return { ...rest, answer: status === null ? null : { status, headers: headers ?? {}, body } };
}

/** Keeps the answer; false: the execution was given up, and another one has the key. */
export async function writeAnswer(sql: Sql, { keyId, attempt }: Once, { status, headers, body }: KeptAnswer): Promise<boolean> {
  const kept = await sql`
    update idempotency_keys
       set response_status = ${status}, response_headers = ${JSON.stringify(headers)}::text::jsonb, response_body = ${body}
     where id = ${keyId} and attempt = ${attempt}`;
  return kept.count > 0;
}

/**
 * Notes what an execution made, in the transaction that makes it. It waits for whoever is about to take the key over; false: somebody has,
 * and the transaction must make nothing.
 */
export async function writeMade(sql: Sql, { keyId, attempt }: Once, madeId: number): Promise<boolean> {
  const noted = await sql`
    update idempotency_keys set made_id = ${madeId}
     where id = ${keyId} and attempt = ${attempt} and made_id is null and response_status is null`;
  return noted.count > 0;
}

/** Forgets a key whose request did nothing; one that made something stays, and whoever asks again is told of that. */
export async function dropKey(sql: Sql, { keyId, attempt }: Once): Promise<void> {
  await sql`delete from idempotency_keys where id = ${keyId} and attempt = ${attempt} and made_id is null and response_status is null`;
  await endLease(sql, { keyId, attempt });
}

/** Gives an execution up at once, whose end nobody knows. */
export async function endLease(sql: Sql, { keyId, attempt }: Pick<Once, 'keyId' | 'attempt'>): Promise<void> {
  await sql`update idempotency_keys set leased_until = now() where id = ${keyId} and attempt = ${attempt}`;
}

const DELETED_AT_ONCE = 10_000;

/** Deletes the keys whose day is over, so many in a statement that none is long. Answers how many. */
export async function deleteDeadKeys(sql: Sql, now?: Date): Promise<number> {
  for (let deleted = 0; ;) {
    const { count } = await sql`
      delete from idempotency_keys where id = any(array(
        select id from idempotency_keys where expires_at <= ${at(sql, now)} order by expires_at limit ${DELETED_AT_ONCE}))`;
    deleted += count;
    if (count < DELETED_AT_ONCE) return deleted;
  }
}
