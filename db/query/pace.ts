import type { Sql } from '../client.ts';

export interface Pace {
  /** the database's clock: the only one that claims go by */
  now: Date;
  nextStartAt: Date;
  pausedUntil: Date | undefined;
}

/**
 * The turnstile: whoever claims calls for a carrier, or writes what forbids a claim, holds this row until commit. So
 * caps are exact, and a number suppressed before a claim commits is never rung by it.
 */
export async function enterTurnstile(sql: Sql, carrier: string): Promise<Pace> {
  const read = () => sql<Array<{ now: Date; nextStartAt: Date; pausedUntil: Date | null }>>`
    select clock_timestamp() as now, next_start_at as "nextStartAt", paused_until as "pausedUntil"
      from carrier_pace where carrier = ${carrier} for update`;
  let [row] = await read();
  if (!row) {
    await sql`insert into carrier_pace (carrier) values (${carrier}) on conflict do nothing`;
    [row] = await read();
  }
  if (!row) throw new Error(`No pace for carrier ${carrier}`);
  return { now: row.now, nextStartAt: row.nextStartAt, pausedUntil: row.pausedUntil ?? undefined };
}

/** The pace as it stands, for whoever only looks. */
export async function readPace(sql: Sql, carrier: string): Promise<Pace> {
  const [row] = await sql<Array<{ now: Date; nextStartAt: Date | null; pausedUntil: Date | null }>>`
    select clock_timestamp() as now, p.next_start_at as "nextStartAt", p.paused_until as "pausedUntil"
      from (values (${carrier}::text)) asked(carrier) left join carrier_pace p using (carrier)`;
  if (!row) throw new Error('The database told no time');
  return { now: row.now, nextStartAt: row.nextStartAt ?? row.now, pausedUntil: row.pausedUntil ?? undefined };
}

/** Nothing is dialed over this carrier for a while; a longer pause stands. */
export async function pauseCarrier(sql: Sql, carrier: string, ms: number, reason: string): Promise<void> {
  await sql`
    update carrier_pace set paused_until = greatest(paused_until, now() + ${ms} * interval '1 millisecond'), paused_reason = ${reason}
     where carrier = ${carrier}`;
}
