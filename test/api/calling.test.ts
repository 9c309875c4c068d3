import t from 'tap';
import { isTerminal } from '../../core/call.ts';
import { rebuildRollUps } from '../../service/roll-ups.ts';
import { openStatistics } from '../../service/statistics.ts';
import { AGENT, ask, NUMBER, settle, signUp, startServer } from './helper.ts';

interface CallPage {
  calls: Array<{ status: string; failureReason: string | null }>;
  pagination: { total: number };
}

t.test('agents: made, listed, read, changed, deleted', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  const made = await ask(app, 'POST /api/v1/agents', { headers, payload: { ...AGENT, role: 'admin', tenantId: 1 } });
  t.match(made, {
    status: 201,
    body: {
      success: true,
      message: 'Agent created successfully',
      data: { ...AGENT, _id: /^agent_\d+$/, userId: /^user_\d+$/, createdAt: /^\d{4}-.*Z$/ },
    },
  });
  const id = made.body.data._id;
  t.same((await ask(app, `GET /api/v1/agents/${id}`, { headers })).body.data, made.body.data);
  t.equal((await ask(app, `GET /api/v1/agents/${String(id).slice(6)}`, { headers })).status, 200, 'the bare number will do');

  const minimal = await ask(app, 'POST /api/v1/agents', { headers, payload: { name: 'B', systemPrompt: 'Be brief.' } });
  t.match(minimal, { status: 201, body: { data: { isActive: true, voice: null, model: null, temperature: null, maxTokens: null } } });
  const off = await ask(app, `PUT /api/v1/agents/${id}`, { headers, payload: { name: 'Renamed', isActive: false } });
  t.match(off, { status: 200, body: { message: 'Agent updated successfully', data: { ...AGENT, name: 'Renamed', isActive: false } } });

  const list = (query: string) => ask(app, `GET /api/v1/agents${query}`, { headers });
  t.match((await list('')).body, {
    success: true,
    data: { agents: [{ name: 'B' }, { name: 'Renamed' }], pagination: { total: 2, page: 1, limit: 10, pages: 1 } },
  });
  t.match((await list('?isActive=false')).body.data, { agents: [{ _id: id, isActive: false }], pagination: { total: 1 } });
  t.match((await list('?page=2&limit=1')).body.data, { agents: [{ _id: id }], pagination: { total: 2, page: 2, limit: 1, pages: 2 } });

  await ask(app, 'POST /api/v1/phones', { headers, payload: { phoneNumber: NUMBER, agentId: id } });
  t.match(await ask(app, `DELETE /api/v1/agents/${id}`, { headers }), {
    status: 200,
    body: { success: true, message: 'Agent deleted successfully' },
  });
  t.equal((await ask(app, `GET /api/v1/agents/${id}`, { headers })).status, 404);
  t.equal((await ask(app, `DELETE /api/v1/agents/${id}`, { headers })).status, 404);
  t.equal((await list('')).body.data.pagination.total, 1);
  t.match(
    (await ask(app, 'GET /api/v1/phones', { headers })).body.data,
    [{ phoneNumber: NUMBER, agentId: null }],
    'its number stands alone',
  );
});

t.test('phone numbers: registered once, listed with their agent, changed', async (t) => {
  const { app } = await startServer(t);
  const { headers, agentId, phoneId } = await settle(app);
  const written = '+49 (151) 2345-0001';
  t.match(await ask(app, 'POST /api/v1/phones', { headers: (await settle(app)).headers, payload: { phoneNumber: ` ${written}` } }), {
    status: 201,
    body: { data: { phoneNumber: '+4915123450001' } },
  });
  t.match(await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: { toPhone: written, agentId, scheduledFor: '2099-01-01' } }), {
    status: 201,
    body: { data: { toPhone: '+4915123450001' } },
  });
  t.match(
    await ask(app, 'POST /api/v1/phones', { headers, payload: { phoneNumber: `${NUMBER.slice(0, 3)} ${NUMBER.slice(3)}`, agentId } }),
    {
      status: 409,
      body: { error: { code: 'DUPLICATE_RESOURCE' } },
    },
  );
  t.match((await ask(app, 'GET /api/v1/phones', { headers })).body, {
    success: true,
    data: [{ _id: phoneId, phoneNumber: NUMBER, agentId: { _id: agentId, name: AGENT.name }, isActive: true }],
  });
  const changed = await ask(app, `PUT /api/v1/phones/${phoneId}`, { headers, payload: { isActive: false } });
  t.match(changed.body, { message: 'Phone number updated successfully', data: { _id: phoneId, agentId, isActive: false } });
  t.match((await ask(app, `PUT /api/v1/phones/${phoneId}`, { headers, payload: { agentId: null } })).body.data, {
    agentId: null,
    isActive: false,
  });
  const other = await settle(app);
  t.equal(
    (await ask(app, 'GET /api/v1/phones', { headers: other.headers })).body.data.length,
    1,
    'another account may have the same number',
  );
});

t.test('calls: asked for, listed by the document’s words, read, cancelled', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers, agentId, callId } = await settle(app);
  const wish = {
    toPhone: NUMBER,
    agentId,
    context: 'order #12345',
    scheduledFor: '2099-11-02T10:00:00',
    timezone: 'Asia/Kolkata',
    priority: 'high',
  };
  const asked = await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: wish });
  t.match(asked, {
    status: 201,
    body: {
      message: 'Call initiated successfully',
      data: {
        _id: /^call_\d+$/,
        toPhone: NUMBER,
        agentId,
        status: 'scheduled',
        scheduledFor: '2099-11-02T04:30:00.000Z',
        timezone: 'Asia/Kolkata',
        priority: 'high',
      },
    },
  });
  const now = await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: { toPhone: NUMBER, agentId } });
  t.match(now.body.data, { status: 'scheduled', timezone: 'UTC', priority: 'normal', scheduledFor: now.body.data.createdAt });

  const endings = ['completed', 'busy', 'no_answer', 'voicemail', 'ringing', 'unknown', 'cancelled', 'unscheduled'] as const;
  for (const status of endings) {
    await runtime.db.sql`
      insert into calls (tenant_id, agent_id, to_number, status, duration_seconds, created_at, ended_at, answered_by, failure_reason, cost)
      select tenant_id, id, ${NUMBER}, ${status}, ${status === 'completed' ? 180 : null}, '2025-11-01T10:00:00Z',
             ${isTerminal(status) ? '2025-11-01T10:05:00Z' : null}, ${status === 'voicemail' ? 'machine' : null},
             ${status === 'busy' ? 'the line was busy' : null}, ${status === 'completed' ? '0.25' : null} from agents`;
  }
  const list = async (query: string) => (await ask(app, `GET /api/v1/calls/outbound${query}`, { headers })).body.data as CallPage;
  const words = async (query: string) => (await list(query)).calls.map((call) => call.failureReason ?? call.status).sort();
  t.match(await list('?limit=3'), {
    calls: [{ status: 'scheduled', duration: null }, {}, {}],
    pagination: { total: 11, page: 1, limit: 3, pages: 4 },
  });
  t.match(await list('?page=4&limit=3'), { calls: { length: 2 }, pagination: { total: 11 } });
  t.match(await list('?page=9&limit=3'), { calls: { length: 0 }, pagination: { total: 11 } });
  t.same(await words('?status=failed'), ['busy', 'no_answer', 'voicemail']);
  t.same(await words('?status=in-progress'), ['in-progress', 'in-progress']);
  t.same(await words('?status=scheduled'), ['scheduled', 'scheduled', 'scheduled']);
  t.same(await words('?status=busy'), ['busy']);
  t.same(await words('?status=cancelled'), ['cancelled']);
  t.match(await list('?status=failed&limit=2&page=2'), { calls: { length: 1 }, pagination: { total: 3, pages: 2 } });
  t.equal((await list('?startDate=2025-11-01T15:30:00%2B05:30&endDate=2025-11-01T10:00:00Z')).pagination.total, 8, 'both ends inclusive');
  t.equal((await list('?endDate=2025-10-31')).pagination.total, 0);
  t.equal((await list('?endDate=2025-11-01')).pagination.total, 8, 'a day without a time is all of it');
  t.equal((await list('?startDate=2025-11-01&endDate=2025-11-01')).pagination.total, 8, 'one day');
  t.equal((await list('?startDate=2025-11-02')).pagination.total, 3);
  t.match(await ask(app, 'GET /api/v1/calls/outbound?startDate=1900-01-01', { headers }), {
    status: 400,
    body: { error: { details: 'startDate must be an ISO 8601 timestamp from 1970 to 9999' } },
  });
  await runtime.db.sql`update calls set created_at = '2025-11-01T23:59:59.999Z' where status = 'busy'`;
  t.equal((await list('?endDate=2025-11-01')).pagination.total, 8, 'to its last moment');
  await runtime.db.sql`update calls set created_at = '2025-11-02T00:00:00Z' where status = 'busy'`;
  t.equal((await list('?endDate=2025-11-01')).pagination.total, 7, 'and no further');
  t.equal((await list(`?agentId=${agentId}`)).pagination.total, 11);
  t.equal((await list('?agentId=agent_99999')).pagination.total, 0);

  const read = async (id: string): Promise<unknown> => (await ask(app, `GET /api/v1/calls/outbound/${id}`, { headers })).body.data;
  const idOf = async (status: string) => `call_${(await runtime.db.sql`select id from calls where status = ${status}`)[0]?.id}`;
  const completed = await idOf('completed');
  await runtime.db.sql`
    insert into transcript_turns (call_id, position, role, content, at) values
      (${completed.slice(5)}, 1, 'user', 'Hi', '2025-11-01T10:00:10Z'), (${completed.slice(5)}, 0, 'assistant', 'Hello!', '2025-11-01T10:00:05Z')`;
  t.match(await read(completed), {
    _id: completed,
    status: 'completed',
    duration: 180,
    cost: 0.25,
    transcript: [
      { role: 'assistant', content: 'Hello!', timestamp: '2025-11-01T10:00:05.000Z' },
      { role: 'user', content: 'Hi' },
    ],
    metadata: { voicemailDetected: false, callQuality: null },
  });
  t.match(await read(await idOf('busy')), { status: 'failed', failureReason: 'busy', failureDetail: 'the line was busy' });
  t.match(await read(await idOf('voicemail')), { status: 'failed', metadata: { voicemailDetected: true } });
  await runtime.db
    .sql`update calls set verdict = '{"answer":"wait","why":"no_credit","until":"2099-01-01T00:00:00Z","at":"2025-01-01T00:00:00Z"}' where id = ${callId.slice(5)}`;
  t.match(await read(callId), {
    status: 'scheduled',
    waitingFor: { reason: 'no_credit', message: 'the account has no credit', until: '2099-01-01T00:00:00Z' },
  });

  t.match(await ask(app, `DELETE /api/v1/calls/outbound/${callId}`, { headers }), {
    status: 200,
    body: { message: 'Call cancelled successfully' },
  });
  t.match(await read(callId), { status: 'cancelled', waitingFor: null });
  for (const [status, words] of Object.entries({
    completed: 'Call is over (completed)',
    voicemail: 'Call is over (voicemail)',
    no_answer: 'Call is over (no_answer)',
    ringing: 'Call is in-progress',
    unknown: 'Call is in-progress',
  })) {
    t.match(
      await ask(app, `DELETE /api/v1/calls/outbound/${await idOf(status)}`, { headers }),
      { status: 409, body: { error: { code: 'CONFLICT', details: `${words} and can no longer be cancelled` } } },
      status,
    );
  }

  await rebuildRollUps(runtime);
  t.match((await ask(app, 'GET /api/v1/stats', { headers })).body.data, {
    calls: { total: 4, inbound: 0, outbound: 4, successRate: 25 },
    agents: { total: 1, active: 1 },
    queue: { waiting: 1, active: 2 },
    uptime: null,
    version: /^\d+\.\d+\.\d+$/,
  });
  await runtime.db.sql`update calls set due_at = now() + interval '3 days' where id = ${String(asked.body.data._id).slice(5)}`;
  t.same((await ask(app, 'GET /api/v1/scheduling/stats', { headers })).body.data, {
    queue: { waiting: 1, active: 2, completed: 1, failed: 3 },
    scheduledCalls: { next24Hours: 0, nextWeek: 1 },
  });
});

t.test('numbers are counted once in two seconds, however many look', async (t) => {
  const { app, runtime } = await startServer(t);
  await settle(app);
  const { sql } = runtime.db;
  const [tenant] = await sql<Array<{ id: number }>>`select id from tenants order by id desc limit 1`;
  const tenantId = tenant?.id ?? 0;
  let nowMs = 0;
  const { statistics, upcoming } = openStatistics(runtime, () => nowMs);
  const seen = async () => [(await statistics(tenantId)).calls.total, (await upcoming(tenantId)).queue.completed];
  t.same(await seen(), [0, 0]);
  await sql`insert into calls (tenant_id, agent_id, to_number, status, ended_at) select tenant_id, id, ${NUMBER}, 'completed', now() from agents`;
  await sql`insert into calls (tenant_id, agent_id, to_number, status, ended_at) select tenant_id, id, ${NUMBER}, 'busy', now() from agents`;
  await rebuildRollUps(runtime);
  nowMs = 1999;
  t.same(await seen(), [0, 0], 'remembered');
  t.equal((await statistics(tenantId + 1)).calls.total, 0, 'for each tenant by itself');
  nowMs = 2000;
  t.same(await seen(), [2, 1], 'counted again');
});

t.test('totals stay right beyond what is counted every time', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers } = await settle(app);
  await runtime.db.sql`
    insert into calls (tenant_id, agent_id, to_number, status) select tenant_id, id, ${NUMBER}, 'completed' from agents, generate_series(1, 10500)`;
  const total = async (query: string) =>
    (await ask(app, `GET /api/v1/calls/outbound${query}`, { headers })).body.data.pagination.total as number;
  t.equal(await total(''), 10_501);
  t.equal(await total('?status=completed'), 10_500);
  t.equal(await total('?page=1051&limit=10'), 10_501, 'the last page');
});
