import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { AGENT, ask, NUMBER, type Server, settle, startServer } from './helper.ts';

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
      [what, { ...AGENT, name: ' ' }, 422, 'VALIDATION_ERROR', /^name must not be blank$/],
      [what, { ...AGENT, systemPrompt: ' \n ' }, 422, 'VALIDATION_ERROR', /^systemPrompt must not be blank$/],
      [
        what,
        { ...AGENT, name: ' ', systemPrompt: ' ' },
        422,
        'VALIDATION_ERROR',
        /^name must not be blank; systemPrompt must not be blank$/,
      ],
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
    ['POST /api/v1/phones', { phoneNumber: '0123' }, 422, 'INVALID_PHONE_NUMBER', /^phoneNumber must be/],
    ['POST /api/v1/phones', { phoneNumber: '(91) 98765-43210' }, 422, 'INVALID_PHONE_NUMBER', /^phoneNumber must be/],
    ['POST /api/v1/phones', { phoneNumber: '+91 987' }, 422, 'INVALID_PHONE_NUMBER', /phoneNumber/],
    ['POST /api/v1/phones', { phoneNumber: '+12025550123', agentId: 'agent_99999' }, 422, 'INVALID_AGENT_ID', /^agentId names/],
    ['POST /api/v1/phones', { phoneNumber: '+12025550123', agentId: 'call_1' }, 422, 'INVALID_AGENT_ID', /agentId/],
    [`PUT /api/v1/phones/${phoneId}`, { agentId: 'nobody' }, 422, 'INVALID_AGENT_ID', /agentId/],
    [`PUT /api/v1/phones/${phoneId}`, { isActive: 1 }, 422, 'VALIDATION_ERROR', /isActive/],
    ['POST /api/v1/calls/outbound', {}, 422, 'VALIDATION_ERROR', /toPhone is required; agentId is required/],
    ['POST /api/v1/calls/outbound', { ...call, toPhone: '12345' }, 422, 'INVALID_PHONE_NUMBER', /^toPhone must be/],
    ['POST /api/v1/calls/outbound', { ...call, toPhone: 919876543210 }, 422, 'VALIDATION_ERROR', /toPhone/],
    ['POST /api/v1/calls/outbound', { ...call, agentId: 'agent_99999' }, 422, 'INVALID_AGENT_ID', /agentId/],
    ['POST /api/v1/calls/outbound', { ...call, agentId: '' }, 422, 'INVALID_AGENT_ID', /^agentId does not/],
    ['POST /api/v1/calls/outbound', { ...call, scheduledFor: 'tomorrow' }, 422, 'VALIDATION_ERROR', /^scheduledFor must/],
    ['POST /api/v1/calls/outbound', { ...call, scheduledFor: '2025-02-30T10:00:00Z' }, 422, 'VALIDATION_ERROR', /scheduledFor/],
    ['POST /api/v1/calls/outbound', { ...call, scheduledFor: '9999-12-31T23:59:59-12:00' }, 422, 'VALIDATION_ERROR', /scheduledFor/],
    ['POST /api/v1/calls/outbound', { ...call, timezone: 'Mars/Olympus' }, 422, 'VALIDATION_ERROR', /^timezone must/],
    ['POST /api/v1/calls/outbound', { ...call, priority: 'urgent' }, 422, 'VALIDATION_ERROR', /priority must be one of/],
    ['POST /api/v1/calls/outbound', { ...call, context: 'a\0b' }, 422, 'VALIDATION_ERROR', /context/],
  ];
  const rows: Row[] = [
    ...bodies,
    ...['page=0', 'page=-1', 'page=1.5', 'page=x', 'page=1&page=2', 'page=1000001', 'page=99999&limit=100'].flatMap((query): Row[] =>
      ['agents', 'calls/outbound'].map((list): Row => [`GET /api/v1/${list}?${query}`, undefined, 400, 'VALIDATION_ERROR', /page/]),
    ),
    ...['limit=0', 'limit=101', 'limit=ten'].map((query): Row => [
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
    ['GET /api/v1/calls/outbound?startDate=9999-12-31T23:59:59-12:00', undefined, 400, 'VALIDATION_ERROR', /startDate/],
    ['GET /api/v1/calls/outbound?endDate=1960-01-01', undefined, 400, 'VALIDATION_ERROR', /endDate/],
    [
      'GET /api/v1/calls/outbound?startDate=2025-11-02&endDate=2025-11-01',
      undefined,
      400,
      'VALIDATION_ERROR',
      /^startDate must not be after endDate$/,
    ],
    [
      'GET /api/v1/calls/outbound?startDate=2025-11-02T10:00:01Z&endDate=2025-11-02T10:00:00Z',
      undefined,
      400,
      'VALIDATION_ERROR',
      /endDate/,
    ],
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

/** The parts of an OpenAPI document that this test reads. */
interface Schema {
  type?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  examples?: string[];
  minimum?: number;
  maximum?: number;
}

interface Route {
  requestBody?: { content?: Record<string, { schema: Schema }> };
  parameters?: Array<{ in: string; name: string }>;
}

/** Values near what a schema asks for, and far from it. */
function near(schema: Schema): fc.Arbitrary<unknown> {
  const nasty = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\0', '\ud800', '9'.repeat(30), "'; drop table calls; --", -0, 1e308, '2025-11-02T10:00:00Z', NUMBER),
  );
  if (schema.enum) return fc.oneof(fc.constantFrom(...schema.enum), nasty);
  switch (schema.type) {
    case 'object':
      return fc.oneof(
        {
          weight: 9,
          arbitrary: fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, near(inner)])), {
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
  for (const [path, methods] of Object.entries<Record<string, Route>>(paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const body = route.requestBody?.content?.['application/json']?.schema;
      const query = (route.parameters ?? []).filter((parameter) => parameter.in === 'query');
      if (path.includes('/logout') || path.includes('/bulk')) continue;
      const property = fc.asyncProperty(
        body ? near(body) : fc.constant(undefined),
        fc.tuple(...query.map(() => fc.string({ unit: 'binary', maxLength: 12 }))),
        fc.oneof(fc.constantFrom('1', 'agent_1', 'call_1', 'phone_1'), fc.string()),
        async (payload, texts, id) => {
          const search = query.map((parameter, i) => `${parameter.name}=${encodeURIComponent(wellFormed(texts[i] as string))}`).join('&');
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
