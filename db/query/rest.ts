import type { Sql } from '../client.ts';

/** Lets this transaction rest, and wait for a lock, so long: longer than the pool allows. */
export async function allowRest(sql: Sql, restMs: number): Promise<void> {
  const limit = String(restMs);
  await sql`
    select set_config('idle_in_transaction_session_timeout', ${limit}, true), set_config('lock_timeout', ${limit}, true),
           set_config('statement_timeout', ${limit}, true)`;
}
