import t from 'tap';
import type { CallStatus } from '../../core/call.ts';
import { insertRecord } from '../../db/query/foreign-calls.ts';
import type { Sql } from '../../db/client.ts';
import { ask, PASSWORD, type Server, settle, signUp, startServer } from './helper.ts';

interface Ended {
  agentId: number;
  status: CallStatus;
  durationSeconds: number;
  endedAt: Date;
}

async function openAccount({ app, runtime }: Server, timezone = 'UTC') {
  const { headers, email } = await signUp(app);
  const [row] = await runtime.db.sql<Array<{ tenantId: number; userId: number; agentIds: number[] }>>`
    with me as (select id, tenant_id from users where email = ${email}),
         zoned as (update tenants set timezone = ${timezone} where id = (select tenant_id from me)),
         made as (insert into agents (tenant_id, kind, name) select tenant_id, 'ai', 'Agent ' || n from me, generate_series(1, 7) n returning id)
    select tenant_id as "tenantId", id as "userId", (select array_agg(id order by id) from made) as "agentIds" from me`;
  if (!row) throw new Error('no account');
  return { headers, ...row };
}

async function keep(sql: Sql, { tenantId, userId }: { tenantId: number; userId: number }, calls: readonly Ended[]): Promise<void> {
  for (const call of calls) {
    const startedAt = new Date(call.endedAt.getTime() - call.durationSeconds * 1000);
    const none = { campaignId: undefined, contactId: undefined, disposition: undefined, metadata: {} };
    await insertRecord(sql, {
      tenantId,
      createdBy: userId,
      destination: '+1234567890',
      direction: 'outbound',
      startedAt,
      ...none,
      ...call,
    });
  }
}

t.test('the figures of the document, from calls that add up to them', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const account = await openAccount(server);
  const [first = 0, second = 0] = account.agentIds;
  const dashboard = (query = '') => ask(app, `GET /api/stats/dashboard${query}`, { headers: account.headers });
  t.same((await dashboard()).body, {
    success: true,
    data: {
      totalCalls: 0,
      answeredCalls: 0,
      avgDuration: 0,
      totalDuration: 0,
      successRate: 0,
      callsByStatus: { answered: 0, no_answer: 0, busy: 0, failed: 0, voicemail: 0, abandoned: 0 },
      callsByHour: [],
      topAgents: [],
    },
  });
  const at = (text: string) => new Date(`2025-11-${text}:00Z`);
  await keep(runtime.db.sql, account, [
    { agentId: first, status: 'completed', durationSeconds: 120, endedAt: at('10T09:05') },
    { agentId: first, status: 'completed', durationSeconds: 240, endedAt: at('10T09:59') },
    { agentId: first, status: 'busy', durationSeconds: 0, endedAt: at('11T10:00') },
    { agentId: second, status: 'voicemail', durationSeconds: 30, endedAt: at('12T23:59') },
  ]);
  t.same((await dashboard()).body.data, {
    totalCalls: 4,
    answeredCalls: 2,
    avgDuration: 180,
    totalDuration: 360,
    successRate: 50,
    callsByStatus: { answered: 2, no_answer: 0, busy: 1, failed: 0, voicemail: 1, abandoned: 0 },
    callsByHour: [
      { hour: 9, count: 2 },
      { hour: 10, count: 1 },
      { hour: 23, count: 1 },
    ],
    topAgents: [
      { agentId: first, name: 'Agent 1', totalCalls: 3, successRate: 66.7 },
      { agentId: second, name: 'Agent 2', totalCalls: 1, successRate: 0 },
    ],
  });
  t.match((await dashboard('?startDate=2025-11-11&endDate=2025-11-12')).body.data, {
    totalCalls: 2,
    callsByStatus: { busy: 1, voicemail: 1 },
  });
  t.match((await dashboard('?endDate=2025-11-10')).body.data, { totalCalls: 2, topAgents: [{ agentId: first, totalCalls: 2 }] });
  t.match((await dashboard('?startDate=2025-11-10T09:20:00Z&endDate=2025-11-10T09:50:00Z')).body.data, { totalCalls: 1 });
  t.match((await dashboard(`?agentId=${second}`)).body.data, {
    totalCalls: 1,
    callsByHour: [{ hour: 23, count: 1 }],
    topAgents: [{ agentId: second, totalCalls: 1 }],
  });
  t.match((await dashboard(`?agentId=agent_${first}&startDate=2025-11-11`)).body.data, { totalCalls: 1, answeredCalls: 0, avgDuration: 0 });
  for (const bad of ['startDate=x', 'agentId=x', 'startDate=2025-11-12&endDate=2025-11-11'])
    t.equal((await dashboard(`?${bad}`)).status, 400, bad);

  const stranger = await openAccount(server);
  const theirs = await ask(app, `GET /api/stats/dashboard?agentId=${first}`, { headers: stranger.headers });
  t.match(theirs.body.data, { totalCalls: 0, topAgents: [] }, 'nobody else’s');
});

t.test('hours are those of the account’s zone, also over changes of its clocks', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  let seed = 7;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  // half an hour of summer time; a quarter off; clocks that change at midnight; the usual
  for (const zone of ['Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Havana', 'America/New_York']) {
    const account = await openAccount(server, zone);
    const [agentId = 0] = account.agentIds;
    const from = Date.UTC(2025, 2, 1);
    const calls = Array.from({ length: 60 }, (): Ended => {
      const endedAt = new Date(from + Math.floor(random() * 270 * 24 * 60) * 60_000);
      return { agentId, status: random() < 0.5 ? 'completed' : 'no_answer', durationSeconds: 10, endedAt };
    });
    await keep(runtime.db.sql, account, calls);
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' });
    const byHour = new Map<number, number>();
    for (const { endedAt } of calls) byHour.set(Number(clock.format(endedAt)), (byHour.get(Number(clock.format(endedAt))) ?? 0) + 1);
    const expected = [...byHour].map(([hour, count]) => ({ hour, count })).sort((a, b) => a.hour - b.hour);
    for (const query of ['', `?agentId=${agentId}`]) {
      const { body } = await ask(app, `GET /api/stats/dashboard${query}`, { headers: account.headers });
      t.same(body.data.callsByHour, expected, `${zone} ${query}`);
    }
  }
});

t.test('a day without a time is the account’s own day', async (t) => {
  const server = await startServer(t);
  const account = await openAccount(server, 'America/New_York');
  const [agentId = 0] = account.agentIds;
  // the clocks go back on the second of November: that day has 25 hours, from 04:00 UTC to 05:00 UTC of the next
  const moments = ['2025-11-02T03:59:00Z', '2025-11-02T04:00:00Z', '2025-11-03T04:59:00Z', '2025-11-03T05:00:00Z'];
  await keep(
    server.runtime.db.sql,
    account,
    moments.map((moment) => ({ agentId, status: 'busy', durationSeconds: 0, endedAt: new Date(moment) })),
  );
  const { body } = await ask(server.app, 'GET /api/stats/dashboard?startDate=2025-11-02&endDate=2025-11-02', { headers: account.headers });
  t.equal(body.data.totalCalls, 2);
});

t.test('the first and the last day of the calendar are days like others', async (t) => {
  const server = await startServer(t);
  for (const zone of ['UTC', 'America/New_York', 'Pacific/Kiritimati']) {
    const account = await openAccount(server, zone);
    const [agentId = 0] = account.agentIds;
    await keep(server.runtime.db.sql, account, [
      { agentId, status: 'completed', durationSeconds: 60, endedAt: new Date('2025-11-02T12:00:00Z') },
    ]);
    for (const [path, total] of [
      ['stats/dashboard?startDate=1970-01-02&endDate=9999-12-31', 1],
      ['stats/dashboard?startDate=9999-12-30&endDate=9999-12-31', 0],
    ] as const) {
      const { status, body } = await ask(server.app, `GET /api/${path}`, { headers: account.headers });
      t.match({ status, total: body.data?.totalCalls ?? body.data?.total }, { status: 200, total }, `${zone}: ${path}`);
    }
    for (const path of ['/api/calls?startDate=2025-01-01&endDate=9999-12-31', '/api/v1/calls?dateFrom=2025-01-01&dateTo=9999-12-31'])
      t.equal((await ask(server.app, `GET ${path}`, { headers: account.headers })).status, 200, `${zone}: ${path}`);
    const last = await ask(server.app, 'GET /api/v1/analytics/calls?startDate=9995-01-01&endDate=9995-01-31', { headers: account.headers });
    t.equal(last.status, 200, `${zone}: no more than a month`);
  }
});

t.test('the five busiest agents, and no more', async (t) => {
  const server = await startServer(t);
  const account = await openAccount(server);
  const calls = account.agentIds.flatMap((agentId, index) =>
    Array.from({ length: index + 1 }, (): Ended => ({
      agentId,
      status: 'completed',
      durationSeconds: 1,
      endedAt: new Date('2025-11-10T10:00:00Z'),
    })),
  );
  await keep(server.runtime.db.sql, account, calls);
  const { body } = await ask(server.app, 'GET /api/stats/dashboard', { headers: account.headers });
  const top = body.data.topAgents as Array<{ name: string; totalCalls: number }>;
  t.same(
    top.map(({ name, totalCalls }) => [name, totalCalls]),
    [
      ['Agent 7', 7],
      ['Agent 6', 6],
      ['Agent 5', 5],
      ['Agent 4', 4],
      ['Agent 3', 3],
    ],
  );
});

t.test('who has the role agent sees their own figures; a cancelled call is no call', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { headers, callId } = await settle(app);
  await ask(app, `DELETE /api/v1/calls/outbound/${callId}`, { headers });
  t.match((await ask(app, 'GET /api/stats/dashboard', { headers })).body.data, { totalCalls: 0, callsByHour: [], topAgents: [] });

  const email = 'own-figures@example.com';
  const made = await ask(app, 'POST /api/auth/register', { headers, payload: { email, password: PASSWORD, name: 'Jane', role: 'agent' } });
  const [row] = await runtime.db.sql<Array<{ tenantId: number; agentId: number; others: number }>>`
    with me as (select id, tenant_id from users where id = ${made.body.data.user.id}),
         own as (insert into agents (tenant_id, kind, name, user_id) select tenant_id, 'human', 'Jane', id from me returning id)
    select me.tenant_id as "tenantId", own.id as "agentId", (select min(a.id) from agents a where a.tenant_id = me.tenant_id) as others from me, own`;
  if (!row) throw new Error('no agent');
  const { body } = await ask(app, 'POST /api/auth/login', { payload: { email, password: PASSWORD } });
  const own = { authorization: `Bearer ${body.data.token}` };
  const call = { status: 'completed' as const, durationSeconds: 60, endedAt: new Date('2025-11-10T10:00:00Z') };
  await keep(runtime.db.sql, { tenantId: row.tenantId, userId: made.body.data.user.id }, [
    { ...call, agentId: row.agentId },
    { ...call, agentId: row.others },
  ]);
  t.equal((await ask(app, 'GET /api/stats/dashboard', { headers })).body.data.totalCalls, 2);
  t.match((await ask(app, 'GET /api/stats/dashboard', { headers: own })).body.data, { totalCalls: 1, topAgents: [{ name: 'Jane' }] });
  t.match((await ask(app, `GET /api/stats/dashboard?agentId=${row.others}`, { headers: own })).body.data, { totalCalls: 0 });
  t.equal((await ask(app, 'GET /api/stats/dashboard')).status, 401);
});
