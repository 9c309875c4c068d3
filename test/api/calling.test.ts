import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { ask, signUp, type Server, startServer } from './helper.ts';

const AGENT = {
  name: 'Customer Support Agent',
  systemPrompt: 'You are helpful.',
  voice: 'Rachel',
  model: 'gpt-4',
  temperature: 0.7,
  maxTokens: 150,
  isActive: true,
};
const NUMBER = '+919876543210';
const LATER = '2099-11-02T10:00:00Z';

/** A person with an agent, a number and a call that waits for a far-off day. */
async function settle(app: App) {
  const { headers } = await signUp(app);
  const agent = (await ask(app, 'POST /api/v1/agents', { headers, payload: AGENT })).body.data;
  const phone = (await ask(app, 'POST /api/v1/phones', { headers, payload: { phoneNumber: NUMBER, agentId: agent._id } })).body.data;
  const call = (
    await ask(app, 'POST /api/v1/calls/outbound', { headers, payload: { toPhone: NUMBER, agentId: agent._id, scheduledFor: LATER } })
  ).body.data;
  return { headers, agentId: agent._id as string, phoneId: phone._id as string, callId: call._id as string };
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
  t.equal((await ask(app, `GET /api/v1/agents/${id.slice(6)}`, { headers })).status, 200, 'the bare number will do');

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
  t.match(await ask(app, 'POST /api/v1/phones', { headers, payload: { phoneNumber: NUMBER, agentId } }), {
    status: 409,
    body: { error: { code: 'DUPLICATE_RESOURCE' } },
  });
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

  const endings = ['completed', 'busy', 'no_answer', 'voicemail', 'ringing', 'unknown', 'cancelled', 'unscheduled'];
  for (const status of endings) {
    await runtime.db.sql`
      insert into calls (tenant_id, agent_id, to_number, status, duration_seconds, created_at, answered_by, failure_reason, cost)
      select tenant_id, id, ${NUMBER}, ${status}, ${status === 'completed' ? 180 : null}, '2025-11-01T10:00:00Z', ${status === 'voicemail' ? 'machine' : null},
             ${status === 'busy' ? 'the line was busy' : null}, ${status === 'completed' ? '0.25' : null} from agents`;
  }
  const list = async (query: string) => (await ask(app, `GET /api/v1/calls/outbound${query}`, { headers })).body.data;
  const words = async (query: string) =>
    (await list(query)).calls.map((call: { status: string; failureReason: string | null }) => call.failureReason ?? call.status).sort();
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
  t.equal((await list('?endDate=2025-11-01')).pagination.total, 0, 'a date is its midnight');
  t.equal((await list(`?agentId=${agentId}`)).pagination.total, 11);
  t.equal((await list('?agentId=agent_99999')).pagination.total, 0);

  const read = async (id: string) => (await ask(app, `GET /api/v1/calls/outbound/${id}`, { headers })).body.data;
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
  t.match(await ask(app, `DELETE /api/v1/calls/outbound/${completed}`, { headers }), {
    status: 409,
    body: { error: { code: 'CONFLICT' } },
  });

  t.match((await ask(app, 'GET /api/v1/stats', { headers })).body.data, {
    calls: { total: 11, inbound: 0, outbound: 11, successRate: 25 },
    agents: { total: 1, active: 1 },
    queue: { waiting: 1, active: 2 },
    uptime: null,
    version: /^\d+\.\d+\.\d+$/,
  });
  await runtime.db.sql`update calls set due_at = now() + interval '3 days' where id = ${asked.body.data._id.slice(5)}`;
  t.same((await ask(app, 'GET /api/v1/scheduling/stats', { headers })).body.data, {
    queue: { waiting: 1, active: 2, completed: 1, failed: 3 },
    scheduledCalls: { next24Hours: 0, nextWeek: 1 },
  });
});

t.test('totals stay right beyond what is counted every time', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers } = await settle(app);
  await runtime.db.sql`
    insert into calls (tenant_id, agent_id, to_number, status) select tenant_id, id, ${NUMBER}, 'completed' from agents, generate_series(1, 10500)`;
  const total = async (query: string) => (await ask(app, `GET /api/v1/calls/outbound${query}`, { headers })).body.data.pagination.total;
  t.equal(await total(''), 10_501);
  t.equal(await total('?status=completed'), 10_500);
  t.equal(await total('?page=1051&limit=10'), 10_501, 'the last page');
});

/** Everything a person could have written, to see that nothing was. */
async function contents({ runtime }: Server): Promise<unknown> {
  const { sql } = runtime.db;
  return Promise.all([
    sql`select * from agents order by id`,
    sql`select * from phone_numbers order by id`,
    sql`select id, status from calls order by id`,
  ]);
}

t.test('wrong input: the documented code, the field named, nothing written', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const { headers, agentId, phoneId, callId } = await settle(app);
  const call = { toPhone: NUMBER, agentId };
  type Row = [what: string, payload: unknown, status: number, code: string, details: RegExp];
  const bodies: Row[] = [
    ...['POST /api/v1/agents', `PUT /api/v1/agents/${agentId}`].flatMap((what): Row[] => [
      [what, { ...AGENT, name: '' }, 422, 'VALIDATION_ERROR', /name/],
      [what, { ...AGENT, name: ' ' }, 422, 'VALIDATION_ERROR', /name/],
      [what, { ...AGENT, name: 5 }, 422, 'VALIDATION_ERROR', /name/],
      [what, { ...AGENT, name: 'x'.repeat(201) }, 422, 'VALIDATION_ERROR', /name/],
      [what, { ...AGENT, systemPrompt: 'a\0b' }, 422, 'VALIDATION_ERROR', /systemPrompt/],
      [what, { ...AGENT, systemPrompt: 'a\ud800b' }, 422, 'VALIDATION_ERROR', /systemPrompt/],
      [what, { ...AGENT, voice: null }, 422, 'VALIDATION_ERROR', /voice/],
      [what, { ...AGENT, temperature: '0.7' }, 422, 'VALIDATION_ERROR', /temperature/],
      [what, { ...AGENT, temperature: 3 }, 422, 'VALIDATION_ERROR', /temperature/],
      [what, { ...AGENT, maxTokens: 1.5 }, 422, 'VALIDATION_ERROR', /maxTokens/],
      [what, { ...AGENT, maxTokens: 1e12 }, 422, 'VALIDATION_ERROR', /maxTokens/],
      [what, { ...AGENT, isActive: 'true' }, 422, 'VALIDATION_ERROR', /isActive/],
      [what, [AGENT], 422, 'VALIDATION_ERROR', /body must be an object/],
    ]),
    ['POST /api/v1/agents', {}, 422, 'VALIDATION_ERROR', /name is required; systemPrompt is required/],
    ['POST /api/v1/phones', {}, 422, 'VALIDATION_ERROR', /phoneNumber/],
    ['POST /api/v1/phones', { phoneNumber: 919876543210 }, 422, 'VALIDATION_ERROR', /phoneNumber/],
    ['POST /api/v1/phones', { phoneNumber: '0123' }, 422, 'INVALID_PHONE_NUMBER', /phoneNumber/],
    ['POST /api/v1/phones', { phoneNumber: '+91 98765' }, 422, 'INVALID_PHONE_NUMBER', /phoneNumber/],
    ['POST /api/v1/phones', { phoneNumber: '+12025550123', agentId: 'agent_99999' }, 422, 'INVALID_AGENT_ID', /agentId/],
    ['POST /api/v1/phones', { phoneNumber: '+12025550123', agentId: 'call_1' }, 422, 'INVALID_AGENT_ID', /agentId/],
    [`PUT /api/v1/phones/${phoneId}`, { agentId: 'nobody' }, 422, 'INVALID_AGENT_ID', /agentId/],
    [`PUT /api/v1/phones/${phoneId}`, { isActive: 1 }, 422, 'VALIDATION_ERROR', /isActive/],
    ['POST /api/v1/calls/outbound', {}, 422, 'VALIDATION_ERROR', /toPhone is required; agentId is required/],
    ['POST /api/v1/calls/outbound', { ...call, toPhone: '12345' }, 422, 'INVALID_PHONE_NUMBER', /toPhone/],
    ['POST /api/v1/calls/outbound', { ...call, toPhone: 919876543210 }, 422, 'VALIDATION_ERROR', /toPhone/],
    ['POST /api/v1/calls/outbound', { ...call, agentId: 'agent_99999' }, 422, 'INVALID_AGENT_ID', /agentId/],
    ['POST /api/v1/calls/outbound', { ...call, agentId: '' }, 422, 'INVALID_AGENT_ID', /agentId/],
    ['POST /api/v1/calls/outbound', { ...call, scheduledFor: 'tomorrow' }, 422, 'VALIDATION_ERROR', /scheduledFor/],
    ['POST /api/v1/calls/outbound', { ...call, scheduledFor: '2025-02-30T10:00:00Z' }, 422, 'VALIDATION_ERROR', /scheduledFor/],
    ['POST /api/v1/calls/outbound', { ...call, timezone: 'Mars/Olympus' }, 422, 'VALIDATION_ERROR', /timezone/],
    ['POST /api/v1/calls/outbound', { ...call, priority: 'urgent' }, 422, 'VALIDATION_ERROR', /priority must be one of/],
    ['POST /api/v1/calls/outbound', { ...call, context: 'a\0b' }, 422, 'VALIDATION_ERROR', /context/],
  ];
  const rows: Row[] = [
    ...bodies,
    ...['page=0', 'page=-1', 'page=1.5', 'page=x', 'page=1&page=2', 'page=1000001', 'page=99999&limit=100'].flatMap((query): Row[] =>
      ['agents', 'calls/outbound'].map((list): Row => [`GET /api/v1/${list}?${query}`, undefined, 400, 'VALIDATION_ERROR', /page/]),
    ),
    ...['limit=0', 'limit=101', 'limit=ten', 'limit='].map((query): Row => [
      `GET /api/v1/agents?${query}`,
      undefined,
      400,
      'VALIDATION_ERROR',
      /limit/,
    ]),
    ['GET /api/v1/agents?isActive=maybe', undefined, 400, 'VALIDATION_ERROR', /isActive/],
    ['GET /api/v1/calls/outbound?status=done', undefined, 400, 'VALIDATION_ERROR', /status/],
    ['GET /api/v1/calls/outbound?agentId=phone_1', undefined, 400, 'VALIDATION_ERROR', /agentId/],
    ['GET /api/v1/calls/outbound?startDate=yesterday', undefined, 400, 'VALIDATION_ERROR', /startDate/],
    ['GET /api/v1/calls/outbound?endDate=2025-13-01', undefined, 400, 'VALIDATION_ERROR', /endDate/],
    ['GET /api/v1/agents/a%00b', undefined, 400, 'VALIDATION_ERROR', /id/],
    ...['0', '-1', 'x', 'call_1', 'agent_', '99999999999999999999', '1%20or%201=1'].map((id): Row => [
      `GET /api/v1/agents/${id}`,
      undefined,
      404,
      'NOT_FOUND',
      /agent/,
    ]),
    ...['0', 'x', 'agent_1', '99999999'].flatMap((id): Row[] => [
      [`GET /api/v1/calls/outbound/${id}`, undefined, 404, 'NOT_FOUND', /./],
      [`DELETE /api/v1/calls/outbound/${id}`, undefined, 404, 'NOT_FOUND', /./],
      [`PUT /api/v1/phones/${id}`, {}, 404, 'NOT_FOUND', /./],
      [`DELETE /api/v1/agents/${id.replace('agent', 'phone').replace(/^9+$/, '9999999')}`, undefined, 404, 'NOT_FOUND', /./],
    ]),
  ];
  const before = await contents(server);
  for (const [what, payload, status, code, details] of rows) {
    const answer = await ask(app, what, { headers, payload });
    t.match(
      answer,
      { status, body: { success: false, message: String, error: { code, details } } },
      `${what} ${JSON.stringify(payload)?.slice(0, 80)}`,
    );
  }
  t.same(await contents(server), before, 'nothing was written');
  t.ok(callId);
});

t.test('another account’s things do not exist', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const mine = await settle(app);
  const theirs = await settle(app);
  const { headers } = mine;
  const before = await contents(server);
  const missing = [
    `GET /api/v1/agents/${theirs.agentId}`,
    `PUT /api/v1/agents/${theirs.agentId}`,
    `DELETE /api/v1/agents/${theirs.agentId}`,
    `PUT /api/v1/phones/${theirs.phoneId}`,
    `GET /api/v1/calls/outbound/${theirs.callId}`,
    `DELETE /api/v1/calls/outbound/${theirs.callId}`,
  ];
  for (const what of missing) {
    const answer = await ask(app, what, { headers, payload: what.startsWith('PUT') ? { isActive: false } : undefined });
    t.match(answer, { status: 404, body: { error: { code: 'NOT_FOUND' } } }, what);
  }
  const borrowed: Array<[string, object]> = [
    ['POST /api/v1/calls/outbound', { toPhone: NUMBER, agentId: theirs.agentId }],
    ['POST /api/v1/phones', { phoneNumber: '+12025550123', agentId: theirs.agentId }],
    [`PUT /api/v1/phones/${mine.phoneId}`, { agentId: theirs.agentId }],
  ];
  for (const [what, payload] of borrowed)
    t.match(await ask(app, what, { headers, payload }), { status: 422, body: { error: { code: 'INVALID_AGENT_ID' } } }, what);
  t.equal((await ask(app, `GET /api/v1/calls/outbound?agentId=${theirs.agentId}`, { headers })).body.data.pagination.total, 0);
  for (const list of ['agents', 'calls/outbound'])
    t.equal((await ask(app, `GET /api/v1/${list}`, { headers })).body.data.pagination.total, 1, list);
  t.same(await contents(server), before, 'nothing was written');
});

/** Values near what a schema asks for, and far from it. */
function near(schema: any): fc.Arbitrary<unknown> {
  const nasty = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\0', '\ud800', '9'.repeat(30), "'; drop table calls; --", -0, 1e308, '2025-11-02T10:00:00Z', NUMBER),
  );
  if (schema?.enum) return fc.oneof(fc.constantFrom(...schema.enum), nasty);
  switch (schema?.type) {
    case 'object':
      return fc.oneof(
        {
          weight: 9,
          arbitrary: fc.record(Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, near(inner)])), {
            requiredKeys: [],
          }),
        },
        { weight: 1, arbitrary: nasty },
      );
    case 'string':
      return fc.oneof(fc.string(), fc.constantFrom(...(schema.examples ?? ['x'])), nasty);
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer(), fc.double(), fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 10, noNaN: true }), nasty);
    case 'boolean':
      return fc.oneof(fc.boolean(), nasty);
    default:
      return nasty;
  }
}

async function neverFails(t: Test, app: App, headers: Record<string, string>, name: string): Promise<void> {
  const { paths } = (await ask(app, `GET /docs/${name}/json`)).body;
  for (const [path, methods] of Object.entries<Record<string, any>>(paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const body = route.requestBody?.content?.['application/json']?.schema;
      const query = (route.parameters ?? []).filter((parameter: { in: string }) => parameter.in === 'query');
      if (path.includes('/logout') || path.includes('/bulk')) continue;
      const property = fc.asyncProperty(
        body ? near(body) : fc.constant(undefined),
        fc.tuple(...query.map(() => fc.string({ unit: 'binary', maxLength: 12 }))),
        fc.oneof(fc.constantFrom('1', 'agent_1', 'call_1', 'phone_1'), fc.string()),
        async (payload, texts, id) => {
          const search = query
            .map((parameter: { name: string }, i: number) => `${parameter.name}=${encodeURIComponent(wellFormed(texts[i] as string))}`)
            .join('&');
          const url = `${path.replace(/\{\w+\}/g, encodeURIComponent(wellFormed(id)))}?${search}`;
          const answer = await ask(app, `${method.toUpperCase()} ${url}`, {
            headers: { ...headers, 'content-type': 'application/json' },
            payload: payload === undefined ? undefined : JSON.stringify(payload),
          });
          if (answer.status >= 500)
            throw new Error(`${answer.status} ${method} ${url} ${JSON.stringify(payload)} ${JSON.stringify(answer.body)}`);
        },
      );
      await t.resolves(fc.assert(property, { numRuns: 30 }), `${method} ${path}`);
    }
  }
}

/** encodeURIComponent refuses half a surrogate pair. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '�');
}

t.test('whatever is sent, it is never our fault', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await settle(app);
  for (const name of ['calling', 'account']) await neverFails(t, app, headers, name);
});
