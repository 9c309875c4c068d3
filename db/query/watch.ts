import type { Sql } from '../client.ts';

/** A call in flight of which nothing was heard for too long. */
export interface SilentCall {
  callId: number;
  status: 'dialing' | 'unknown' | 'ringing' | 'in_progress';
  carrier: string;
  carrierCallId: string | undefined;
  to: string;
  from: string;
  claimedAt: Date;
  checks: number;
}

/** Takes silent calls for one check; another watchdog finds them again only when this check has led to nothing. */
export async function takeSilent(sql: Sql, checkSeconds: number, limit: number): Promise<SilentCall[]> {
  return sql<SilentCall[]>`
    with silent as (
      select id from calls
       where check_at <= now() and status in ('dialing', 'unknown', 'ringing', 'in_progress')
       order by check_at limit ${limit} for update skip locked
    )
    update calls c set check_at = now() + ${checkSeconds} * interval '1 second', updated_at = now()
      from silent where c.id = silent.id
    returning c.id as "callId", c.status, c.carrier, c.carrier_call_id as "carrierCallId", c.to_number as "to",
              c.from_number as "from", c.claimed_at as "claimedAt", c.checks`;
}

/** Which of these carrier calls belong to a row already. */
export async function findKnownCarrierCalls(sql: Sql, carrier: string, carrierCallIds: readonly string[]): Promise<Set<string>> {
  const rows = await sql<Array<{ id: string }>>`
    select carrier_call_id as id from calls where carrier = ${carrier} and carrier_call_id = any(${carrierCallIds as string[]})`;
  return new Set(rows.map((row) => row.id));
}

/** The carrier was asked and knew nothing: counts it, and answers how often that was. */
export async function countCheck(sql: Sql, callId: number): Promise<number> {
  const [row] = await sql<Array<{ checks: number }>>`update calls set checks = checks + 1 where id = ${callId} returning checks`;
  return row?.checks ?? 0;
}
