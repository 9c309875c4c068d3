/** Who is dialed when: places in line, ahead of time, credit, a carrier that fails. Rows and statements are real, the carrier is a stand-in. */
import { EventEmitter, once } from 'node:events';
import t from 'tap';
import { FAILING_AFTER } from '../../core/breaker.ts';
import { changeCallingHours } from '../../service/calling-hours.ts';
import { insertCalls } from '../../db/query/call-request.ts';
import { forgetFailures, readPace } from '../../db/query/pace.ts';
import { dispatchDue } from '../../service/dispatch.ts';
import { endCall } from '../../service/ending.ts';
import { askGate, judge } from '../../service/judge.ts';
import { requeueLostCalls } from '../../service/repair.ts';
import { eventually } from '../eventually.ts';
import { NUMBER, openLine } from './line.ts';

t.test('a call to a busy number is passed over and keeps its place', async (t) => {
  const line = await openLine(t);
  const first = await line.put({ status: 'queued' });
  await line.dial(first);
  const second = await line.put({ dueForMs: 60_000 });
  await dispatchDue(line.runtime);
  const waiting = await line.read(second);
  t.match(waiting, { status: 'scheduled', why: 'number_busy' });
  t.ok(waiting.dueInMs < -59_000, 'it has been due for as long as before');
  t.ok((waiting.heldForMs ?? 0) > 0, 'and is passed over for a moment');
  const third = await line.put({ to: '+14155550007' });
  await dispatchDue(line.runtime);
  t.same(await line.queued(), [third], 'meanwhile another may go');
  await line.sql`update calls set held_until = now() where id = ${second}`;
  await line.sql`delete from capacity_leases`;
  await dispatchDue(line.runtime);
  t.same((await line.queued()).includes(second), true, 'then it is its turn');
});

t.test('among due calls a long wait makes up for a low priority', async (t) => {
  const line = await openLine(t);
  const minute = 60_000;
  const old = await line.put({ to: '+14155550101', priority: 3, dueForMs: 21 * minute });
  const low = await line.put({ to: '+14155550102', priority: 3, dueForMs: 19 * minute });
  const high = await line.put({ to: '+14155550103', priority: 1, dueForMs: 0 });
  await dispatchDue(line.runtime);
  t.equal((await line.queued()).length, 3);
  const events = await line.sql<Array<{ callId: number }>>`select call_id as "callId" from call_events where type = 'enqueue' order by id`;
  t.same(
    events.map(({ callId }) => callId),
    [old, high, low],
    'more than 20 minutes late comes before high, less does not',
  );
});

t.test('calls due in a moment are in the queue ahead of their time, later ones are not', async (t) => {
  const line = await openLine(t);
  const soon = await line.put({ to: '+14155550101', dueForMs: -490 });
  await line.put({ to: '+14155550102', dueForMs: -60_000 });
  await dispatchDue(line.runtime);
  t.same(await line.queued(), [soon]);
  t.same((await line.runtime.producer.counts('calls')).delayed, 1, 'its job sleeps until then');
  await line.dial(soon);
  t.same(line.asked, [soon], 'a worker that comes early waits for the moment');
  const [row] = await line.sql<Array<{ early: boolean }>>`select claimed_at < due_at as early from calls where id = ${soon}`;
  t.equal(row?.early, false, 'and not a call rings before it is due');
});

t.test('credit is spoken for while calls are in flight, and nothing is dialed on credit that is spoken for', async (t) => {
  const line = await openLine(t);
  // a minute costs 0.02 by the general rate card
  await line.sql`update credit_accounts set balance = 0.05`;
  const ids = [];
  for (const to of ['+14155550101', '+14155550102', '+14155550103']) ids.push(await line.put({ to, status: 'queued' }));
  for (const id of ids) await line.dial(id);
  t.same(line.asked, ids.slice(0, 2));
  t.match(await line.read(ids[2] ?? 0), { status: 'scheduled', why: 'no_credit' });
  const [held] = await line.sql<Array<{ hold: string }>>`select sum(hold) as hold from capacity_leases`;
  t.equal(Number(held?.hold), 0.04);
});

t.test('an account that refills itself never ends below nought, and its ledger says so', async (t) => {
  const line = await openLine(t);
  await line.sql`update credit_accounts set balance = 0.01, auto_refill = true, refill_amount = 0.5`;
  await line.sql`
    insert into ledger_entries (tenant_id, kind, amount, description) values (${line.tenant.tenantId}, 'grant', 0.01, 'test')`;
  const id = await line.put({ status: 'queued' });
  await line.dial(id);
  const [row] = await line.sql<Array<{ token: string }>>`select claim_token::text as token from calls where id = ${id}`;
  // 100 minutes: 2.00
  const ending = { callId: id, token: row?.token ?? '', carrierCallId: 'CA1', outcome: 'completed', durationSeconds: 6000 } as const;
  t.ok(await endCall(line.runtime, { ...ending, reason: undefined, answeredBy: undefined, carrierAt: undefined }));
  const [sums] = await line.sql<Array<{ balance: string; ledger: string; refill: string; used: string }>>`
    select a.balance, a.used, (select sum(amount) from ledger_entries where kind = 'refill') as refill,
           (select sum(amount) from ledger_entries where tenant_id = a.tenant_id) as ledger from credit_accounts a`;
  t.same({ balance: Number(sums?.balance), refill: Number(sums?.refill), used: Number(sums?.used) }, { balance: 0.01, refill: 2, used: 2 });
  t.equal(sums?.balance, sums?.ledger, 'the balance is the sum of the ledger');
});

t.test('a carrier that fails is paused, says so, is tried with single calls, and goes on', async (t) => {
  let works = false;
  const line = await openLine(t, () =>
    works ? { answer: 'accepted', carrierCallId: 'CA' } : { answer: 'rejected', kind: 'down', message: 'connection refused' },
  );
  for (let n = 0; n < FAILING_AFTER; n++) {
    await line.sql`update carrier_pace set paused_until = null`;
    await line.dial(await line.put({ to: `+1415555010${n}`, status: 'queued' }));
  }
  t.equal(line.asked.length, FAILING_AFTER);
  const pace = async () => {
    const [row] = await line.sql<Array<{ failures: number; pausedForMs: number | null; reason: string | null }>>`
      select failures, extract(epoch from paused_until - now())::float8 * 1000 as "pausedForMs", paused_reason as reason from carrier_pace`;
    if (!row) throw new Error('no pace');
    return row;
  };
  const paused = await pace();
  t.ok((paused.pausedForMs ?? 0) > 1000, `paused for ${paused.pausedForMs} ms`);
  t.match(paused.reason, /connection refused/);
  const next = await line.put({ to: '+14155550120' });
  t.same(await dispatchDue(line.runtime), { admitted: 0, more: false }, 'nothing is dispatched over it');
  t.match((await askGate(line.runtime, next))?.verdict, { answer: 'wait', why: 'carrier_paused' });

  await line.sql`update carrier_pace set paused_until = now() - interval '1 second', next_start_at = now()`;
  works = true;
  await line.sql`update calls set status = 'queued', queued_at = now() where id = ${next}`;
  await line.dial(next);
  t.equal(line.asked.at(-1), next);
  t.match(await pace(), { failures: 0 });
});

t.test('what was under way when the carrier was paused makes the pause no longer, not even after it', async (t) => {
  const numbers = Array.from({ length: 8 }, (_, n) => `+1415555010${n}`);
  const answered = new EventEmitter();
  const line = await openLine(t, async ({ to }) => {
    await once(answered, to);
    return { answer: 'unknown', message: 'timed out' };
  });
  await line.sql`update carrier_pace set failures = ${FAILING_AFTER - 1}`;
  const ids: number[] = [];
  for (const to of numbers) ids.push(await line.put({ to, status: 'queued' }));
  const dials = ids.map(line.dial);
  await eventually(() => line.asked.length === ids.length);
  const [first = '', ...others] = numbers;
  const pace = async () => {
    const [row] = await line.sql<Array<{ failures: number; pausedForMs: number | null }>>`
      select failures, extract(epoch from paused_until - now())::float8 * 1000 as "pausedForMs" from carrier_pace`;
    return row;
  };
  answered.emit(first);
  await eventually(async () => ((await pace())?.pausedForMs ?? 0) > 0);
  t.match(await pace(), { failures: FAILING_AFTER });
  // the pause has passed, and began after all of them
  await line.sql`update carrier_pace set paused_until = (select max(claimed_at) + interval '1 millisecond' from calls)`;
  for (const to of others) answered.emit(to);
  await Promise.all(dials);
  t.match(await pace(), { failures: FAILING_AFTER });
  t.ok(((await pace())?.pausedForMs ?? 1) <= 0, 'none further');
});

t.test('calling hours hold for retries, whatever the account says of other calls', async (t) => {
  const line = await openLine(t);
  await line.sql`
    update tenants set calling_hours_policy = 'campaigns', timezone = 'UTC',
           calling_hours = '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"00:01"}]'::jsonb`;
  const first = await line.put({ to: '+88213000001' });
  const retry = await line.put({ to: '+88213000002' });
  await line.sql`update calls set retry_attempt = 1, original_call_id = ${first} where id = ${retry}`;
  const [clock] = await line.sql<Array<{ minute: number }>>`select extract(hour from now()) * 60 + extract(minute from now()) as minute`;
  if (Number(clock?.minute) === 0) return t.comment('left out in the one minute of the day that is open');
  await dispatchDue(line.runtime);
  t.same(await line.queued(), [first]);
  t.match(await line.read(retry), { status: 'scheduled', why: 'outside_hours', heldForMs: null });
  t.ok((await line.read(retry)).dueInMs > 0, 'it becomes due when they open');
});

t.test('hours that are widened let waiting calls go at once', async (t) => {
  const line = await openLine(t);
  const { tenantId, userId } = line.tenant;
  // a holiday on both days that any clock may show
  await line.sql`update tenants set timezone = 'UTC', holidays = array[current_date, current_date + 1]`;
  const id = await line.put({ to: '+88213000001' });
  await dispatchDue(line.runtime);
  t.match(await line.read(id), { status: 'scheduled', why: 'outside_hours' });
  const who = { userId, tenantId, sessionId: 1, email: 'a@b.test', name: 'A', role: 'owner', platformRole: 'user' } as const;
  await changeCallingHours(line.runtime, who, { holidays: [] });
  await dispatchDue(line.runtime);
  t.same(await line.queued(), [id]);
});

t.test('who waits for a full campaign keeps nobody else waiting', async (t) => {
  const line = await openLine(t);
  const { tenantId, agentId } = line.tenant;
  await line.sql`update tenants set max_calls = 10`;
  const [campaign] = await line.sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name, status, max_calls) values (${tenantId}, 'Full', 'active', 1) returning id`;
  await line.sql`
    insert into calls (tenant_id, agent_id, campaign_id, to_number, status, scheduled_for, due_at)
    select ${tenantId}, ${agentId}, ${campaign?.id ?? 0}, '+1415555' || (1000 + n), 'scheduled', now(), now() - interval '1 hour' from generate_series(1, 1000) n`;
  const id = await line.put({ dueForMs: 0 });
  await line.sql`
    insert into capacity_leases (call_id, tenant_id, campaign_id, agent_id, carrier, to_number, expires_at)
    select min(id), tenant_id, campaign_id, agent_id, 'null', '+14155559999', now() + interval '1 hour' from calls
     where campaign_id is not null group by tenant_id, campaign_id, agent_id`;
  await dispatchDue(line.runtime);
  t.same(await line.queued(), [id]);
});

t.test('thousands that must wait for their hours keep a call behind them waiting for some passes at most', async (t) => {
  const line = await openLine(t);
  const { tenantId, agentId } = line.tenant;
  await line.sql`update tenants set timezone = 'UTC', max_calls = 1, calling_hours_policy = 'campaigns', holidays = array[current_date, current_date + 1]`;
  const root = await line.put({ dueForMs: -3_600_000 });
  await line.sql`
    insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, due_at, original_call_id, retry_attempt)
    select ${tenantId}, ${agentId}, '+88213' || (1000000 + n), 'scheduled', now(), now() - interval '1 hour', ${root}, n from generate_series(1, 1000) n`;
  const id = await line.put({ dueForMs: 0 });
  for (let pass = 0; pass < 10; pass++) await dispatchDue(line.runtime);
  t.same(await line.queued(), [id]);
});

t.test('a job that still sleeps when its call is long due counts as lost: the clocks of two machines differ', async (t) => {
  const line = await openLine(t);
  const callId = await line.put({ status: 'queued' });
  await line.runtime.producer.enqueue('calls', { callId }, { jobId: `call_${callId}_1`, delayMs: 60_000 });
  await line.sql`update calls set queued_at = now() - interval '10 seconds' where id = ${callId}`;
  t.equal(await requeueLostCalls(line.runtime), 1);
  const jobId = `call_${callId}_2`;
  t.match(await line.runtime.producer.jobState('calls', [jobId]), new Map([[jobId, 'present']]));
});

t.test('a success ends no pause that the carrier asked for', async (t) => {
  const line = await openLine(t);
  await line.sql`update carrier_pace set failures = 1`;
  const id = await line.put({ status: 'queued' });
  await line.dial(id);
  await line.sql`update carrier_pace set failures = 1, paused_until = now() + interval '30 seconds', paused_reason = 'Too many requests'`;
  await forgetFailures(line.sql, 'null');
  const [pace] = await line.sql`select failures, paused_until > now() as paused, paused_reason as reason from carrier_pace`;
  t.match(pace, { failures: 0, paused: true, reason: 'Too many requests' });
});

t.test('two jobs of one call in one batch: one of them dials', async (t) => {
  const line = await openLine(t);
  const id = await line.put({ status: 'queued' });
  await Promise.all([line.dial(id), line.dial(id), line.dial(id)]);
  t.same(line.asked, [id]);
});

t.test('a run that is made up for long after its moment keeps to the calling hours', async (t) => {
  const line = await openLine(t);
  const { tenantId, agentId } = line.tenant;
  await line.sql`update tenants set timezone = 'UTC', calling_hours_policy = 'campaigns', holidays = array[current_date, current_date + 1]`;
  const [schedule] = await line.sql<Array<{ id: number }>>`
    insert into schedules (tenant_id, agent_id, to_number, pattern, time_of_day, timezone, start_date)
    values (${tenantId}, ${agentId}, '+88213000001', 'daily', '10:00', 'UTC', '2025-01-01') returning id`;
  const late = await line.put({ to: '+88213000001' });
  const prompt = await line.put({ to: '+88213000002' });
  await line.sql`update calls set schedule_id = ${schedule?.id ?? 0}, scheduled_for = due_at - interval '2 hours' where id = ${late}`;
  await line.sql`update calls set schedule_id = ${schedule?.id ?? 0} where id = ${prompt}`;
  await dispatchDue(line.runtime);
  t.same(await line.queued(), [prompt]);
  t.match(await line.read(late), { why: 'outside_hours' });
});

t.test('UTC tells no place: a call that names it is held to the hours where its number is', async (t) => {
  const line = await openLine(t);
  // open now by UTC's clocks, shut by those of California: eight or seven hours earlier
  const [clock] = await line.sql<Array<{ minute: number }>>`select floor(extract(epoch from now()) / 60)::int % 1440 as minute`;
  const text = (minute: number) => {
    const ofDay = (minute + 1440) % 1440;
    return `${String(Math.floor(ofDay / 60)).padStart(2, '0')}:${String(ofDay % 60).padStart(2, '0')}`;
  };
  const now = clock?.minute ?? 0;
  const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], start: text(now - 60), end: text(now + 60) }];
  await line.sql`update tenants set timezone = 'UTC', calling_hours_policy = 'all', calling_hours = ${JSON.stringify(windows)}::text::jsonb`;
  const californian = await line.put({ to: '+14155550101' });
  const nowhere = await line.put({ to: '+88213000001' });
  await line.sql`update calls set timezone = 'UTC'`;
  await dispatchDue(line.runtime);
  t.same(await line.queued(), [nowhere]);
  t.match(await line.read(californian), { why: 'outside_hours' });
});

t.test('an answered call that the carrier lost is not tried again by itself', async (t) => {
  const line = await openLine(t);
  for (const answered of [true, false]) {
    const id = await line.put({ to: answered ? '+14155550101' : '+14155550102', status: 'queued' });
    await line.dial(id);
    const [row] = await line.sql<Array<{ token: string }>>`
      update calls set answered_at = case when ${answered} then now() end where id = ${id} returning claim_token::text as token`;
    const ending = { callId: id, token: row?.token ?? '', carrierCallId: undefined, outcome: 'failed', durationSeconds: 0 } as const;
    await endCall(line.runtime, { ...ending, reason: 'gone', answeredBy: undefined, carrierAt: undefined });
    const [ended] = await line.sql`select status, retry_open as "retryOpen" from calls where id = ${id}`;
    t.match(ended, { status: 'failed', retryOpen: !answered });
  }
});

t.test('a moment that is over moves nobody up in the line', async (t) => {
  const line = await openLine(t);
  const { tenantId, agentId, userId } = line.tenant;
  const call = { tenantId, agentId, to: NUMBER, context: undefined, timezone: undefined, priority: 3, createdBy: userId } as const;
  const [made] = await insertCalls(line.sql, [{ ...call, scheduledFor: new Date('2025-01-01T00:00:00Z') }], 0);
  t.equal(made?.scheduledFor.toISOString(), '2025-01-01T00:00:00.000Z', 'what was asked for stands');
  t.ok((await line.read(made?.id ?? 0)).dueInMs > -60_000);
});

t.test('a call that another dispatcher has just sent away until later is not taken for a call that is due', async (t) => {
  const line = await openLine(t);
  const id = await line.put({ dueForMs: -3_600_000 });
  await line.sql`update calls set verdict = '{"answer": "wait", "why": "outside_hours"}'::jsonb where id = ${id}`;
  const { now, ...pace } = await readPace(line.sql, 'null');
  const judged = await line.sql.begin((sql) =>
    judge(sql, line.runtime, { at: 'dispatch', callIds: [id], aheadMs: 500 }, { ...pace, now, nextStartAt: now, stepMs: 0 }),
  );
  t.same(judged.admitted, []);
  t.match(await line.read(id), { status: 'scheduled', why: 'outside_hours' }, 'and what it waits for stands');
});

t.test('a claim may begin ahead of time, the request never leaves ahead of it, however long the way to the database', async (t) => {
  const line = await openLine(t);
  const id = await line.put({ status: 'queued', dueForMs: -45 });
  const [row] = await line.sql<Array<{ dueAt: Date }>>`select due_at as "dueAt" from calls where id = ${id}`;
  // the turnstile is asked 20 ms before it answers
  const real = performance.now.bind(performance);
  let readings = 0;
  t.intercept(performance, 'now', { value: () => real() - (++readings === 1 ? 20 : 0) });
  await line.dial(id);
  t.equal(line.asked.length, 1);
  t.ok((line.askedAtMs[0] ?? 0) >= (row?.dueAt.getTime() ?? Infinity));
});
