import type { Db, Sql } from '../client.ts';

/** Reads one thing for which nobody waits longer. @throws a PostgresError 57014 after `patienceMs` */
export async function atMost<T>(sql: Db['sql'], patienceMs: number, ask: (sql: Sql) => Promise<T>): Promise<T> {
  const found = await sql.begin('read only', async (transaction) => {
    await transaction`select set_config('statement_timeout', ${String(patienceMs)}, true)`;
    return { answer: await ask(transaction) };
  });
  return found.answer;
}
