import { EventEmitter, once } from 'node:events';
import t from 'tap';
import { openDb, type Sql, sqlState } from '../../db/client.ts';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';
import { openProxy } from '../faults/proxy.ts';

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

t.test('whatever else is asked at the same time, a transaction is alone on its connection', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 2, name: 'client test' });
  t.teardown(close);
  await sql`create table alone (id int)`;

  // postgres.js sends up to 100 statements ahead on each connection: the transaction comes just before, at and after that
  const ahead = Array.from({ length: 30 }, (_, turn) => (turn < 15 ? 92 + turn : 177 + turn));
  for (const statements of ahead) {
    const singles = Array.from({ length: statements }, () => sql`insert into alone values (${statements})`.execute());
    const found = await sql.begin('read only', (transaction) => transaction<[{ rows: number }]>`select count(*)::int as rows from alone`);
    t.equal(found.length, 1, `a transaction after ${statements} statements`);
    await Promise.all(singles);
  }
  const open = await sql`
    select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`;
  t.same(open, [], 'no transaction is left open');
  const [kept] = await sql<[{ rows: number }]>`select count(*)::int as rows from alone`;
  t.equal(
    kept.rows,
    ahead.reduce((sum, statements) => sum + statements, 0),
    'what was said to be done is done',
  );
});

t.test('a transaction whose connection broke asks nothing any more, least of all in the next one', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 2, name: 'client test' });
  t.teardown(close);
  await sql`create table late (said text)`;

  const steps = new EventEmitter();
  await t.rejects(
    sql.begin(async (transaction) => {
      const broken = once(steps, 'broken');
      const [{ pid }] = await transaction<[{ pid: number }]>`select pg_backend_pid() as pid`;
      await sql`select pg_terminate_backend(${pid})`;
      await broken;
      const ask = async () => transaction`insert into late values ('by the broken one')`;
      const [outcome] = await Promise.allSettled([ask()]);
      steps.emit('late', outcome.status);
    }),
    'it is told at once',
  );
  await sql.begin(async (transaction) => {
    const late = once(steps, 'late');
    steps.emit('broken');
    t.same(await late, ['rejected'], 'its late statement is refused');
    await transaction`insert into late values ('by the next one')`;
  });
  t.strictSame([...(await sql`select said from late`)], [{ said: 'by the next one' }]);
});

t.test('a connection that breaks under a statement ends its transaction, nothing else', async (t) => {
  const { url } = await createTestDatabase(t);
  const admin = openDb(url, { max: 2, name: 'client test' });
  t.teardown(admin.close);
  const { hostname, port, pathname } = new URL(url);
  const target = hostname.startsWith('%2F')
    ? { path: `${decodeURIComponent(hostname)}/.s.PGSQL.${port || 5432}` }
    : { host: hostname, port: Number(port || 5432) };
  const proxy = await openProxy(target);
  t.teardown(() => proxy.close());
  const through = `postgres://${new URL(url).username}@127.0.0.1:${proxy.port}${pathname}`;
  const breaks = {
    terminated: () =>
      admin.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'victim' and query like '%sleep%'`,
    reset: () => proxy.reset(),
  };
  type Asks = Record<string, (sql: Sql) => Promise<unknown>>;
  const asks: Asks = {
    'at once': (sql) => sql`select pg_sleep(30)`,
    'deep down': async (sql) => {
      await sql`select 1`;
      return (async () => [await (async () => [await sql`select pg_sleep(30)`])()])();
    },
    'and asks again': async (sql) => {
      await Promise.allSettled([sql`select pg_sleep(30)`, sql`select 2`]);
      return sql`select 3`;
    },
    'says it in other words': async (sql) => {
      try {
        return await sql`select pg_sleep(30)`;
      } catch (cause) {
        throw new Error('in other words', { cause });
      }
    },
  };
  for (const [how, interrupt] of Object.entries(breaks)) {
    for (const [what, work] of Object.entries(asks)) {
      const { sql, close } = openDb(how === 'reset' ? through : url, { max: 2, name: 'victim' });
      await sql.begin((transaction) => transaction`select 1`);
      const broken = t.rejects(
        sql.begin((transaction) => work(transaction)),
        `${how}, ${what}`,
      );
      const waiting = sql.begin((transaction) => transaction<[{ sum: number }]>`select 3 as sum`);
      await eventually(
        async () =>
          (
            await admin.sql`select from pg_stat_activity where datname = current_database() and application_name = 'victim' and query like '%sleep%'`
          ).length > 0,
      );
      await interrupt();
      await broken;
      t.equal((await waiting)[0].sum, 3, 'the next has a connection');
      await close();
      await admin.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'victim'`;
    }
  }
});

t.test('a closed pool refuses statements and transactions, also those that waited', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 2, name: 'client test' });
  const steps = new EventEmitter();
  const isReady = once(steps, 'ready');
  const under = sql.begin(async (transaction) => {
    await transaction`select 1`;
    const isClosing = once(steps, 'closing');
    steps.emit('ready');
    await isClosing;
    return transaction<[{ sum: number }]>`select 2 as sum`;
  });
  await isReady;
  const waited = t.rejects(
    sql.begin((transaction) => transaction`select 3`),
    { code: 'CONNECTION_ENDED' },
  );
  const closed = close();
  steps.emit('closing');
  t.equal((await under)[0].sum, 2, 'what was under way ends');
  await Promise.all([closed, waited]);
  await t.rejects(sql`select 4`, { code: 'CONNECTION_ENDED' });
  await t.rejects(
    sql.begin((transaction) => transaction`select 5`),
    { code: 'CONNECTION_ENDED' },
  );
});
