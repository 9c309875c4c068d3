import { type Db, type Sql, sqlState } from '../client.ts';

/** Reads one thing for which nobody waits longer. @throws after `patienceMs` a PostgresError of which `tookTooLong` holds */
export async function atMost<T>(sql: Db['sql'], patienceMs: number, ask: (sql: Sql) => Promise<T>): Promise<T> {
  const found = await sql.begin('read only', async (transaction) => {
    await transaction`select set_config('statement_timeout', ${String(patienceMs)}, true)`;
    return { answer: await ask(transaction) };
  });
  return found.answer;
}

/** Whether a statement was ended because it took longer than it may (SQLSTATE 57014). */
export function tookTooLong(error: unknown): boolean {
  return sqlState(error) === '57014';
}
