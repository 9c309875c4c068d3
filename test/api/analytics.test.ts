/** The figures of the calling surface: what the document shows, from calls that add up to it, and against counting in JavaScript. */
import { randomBytes } from 'node:crypto';
import t from 'tap';
import { type CallStatus, OUTCOMES } from '../../core/call.ts';
import type { Component } from '../../core/money.ts';
import type { Sql } from '../../db/client.ts';
import { endCalls } from '../../db/query/call-end.ts';
import { insertRecord } from '../../db/query/foreign-calls.ts';
import { drop } from '../../db/query/verdicts.ts';
import { rebuildRollUps, verifyRollUps } from '../../service/roll-ups.ts';
import { ask, PASSWORD, type Server, settle, signUp, startServer } from './helper.ts';

interface Account {
  headers: Record<string, string>;
  tenantId: number;
  userId: number;
  agentIds: number[];
}

async function openAccount({ app, runtime }: Server, timezone = 'UTC'): Promise<Account> {
  const { headers, email } = await signUp(app);
  const [row] = await runtime.db.sql<Array<{ tenantId: number; userId: number; agentIds: number[] }>>`
    with me as (select id, tenant_id from users where email = ${email}),
         zoned as (update tenants set timezone = ${timezone} where id = (select tenant_id from me)),
         made as (insert into agents (tenant_id, kind, name) select tenant_id, 'ai', 'Agent ' || n from me, generate_series(1, 3) n returning id)
    select tenant_id as "tenantId", id as "userId", (select array_agg(id order by id) from made) as "agentIds" from me`;
  if (!row) throw new Error('no account');
  return { headers, ...row };
}

interface Past {
  agentId: number;
  status: CallStatus;
  seconds: number;
  endedAt: Date;
  direction?: 'inbound' | 'outbound';
}

async function keep(sql: Sql, { tenantId, userId }: Account, calls: readonly Past[]): Promise<void> {
  const keepOne = ({ agentId, status, seconds: durationSeconds, endedAt, direction = 'outbound' }: Past) => {
    const startedAt = new Date(endedAt.getTime() - durationSeconds * 1000);
    const facts = { destination: '+1234567890', campaignId: undefined, contactId: undefined, disposition: undefined, metadata: {} };
    return insertRecord(sql, { tenantId, createdBy: userId, agentId, status, durationSeconds, startedAt, endedAt, direction, ...facts });
  };
  await Promise.all(calls.map(keepOne));
}

interface Read {
  summary: { totalCalls: number; averageDuration: number };
  byStatus: Record<string, number>;
  byDate: Array<{ date: string; calls: number }>;
}

/** A call that ends now, with its charges. */
async function talk(
  sql: Sql,
  { tenantId }: Account,
  call: {
    agentId: number;
    outcome: (typeof OUTCOMES)[number];
    retry?: boolean;
    carrier?: string;
    charges?: Partial<Record<Component, number>>;
  },
): Promise<void> {
  const { agentId, outcome, retry = false, carrier = 'twilio', charges = {} } = call;
  const [row] = await sql<Array<{ id: number; token: string }>>`
    insert into calls (tenant_id, agent_id, to_number, status, retry_attempt, claimed_at, claim_token, carrier)
    values (${tenantId}, ${agentId}, '+14155550100', 'dialing', ${retry ? 1 : 0}, now(), gen_random_uuid(), ${carrier})
    returning id, claim_token::text as token`;
  if (!row) throw new Error('no call');
  const facts = { carrierCallId: undefined, reason: undefined, answeredBy: undefined, carrierAt: undefined };
  await endCalls(
    sql,
    [{ callId: row.id, token: row.token, outcome, durationSeconds: outcome === 'completed' ? 60 : 0, ...facts }],
    Object.entries(charges).map(([component, amount]) => ({
      ...{ callId: row.id, component: component as Component, amount, quantity: 1, unitPrice: amount, description: 'Part' },
    })),
  );
}

t.test('what was stopped before it was dialed is no call that failed', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const account = await openAccount(server);
  const { headers, tenantId } = account;
  const { sql } = runtime.db;
  const [agentId = 0] = account.agentIds;
  await talk(sql, account, { agentId, outcome: 'completed' });
  const made = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, due_at)
    select ${tenantId}, ${agentId}, '+14155550100', 'scheduled', now(), now() from generate_series(1, 3) returning id`;
  const verdict = { answer: 'drop', why: 'suppressed', at: new Date().toISOString() } as const;
  await drop(
    sql,
    made.map(({ id }) => ({ callId: id, verdict, reason: 'the number is on the do-not-call list' })),
  );
  const get = (path: string) => ask(app, `GET /api/v1/${path}`, { headers });
  const always = 'startDate=2025-01-01&endDate=2034-12-01';
  t.match((await get(`analytics/calls?${always}`)).body.data, {
    summary: { totalCalls: 1, successfulCalls: 1, failedCalls: 0, successRate: 100 },
    byStatus: { completed: 1, failed: 0 },
  });
  t.match((await get(`analytics/agents/agent_${agentId}?${always}`)).body.data, { totalCalls: 1, successRate: 100, topFailureReasons: [] });
  t.match((await get(`analytics/costs?${always}`)).body.data, { byAgent: [{ calls: 1 }] });
  t.match((await get('stats')).body.data, { calls: { total: 1, successRate: 100 } });
  t.match(await verifyRollUps(runtime), { differences: [] });
  await sql`delete from call_slots`;
  await sql`delete from agent_days`;
  t.match(await rebuildRollUps(runtime), { recounted: 1 });
  t.match((await get(`analytics/calls?${always}`)).body.data.summary, { totalCalls: 1, successRate: 100 });
});

t.test('calls by status and by day, week and month; an agent’s performance', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const account = await openAccount(server);
  const { headers } = account;
  const [first = 0, second = 0, idle = 0] = account.agentIds;
  const get = (path: string, as = headers) => ask(app, `GET /api/v1/analytics/${path}`, { headers: as });
  const at = (text: string) => new Date(`2025-${text}:00Z`);
  await keep(runtime.db.sql, account, [
    { agentId: first, status: 'completed', seconds: 120, endedAt: at('11-01T00:00') },
    { agentId: first, status: 'completed', seconds: 241, endedAt: at('11-02T23:59'), direction: 'inbound' },
    { agentId: first, status: 'no_answer', seconds: 0, endedAt: at('11-03T00:00') },
    { agentId: first, status: 'no_answer', seconds: 0, endedAt: at('11-03T12:00') },
    { agentId: second, status: 'voicemail', seconds: 30, endedAt: at('11-03T13:00') },
    { agentId: second, status: 'busy', seconds: 0, endedAt: at('12-01T00:00') },
  ]);
  const range = 'startDate=2025-11-01T00:00:00Z&endDate=2025-12-01';
  t.same((await get(`calls?startDate=2025-11-01&endDate=2025-11-03`)).body, {
    success: true,
    data: {
      summary: { totalCalls: 5, successfulCalls: 2, failedCalls: 3, successRate: 40, averageDuration: 181 },
      byStatus: { completed: 2, no_answer: 2, busy: 0, failed: 0, voicemail: 1, abandoned: 0 },
      byDate: [
        { date: '2025-11-01', calls: 1, successRate: 100 },
        { date: '2025-11-02', calls: 1, successRate: 100 },
        { date: '2025-11-03', calls: 3, successRate: 0 },
      ],
    },
  });
  t.same((await get(`calls?${range}&groupBy=week`)).body.data.byDate, [
    { date: '2025-10-27', calls: 2, successRate: 100 },
    { date: '2025-11-03', calls: 3, successRate: 0 },
    ...['2025-11-10', '2025-11-17', '2025-11-24'].map((date) => ({ date, calls: 0, successRate: 0 })),
    { date: '2025-12-01', calls: 1, successRate: 0 },
  ]);
  t.same((await get(`calls?${range}&groupBy=month`)).body.data.byDate, [
    { date: '2025-11-01', calls: 5, successRate: 40 },
    { date: '2025-12-01', calls: 1, successRate: 0 },
  ]);
  t.match((await get(`calls?${range}&agentId=agent_${second}`)).body.data, {
    summary: { totalCalls: 2, successfulCalls: 0, failedCalls: 2, successRate: 0, averageDuration: 0 },
    byStatus: { voicemail: 1, busy: 1 },
  });
  t.match((await get(`calls?startDate=2025-11-03T12:01:00Z&endDate=2025-11-03T12:50:00Z`)).body.data.summary, { totalCalls: 1 });

  await talk(runtime.db.sql, account, { agentId: first, outcome: 'completed', retry: true });
  await talk(runtime.db.sql, account, { agentId: first, outcome: 'busy', retry: true });
  await talk(runtime.db.sql, account, { agentId: first, outcome: 'no_answer', retry: true });
  const always = 'startDate=2025-01-01&endDate=2034-12-01';
  t.same((await get(`agents/agent_${first}?${always}`)).body, {
    success: true,
    data: {
      agentId: `agent_${first}`,
      agentName: 'Agent 1',
      totalCalls: 7,
      successRate: 42.9,
      averageDuration: 140,
      voicemailDetectionRate: 0,
      retrySuccessRate: 33.3,
      topFailureReasons: [
        { reason: 'no_answer', count: 3 },
        { reason: 'busy', count: 1 },
      ],
    },
  });
  t.match((await get(`agents/${second}?${range}`)).body.data, { totalCalls: 2, voicemailDetectionRate: 50, retrySuccessRate: 0 });
  t.match((await get(`agents/${first}?startDate=2025-11-02T23:45:00Z&endDate=2025-11-03T00:14:00Z`)).body.data, { totalCalls: 2 });
  t.match((await get(`agents/${idle}?${range}`)).body.data, { totalCalls: 0, averageDuration: 0, topFailureReasons: [] });
  await ask(app, `DELETE /api/v1/agents/${first}`, { headers });
  t.match((await get(`agents/${first}?${range}`)).body.data, { agentName: 'Agent 1', totalCalls: 4 }, 'its past stays');

  const stats = (await ask(app, 'GET /api/v1/stats', { headers })).body.data.calls;
  t.same(stats, { total: 9, inbound: 1, outbound: 8, successRate: 33.3 });
  const stranger = await openAccount(server);
  t.match(await get(`agents/${first}?${range}`, stranger.headers), { status: 404, body: { error: { code: 'NOT_FOUND' } } });
  t.match(await get(`calls?${range}&agentId=${first}`, stranger.headers), { status: 404, body: { error: { code: 'NOT_FOUND' } } });
  t.equal((await get(`calls?${range}`, stranger.headers)).body.data.summary.totalCalls, 0);

  const wrong: Array<[query: string, field: string]> = [
    ['endDate=2025-11-03', 'startDate'],
    ['startDate=2025-11-03', 'endDate'],
    ['startDate=yesterday&endDate=2025-11-03', 'startDate'],
    ['startDate=2025-11-03&endDate=2025-02-30', 'endDate'],
    ['startDate=2025-11-03&endDate=2025-11-02', 'startDate'],
    ['startDate=2001-01-01&endDate=2025-11-02', 'startDate'],
  ];
  for (const [query, field] of wrong)
    for (const path of ['calls', `agents/${second}`, 'costs'])
      t.match(
        await get(`${path}?${query}`),
        { status: 400, body: { success: false, error: { code: 'VALIDATION_ERROR', details: new RegExp(field) } } },
        `${path} ${query}`,
      );
  for (const [query, field] of [
    ['groupBy=year', 'groupBy'],
    ['agentId=phone_1', 'agentId'],
  ] as const)
    t.match(await get(`calls?${range}&${query}`), { status: 400, body: { error: { details: new RegExp(field) } } }, query);
  t.equal((await get(`agents/phone_1?${range}`)).status, 404);
  t.equal((await ask(app, `GET /api/v1/analytics/calls?${range}`)).status, 401);
});

t.test('costs by component, phone company and agent', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const account = await openAccount(server, 'Asia/Kolkata');
  const { headers } = account;
  const [first = 0, second = 0] = account.agentIds;
  const costs = (query: string, as = headers) => ask(app, `GET /api/v1/analytics/costs?${query}`, { headers: as });
  const today = 'startDate=2026-01-01&endDate=2034-12-31';
  const nothing = { totalCost: 0, costPerCall: 0, breakdown: { stt: 0, llm: 0, tts: 0, exotel: 0 }, carriers: {}, byAgent: [] };
  t.same((await costs(today)).body, { success: true, data: nothing });
  const charges = { stt: 0.1, llm: 0.2, tts: 0.3, carrier: 0.000001 };
  await talk(runtime.db.sql, account, { agentId: first, outcome: 'completed', charges });
  await talk(runtime.db.sql, account, { agentId: second, outcome: 'completed', carrier: 'exotel', charges: { ...charges, carrier: 2 } });
  await talk(runtime.db.sql, account, { agentId: second, outcome: 'busy' });
  t.same((await costs(today)).body.data, {
    totalCost: 3.200001,
    costPerCall: 1.066667,
    breakdown: { stt: 0.2, llm: 0.4, tts: 0.6, exotel: 2.000001 },
    carriers: { exotel: 2, twilio: 0.000001 },
    byAgent: [
      { agentId: `agent_${second}`, agentName: 'Agent 2', totalCost: 2.6, calls: 2 },
      { agentId: `agent_${first}`, agentName: 'Agent 1', totalCost: 0.600001, calls: 1 },
    ],
  });
  t.same((await costs('startDate=2025-01-01&endDate=2025-12-31')).body.data, nothing);
  t.same((await costs(today, (await openAccount(server)).headers)).body.data, nothing, 'nobody else’s');
  t.match(await verifyRollUps(runtime), { differences: [] });
});

t.test('who has the role agent sees their own figures and no costs', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { headers } = await settle(app);
  const email = 'own-analytics@example.com';
  const made = await ask(app, 'POST /api/auth/register', { headers, payload: { email, password: PASSWORD, name: 'Jane', role: 'agent' } });
  const userId = made.body.data.user.id as number;
  const { body } = await ask(app, 'POST /api/auth/login', { payload: { email, password: PASSWORD } });
  const own = { authorization: `Bearer ${body.data.token}` };
  const range = 'startDate=2025-11-01&endDate=2025-11-30';
  const get = (path: string, as = own) =>
    ask(app, `GET /api/v1/analytics/${path}${path.includes('?') ? '&' : '?'}${range}`, { headers: as });
  t.equal((await get('calls')).body.data.summary.totalCalls, 0, 'who is nobody has none');
  const [row] = await runtime.db.sql<Array<{ tenantId: number; agentId: number; others: number }>>`
    with me as (select id, tenant_id from users where id = ${userId}),
         own as (insert into agents (tenant_id, kind, name, user_id) select tenant_id, 'human', 'Jane', id from me returning id)
    select me.tenant_id as "tenantId", own.id as "agentId", (select min(a.id) from agents a where a.tenant_id = me.tenant_id) as others from me, own`;
  if (!row) throw new Error('no agent');
  const call = { status: 'completed' as const, seconds: 60, endedAt: new Date('2025-11-10T10:00:00Z') };
  const account = { headers, tenantId: row.tenantId, userId, agentIds: [] };
  await keep(runtime.db.sql, account, [
    { ...call, agentId: row.agentId },
    { ...call, agentId: row.others },
  ]);
  t.equal((await get('calls', headers)).body.data.summary.totalCalls, 2);
  t.equal((await get('calls')).body.data.summary.totalCalls, 1);
  t.equal((await get(`calls?agentId=${row.others}`)).status, 404);
  t.equal((await get(`agents/${row.agentId}`)).body.data.agentName, 'Jane');
  t.equal((await get(`agents/${row.others}`)).status, 404);
  t.match(await get('costs'), { status: 403, body: { error: { code: 'FORBIDDEN' } } });
  t.equal((await get('costs', headers)).status, 200);
});

t.test('figures are those of counting, in zones whose clocks change', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const seed = randomBytes(4).readUInt32LE();
  t.comment(`seed ${seed}`);
  let state = seed;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const oneOf = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  // half an hour of summer time; a quarter off; clocks that change at midnight, and backwards over it; the usual
  for (const zone of ['Australia/Lord_Howe', 'Pacific/Chatham', 'America/Havana', 'America/Santiago', 'America/New_York', 'Asia/Kolkata']) {
    const account = await openAccount(server, zone);
    const { headers } = account;
    const from = Date.UTC(2025, 1, 20);
    const calls = Array.from({ length: 60 }, (): Past => {
      const near = oneOf([Date.UTC(2025, 2, 9, 4), Date.UTC(2025, 3, 6, 4), Date.UTC(2025, 8, 7, 4), Date.UTC(2025, 10, 2, 5)]);
      const ms = random() < 0.5 ? near + (random() - 0.5) * 86_400_000 : from + random() * 270 * 86_400_000;
      const direction = oneOf(['inbound', 'outbound'] as const);
      const seconds = Math.floor(random() * 300);
      return { agentId: oneOf(account.agentIds), status: oneOf(OUTCOMES), seconds, endedAt: new Date(Math.floor(ms)), direction };
    });
    await keep(runtime.db.sql, account, calls);
    const clock = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
    const [firstDay, lastDay] = ['2025-03-01', '2025-11-20'];
    for (const agentId of [undefined, account.agentIds[0]]) {
      const counted = calls.filter((call) => {
        const day = clock.format(call.endedAt);
        return day >= firstDay && day <= lastDay && (agentId === undefined || call.agentId === agentId);
      });
      const completed = counted.filter(({ status }) => status === 'completed');
      const query = `startDate=${firstDay}&endDate=${lastDay}${agentId === undefined ? '' : `&agentId=${agentId}`}`;
      const read = async (group: string) =>
        (await ask(app, `GET /api/v1/analytics/calls?${query}&groupBy=${group}`, { headers })).body.data as Read;
      const { summary, byStatus, byDate } = await read('day');
      t.equal(summary.totalCalls, counted.length, zone);
      t.equal(
        summary.averageDuration,
        completed.length === 0 ? 0 : Math.round(completed.reduce((sum, { seconds }) => sum + seconds, 0) / completed.length),
      );
      t.same(byStatus, Object.fromEntries(OUTCOMES.map((status) => [status, counted.filter((call) => call.status === status).length])));
      t.equal(byDate.length, 265, 'every day once');
      for (const { date, calls: count } of byDate)
        if (count !== counted.filter(({ endedAt }) => clock.format(endedAt) === date).length) t.fail(`${zone} ${date}: ${count}`);
      for (const { date, calls: count } of (await read('month')).byDate)
        t.equal(count, counted.filter(({ endedAt }) => clock.format(endedAt).startsWith(date.slice(0, 7))).length, `${zone} ${date}`);
    }
    for (const agentId of account.agentIds) {
      const own = calls.filter(
        (call) =>
          call.agentId === agentId && call.endedAt >= new Date('2025-03-09T05:00:00Z') && call.endedAt < new Date('2025-11-02T05:15:00Z'),
      );
      const range = 'startDate=2025-03-09T05:00:00Z&endDate=2025-11-02T05:14:59Z';
      const { body } = await ask(app, `GET /api/v1/analytics/agents/${agentId}?${range}`, { headers });
      t.equal(body.data.totalCalls, own.length, `${zone}, one agent`);
      const failures = body.data.topFailureReasons as Array<{ count: number }>;
      t.equal(
        failures.reduce((sum, { count }) => sum + count, 0),
        own.filter(({ status }) => status !== 'completed').length,
      );
    }
  }
  t.match(await verifyRollUps(runtime), { differences: [] });
});
