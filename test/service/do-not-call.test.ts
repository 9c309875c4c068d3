/** Numbers that must not be rung: the list against claims that race with it, and through the real thing. */
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { explained, faultsOf } from '../../bench/hot-paths.ts';
import { parseConfig } from '../../core/config.ts';
import type { Principal } from '../../core/principal.ts';
import type { Sql } from '../../db/client.ts';
import { enterTurnstile } from '../../db/query/pace.ts';
import { insertSuppressions, listSuppressions } from '../../db/query/suppressions.ts';
import { claimCall } from '../../service/claim.ts';
import { releaseNumber, suppressCallee, suppressNumber, suppressNumbers } from '../../service/do-not-call.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';
import { startSystem, type System } from '../system.ts';

async function openAccount(t: Test) {
  const { url } = await createTestDatabase(t);
  const runtime = openRuntime(
    parseConfig({ NODE_ENV: 'test', DATABASE_URL: url, CARRIER: 'null', DATABASE_POOL: '6' }),
    pino({ level: 'silent' }),
    'test',
  );
  t.teardown(() => runtime.close());
  const { sql } = runtime.db;
  const [ids] = await sql<Array<{ agentId: number; tenantId: number; userId: number }>>`
    with tenant as (insert into tenants (name) values ('T') returning id),
         agent as (insert into agents (tenant_id, kind, name) select id, 'ai', 'Ada' from tenant returning id),
         person as (insert into users (tenant_id, email, name, password_hash, role) select id, 'o@x.test', 'O', 'x', 'owner' from tenant returning id),
         credit as (insert into credit_accounts (tenant_id, balance) select id, 100 from tenant)
    select agent.id as "agentId", tenant.id as "tenantId", person.id as "userId" from tenant, agent, person`;
  if (!ids) throw new Error('no account');
  const who: Principal = {
    userId: ids.userId,
    tenantId: ids.tenantId,
    sessionId: 1,
    email: 'o@x.test',
    name: 'O',
    role: 'owner',
    platformRole: 'user',
  };
  const queued = async (to: string) => {
    const [row] = await sql<Array<{ id: number }>>`
      insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, due_at, queued_at, queue_round)
      values (${ids.tenantId}, ${ids.agentId}, ${to}, 'queued', now(), now(), now(), 1) returning id`;
    return row?.id ?? 0;
  };
  const statusOf = async (callId: number) => {
    const [row] = await sql<Array<{ status: string; failureReason: string | null }>>`
      select status, failure_reason as "failureReason" from calls where id = ${callId}`;
    return row;
  };
  return { runtime, who, queued, statusOf };
}

/** Somebody stands before the turnstile. */
const waits = ({ db: { sql } }: Runtime) =>
  eventually(async () => {
    const [row] = await sql<Array<{ n: number }>>`
      select count(*) as n from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%carrier_pace%'`;
    return (row?.n ?? 0) > 0;
  });

/** Holds the turnstile, as claims and suppressions do, until `leave`. */
async function holdTurnstile(t: Test, { db: { sql }, config }: Runtime) {
  const connection = await sql.reserve();
  await connection`begin`;
  await enterTurnstile(connection, config.CARRIER);
  let open = true;
  const leave = async () => {
    if (open) await connection`commit`;
    open = false;
  };
  t.teardown(async () => {
    await leave();
    connection.release();
  });
  return { connection, leave };
}

t.test('the turnstile', async (t) => {
  const { runtime, who, queued, statusOf } = await openAccount(t);
  const { sql } = runtime.db;

  await t.test('a claim that races with a suppression does not ring after its commit', async (t) => {
    const callId = await queued('+14155550101');
    const { connection, leave } = await holdTurnstile(t, runtime);
    const claim = claimCall(runtime, callId);
    await waits(runtime);
    await insertSuppressions(connection, {
      tenantId: who.tenantId,
      phones: ['+14155550101'],
      source: 'api',
      reason: undefined,
      createdBy: who.userId,
    });
    await leave();
    t.match(await claim, { answer: 'leave' });
    t.match(await statusOf(callId), { status: 'failed', failureReason: /do-not-call/ });
  });

  const written: Array<[what: string, write: (phone: string, callId: number) => Promise<unknown>]> = [
    ['one number', (phone) => suppressNumber(runtime, who, { phone })],
    ['many numbers', (phone) => suppressNumbers(runtime, who, [phone], undefined)],
    ['an opt-out', (_phone, callId) => suppressCallee(runtime, callId, 'speech')],
  ];
  for (const [n, [what, write]] of written.entries()) {
    await t.test(`${what}: not written while a claim is under way, and bars the next`, async (t) => {
      const phone = `+1415555020${n}`;
      const [first, second] = [await queued(phone), await queued(phone)];
      const { leave } = await holdTurnstile(t, runtime);
      let isDone = false;
      const done = write(phone, first).then(() => (isDone = true));
      await waits(runtime);
      t.equal(isDone, false);
      const [row] = await sql<Array<{ n: number }>>`select count(*) as n from suppressions where phone = ${phone}`;
      t.equal(row?.n, 0);
      await leave();
      await done;
      t.match(await claimCall(runtime, second), { answer: 'leave' });
      t.match(await statusOf(second), { status: 'failed', failureReason: /do-not-call/ });
    });
  }

  await t.test('claims and suppressions of the same numbers at the same time: no deadlock, no ring after the entry', async (t) => {
    const numbers = Array.from({ length: 60 }, (_, n) => `+141555503${String(n).padStart(2, '0')}`);
    const calls = await Promise.all(numbers.map(queued));
    await Promise.all([
      ...calls.map((callId) => claimCall(runtime, callId)),
      ...numbers.map((phone, n) =>
        n % 2 === 0 ? suppressNumber(runtime, who, { phone }) : suppressCallee(runtime, calls[n] ?? 0, 'keypress'),
      ),
      suppressNumbers(runtime, who, [...numbers].reverse(), undefined),
      suppressNumbers(runtime, who, numbers, undefined),
    ]);
    const [entries] = await sql<Array<{ n: number }>>`
      select count(*) as n from suppressions where phone = any(${numbers}) and released_at is null`;
    t.equal(entries?.n, 60, 'each number once');
    const again = await Promise.all(numbers.map(queued));
    for (const callId of again) t.match(await claimCall(runtime, callId), { answer: 'leave' });
  });
});

t.test('an entry and its release at the same time', async (t) => {
  const { runtime, who } = await openAccount(t);
  for (let n = 0; n < 10; n++) {
    const { entry } = await suppressNumber(runtime, who, { phone: '+14155550400' });
    const release = () => releaseNumber(runtime, who, String(entry.id), { reason: 'R', ip: undefined });
    const [added, ...released] = await Promise.allSettled([suppressNumber(runtime, who, { phone: '+14155550400' }), release(), release()]);
    t.equal(added.status, 'fulfilled');
    t.equal(released.filter(({ status }) => status === 'fulfilled').length, 1, 'one of two releases');
  }
});

t.test('the list is read along its index', async (t) => {
  const { runtime, who } = await openAccount(t);
  const { sql } = runtime.db;
  const [me] = await sql<Array<{ isSuper: boolean }>>`select rolsuper as "isSuper" from pg_roles where rolname = current_user`;
  if (!me?.isSuper) return t.comment('left out: only a superuser may load auto_explain');
  await sql`
    insert into suppressions (tenant_id, phone, source, created_at)
    select ${who.tenantId}, '+49' || (3000000000 + n), 'import', now() - n * interval '1 second' from generate_series(1, 30000) n`;
  await sql`analyze suppressions`;
  const path = (name: string, filter: { phone?: string; offset?: number }) => ({
    name,
    mostPages: 60,
    run: (connection: Sql) =>
      listSuppressions(
        connection,
        { tenantId: who.tenantId, active: true, phone: filter.phone, source: undefined },
        { limit: 25, offset: filter.offset ?? 0 },
      ),
  });
  const paths = [path('newest', {}), path('page 4', { offset: 75 }), path('one number', { phone: '+493000012345' })];
  for (const found of await explained(runtime.config.DATABASE_URL, paths)) t.same(faultsOf(found), [], found.name);
});

interface Told {
  status: string;
  endedAt: string | null;
  transcript: Array<{ content: string }>;
}

/** An account with an agent, over HTTP. */
async function caller(system: System) {
  const { token } = await system.login();
  const { body } = await system.request('POST', '/api/v1/agents', { token, json: { name: 'Ada', systemPrompt: 'You help.' } });
  const ask = (method: string, path: string, json?: unknown) => system.request(method, `/api/v1${path}`, { token, json });
  const call = async (toPhone: string, more: Record<string, unknown> = {}): Promise<string> => {
    const answer = await ask('POST', '/calls/outbound', { toPhone, agentId: body.data._id, ...more });
    if (answer.status !== 201) throw new Error(`POST answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return String(answer.body.data._id);
  };
  const ended = (id: string) =>
    eventually(async () => {
      const { data } = (await ask('GET', `/calls/outbound/${id}`)).body as { data: Told };
      return data.endedAt !== null || data.status === 'failed' ? data : undefined;
    }, 20_000);
  return { ask, call, ended };
}

t.test('through the real thing: who opts out in a call is not rung again, until somebody releases the number', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { ask, call, ended } = await caller(system);
  const rings = (to: string) => system.sandbox?.rings().filter((ring) => ring.to === to).length;

  for (const [to, source, heard] of [
    ['+14155550011', 'keypress', 'Pressed 9'],
    ['+14155550012', 'speech', 'Please stop calling me.'],
  ] as const) {
    await t.test(source, async (t) => {
      const later = await call(to, { scheduledFor: new Date(Date.now() + 4000).toISOString() });
      const first = await call(to);
      const talk = await ended(first);
      t.match(talk, { status: 'completed', transcript: [{ role: 'assistant' }, { role: 'user', content: heard }, { role: 'assistant' }] });
      t.match(talk.transcript[2]?.content, /will not be called again/);
      const { entries } = (await ask('GET', `/do-not-call?phone=${encodeURIComponent(to)}`)).body.data;
      t.match(entries, [{ phone: to, source, callId: first, createdBy: null, active: true }]);

      const second = await call(to);
      for (const id of [second, later]) t.match(await ended(id), { status: 'failed', failureDetail: /do-not-call/ }, 'dropped');
      t.equal(rings(to), 1, 'it rang for the first call alone');

      t.equal((await ask('POST', `/do-not-call/${entries[0]._id}/release`, { reason: 'They asked us to call again' })).status, 200);
      t.match(await ended(await call(to)), { status: 'completed' });
      t.equal(rings(to), 2);
      const { data } = (await ask('GET', `/do-not-call?phone=${encodeURIComponent(to)}`)).body;
      t.match(data.entries, [{ source, active: true }], 'who opts out again is listed again');
    });
  }
});
