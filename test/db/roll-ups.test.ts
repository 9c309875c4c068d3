/** Every ending is counted once, whoever writes it: the roll-ups are what counting the rows again gives. */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { slotOf } from '../../core/time/slot.ts';
import { OUTCOMES } from '../../core/call.ts';
import { openDb, withDeadlockRetry, type Sql } from '../../db/client.ts';
import { endCalls, type Ending } from '../../db/query/call-end.ts';
import { takeStep } from '../../db/query/call-life.ts';
import { cancelCall } from '../../db/query/call-request.ts';
import { giveUpQueued } from '../../db/query/dispatch.ts';
import { giveBack } from '../../db/query/flow-transfer.ts';
import { insertRecord } from '../../db/query/foreign-calls.ts';
import { lockChain } from '../../db/query/retries.ts';
import { cancelChains } from '../../db/query/schedules.ts';
import { recountDay } from '../../db/query/recount.ts';
import { drop } from '../../db/query/verdicts.ts';
import { rebuildRollUps, verifyRollUps } from '../../service/roll-ups.ts';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';
import { PROJECT } from '../project.ts';
import { openTestRuntime } from '../runtime.ts';

const TENANTS = 3;
const CALLS = 600;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A generator that gives the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Seeded {
  id: number;
  tenantId: number;
  status: string;
  token: string | null;
}

/** Calls of several tenants, agents and campaigns in every status that a call can end from. */
async function seed(sql: Sql, random: () => number): Promise<Seeded[]> {
  const rows: Seeded[] = [];
  for (let tenant = 0; tenant < TENANTS; tenant++) {
    const [owner] = await sql<Array<{ tenantId: number }>>`
      with tenant as (insert into tenants (name) values ('T') returning id),
           account as (insert into credit_accounts (tenant_id, balance) select id, 1000 from tenant)
      select id as "tenantId" from tenant`;
    const tenantId = owner?.tenantId ?? 0;
    const agents = await sql<Array<{ id: number }>>`
      insert into agents (tenant_id, kind, name) select ${tenantId}, 'ai', 'A' from generate_series(1, 3) returning id`;
    const campaigns = await sql<Array<{ id: number }>>`
      insert into campaigns (tenant_id, name, status) select ${tenantId}, 'C', 'active' from generate_series(1, 2) returning id`;
    for (let n = 0; n < CALLS / TENANTS; n++) {
      const status = ['scheduled', 'queued', 'dialing', 'unknown', 'ringing', 'in_progress'][Math.floor(random() * 6)] ?? 'queued';
      const live = status !== 'scheduled' && status !== 'queued';
      const answered = status === 'in_progress';
      const answeredBy = answered && random() < 0.5 ? (random() < 0.5 ? 'machine' : 'human') : null;
      const [row] = await sql<Seeded[]>`
        insert into calls (tenant_id, agent_id, campaign_id, to_number, status, direction, retry_attempt, claimed_at, claim_token, answered_at,
                           answered_by, abandoned_at, due_at, verdict, carrier)
        values (${tenantId}, ${agents[n % 3]?.id ?? 0}, ${random() < 0.6 ? (campaigns[n % 2]?.id ?? null) : null}, ${`+1415555${1000 + n}`}, ${status},
                ${random() < 0.2 ? 'inbound' : 'outbound'}, ${random() < 0.3 ? 1 : 0}, ${live ? new Date() : null},
                ${live ? sql`gen_random_uuid()` : null}, ${answered ? new Date() : null}, ${answeredBy}, ${answered && random() < 0.1 ? new Date() : null},
                now(), ${random() < 0.5 ? sql`'{"answer": "dial"}'::jsonb` : null},
                ${random() < 0.9 ? (random() < 0.5 ? 'twilio' : 'exotel') : null})
        returning id, tenant_id as "tenantId", status, claim_token::text as token`;
      if (row) rows.push(row);
    }
  }
  return rows;
}

interface Row {
  tenantId: number;
  direction: string;
  status: string;
  endedAt: Date | null;
  agentId: number;
  campaignId: number | null;
  retryAttempt: number;
  claimedAt: Date | null;
  answeredAt: Date | null;
  answeredBy: string | null;
  abandonedAt: Date | null;
  verdict: { answer?: string } | null;
  duration: number;
  cost: string;
  carrier: string | null;
  charges: Array<{ component: string; amount: number }> | null;
}

type Figures = Record<string, number[]>;
type AllFigures = Record<'slots' | 'agents' | 'agentSlots' | 'campaigns' | 'charges', Figures>;
const none = (): AllFigures => ({ slots: {}, agents: {}, agentSlots: {}, campaigns: {}, charges: {} });

/** The roll-ups as counting the rows gives them, in JavaScript. */
async function recounted(sql: Sql): Promise<AllFigures> {
  const rows = await sql<Row[]>`
    select tenant_id as "tenantId", direction, status, ended_at as "endedAt", agent_id as "agentId", campaign_id as "campaignId",
           retry_attempt as "retryAttempt", claimed_at as "claimedAt", answered_at as "answeredAt", answered_by as "answeredBy",
           abandoned_at as "abandonedAt", verdict, coalesce(duration_seconds, 0) as duration, coalesce(cost, 0) as cost,
           carrier, (select json_agg(l) from ledger_entries l where l.call_id = calls.id) as charges
      from calls where status in ('completed', 'no_answer', 'busy', 'failed', 'voicemail', 'abandoned', 'cancelled')`;
  const found = none();
  for (const row of rows) {
    const endedMs = row.endedAt?.getTime() ?? NaN;
    const day = new Date(Math.floor(endedMs / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
    const micros = Math.round(Number(row.cost) * 1e6);
    const slot = new Date(slotOf(endedMs)).toISOString();
    // what we never dialed is no call that failed
    const status = row.status === 'failed' && row.verdict?.answer === 'drop' ? 'cancelled' : row.status;
    add(found.slots, [row.tenantId, slot, row.direction, status], [1, row.duration, micros]);
    add(found.agents, [row.tenantId, day, row.agentId, status], [1, row.retryAttempt > 0 ? 1 : 0, row.duration, micros]);
    add(found.agentSlots, [row.tenantId, row.agentId, slot, status], [1, row.retryAttempt > 0 ? 1 : 0, row.duration, micros]);
    for (const { component, amount } of row.charges ?? [])
      add(found.charges, [row.tenantId, slot, component, row.carrier ?? '-'], [Math.round(-amount * 1e6)]);
    const wasDialed = row.claimedAt !== null && row.status !== 'cancelled' && (row.verdict?.answer ?? 'dial') === 'dial';
    if (row.campaignId === null || !wasDialed) continue;
    const byPerson = row.answeredBy !== 'machine' && row.answeredBy !== 'fax';
    const answered = byPerson && (row.answeredAt !== null || row.status === 'completed' || row.status === 'abandoned') ? 1 : 0;
    const abandoned = row.abandonedAt !== null || row.status === 'abandoned' ? 1 : 0;
    add(found.campaigns, [row.campaignId, day], [1, answered, abandoned, row.status === 'completed' ? 1 : 0, answered * row.duration]);
  }
  return found;
}

function add(figures: Figures, key: ReadonlyArray<string | number>, amounts: readonly number[]): void {
  const name = key.join(' ');
  const before = figures[name] ?? [];
  figures[name] = amounts.map((amount, index) => (before[index] ?? 0) + amount);
}

async function kept(sql: Sql): Promise<AllFigures> {
  const read = async (rows: Promise<Array<{ key: string; figures: string[] }>>) =>
    Object.fromEntries((await rows).map(({ key, figures }) => [key, figures.map((figure) => Math.round(Number(figure)))]));
  const slot = sql`to_char(slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return {
    slots: await read(sql`
      select concat_ws(' ', tenant_id, ${slot}, direction, status) as key,
             array[calls, duration_seconds, cost * 1000000]::text[] as figures from call_slots`),
    agents: await read(sql`
      select concat_ws(' ', tenant_id, day, agent_id, status) as key, array[calls, retries, duration_seconds, cost * 1000000]::text[] as figures
        from agent_days`),
    agentSlots: await read(sql`
      select concat_ws(' ', tenant_id, agent_id, ${slot}, status) as key, array[calls, retries, duration_seconds, cost * 1000000]::text[] as figures
        from agent_slots`),
    charges: await read(sql`
      select concat_ws(' ', tenant_id, ${slot}, component, coalesce(nullif(carrier, ''), '-')) as key, array[amount * 1000000]::text[] as figures
        from charge_slots`),
    campaigns: await read(sql`
      select concat_ws(' ', campaign_id, day) as key, array[dials, answered, abandoned, completed, talk_seconds]::text[] as figures
        from campaign_days`),
  };
}

async function endAll(t: Test, sql: ReturnType<typeof openDb>['sql'], rows: readonly Seeded[], random: () => number): Promise<void> {
  const batches: Seeded[][] = [];
  for (let start = 0; start < rows.length; start += 12) batches.push(rows.slice(start, start + 12));
  const toldTwice = await Promise.all(batches.map((batch) => endBatch(sql, batch, random)));
  t.same(new Set(toldTwice), new Set([0]), 'an ending that is told again ends nothing');
}

/** Ends a batch by all the ways there are, each the one that fits the row. Answers how many ended once more when they were told again. */
async function endBatch(sql: ReturnType<typeof openDb>['sql'], batch: readonly Seeded[], random: () => number): Promise<number> {
  const endings: Ending[] = [];
  const dropped: Array<Parameters<typeof drop>[1][number]> = [];
  for (const { id, tenantId, status, token } of batch) {
    const draw = random();
    if (token !== null) {
      const outcome = OUTCOMES[Math.floor(random() * OUTCOMES.length)] ?? 'failed';
      if ((status === 'dialing' || status === 'unknown') && draw < 0.3)
        await takeStep(sql, 'fail', { callId: id, token, reason: 'refused' });
      else {
        const durationSeconds = Math.floor(random() * 300);
        const facts = { carrierCallId: undefined, reason: undefined, answeredBy: undefined, carrierAt: undefined };
        endings.push({ callId: id, token, outcome, durationSeconds, ...facts });
      }
    } else if (draw < 0.3)
      dropped.push({ callId: id, verdict: { answer: 'drop', why: 'suppressed', at: new Date().toISOString() }, reason: 'no' });
    else if (draw < 0.6 && status === 'queued') await giveUpQueued(sql, id, 'broken');
    else if (draw < 0.8)
      await sql.begin(async (tx) => ((await lockChain(tx, tenantId, id)) === undefined ? undefined : cancelCall(tx, id)));
    else await withDeadlockRetry(() => cancelChains(sql, [id]));
  }
  const charges = endings.flatMap(({ callId, durationSeconds }) =>
    (['carrier', 'llm'] as const).map((component) => ({
      callId,
      component,
      amount: 0.01 * (1 + ((durationSeconds + component.length) % 7)),
      quantity: 1,
      unitPrice: 0.01,
      description: 'Minutes',
    })),
  );
  await withDeadlockRetry(() => endCalls(sql, endings, charges));
  await withDeadlockRetry(() => drop(sql, dropped));
  return (await endCalls(sql, endings, charges)).size;
}

async function addsUp(t: Test, sql: Sql): Promise<void> {
  t.same(await kept(sql), await recounted(sql));
}

t.test('after many lives at once the roll-ups are what counting the rows again gives', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 6, name: 'roll-ups test' });
  t.teardown(close);
  const number = randomBytes(4).readUInt32LE();
  t.comment(`seed ${number}`);
  const random = randomOf(number);
  const rows = await seed(sql, random);
  await addsUp(t, sql);
  t.same(await kept(sql), none(), 'what has not ended is not counted');
  await endAll(t, sql, rows, random);
  const [open] = await sql<Array<{ calls: number }>>`select count(*) as calls from calls where ended_at is null`;
  t.equal(open?.calls, 0, 'all have ended');
  const { campaigns, ...found } = await kept(sql);
  t.ok(Object.keys(campaigns).length > 0 && Object.values(found.slots).reduce((sum, [calls = 0]) => sum + calls, 0) === CALLS);
  await addsUp(t, sql);
});

t.test('a rebuild among calls that end leaves what counting gives; what is right is left alone', async (t) => {
  const runtime = await openTestRuntime(t, { DATABASE_POOL: '8' });
  const { sql } = runtime.db;
  const number = randomBytes(4).readUInt32LE();
  t.comment(`seed ${number}`);
  const random = randomOf(number);
  const rows = await seed(sql, random);
  const half = rows.length / 2;
  await endAll(t, sql, rows.slice(0, half), random);
  const past = await keepPast(sql, random);
  t.match(await verifyRollUps(runtime), { differences: [] });
  t.match(await rebuildRollUps(runtime), { recounted: 0 });

  // every kind of fault: rows gone, figures wrong, rows of nothing
  await sql`delete from call_slots where tenant_id = ${past.tenantId}`;
  await sql`update agent_days set calls = calls + 1, cost = cost + 1`;
  await sql`delete from agent_slots`;
  await sql`update campaign_days set abandoned = abandoned + 1`;
  await sql`insert into charge_slots (tenant_id, slot, component, carrier, amount) values (${past.tenantId}, '2020-01-01T00:00:00Z', 'llm', '', 1)`;
  const { differences } = await verifyRollUps(runtime);
  t.same([...new Set(differences.map(({ rollUp }) => rollUp))].sort(), [
    'agent_days',
    'agent_slots',
    'call_slots',
    'campaign_days',
    'charge_slots',
  ]);
  t.ok(
    differences.some(({ tenantId, day }) => tenantId === past.tenantId && day === '2020-01-01'),
    'also on a day without a call',
  );
  const told: string[] = [];
  const [own] = await Promise.all([
    rebuildRollUps(runtime, { tenantId: past.tenantId, onDay: ({ day }) => told.push(day) }),
    endAll(t, sql, rows.slice(half), random),
  ]);
  t.equal(told.length, own.days);
  t.ok(own.recounted > past.days.size, 'every day of this tenant');
  const left = (await verifyRollUps(runtime)).differences.map(({ tenantId }) => tenantId);
  t.ok(left.length > 0 && !left.includes(past.tenantId), 'and of no other');
  await Promise.all([rebuildRollUps(runtime), endAll(t, sql, await seed(sql, random), random), rebuildRollUps(runtime)]);
  t.match(await verifyRollUps(runtime), { differences: [] });
  await addsUp(t, sql);
});

t.test('a rebuild waits for an ending that is not committed yet, and counts it', async (t) => {
  const runtime = await openTestRuntime(t, { DATABASE_POOL: '4' });
  const { sql } = runtime.db;
  const rows = await seed(sql, randomOf(3));
  const queued = rows.filter(({ status }) => status === 'queued');
  const [early] = queued;
  await giveUpQueued(sql, early?.id ?? 0, 'broken');
  await sql`update agent_days set calls = 7`;
  await sql`update agent_slots set calls = 7`;
  let rebuilding: Promise<unknown> | undefined;
  await sql.begin(async (tx) => {
    for (const { id } of queued.slice(1)) await giveUpQueued(tx, id, 'broken');
    rebuilding = rebuildRollUps(runtime);
    await eventually(() => somebodyWaits(sql));
  });
  await rebuilding;
  t.match(await verifyRollUps(runtime), { differences: [] });
  await addsUp(t, sql);
});

t.test('a day that takes too long is skipped and told of, and holds up neither the others nor calls that end', async (t) => {
  const runtime = await openTestRuntime(t, { DATABASE_POOL: '4' });
  const { sql } = runtime.db;
  const [ending] = (await seed(sql, randomOf(5))).filter(({ status }) => status === 'queued');
  const { tenantId, days } = await keepPast(sql, randomOf(5));
  const [day = '', ...others] = [...days].sort();
  await sql`update agent_slots set calls = calls + 1`;
  let rebuilding: ReturnType<typeof rebuildRollUps> | undefined;
  await sql.begin(async (tx) => {
    await tx`select from agent_slots where (slot at time zone 'UTC')::date = ${day}::date for update`;
    rebuilding = rebuildRollUps(runtime, { patienceMs: 700 });
    await eventually(() => somebodyWaits(sql));
    await sql.begin(async (tx) => {
      await tx`set local lock_timeout = 100`;
      await giveUpQueued(tx, ending?.id ?? 0, 'broken');
    });
    t.match(await rebuilding, { days: days.size + 1, recounted: others.length, skipped: [{ tenantId, day }] });
  });
  const { differences } = await verifyRollUps(runtime);
  t.ok(differences.length > 0 && differences.every((at) => at.day === day), 'it is as it was');
  t.match(await rebuildRollUps(runtime, { patienceMs: 0 }), { recounted: 1, skipped: [] }, 'without a limit');
  await addsUp(t, sql);
});

t.test('a rebuild goes on beside what cleans the tables and counts their rows, as the database does by itself', async (t) => {
  const runtime = await openTestRuntime(t, { DATABASE_POOL: '4' });
  const { sql } = runtime.db;
  await seed(sql, randomOf(13));
  const { days } = await keepPast(sql, randomOf(13));
  await sql`update call_slots set calls = calls + 1`;
  await sql`delete from agent_slots`;
  await sql.begin(async (tx) => {
    // https://www.postgresql.org/docs/current/explicit-locking.html: that of VACUUM and ANALYZE
    await tx`lock table call_slots, agent_days, agent_slots, campaign_days, charge_slots in share update exclusive mode`;
    t.match(await rebuildRollUps(runtime), { recounted: days.size, skipped: [] });
  });
  await addsUp(t, sql);
});

t.test('of two rebuilds that find a day wrong the second sees what the first has mended', async (t) => {
  const runtime = await openTestRuntime(t, { DATABASE_POOL: '6' });
  const { sql } = runtime.db;
  await seed(sql, randomOf(17));
  const { tenantId, days } = await keepPast(sql, randomOf(17));
  const [day = ''] = days;
  await sql`update agent_days set calls = calls + 1`;
  let second: ReturnType<typeof rebuildRollUps> | undefined;
  await sql.begin(async (tx) => {
    await recountDay(tx, { tenantId, day }, 'agent_days', { patienceMs: 0, lockTimeoutMs: 1000 });
    second = rebuildRollUps(runtime);
    await eventually(() => somebodyWaits(sql));
  });
  t.match(await second, { recounted: days.size, skipped: [] });
  await addsUp(t, sql);
});

async function somebodyWaits(sql: Sql): Promise<boolean> {
  return (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length > 0;
}

/** Calls that ended on many days, some of them at the very ends of a day. */
async function keepPast(sql: Sql, random: () => number): Promise<{ tenantId: number; days: Set<string> }> {
  const [agent] = await sql<Array<{ id: number; tenantId: number }>>`select id, tenant_id as "tenantId" from agents order by id limit 1`;
  const { id: agentId = 0, tenantId = 0 } = agent ?? {};
  const [user] = await sql<Array<{ id: number }>>`
    insert into users (tenant_id, email, name, password_hash, role) values (${tenantId}, 'past@example.com', 'Past', 'none', 'owner') returning id`;
  const days = new Set<string>();
  for (let n = 0; n < 30; n++) {
    const endedAt = new Date(
      Date.UTC(2025, 0, 1) + Math.floor(random() * 20) * DAY_MS - (random() < 0.3 ? 1 : Math.floor(random() * DAY_MS)),
    );
    days.add(endedAt.toISOString().slice(0, 10));
    const facts = { campaignId: undefined, contactId: undefined, disposition: undefined, metadata: {} };
    const call = { destination: '+14155550100', direction: 'inbound', status: 'completed', durationSeconds: 5 } as const;
    await insertRecord(sql, { tenantId, agentId, createdBy: user?.id ?? 0, startedAt: endedAt, endedAt, ...call, ...facts });
  }
  return { tenantId, days };
}

t.test('a transfer that comes to nothing after the end leaves the call whose it was when it was counted', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 2, name: 'roll-ups test' });
  t.teardown(close);
  const rows = await seed(sql, randomOf(11));
  const talking = rows.find(({ status, token }) => status === 'in_progress' && token !== null);
  if (!talking?.token) throw new Error('nobody talks');
  const { id: callId, token } = talking;
  const facts = { carrierCallId: undefined, reason: undefined, answeredBy: undefined, carrierAt: undefined };
  await endCalls(sql, [{ callId, token, outcome: 'completed', durationSeconds: 5, ...facts }], []);
  const [other] = await sql<Array<{ id: number }>>`
    select a.id from agents a join calls c on c.tenant_id = a.tenant_id and a.id <> c.agent_id where c.id = ${callId} limit 1`;
  await giveBack(sql, { callId, token }, other?.id ?? 0);
  await addsUp(t, sql);
});

t.test('a call that failed in the middle of its statement counts nowhere', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 2, name: 'roll-ups test' });
  t.teardown(close);
  const rows = await seed(sql, randomOf(7));
  const undone = new Error('undone on purpose');
  await t.rejects(
    sql.begin(async (tx) => {
      for (const { id, status } of rows) if (status === 'queued') await giveUpQueued(tx, id, 'broken');
      throw undone;
    }),
    undone,
  );
  await addsUp(t, sql);
});

t.test('every statement that writes an end counts it', async (t) => {
  const folder = join(PROJECT, 'db', 'query');
  // those that insert calls which have ended already
  const inserting = ['foreign-calls.ts', 'carrier-sync.ts'];
  let writers = 0;
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    const ends = text.match(/[ ,]ended_at = (?:now\(\)|case)/g)?.length ?? 0;
    const counted = inserting.includes(name) ? 1 : ends;
    t.equal(text.match(/\$\{countedColumns\(sql\)\}/g)?.length ?? 0, counted, name);
    t.equal(text.match(/\$\{rollUps\(sql\)\}/g)?.length ?? 0, counted, name);
    writers += ends;
  }
  t.ok(writers >= 7, 'the pattern finds them');
});
