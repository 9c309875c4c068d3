/** Recurring schedules on real PostgreSQL, and once through everything: each run becomes one call, whoever looks, however late. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import { parseConfig } from '../../core/config.ts';
import type { Principal } from '../../core/principal.ts';
import { nextRun } from '../../core/time/recurrence.ts';
import { wallTime } from '../../core/time/zone.ts';
import { holdDueSchedules, insertRuns } from '../../db/query/schedules.ts';
import { dispatchDue } from '../../service/dispatch.ts';
import { decideRetry } from '../../service/retries.ts';
import { openRuntime, type Runtime } from '../../service/runtime.ts';
import { cancelSchedule, countComingRuns, fireDueSchedules, requestSchedule, type ScheduleRequest } from '../../service/schedules.ts';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** A Thursday. */
const NOW = new Date('2030-08-15T12:00:00.000Z');
const TO = '+14155550100';

const later = (ms: number, from = NOW) => new Date(from.getTime() + ms);

interface Office {
  runtime: Runtime;
  who: Principal;
  other: Principal;
  agentId: string;
  schedule(request?: Partial<ScheduleRequest>, now?: Date): ReturnType<typeof requestSchedule>;
  /** another process on the same database */
  another(): Runtime;
}

async function open(t: Pick<Test, 'teardown' | 'passing' | 'comment'>): Promise<Office> {
  const { url } = await createTestDatabase(t);
  const config = parseConfig({
    NODE_ENV: 'test',
    DATABASE_URL: url,
    DATABASE_POOL: '2',
    CARRIER: 'null',
    REDIS_URL: process.env.REDIS_URL,
    QUEUE_PREFIX: `{test_${randomBytes(6).toString('hex')}}`,
  });
  const another = () => {
    const runtime = openRuntime(config, pino({ level: 'silent' }), 'schedules test');
    t.teardown(() => runtime.close());
    return runtime;
  };
  const runtime = another();
  const [first, second] = await seedTenants(runtime.db.sql, 2);
  if (!first || !second) throw new Error('no tenants');
  const principal = ({ tenantId, userId }: typeof first): Principal => ({
    tenantId,
    userId,
    sessionId: 1,
    email: 'a@b.test',
    name: 'A',
    role: 'owner',
    platformRole: 'user',
  });
  const who = principal(first);
  const agentId = `agent_${first.agentId}`;
  const schedule: Office['schedule'] = (request, now = NOW) =>
    requestSchedule(runtime, who, { agentId, toPhone: TO, pattern: 'daily', time: '12:01', timezone: 'UTC', ...request }, now);
  return { runtime, who, other: principal(second), agentId, schedule, another };
}

const office = await open(t);
t.beforeEach(async () => {
  await office.runtime.db.sql`truncate schedules cascade`;
  office.runtime.metrics.recurring.reset();
});

const rowsOf = ({ db }: Runtime, scheduleId: number) => db.sql<Array<Record<string, unknown>>>`
  select to_number as "to", status, priority, context, timezone, tenant_id as "tenantId", created_by as "createdBy",
         scheduled_for as "scheduledFor", due_at as "dueAt" from calls where schedule_id = ${scheduleId} order by scheduled_for`;

async function stateOf({ db }: Runtime, scheduleId: number) {
  const [row] = await db.sql<Array<{ isActive: boolean; nextRunAt: Date | null; lastRunAt: Date | null }>>`
    select is_active as "isActive", next_run_at as "nextRunAt", last_run_at as "lastRunAt" from schedules where id = ${scheduleId}`;
  return row;
}

async function lateRuns({ metrics }: Runtime): Promise<Record<string, number>> {
  const { values } = await metrics.recurring.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.late), value]));
}

t.test('what is asked for, and what is understood', async (t) => {
  const { runtime, schedule } = office;
  await runtime.db.sql`update tenants set timezone = 'America/New_York'`;
  t.match(await schedule({ timezone: undefined, time: '07:30' }), {
    timezone: 'America/New_York',
    startDate: '2030-08-15',
    endDate: null,
    time: '07:30',
    to: TO,
    priority: 2,
    context: null,
    businessHoursOnly: false,
    isActive: true,
    nextRunAt: new Date('2030-08-16T11:30:00Z'),
    lastRunAt: null,
  });
  const late = new Date('2030-08-15T01:00:00Z');
  t.equal((await schedule({ timezone: undefined }, late)).startDate, '2030-08-14', 'today is the day of the zone');
  t.match(
    await schedule({ pattern: 'monthly', startDate: '2029-12-31', endDate: '2030-08-31', time: '23:59', toPhone: '+1 (415) 555-0100' }),
    { to: TO, nextRunAt: new Date('2030-08-31T23:59:00Z'), endDate: '2030-08-31' },
    'a start in the past, and the last run of all',
  );
  const wrong: Array<[Partial<ScheduleRequest>, code: string, message: RegExp]> = [
    [{ toPhone: '0171' }, 'invalid_phone_number', /^toPhone /],
    [{ agentId: 'agent_999999' }, 'invalid_agent', /^agentId /],
    [{ agentId: 'phone_1' }, 'invalid_agent', /^agentId /],
    [{ timezone: 'Mars/Olympus' }, 'validation', /^timezone /],
    [{ time: '9:00' }, 'validation', /^time must be HH:MM/],
    [{ time: '12:60' }, 'validation', /^time /],
    [{ startDate: '2030-02-30' }, 'validation', /^startDate must be a date/],
    [{ startDate: '1969-12-31' }, 'validation', /^startDate /],
    [{ endDate: '31.8.2030' }, 'validation', /^endDate must be a date/],
    [{ startDate: '2030-09-01', endDate: '2030-08-31' }, 'validation', /startDate must not be after endDate/],
    [{ endDate: '2030-08-14' }, 'validation', /^endDate leaves no run to come/],
    [{ endDate: '2030-08-15', time: '12:00' }, 'validation', /^endDate leaves no run to come/],
    [{ startDate: '9999-12-31' }, 'validation', /^startDate leaves no run to come/],
  ];
  for (const [request, code, message] of wrong) await t.rejects(schedule(request), { code, message }, JSON.stringify(request));
  const [count] = await runtime.db.sql<Array<{ n: number }>>`select count(*) as n from schedules`;
  t.equal(count?.n, 3, 'nothing of the wrong ones was written');
});

t.test('a run becomes a call a minute ahead, once', async (t) => {
  const { runtime, who, schedule } = office;
  const { id } = await schedule({ context: 'Order 7', priority: 'high', timezone: 'Asia/Kolkata', time: '17:31' });
  const at = later(60 * SECOND);
  t.equal(await fireDueSchedules(runtime, later(-SECOND)), 0, 'not sooner');
  t.equal(await fireDueSchedules(runtime, NOW), 1);
  t.equal(await fireDueSchedules(runtime, later(2 * SECOND)), 0);
  t.same(await rowsOf(runtime, id), [
    {
      to: TO,
      status: 'scheduled',
      priority: 1,
      context: 'Order 7',
      timezone: 'Asia/Kolkata',
      tenantId: who.tenantId,
      createdBy: who.userId,
      scheduledFor: at,
      dueAt: at,
    },
  ]);
  t.same(await stateOf(runtime, id), { isActive: true, nextRunAt: later(DAY, at), lastRunAt: at });
  t.same(await lateRuns(runtime), { false: 1 });
});

t.test('missed runs: the latest once, then on as ever', async (t) => {
  const { runtime, schedule } = office;
  const { id } = await schedule();
  const now = later(10 * DAY + HOUR);
  const missed = later(10 * DAY + 60 * SECOND);
  t.equal(await fireDueSchedules(runtime, now), 1, 'one of eleven');
  t.match(await rowsOf(runtime, id), [{ scheduledFor: missed, dueAt: now }]);
  t.same(await stateOf(runtime, id), { isActive: true, nextRunAt: later(DAY, missed), lastRunAt: missed });
  t.same(await lateRuns(runtime), { true: 1 });
  t.equal(await fireDueSchedules(runtime, later(DAY, now)), 1);
  t.equal((await rowsOf(runtime, id)).length, 2);
  t.equal(await fireDueSchedules(runtime, later(14 * DAY)), 1);
  t.match((await rowsOf(runtime, id))[2], { scheduledFor: later(14 * DAY + 60 * SECOND) }, 'the next, a minute away, makes up for them');
});

t.test('after the last run it is over', async (t) => {
  const { runtime, schedule } = office;
  const ending = await schedule({ endDate: '2030-08-16' });
  const missedToItsEnd = await schedule({ endDate: '2030-08-18', toPhone: '+14155550101' });
  await fireDueSchedules(runtime, NOW);
  t.match(await stateOf(runtime, ending.id), { isActive: true, nextRunAt: new Date('2030-08-16T12:01:00Z') }, 'the end is inclusive');
  await fireDueSchedules(runtime, later(30 * DAY));
  const last = { isActive: false, nextRunAt: null };
  t.match(await stateOf(runtime, ending.id), { ...last, lastRunAt: new Date('2030-08-16T12:01:00Z') });
  t.match(await stateOf(runtime, missedToItsEnd.id), { ...last, lastRunAt: new Date('2030-08-18T12:01:00Z') });
  t.equal(await fireDueSchedules(runtime, later(90 * DAY)), 0);
});

t.test('ten schedulers at once, more schedules than a batch holds', async (t) => {
  const { runtime, schedule, another } = office;
  const { id } = await schedule();
  const COPIES = 1100;
  await runtime.db.sql`
    insert into schedules (tenant_id, agent_id, to_number, pattern, time_of_day, timezone, start_date, next_run_at)
    select tenant_id, agent_id, '+1415' || (5560000 + n), pattern, time_of_day, timezone, start_date, next_run_at
      from schedules, generate_series(1, ${COPIES}::int) n where id = ${id}`;
  const fired = await Promise.all(Array.from({ length: 10 }, another).map((scheduler) => fireDueSchedules(scheduler, NOW)));
  const [seen] = await runtime.db.sql<Array<{ calls: number; schedules: number; moved: number }>>`
    select count(*) as calls, count(distinct schedule_id) as schedules,
           (select count(*) from schedules where next_run_at = ${later(DAY + 60 * SECOND)}) as moved from calls`;
  t.same(seen, { calls: COPIES + 1, schedules: COPIES + 1, moved: COPIES + 1 });
  t.equal(
    fired.reduce((sum, n) => sum + n),
    COPIES + 1,
    'each counted by one of them',
  );
});

t.test('a run that is a call already is not made again, and holds nothing up', async (t) => {
  const { runtime, schedule } = office;
  const { id } = await schedule();
  await fireDueSchedules(runtime, NOW);
  await runtime.db.sql`update schedules set next_run_at = last_run_at where id = ${id}`;
  t.equal(await fireDueSchedules(runtime, NOW), 0);
  t.equal((await rowsOf(runtime, id)).length, 1);
  t.match(await stateOf(runtime, id), { nextRunAt: later(DAY + 60 * SECOND) });
});

t.test('cancelled with all of it that waits', async (t) => {
  const { runtime, who, other, schedule } = office;
  const { sql } = runtime.db;
  const [{ id }, bystander] = [await schedule(), await schedule({ toPhone: '+14155550101' })];
  await fireDueSchedules(runtime, NOW);
  const add = (status: string, more: { retryOf?: number; retryOpen?: boolean; day: number }) => sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, schedule_id, scheduled_for, due_at, original_call_id, retry_attempt, retry_open)
    select tenant_id, agent_id, to_number, ${status}, ${more.retryOf ? null : id}::bigint, ${later(more.day * DAY)}::timestamptz, now(),
           ${more.retryOf ?? null}::bigint, ${more.retryOf ? 1 : 0}::int, ${more.retryOpen ?? false}::boolean
      from schedules where id = ${id} returning id`;
  await add('queued', { day: -1 });
  await add('in_progress', { day: -2 });
  await add('completed', { day: -3 });
  await add('busy', { day: -4, retryOpen: true });
  const [tried] = await add('no_answer', { day: -5 });
  await add('scheduled', { day: -4, retryOf: tried?.id });

  await t.rejects(cancelSchedule(runtime, other.tenantId, id), { code: 'not_found' }, 'not somebody else’s');
  t.equal((await stateOf(runtime, id))?.isActive, true);
  await cancelSchedule(runtime, who.tenantId, id);
  t.match(await stateOf(runtime, id), { isActive: false, nextRunAt: null });
  const statuses = await sql<Array<{ status: string; calls: number; open: number; events: number }>>`
    select c.status, count(distinct c.id) as calls, count(*) filter (where c.retry_open) as open,
           count(e.id) filter (where e.type = 'cancel' and e.to_status = 'cancelled') as events
      from calls c left join call_events e on e.call_id = c.id
     where c.schedule_id = ${id} or c.original_call_id = ${tried?.id ?? 0} group by c.status order by c.status`;
  t.same(statuses, [
    { status: 'busy', calls: 1, open: 0, events: 0 },
    { status: 'cancelled', calls: 3, open: 0, events: 3 },
    { status: 'completed', calls: 1, open: 0, events: 0 },
    { status: 'in_progress', calls: 1, open: 0, events: 0 },
    { status: 'no_answer', calls: 1, open: 0, events: 0 },
  ]);
  t.match(await rowsOf(runtime, bystander.id), [{ status: 'scheduled' }], 'another schedule goes on');
  await t.rejects(cancelSchedule(runtime, who.tenantId, id), { code: 'not_found' }, 'there is nothing to cancel twice');
  t.equal(await fireDueSchedules(runtime, later(5 * DAY)), 1, 'only the other one fires');
});

t.test('cancelled in the moment in which a scheduler makes its call', async (t) => {
  const { runtime, who, schedule, another } = office;
  const { id } = await schedule();
  const scheduler = another();
  const at = later(60 * SECOND);
  let cancelling: Promise<void> | undefined;
  await scheduler.db.sql.begin(async (sql) => {
    t.match(await holdDueSchedules(sql, at, 1), [{ id }]);
    await insertRuns(sql, [{ scheduleId: id, at, next: later(DAY, at) }], NOW);
    cancelling = cancelSchedule(runtime, who.tenantId, id);
    await eventually(
      async () =>
        (await scheduler.db.sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)[0],
    );
  });
  await cancelling;
  t.match(await rowsOf(runtime, id), [{ status: 'cancelled' }], 'the call that was just made does not ring');
  t.match(await stateOf(runtime, id), { isActive: false, nextRunAt: null });
});

t.test('cancelled while its call is in flight: no retry follows', async (t) => {
  const { runtime, who, schedule } = office;
  const { sql } = runtime.db;
  const { id } = await schedule();
  await fireDueSchedules(runtime, later(60 * SECOND));
  const [call] = await sql<Array<{ id: number }>>`
    update calls set status = 'ringing', claimed_at = now() where schedule_id = ${id} returning id`;
  await cancelSchedule(runtime, who.tenantId, id);
  t.match(await rowsOf(runtime, id), [{ status: 'ringing' }], 'what rings goes on');
  await sql`update calls set status = 'no_answer', ended_at = now(), retry_open = true where id = ${call?.id ?? 0}`;
  t.equal(await decideRetry(runtime, call?.id ?? 0), 'cancelled');
});

t.test('a zone that was not asked for tells nothing of where the callee is', async (t) => {
  const { runtime, schedule } = office;
  await runtime.db.sql`update tenants set timezone = 'Asia/Kolkata'`;
  const silent = await schedule({ timezone: undefined, time: '17:31' });
  const told = await schedule({ timezone: 'Asia/Kolkata', time: '17:31', toPhone: '+14155550101' });
  t.equal(silent.timezone, 'Asia/Kolkata', 'the clocks that it goes by are the account’s');
  await fireDueSchedules(runtime, later(60 * SECOND));
  const zoneOf = async (id: number) =>
    (await runtime.db.sql<Array<{ zone: string | null }>>`select timezone as zone from calls where schedule_id = ${id}`)[0]?.zone;
  t.equal(await zoneOf(silent.id), null, 'the number tells where it rings');
  t.equal(await zoneOf(told.id), 'Asia/Kolkata');
});

t.test('business hours hold a run back until they open', async (t) => {
  const { runtime, schedule } = office;
  const { sql } = runtime.db;
  await sql`update tenants set calling_hours_policy = 'campaigns', calling_hours = null`;
  const now = new Date();
  // by this zone's clocks it is between two and three at night
  const hoursWest = (now.getUTCHours() + 24 - 2) % 24;
  const timezone = hoursWest > 12 ? `Etc/GMT-${24 - hoursWest}` : `Etc/GMT+${hoursWest}`;
  t.equal(Math.floor(wallTime(timezone, now.getTime()).minuteOfDay / 60), 2);
  const past = { timezone, time: '00:30', startDate: '2024-01-01' };
  const held = await schedule({ ...past, businessHoursOnly: true }, now);
  const free = await schedule({ ...past, toPhone: '+14155550101' }, now);
  await sql`update schedules set next_run_at = ${later(-HOUR / 2, now)}`;
  t.equal(await fireDueSchedules(runtime), 2);
  await dispatchDue(runtime);
  const [row] = await rowsOf(runtime, held.id);
  t.equal(row?.status, 'scheduled');
  const dueAt = row?.dueAt as Date;
  t.match(wallTime(timezone, dueAt.getTime()), { minuteOfDay: 9 * 60 }, 'at nine by the clocks of the schedule');
  t.ok(dueAt > now && dueAt < later(8 * HOUR, now));
  t.match(await rowsOf(runtime, free.id), [{ status: 'queued' }], 'who did not ask for it is not held');
});

t.test('coming runs are counted by their rule', async (t) => {
  const { runtime, who, other, schedule } = office;
  const count = (now = NOW) => countComingRuns(runtime, who.tenantId, now);
  t.same(await count(), { next24Hours: 0, nextWeek: 0 });
  await schedule();
  await schedule({ toPhone: '+14155550101' });
  t.same(await count(), { next24Hours: 2, nextWeek: 14 });
  await schedule({ pattern: 'weekly', startDate: '2030-08-19' });
  await schedule({ pattern: 'monthly', startDate: '2030-08-22', time: '12:00' });
  await schedule({ endDate: '2030-08-16', time: '18:00' });
  t.same(await count(), { next24Hours: 3, nextWeek: 17 }, 'the end of the week is not in it');
  const { id } = await schedule();
  await cancelSchedule(runtime, who.tenantId, id);
  t.same(await count(), { next24Hours: 3, nextWeek: 17 }, 'a cancelled one does not come');
  await fireDueSchedules(runtime, NOW);
  t.same(await count(), { next24Hours: 1, nextWeek: 15 }, 'what is a call is no coming run');
  t.same(await countComingRuns(runtime, other.tenantId, NOW), { next24Hours: 0, nextWeek: 0 });
  t.same(await count(later(30 * DAY)), { next24Hours: 2, nextWeek: 15 }, 'what was missed is not to come');
});

t.test('rings once, on the dot or made up for, through api, scheduler, worker and carrier', { timeout: 60_000 }, async (t) => {
  const { login, request, runtime, sandbox } = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { sql } = runtime.db;
  const { token } = await login();
  const make = async (path: string, json: object): Promise<string> => {
    const { body } = await request('POST', `/api/v1${path}`, { token, json });
    return (body as { data: { _id: string } }).data._id;
  };
  const agentId = await make('/agents', { name: 'Asha', systemPrompt: 'Be brief.' });
  await make('/phones', { phoneNumber: '+919876543200', agentId });
  // a missed run is made up for within the calling hours alone: somewhere it is far from their ends
  const timezone =
    [
      'Pacific/Auckland',
      'Asia/Tokyo',
      'Asia/Kathmandu',
      'Europe/Berlin',
      'America/Sao_Paulo',
      'America/Los_Angeles',
      'Pacific/Honolulu',
    ].find((zone) => Math.abs(wallTime(zone, Date.now()).minuteOfDay - 13.5 * 60) < 4 * 60) ?? 'none';
  // its own moment is half a day away
  const { minuteOfDay } = wallTime(timezone, Date.now() + 12 * HOUR);
  const rule = {
    pattern: 'daily',
    time: new Date(minuteOfDay * 60 * SECOND).toISOString().slice(11, 16),
    timezone,
    startDate: '2025-01-31',
  } as const;
  const repeat = async (toPhone: string) =>
    Number((await make('/scheduling/recurring', { ...rule, agentId, toPhone })).slice('schedule_'.length));
  const [coming, missed] = [await repeat('+15005550005'), await repeat('+15005560005')];
  const soon = later(8 * SECOND, new Date());
  await sql`update schedules set next_run_at = ${soon} where id = ${coming}`;
  await sql`update schedules set next_run_at = ${later(-3 * DAY, soon)} where id = ${missed}`;

  const completed = () => sql`select id from calls where status = 'completed'`;
  await eventually(async () => (await completed()).length === 2, 30_000);
  await fireDueSchedules(runtime);
  t.equal((await sql`select id from calls`).length, 2, 'one call each');
  for (const to of ['+15005550005', '+15005560005'])
    t.equal(sandbox?.rings().filter((ring) => ring.to === to).length, 1, `${to} rang once`);
  const ringMs = Date.parse(sandbox?.rings().find((ring) => ring.to === '+15005550005')?.at ?? '');
  t.ok(ringMs >= soon.getTime(), 'not before its moment');
  t.ok(ringMs < soon.getTime() + 3 * SECOND, `nor long after: ${ringMs - soon.getTime()} ms`);
  const next = nextRun({ ...rule, endDate: null }, soon);
  t.match(await stateOf(runtime, coming), { isActive: true, lastRunAt: soon, nextRunAt: next });
  t.match(await stateOf(runtime, missed), { isActive: true, nextRunAt: next });
});
