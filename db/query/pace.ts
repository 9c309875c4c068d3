import type { Sql } from '../client.ts';

export interface Pace {
  /** the database's clock: the only one that claims go by */
  now: Date;
  nextStartAt: Date;
  pausedUntil: Date | undefined;
  /** requests in a row that the carrier did not take for reasons of its own */
  failures: number;
}

interface Row {
  now: Date;
  nextStartAt: Date | null;
  pausedUntil: Date | null;
  failures: number | null;
}

/**
 * The turnstile: whoever claims calls for a carrier, or writes what forbids a claim, holds this row until commit. So
 * caps are exact, and a number suppressed before a claim commits is never rung by it. `waitedMs`: how long it took to get in.
 */
export async function enterTurnstile(sql: Sql, carrier: string): Promise<Pace & { waitedMs: number }> {
  // the clock is read outside of the locking part: inside, a lock that was waited for leaves the time before the wait
  const read = () => sql<Array<Row & { waitedMs: number }>>`
    with entered as materialized (select * from carrier_pace where carrier = ${carrier} for update)
    select clock_timestamp() as now, extract(epoch from clock_timestamp() - statement_timestamp())::float8 * 1000 as "waitedMs",
           next_start_at as "nextStartAt", paused_until as "pausedUntil", failures
      from entered`;
  let [row] = await read();
  if (!row) {
    await sql`insert into carrier_pace (carrier) values (${carrier}) on conflict do nothing`;
    [row] = await read();
  }
  if (!row) throw new Error(`No pace for carrier ${carrier}`);
  return { ...paceOf(row), waitedMs: row.waitedMs };
}

/** The pace as it stands, for whoever only looks. */
export async function readPace(sql: Sql, carrier: string): Promise<Pace> {
  const [row] = await sql<Row[]>`
    select clock_timestamp() as now, p.next_start_at as "nextStartAt", p.paused_until as "pausedUntil", p.failures
      from (values (${carrier}::text)) asked(carrier) left join carrier_pace p using (carrier)`;
  if (!row) throw new Error('The database told no time');
  return paceOf(row);
}

function paceOf({ now, nextStartAt, pausedUntil, failures }: Row): Pace {
  return { now, nextStartAt: nextStartAt ?? now, pausedUntil: pausedUntil ?? undefined, failures: failures ?? 0 };
}

/** Nothing is dialed over this carrier for a while; a longer pause stands. */
export async function pauseCarrier(sql: Sql, carrier: string, ms: number, reason: string): Promise<void> {
  await sql`
    update carrier_pace set paused_until = greatest(paused_until, now() + ${ms} * interval '1 millisecond'), paused_reason = ${reason}
     where carrier = ${carrier}`;
}

/**
 * Counts a request that the carrier did not take for reasons of its own, and answers how many that were in a row.
 * Undefined for a call that was claimed before its last pause was over: what was under way when it began to fail tells nothing new.
 */
export async function countFailure(sql: Sql, carrier: string, callId: number): Promise<number | undefined> {
  const [row] = await sql<Array<{ failures: number }>>`
    update carrier_pace set failures = failures + 1
     where carrier = ${carrier} and (paused_until is null or paused_until <= (select claimed_at from calls where id = ${callId})) returning failures`;
  return row?.failures;
}

/** The carrier works again. A pause stands: it may be the carrier's own wish, and it runs out by itself. */
export async function forgetFailures(sql: Sql, carrier: string): Promise<void> {
  await sql`update carrier_pace set failures = 0 where carrier = ${carrier} and failures > 0`;
}
