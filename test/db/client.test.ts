import t from 'tap';
import { openDb, sqlState } from '../../db/client.ts';
import { createTestDatabase } from '../database.ts';

t.test('nothing of ours waits for ever', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 1, name: 'client test' });
  t.teardown(close);
  const settings = await sql<Array<{ name: string; ms: number }>>`
    select name, setting::int as ms from pg_settings
     where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`;
  t.same(settings, [
    { name: 'idle_in_transaction_session_timeout', ms: 10_000 },
    { name: 'lock_timeout', ms: 10_000 },
    { name: 'statement_timeout', ms: 60_000 },
  ]);

  const patient = new URL(url);
  patient.searchParams.set('statement_timeout', '50');
  const hasty = openDb(patient.href, { max: 1, name: 'client test' });
  t.teardown(hasty.close);
  const slow = hasty.sql`select pg_sleep(5)`.then(
    () => 'answered',
    (error: unknown) => sqlState(error),
  );
  t.equal(await slow, '57014', 'an operator may say otherwise in DATABASE_URL');
});
