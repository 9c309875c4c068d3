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
  /** how often in a row, up to this check, the carrier answered that it has no such call */
  denials: number;
  /** from its answer until somebody told that it is over; null: nobody did */
  talkSeconds: number | null;
  /** since then; null likewise */
  overForMs: number | null;
}

/** A call that is asked about keeps its place under the caps at least this long. */
const LEASE_SECONDS = 600;

/**
 * Takes silent calls for one check, those first of which nobody knows whether they were placed; another watchdog finds
 * them again only when this check has led to nothing. A check that ends without the carrier's answer breaks the row of its denials.
 */
export async function takeSilent(sql: Sql, checkSeconds: number, limit: number): Promise<SilentCall[]> {
  return sql<SilentCall[]>`
    with silent as (
      select id, denials from calls
       where check_at <= now() and status in ('dialing', 'unknown', 'ringing', 'in_progress')
       order by status in ('ringing', 'in_progress'), check_at limit ${limit} for update skip locked
    ), taken as (
      update calls c set check_at = now() + ${checkSeconds} * interval '1 second', denials = 0, updated_at = now()
        from silent where c.id = silent.id
      returning c.id, c.claim_token, c.status, c.carrier, c.carrier_call_id, c.to_number, c.from_number, c.claimed_at, silent.denials,
                round(extract(epoch from c.over_at - c.answered_at))::int as talk_seconds, extract(epoch from now() - c.over_at)::float8 * 1000 as over_for_ms
    ), kept as (
      update capacity_leases l set expires_at = greatest(l.expires_at, now() + ${LEASE_SECONDS} * interval '1 second')
        from taken where l.call_id = taken.id
    )
    select id as "callId", claim_token::text as token, status, carrier, carrier_call_id as "carrierCallId", to_number as "to",
           from_number as "from", claimed_at as "claimedAt", denials, talk_seconds as "talkSeconds", over_for_ms as "overForMs" from taken`;
}

/** Which of these carrier calls belong to a row already. */
export async function findKnownCarrierCalls(sql: Sql, carrier: string, carrierCallIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<Array<{ id: string }>>`
    select carrier_call_id as id from calls where carrier = ${carrier} and carrier_call_id = any(${carrierCallIds as string[]})`;
  return new Set(rows.map((row) => row.id));
}

/** What came of the checks of one claim. */
export interface Checks {
  /** all that were to no avail */
  checks: number;
  /** those up to now, in a row, in which the carrier answered that it has no such call */
  denials: number;
  /** of the claim, by the database's clock */
  ageMs: number;
}

/** The carrier could not tell, or answered that it has no such call (`isDenied`): counts it. Undefined when the call has moved on meanwhile. */
export async function countCheck(sql: Sql, { callId, token, denials }: SilentCall, isDenied: boolean): Promise<Checks | undefined> {
  const [row] = await sql<Checks[]>`
    update calls set checks = checks + 1, denials = ${isDenied ? denials + 1 : 0}
     where id = ${callId} and claim_token = ${token}::uuid and status in ('dialing', 'unknown', 'ringing', 'in_progress')
    returning checks, denials, extract(epoch from clock_timestamp() - claimed_at)::float8 * 1000 as "ageMs"`;
  return row;
}
