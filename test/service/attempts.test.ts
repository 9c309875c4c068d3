/**
 * One row rings at most once: words about an earlier dial, two watchdogs at once, clocks that disagree, frozen workers.
 * The carrier is a stand-in whose answers the tests choose; rows and statements are real.
 */
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import type { Carrier, CarrierCall, PlaceRequest } from '../../carrier/port.ts';
import { parseConfig } from '../../core/config.ts';
import { dialCall } from '../../service/dial.ts';
import { endCall } from '../../service/ending.ts';
import { openZones } from '../../service/number-zones.ts';
import { applyProgress } from '../../service/progress.ts';
import { decideRetry } from '../../service/retries.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { watchSilentCalls } from '../../service/watchdog.ts';
import { createTestDatabase } from '../database.ts';

const NEVER = new AbortController().signal;

interface Row {
  status: string;
  token: string;
  carrierCallId: string | null;
  failureReason: string | null;
  checks: number;
}

async function openOffice(t: Test, stand: Partial<Carrier>, env: Record<string, string> = {}) {
  const { url } = await createTestDatabase(t);
  const config = parseConfig({
    NODE_ENV: 'test',
    DATABASE_URL: url,
    CARRIER: 'null',
    CARRIER_TIMEOUT_MS: '100',
    WATCHDOG_SECONDS: '1',
    ...env,
  });
  await openZones();
  const opened = openRuntime(config, pino({ level: 'silent' }), 'test');
  t.teardown(() => opened.close());
  const places: PlaceRequest[] = [];
  const carrier: Carrier = {
    ...opened.carrier,
    async place(request) {
      places.push(request);
      return stand.place ? stand.place(request) : { answer: 'accepted', carrierCallId: `CA${places.length}` };
    },
    find: async (query) => (stand.find ? stand.find(query) : []),
    fetch: async (id) => stand.fetch?.(id),
  };
  const runtime: Runtime = { ...opened, carrier };
  const { sql } = runtime.db;
  const [tenant] = await seedTenants(sql, 1);
  if (!tenant) throw new Error('no tenant');
  const [made] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, due_at, queued_at, queue_round)
    values (${tenant.tenantId}, ${tenant.agentId}, '+14155550006', 'queued', now(), now(), now(), 1) returning id`;
  const callId = made?.id ?? 0;
  const read = async () => {
    const [row] = await sql<Row[]>`
      select status, claim_token::text as token, carrier_call_id as "carrierCallId", failure_reason as "failureReason", checks
        from calls where id = ${callId}`;
    if (!row) throw new Error('no call');
    return row;
  };
  /** makes the call look as if it had been claimed and last asked about that long ago */
  const age = (seconds: number) => sql`
    update calls set claimed_at = claimed_at - ${seconds} * interval '1 second', check_at = now() - interval '1 second' where id = ${callId}`;
  // a second back: the column rounds to the millisecond, which may lie just ahead of the clock that the claim reads
  const queueAgain = () => sql`
    update calls set status = 'queued', queued_at = now(), due_at = now() - interval '1 second' where id = ${callId} and status = 'scheduled'`;
  return { runtime, sql, callId, places, read, age, queueAgain };
}

t.test('a call whose answer was lost is asked for again only when the carrier has long had the time to know it', async (t) => {
  const office = await openOffice(t, { place: async () => ({ answer: 'unknown', message: 'no answer' }) });
  await dialCall(office.runtime, office.callId, NEVER);
  t.equal((await office.read()).status, 'unknown');
  for (let i = 0; i < 5; i++) {
    await office.sql`update calls set check_at = now() - interval '1 second' where id = ${office.callId}`;
    await watchSilentCalls(office.runtime);
  }
  t.equal((await office.read()).status, 'unknown', 'asked five times at once proves nothing');
  await office.age(60);
  await watchSilentCalls(office.runtime);
  t.equal((await office.read()).status, 'scheduled', 'a minute later it does');
  t.equal(office.places.length, 1);
});

t.test('a call at the carrier that nothing explains, with a clock far off, forbids a second dial', async (t) => {
  const stray: CarrierCall = {
    carrierCallId: 'CAstray',
    to: '+14155550006',
    from: '+15005550006',
    startedAt: new Date(Date.now() - 3_600_000),
    progress: { type: 'ringing' },
  };
  const office = await openOffice(t, { place: async () => ({ answer: 'unknown', message: 'no answer' }), find: async () => [stray] });
  await dialCall(office.runtime, office.callId, NEVER);
  for (let i = 0; i < 6; i++) {
    await office.age(60);
    await watchSilentCalls(office.runtime);
  }
  t.equal((await office.read()).status, 'unknown');
  for (let i = 0; i < 20; i++) {
    await office.age(1);
    await watchSilentCalls(office.runtime);
  }
  t.match(await office.read(), { status: 'failed', failureReason: /cannot tell/ }, 'in the end a person has to look');
  t.equal(office.places.length, 1);
});

t.test('the carrier speaks up after all, while the row waits to be dialed again: that dial counts, and is the only one', async (t) => {
  const office = await openOffice(t, { place: async () => ({ answer: 'unknown', message: 'no answer' }) });
  const { runtime, callId } = office;
  await dialCall(runtime, callId, NEVER);
  const { token } = await office.read();
  for (let i = 0; i < 2; i++) {
    await office.age(60);
    await watchSilentCalls(runtime);
  }
  t.equal((await office.read()).status, 'scheduled');
  await applyProgress(runtime, { callId, token, carrierCallId: 'CAfirst', progress: { type: 'ringing' } });
  t.match(await office.read(), { status: 'ringing', carrierCallId: 'CAfirst' });
  const [lease] = await office.sql`select count(*) as n from capacity_leases where call_id = ${callId}`;
  t.equal(lease?.n, 1, 'and it counts under the caps again');
  const ending = { callId, token, carrierCallId: 'CAfirst', outcome: 'no_answer', durationSeconds: 0 } as const;
  await endCall(runtime, { ...ending, reason: undefined, answeredBy: undefined, carrierAt: undefined });
  t.equal(await decideRetry(runtime, callId), 'scheduled', 'as one of the dials that the rules allow');
  await dialCall(runtime, callId, NEVER);
  t.equal(office.places.length, 1);
});

t.test('words about the first dial change nothing once the row is dialed again', async (t) => {
  const office = await openOffice(t, {});
  const { runtime, callId } = office;
  await dialCall(runtime, callId, NEVER);
  const first = await office.read();
  await office.sql`update calls set carrier_call_id = null where id = ${callId}`;
  for (let i = 0; i < 2; i++) {
    await office.age(60);
    await watchSilentCalls(runtime);
  }
  await office.queueAgain();
  await dialCall(runtime, callId, NEVER);
  const second = await office.read();
  t.match(second, { status: 'dialing', carrierCallId: 'CA2' });
  t.not(second.token, first.token);
  for (const progress of [{ type: 'answered' }, { type: 'ended', outcome: 'completed', durationSeconds: 9 }] as const) {
    await applyProgress(runtime, { callId, token: first.token, carrierCallId: 'CA1', progress });
  }
  t.same(await office.read(), second);
  const [lease] = await office.sql`select count(*) as n from capacity_leases where call_id = ${callId}`;
  t.equal(lease?.n, 1, 'the second dial keeps its place');
});

t.test('a watchdog that was slow does not undo a later dial', async (t) => {
  let letGo = () => {};
  const asked = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const office = await openOffice(t, { fetch: async () => undefined });
  const { runtime, callId } = office;
  const slow: Runtime = { ...runtime, carrier: { ...runtime.carrier, fetch: () => asked.then(() => undefined) } };
  await dialCall(runtime, callId, NEVER);
  await office.age(60);
  const watching = watchSilentCalls(slow);
  await office.sql`update calls set status = 'queued', queued_at = now() where id = ${callId}`;
  await office.sql`delete from capacity_leases`;
  await dialCall(runtime, callId, NEVER);
  letGo();
  await watching;
  t.match(await office.read(), { status: 'dialing', carrierCallId: 'CA2', checks: 0 });
});

t.test('a worker that froze while its claim was committed does not dial', async (t) => {
  const office = await openOffice(t, {});
  const { runtime } = office;
  const begin = runtime.db.sql.begin.bind(runtime.db.sql);
  // frozen: the clock of the process goes on, its code does not
  const real = performance.now.bind(performance);
  let frozenMs = 0;
  t.intercept(performance, 'now', { value: () => real() + frozenMs });
  const sql = Object.assign((...args: Parameters<typeof runtime.db.sql>) => runtime.db.sql(...args), runtime.db.sql, {
    begin: async (work: Parameters<typeof begin>[1]) => {
      const answer = await begin(work as never);
      frozenMs += 6000;
      return answer;
    },
  });
  await dialCall({ ...runtime, db: { ...runtime.db, sql: sql } }, office.callId, NEVER);
  t.same(office.places, []);
  t.equal((await office.read()).status, 'scheduled', 'it stands in line again');
  await office.queueAgain();
  await dialCall(runtime, office.callId, NEVER);
  t.equal(office.places.length, 1, 'and is dialed once');
});

t.test('a carrier that has forgotten a call it once had: the call has failed, and says so', async (t) => {
  const office = await openOffice(t, {});
  const { runtime, callId } = office;
  await dialCall(runtime, callId, NEVER);
  const { token } = await office.read();
  await applyProgress(runtime, { callId, token, carrierCallId: 'CA1', progress: { type: 'answered' } });
  for (let i = 0; i < 2; i++) {
    await office.age(60);
    await watchSilentCalls(runtime);
  }
  t.match(await office.read(), { status: 'failed', failureReason: /no longer knows/ });
  const [row] = await office.sql`select retry_open as "retryOpen" from calls where id = ${callId}`;
  t.same(row, { retryOpen: false }, 'it rang: it is not rung again');
  const [lease] = await office.sql`select count(*) as n from capacity_leases`;
  t.equal(lease?.n, 0);
});

t.test('without credentials or balance nothing is used up: the call waits, and the carrier with it', async (t) => {
  for (const kind of ['misconfigured', 'no_balance', 'down'] as const) {
    const office = await openOffice(t, { place: async () => ({ answer: 'rejected', kind, message: 'no', retryAfterSeconds: 999_999 }) });
    await dialCall(office.runtime, office.callId, NEVER);
    t.equal((await office.read()).status, 'scheduled', kind);
    const [pace] = await office.sql`select extract(epoch from paused_until - now())::float8 as seconds from carrier_pace`;
    t.ok(Number(pace?.seconds) > 1 && Number(pace?.seconds) <= 60, 'one refusal pauses all for a minute at most');
  }
  const office = await openOffice(t, { place: async () => ({ answer: 'rejected', kind: 'invalid_number', message: 'no' }) });
  await dialCall(office.runtime, office.callId, NEVER);
  t.equal((await office.read()).status, 'failed');
});
