import t, { type Test } from 'tap';
import { ask, PASSWORD, type Server, settle, signUp, startServer } from './helper.ts';

/** The document's own example, agent aside. */
const RECORD = {
  destination: '+1234567890',
  direction: 'outbound',
  status: 'answered',
  duration: 125,
  startTime: '2025-11-13T09:30:00Z',
  endTime: '2025-11-13T09:32:05Z',
};

type Headers = Record<string, string>;

interface Account {
  headers: Headers;
  tenantId: number;
  /** a person called John Doe at extension 1001, the owner themselves */
  personId: number;
  campaignId: number;
  leadId: number;
}

async function openAccount({ app, runtime }: Server): Promise<Account> {
  const { headers, email } = await signUp(app);
  const { sql } = runtime.db;
  const [row] = await sql<Array<Omit<Account, 'headers'>>>`
    with me as (select id, tenant_id from users where email = ${email}),
         person as (insert into agents (tenant_id, kind, name, user_id, extension) select tenant_id, 'human', 'John Doe', id, '1001' from me returning id),
         campaign as (insert into campaigns (tenant_id, name, status) select tenant_id, 'Q4', 'active' from me returning id)
    select me.tenant_id as "tenantId", person.id as "personId", campaign.id as "campaignId", 0 as "leadId" from me, person, campaign`;
  const [lead] = await sql<Array<{ id: number }>>`
    insert into contacts (tenant_id, campaign_id, phone) values (${row?.tenantId ?? 0}, ${row?.campaignId ?? 0}, '+1234567890') returning id`;
  if (!row || !lead) throw new Error('no account');
  return { headers, ...row, leadId: lead.id };
}

/** A colleague who talks at an extension of their own. */
async function addColleague({ app, runtime }: Server, { headers, tenantId }: Account, role: string, extension: string) {
  const email = `colleague${extension}-${tenantId}@example.com`;
  const made = await ask(app, 'POST /api/auth/register', {
    headers,
    payload: { email, password: PASSWORD, name: `Person ${extension}`, role },
  });
  const [agent] = await runtime.db.sql<Array<{ id: number }>>`
    insert into agents (tenant_id, kind, name, user_id, extension)
    values (${tenantId}, 'human', ${`Person ${extension}`}, ${made.body.data.user.id}, ${extension}) returning id`;
  const { body } = await ask(app, 'POST /api/auth/login', { payload: { email, password: PASSWORD } });
  return { headers: { authorization: `Bearer ${body.data.token}` }, personId: agent?.id ?? 0 };
}

const idsOf = (answer: { body: { data: Array<{ id: number }> } }) => answer.body.data.map(({ id }) => id);

t.test('a call record: kept as it was sent, read back whole, counted, never dialed or charged', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const account = await openAccount(server);
  const { headers, personId, campaignId, leadId } = account;
  const made = await ask(app, 'POST /api/calls', {
    headers,
    payload: { agentId: personId, ...RECORD, metadata: { campaignId, leadId, disposition: 'interested', source: 'softphone' } },
  });
  t.equal(made.status, 201);
  const id = made.body.data.id as number;
  t.same(made.body, {
    success: true,
    data: { id, agentId: personId, ...RECORD, startTime: '2025-11-13T09:30:00.000Z', endTime: '2025-11-13T09:32:05.000Z' },
    message: 'Call record created successfully',
  });
  const whole = {
    ...made.body.data,
    agentName: 'John Doe',
    extension: '1001',
    recordingUrl: null,
    metadata: { campaignId, leadId, disposition: 'interested', source: 'softphone' },
  };
  t.same((await ask(app, `GET /api/calls/${id}`, { headers })).body, { success: true, data: whole });
  t.same((await ask(app, `GET /api/calls/call_${id}`, { headers })).body.data, whole);
  const list = await ask(app, 'GET /api/calls', { headers });
  t.same(list.body, {
    success: true,
    data: [whole],
    pagination: { page: 1, limit: 20, total: 1, totalPages: 1, hasNext: false, hasPrev: false },
  });

  const { sql } = runtime.db;
  const [row] = await sql`select status, cost, due_at, retry_open, carrier_call_id from calls where id = ${id}`;
  t.same(row, { status: 'completed', cost: null, due_at: null, retry_open: false, carrier_call_id: null });
  t.equal((await sql`select from ledger_entries where call_id = ${id}`).length, 0);
  const [slot] = await sql`select slot, status, calls, duration_seconds from call_slots where tenant_id = ${account.tenantId}`;
  t.same(slot, { slot: new Date('2025-11-13T09:30:00Z'), status: 'completed', calls: 1, duration_seconds: 125 });
  const [day] = await sql`select dials, answered, completed, talk_seconds from campaign_days where campaign_id = ${campaignId}`;
  t.same(day, { dials: 1, answered: 1, completed: 1, talk_seconds: 125 });

  await sql`insert into recordings (tenant_id, call_id, source, file_name, mime_type) values (${account.tenantId}, ${id}, 'upload', 'a', 'audio/webm')`;
  t.match((await ask(app, `GET /api/calls/${id}`, { headers })).body.data.recordingUrl, /^\/api\/recordings\/\d+$/);
});

t.test('what is wrong with a record is told by field, and nothing is written', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { headers, personId } = await openAccount(server);
  const stranger = await openAccount(server);
  const good = { agentId: personId, ...RECORD };
  const { duration: _, ...untimed } = good;
  const faults: Array<[string, object]> = [
    ['agentId', { ...good, agentId: stranger.personId }],
    ['agentId', { ...good, agentId: 'campaign_1' }],
    ['destination', { ...good, destination: '12' }],
    ['direction', { ...good, direction: 'sideways' }],
    ['status', { ...good, status: 'ringing' }],
    ['duration', { ...good, duration: -1 }],
    ['duration', { ...good, duration: 127 }],
    ['startTime', { ...good, startTime: 'yesterday' }],
    ['endTime', { ...good, endTime: '2025-11-13T09:29:00Z' }],
    ['endTime', { ...untimed, startTime: '2025-11-13T09:30:00Z', endTime: '2999-01-01T00:00:00Z' }],
    ['startTime', { ...untimed, startTime: '2999-01-01T00:00:00Z', endTime: undefined }],
    ['metadata.campaignId', { ...good, metadata: { campaignId: stranger.campaignId } }],
    ['metadata.leadId', { ...good, metadata: { leadId: stranger.leadId } }],
    ['metadata', { ...good, metadata: { note: 'x'.repeat(20_001) } }],
  ];
  for (const [field, payload] of faults) {
    const answer = await ask(app, 'POST /api/calls', { headers, payload });
    t.match(
      answer,
      { status: 422, body: { success: false, error: { code: 'VALIDATION_ERROR' } } },
      `${field}: ${answer.body.error?.message}`,
    );
    t.hasOwnProp(answer.body.error.details, field);
  }
  const [counts] = await runtime.db.sql`select (select count(*) from calls) as calls, (select count(*) from call_slots) as slots`;
  t.same(counts, { calls: 0, slots: 0 });
  const short = await ask(app, 'POST /api/calls', {
    headers,
    payload: { ...good, agentId: `agent_${personId}`, duration: undefined, endTime: undefined, status: 'busy' },
  });
  t.match(short.body.data, { status: 'busy', duration: 0, endTime: '2025-11-13T09:30:00.000Z' }, 'what can be left out');
});

/** Records of a person that differ in status, direction, time and number. */
async function record(app: Server['app'], headers: Headers, agentId: number, some: Array<Partial<typeof RECORD>>): Promise<number[]> {
  const ids: number[] = [];
  for (const more of some) {
    const { status, body } = await ask(app, 'POST /api/calls', { headers, payload: { agentId, ...RECORD, ...more } });
    if (status !== 201) throw new Error(JSON.stringify(body));
    ids.push(body.data.id as number);
  }
  return ids;
}

t.test('the list: filters, search, order, pages', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const account = await openAccount(server);
  const { headers, personId } = account;
  const other = await addColleague(server, account, 'manager', '2002');
  const day = (n: number, hour = '09') => ({ startTime: `2025-11-0${n}T${hour}:00:00Z`, endTime: `2025-11-0${n}T${hour}:10:00Z` });
  const [one, two, three] = (await record(app, headers, personId, [
    { ...day(1), status: 'busy', duration: 0 },
    { ...day(2), direction: 'inbound', duration: 300 },
    { ...day(3, '23'), status: 'no_answer', duration: 0, destination: '+447700900123' },
  ])) as [number, number, number];
  const [four] = (await record(app, headers, other.personId, [{ ...day(4), duration: 60 }])) as [number];
  const list = async (query: string, t: Test, expected: number[]) => {
    const answer = await ask(app, `GET /api/calls${query}`, { headers });
    t.same(idsOf(answer), expected, query);
    t.equal(answer.body.pagination.total, expected.length, `${query}: its total`);
  };
  await list('', t, [four, three, two, one]);
  await list('?status=answered', t, [four, two]);
  await list('?status=busy', t, [one]);
  await list('?status=voicemail', t, []);
  await list('?direction=inbound', t, [two]);
  await list(`?agentId=${other.personId}`, t, [four]);
  await list(`?agentId=agent_${other.personId}&status=busy`, t, []);
  await list('?startDate=2025-11-02&endDate=2025-11-03', t, [three, two]);
  await list('?startDate=2025-11-03T23:00:00Z', t, [four, three]);
  await list('?startDate=2025-11-04T01:00:00+02:00&endDate=2025-11-04T01:00:00%2B02:00', t, [three]);
  await list('?query=7700', t, [three]);
  await list('?query=%2B44%207700', t, [three]);
  await list('?query=+44%207700', t, [three]);
  await list('?query=2002', t, [four]);
  await list('?query=1001&direction=outbound', t, [three, one]);
  await list('?sortBy=duration&order=desc', t, [two, four, three, one]);
  await list('?sortBy=startTime&order=asc', t, [one, two, three, four]);
  await list('?sortBy=destination&order=desc', t, [three, four, two, one]);
  await list('?order=asc', t, [one, two, three, four]);

  const page = await ask(app, 'GET /api/calls?page=2&limit=3&sortBy=createdAt&order=desc', { headers });
  t.same(idsOf(page), [one]);
  t.same(page.body.pagination, { page: 2, limit: 3, total: 4, totalPages: 2, hasNext: false, hasPrev: true });

  for (const bad of [
    'status=completed',
    'direction=up',
    'agentId=x',
    'startDate=soon',
    'query=abc',
    'sortBy=cost',
    'order=up',
    'limit=101',
    'page=0',
  ]) {
    const answer = await ask(app, `GET /api/calls?${bad}`, { headers });
    t.match(answer, { status: 400, body: { error: { code: 'VALIDATION_ERROR' } } }, bad);
  }
  t.match(await ask(app, 'GET /api/calls?startDate=1900-01-01', { headers }), {
    status: 400,
    body: { error: { message: /must be an ISO 8601 date or timestamp from 1970 to 9999/ } },
  });
  t.equal((await ask(app, 'GET /api/calls?startDate=2025-11-03&endDate=2025-11-02', { headers })).status, 400);

  await t.test('days are the account’s own', async (t) => {
    await server.runtime.db.sql`update tenants set timezone = 'Asia/Tokyo' where id = ${account.tenantId}`;
    await list('?startDate=2025-11-04&endDate=2025-11-04', t, [four, three]);
  });
});

t.test('calls that are not over go by their own names', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const { headers, callId } = await settle(app);
  const waiting = await ask(app, 'GET /api/calls?status=scheduled', { headers });
  t.match(waiting.body.data, [
    { id: Number(callId.slice(5)), status: 'scheduled', duration: null, startTime: null, endTime: null, extension: null, metadata: {} },
  ]);
  await ask(app, `DELETE /api/v1/calls/outbound/${callId}`, { headers });
  const over = (await ask(app, 'GET /api/calls?status=cancelled', { headers })).body.data;
  t.match(over, [{ status: 'cancelled', duration: 0, startTime: null, endTime: String }]);
});

t.test('an agent sees and records their own calls; other accounts see none', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const account = await openAccount(server);
  const agent = await addColleague(server, account, 'agent', '3003');
  const manager = await addColleague(server, account, 'manager', '4004');
  const [bosses] = await record(app, account.headers, account.personId, [{}]);
  const [own] = await record(app, agent.headers, agent.personId, [{}]);
  t.same(idsOf(await ask(app, 'GET /api/calls', { headers: agent.headers })), [own]);
  t.same(idsOf(await ask(app, `GET /api/calls?agentId=${account.personId}`, { headers: agent.headers })), []);
  t.equal((await ask(app, `GET /api/calls/${own}`, { headers: agent.headers })).status, 200);
  t.match(await ask(app, `GET /api/calls/${bosses}`, { headers: agent.headers }), { status: 404, body: { error: { code: 'NOT_FOUND' } } });
  t.match(await ask(app, 'POST /api/calls', { headers: agent.headers, payload: { agentId: account.personId, ...RECORD } }), {
    status: 403,
    body: { error: { code: 'FORBIDDEN' } },
  });
  t.equal(idsOf(await ask(app, 'GET /api/calls', { headers: manager.headers })).length, 2, 'a manager sees all');

  await server.runtime.db.sql`update agents set deleted_at = now() where id = ${agent.personId}`;
  t.same(idsOf(await ask(app, 'GET /api/calls', { headers: agent.headers })), [], 'who talks no more has no calls of their own');
  t.equal((await ask(app, `GET /api/calls/${own}`, { headers: agent.headers })).status, 404);

  const stranger = await openAccount(server);
  t.same(idsOf(await ask(app, 'GET /api/calls', { headers: stranger.headers })), []);
  for (const id of [own, 'x', 'agent_1', 0]) t.equal((await ask(app, `GET /api/calls/${id}`, { headers: stranger.headers })).status, 404);
  t.equal((await ask(app, 'GET /api/calls')).status, 401);
});
