import type { Sql } from '../client.ts';

/** A call in flight of which nothing was heard for too long. */
export interface SilentCall {
  callId: number;
  token: string;
  status: 'dialing' | 'unknown' | 'ringing' | 'in_progress';
  carrier: string;
  carrierCallId: string | undefined;
  to: string;
  from: string;
  claimedAt: Date;
}

/** A call that is asked about keeps its place under the caps at least this long. */
const LEASE_SECONDS = 600;

/**
 * Takes silent calls for one check, those first of which nobody knows whether they were placed; another watchdog finds
 * them again only when this check has led to nothing.
 */
export async function takeSilent(sql: Sql, checkSeconds: number, limit: number): Promise<SilentCall[]> {
  return sql<SilentCall[]>`
    with silent as (
      select id from calls
       where check_at <= now() and status in ('dialing', 'unknown', 'ringing', 'in_progress')
       order by status in ('ringing', 'in_progress'), check_at limit ${limit} for update skip locked
    ), taken as (
      update calls c set check_at = now() + ${checkSeconds} * interval '1 second', updated_at = now()
        from silent where c.id = silent.id
      returning c.id, c.claim_token, c.status, c.carrier, c.carrier_call_id, c.to_number, c.from_number, c.claimed_at
    ), kept as (
      update capacity_leases l set expires_at = greatest(l.expires_at, now() + ${LEASE_SECONDS} * interval '1 second')
        from taken where l.call_id = taken.id
    )
    select id as "callId", claim_token::text as token, status, carrier, carrier_call_id as "carrierCallId", to_number as "to",
           from_number as "from", claimed_at as "claimedAt" from taken`;
}

/** Which of these carrier calls belong to a row already. */
export async function findKnownCarrierCalls(sql: Sql, carrier: string, carrierCallIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<Array<{ id: string }>>`
    select carrier_call_id as id from calls where carrier = ${carrier} and carrier_call_id = any(${carrierCallIds as string[]})`;
  return new Set(rows.map((row) => row.id));
}

/**
 * The carrier was asked and could not tell: counts it. Answers how often that was for this claim, and how old the claim is
 * by the database's clock; undefined when the call has moved on meanwhile.
 */
export async function countCheck(sql: Sql, { callId, token }: SilentCall): Promise<{ checks: number; ageMs: number } | undefined> {
  const [row] = await sql<Array<{ checks: number; ageMs: number }>>`
    update calls set checks = checks + 1
     where id = ${callId} and claim_token = ${token}::uuid and status in ('dialing', 'unknown', 'ringing', 'in_progress')
    returning checks, extract(epoch from clock_timestamp() - claimed_at)::float8 * 1000 as "ageMs"`;
  return row;
}
