import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';
import { ask, PASSWORD, type Server, signUp, startServer } from './helper.ts';

type Headers = Record<string, string>;

interface Account {
  headers: Headers;
  tenantId: number;
  agentId: number;
  campaignId: number;
}

async function openAccount({ app, runtime }: Server): Promise<Account> {
  const { headers, email } = await signUp(app);
  const [row] = await runtime.db.sql<Array<Omit<Account, 'headers'>>>`
    with me as (select id, tenant_id from users where email = ${email}),
         agent as (insert into agents (tenant_id, kind, name) select tenant_id, 'ai', 'Robin' from me returning id),
         campaign as (insert into campaigns (tenant_id, name, status, agent_id) select me.tenant_id, 'Q4', 'active', agent.id from me, agent returning id)
    select me.tenant_id as "tenantId", agent.id as "agentId", campaign.id as "campaignId" from me, agent, campaign`;
  if (!row) throw new Error('no account');
  return { headers, ...row };
}

let numbers = 0;

async function addContact({ app }: Server, { headers, campaignId }: Account, inCampaign = true) {
  const phone = `+1415556${String(++numbers).padStart(4, '0')}`;
  const payload = { firstName: 'Ann', lastName: 'Lee', phone, ...(inCampaign && { campaignId: `campaign_${campaignId}` }) };
  const { status, body } = await ask(app, 'POST /api/v1/contacts', { headers, payload });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { id: body.data.id as string, phone };
}

/** Somebody of the account who talks, or may. */
async function addColleague({ app }: Server, { headers }: Account, role: string, name: string) {
  const email = `${name}@example.com`;
  const made = await ask(app, 'POST /api/auth/register', { headers, payload: { email, password: PASSWORD, name, role } });
  const sip = { extension: `${++numbers}`, sipUsername: name, sipPassword: 'secret-of-the-phone' };
  const person = await ask(app, 'POST /api/agents', { headers, payload: { userId: made.body.data.user.id, ...sip } });
  if (person.status !== 201) throw new Error(JSON.stringify(person.body));
  const { body } = await ask(app, 'POST /auth/login', { payload: { email, password: PASSWORD } });
  return { headers: { authorization: `Bearer ${body.data.accessToken}` }, personId: person.body.data.id as number };
}

const countersOf = async ({ runtime }: Server, campaignId: number) => {
  const [row] = await runtime.db
    .sql`select total_contacts as total, completed_contacts as completed from campaigns where id = ${campaignId}`;
  return row;
};

t.test('a call of a campaign’s contact: accepted, in line, read back', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const account = await openAccount(server);
  const { headers, campaignId, agentId } = account;
  const { id: contactId, phone } = await addContact(server, account);
  const initiate = (payload: object) => ask(app, 'POST /api/v1/calls/initiate', { headers, payload });
  const made = await initiate({ contactId, campaignId: `campaign_${campaignId}`, scheduledAt: '2099-01-01T10:00:00Z' });
  t.match(made, {
    status: 201,
    body: {
      success: true,
      data: {
        id: /^call_\d+$/,
        status: 'SCHEDULED',
        direction: 'OUTBOUND',
        phone,
        contactId,
        campaignId: `campaign_${campaignId}`,
        flowId: null,
        agentId: `agent_${agentId}`,
        agentName: 'Robin',
        scheduledAt: '2099-01-01T10:00:00.000Z',
        startedAt: null,
        endedAt: null,
        duration: null,
      },
    },
  });
  t.same((await ask(app, `GET /api/v1/calls/${made.body.data.id}`, { headers })).body.data, made.body.data);
  const [contact] = await runtime.db.sql`select dial_state, root_call_id from contacts where id = ${Number(contactId.slice(8))}`;
  t.same(contact, { dial_state: 'in_line', root_call_id: Number(String(made.body.data.id).slice(5)) });
  t.same(await countersOf(server, campaignId), { total: 1, completed: 0 });
  t.match(await initiate({ contactId, campaignId: `${campaignId}` }), {
    status: 409,
    body: { success: false, error: { code: 'RESOURCE_CONFLICT', message: /under way or waits/ } },
  });

  await t.test('a contact without a campaign joins it', async (t) => {
    const lone = await addContact(server, account, false);
    const answer = await initiate({ contactId: lone.id, campaignId: `campaign_${campaignId}` });
    t.match(answer, { status: 201, body: { data: { status: /^(QUEUED|SCHEDULED)$/, contactId: lone.id } } });
    t.same(await countersOf(server, campaignId), { total: 2, completed: 0 });
    const [joined] = await runtime.db.sql`select campaign_id, dial_state from contacts where id = ${Number(lone.id.slice(8))}`;
    t.same(joined, { campaign_id: campaignId, dial_state: 'in_line' });
    const twin = await addContact(server, account, false);
    await runtime.db.sql`update contacts set phone = ${lone.phone} where id = ${Number(twin.id.slice(8))}`;
    t.match(await initiate({ contactId: twin.id, campaignId: `campaign_${campaignId}` }), {
      status: 409,
      body: { error: { message: /this number already/ } },
    });
  });

  await t.test('one that was done with is counted as open again', async (t) => {
    const again = await addContact(server, account);
    await runtime.db.sql`update contacts set dial_state = 'done', result = 'no_answer' where id = ${Number(again.id.slice(8))}`;
    await runtime.db.sql`update campaigns set completed_contacts = 1 where id = ${campaignId}`;
    t.equal((await initiate({ contactId: again.id, campaignId: `campaign_${campaignId}` })).status, 201);
    t.same(await countersOf(server, campaignId), { total: 3, completed: 0 });
  });
});

t.test('what stands in the way is said, and nothing is written', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { sql } = runtime.db;
  const account = await openAccount(server);
  const { headers, tenantId, campaignId, agentId } = account;
  const { id: contactId, phone } = await addContact(server, account);
  const good = { contactId, campaignId: `campaign_${campaignId}` };
  const initiate = (payload: object, by: Headers = headers) => ask(app, 'POST /api/v1/calls/initiate', { headers: by, payload });
  const refused = async (t: Test, message: RegExp) =>
    t.match(await initiate(good), { status: 409, body: { error: { code: 'RESOURCE_CONFLICT', message } } });

  for (const status of ['draft', 'paused', 'completed']) {
    await sql`update campaigns set status = ${status} where id = ${campaignId}`;
    await refused(t, new RegExp(status));
  }
  await sql`update campaigns set status = 'active', kind = 'inbound' where id = ${campaignId}`;
  await refused(t, /takes calls/);
  await sql`update campaigns set kind = 'outbound', approval = 'rejected' where id = ${campaignId}`;
  await refused(t, /rejected/);
  await sql`update campaigns set approval = 'pending', ends_at = now() - interval '1 minute' where id = ${campaignId}`;
  await refused(t, /end of the campaign/);
  await sql`update campaigns set ends_at = null where id = ${campaignId}`;
  await sql`update agents set is_active = false where id = ${agentId}`;
  await refused(t, /no agent/);
  await sql`update agents set is_active = true where id = ${agentId}`;
  await sql`insert into suppressions (tenant_id, phone, source) values (${tenantId}, ${phone}, 'api')`;
  await refused(t, /do-not-call/);
  await sql`update suppressions set released_at = now()`;
  await sql`update contacts set status = 'do_not_call'`;
  await refused(t, /does not want/);
  await sql`update contacts set status = 'new', reserved_until = now() + interval '1 minute'`;
  await refused(t, /looks at this contact/);
  await sql`update contacts set reserved_until = null`;

  const [other] = await sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name, status, agent_id) values (${tenantId}, 'Other', 'active', ${agentId}) returning id`;
  t.match(await initiate({ ...good, campaignId: `campaign_${other?.id}` }), {
    status: 409,
    body: { error: { message: /another campaign/ } },
  });

  const stranger = await openAccount(server);
  const theirs = await addContact(server, stranger);
  t.equal((await initiate({ ...good, contactId: theirs.id })).status, 422);
  t.equal((await initiate({ ...good, campaignId: `campaign_${stranger.campaignId}` })).status, 422);
  t.equal((await initiate(good, stranger.headers)).status, 422);
  const [flow] = await sql<Array<{ id: number }>>`insert into flows (tenant_id, name) values (${stranger.tenantId}, 'F') returning id`;
  for (const [field, payload] of [
    ['flowId', { ...good, flowId: `flow_${flow?.id}` }],
    ['flowId', { ...good, flowId: 'call_1' }],
    ['contactId', { ...good, contactId: 'nobody' }],
    ['campaignId', { contactId }],
    ['scheduledAt', { ...good, scheduledAt: 'soon' }],
  ] as const) {
    const answer = await initiate(payload);
    t.match(answer, { status: 422, body: { error: { code: 'VALIDATION_ERROR' } } }, `${field}: ${answer.body.error?.message}`);
    t.hasOwnProp(answer.body.error.details, field);
  }
  const [counts] = await sql<Array<{ calls: number; open: number }>>`
    select (select count(*) from calls) as calls, (select count(*) from contacts where dial_state <> 'waiting') as open`;
  t.same(counts, { calls: 0, open: 0 });
  const [own] = await sql<Array<{ id: number }>>`insert into flows (tenant_id, name) values (${tenantId}, 'F') returning id`;
  t.match(await initiate({ ...good, flowId: `flow_${own?.id}` }), { status: 201, body: { data: { flowId: `flow_${own?.id}` } } });
});

t.test('two requests for one contact at once make one call', async (t) => {
  const server = await startServer(t);
  const account = await openAccount(server);
  const { id: contactId } = await addContact(server, account);
  const payload = { contactId, campaignId: `campaign_${account.campaignId}` };
  const ask8 = () => ask(server.app, 'POST /api/v1/calls/initiate', { headers: account.headers, payload });
  const statuses = (await Promise.all(Array.from({ length: 8 }, ask8))).map(({ status }) => status);
  t.same(statuses.sort(), [201, 409, 409, 409, 409, 409, 409, 409]);
});

t.test('the list: filters, pages, cursor, kept until something changes', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const { sql } = runtime.db;
  const account = await openAccount(server);
  const { headers, tenantId, agentId, campaignId } = account;
  const made = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, campaign_id, to_number, status, created_at, ended_at)
    select ${tenantId}, ${agentId}, case when n % 2 = 0 then ${campaignId}::bigint end, '+14155557000', case when n = 3 then 'no_answer' else 'completed' end,
           '2025-11-01T12:00:00Z'::timestamptz + (n / 2) * interval '1 day', now()
      from generate_series(0, 6) n returning id`;
  const all = made.map(({ id }) => `call_${id}`).reverse();
  const list = (query = '') => ask(app, `GET /api/v1/calls${query}`, { headers });
  const idsOf = (answer: { body: { data: Array<{ id: string }> } }) => answer.body.data.map(({ id }) => id);
  const first = await list();
  t.same(idsOf(first), all);
  t.same(first.body.pagination, { page: 1, limit: 50, total: 7, totalPages: 1, hasNext: false, hasPrev: false });
  t.equal(first.headers['x-cache'], 'MISS');
  t.equal((await list()).headers['x-cache'], 'HIT');
  const by = (...places: number[]) => places.map((place) => `call_${made[place]?.id}`);
  t.same(idsOf(await list(`?campaignId=campaign_${campaignId}`)), by(6, 4, 2, 0));
  t.same(idsOf(await list('?status=NO_ANSWER')), by(3));
  t.same(idsOf(await list('?status=no_answer')), by(3));
  t.same(idsOf(await list('?dateFrom=2025-11-02&dateTo=2025-11-03')), by(5, 4, 3, 2));
  t.same(idsOf(await list('?page=2&limit=3')), by(3, 2, 1));

  const walked: string[] = [];
  for (let query: string | undefined = '?limit=2'; query !== undefined;) {
    const page: { body: { data: Array<{ id: string }>; pagination: { hasNext: boolean; nextCursor?: string; total: number } } } =
      await list(query);
    walked.push(...idsOf(page));
    t.equal(page.body.pagination.total, 7);
    query = page.body.pagination.nextCursor && `?limit=2&cursor=${page.body.pagination.nextCursor}`;
    t.equal(page.body.pagination.hasNext, query !== undefined);
  }
  t.same(walked, all, 'a cursor leads through all of them, each once');

  for (const bad of ['status=ANSWERED', 'campaignId=x', 'dateFrom=x', 'cursor=x', 'limit=101', 'dateFrom=2025-11-03&dateTo=2025-11-02']) {
    t.match(await list(`?${bad}`), { status: 400, body: { error: { code: 'VALIDATION_ERROR' } } }, bad);
  }
  await ask(app, 'POST /api/calls', {
    headers,
    payload: { agentId, destination: '+1234567890', direction: 'outbound', status: 'busy', startTime: '2025-12-01T10:00:00Z' },
  });
  const changed = await list();
  t.match([changed.headers['x-cache'], changed.body.data.length], ['MISS', 8]);
  const stranger = await openAccount(server);
  t.same((await ask(app, 'GET /api/v1/calls', { headers: stranger.headers })).body.data, []);
  t.equal((await ask(app, `GET /api/v1/calls/${all[0]}`, { headers: stranger.headers })).status, 404);
});

t.test('who has the role agent sees their own calls and figures, from kept answers too', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const account = await openAccount(server);
  const { headers, agentId, campaignId } = account;
  const ann = await addColleague(server, account, 'agent', 'ann');
  const bob = await addColleague(server, account, 'agent', 'bob');
  const mia = await addColleague(server, account, 'manager', 'mia');
  const facts = { destination: '+1234567890', direction: 'outbound', status: 'answered', duration: 60, startTime: '2025-11-13T09:30:00Z' };
  const record = async (personId: number) => {
    const { body } = await ask(app, 'POST /api/calls', { headers, payload: { ...facts, agentId: personId, metadata: { campaignId } } });
    return `call_${body.data.id}`;
  };
  const robins = await record(agentId);
  const anns = [await record(ann.personId), await record(ann.personId)];
  const get = (path: string, who: { headers: Headers }) => ask(app, `GET /api/v1${path}`, { headers: who.headers });
  const seen = async (who: { headers: Headers }, query = '') => {
    const { headers, body } = await get(`/calls${query}`, who);
    const calls = body.data as Array<{ id: string }>;
    return [headers['x-cache'], calls.map(({ id }) => id).sort(), body.pagination.total as number];
  };
  t.same(await seen(mia), ['MISS', [robins, ...anns], 3], 'a manager sees all');
  t.same(await seen(ann), ['MISS', anns, 2]);
  t.same(await seen(ann), ['HIT', anns, 2]);
  t.same(await seen(bob), ['MISS', [], 0], 'with the same role, another answer');
  t.same(await seen(ann, `?campaignId=campaign_${campaignId}&status=COMPLETED`), ['MISS', anns, 2]);
  const { nextCursor } = (await get('/calls?limit=1', ann)).body.pagination;
  t.match(await get(`/calls?limit=1&cursor=${nextCursor}`, ann), { body: { data: [{ id: anns[0] }], pagination: { hasNext: false } } });
  t.same((await get(`/calls?limit=1&cursor=${nextCursor}`, bob)).body.data, []);

  t.equal((await get(`/calls/${anns[0]}`, ann)).status, 200);
  for (const [id, who] of [
    [anns[0], bob],
    [robins, ann],
    ['call_999', ann],
  ] as const) {
    t.match(await get(`/calls/${id}`, who), { status: 404, body: { error: { code: 'RESOURCE_NOT_FOUND' } } }, `${id}`);
  }

  const days = '?dateFrom=2025-11-13&dateTo=2025-11-13';
  const figures = async (who: { headers: Headers }, query = '') => {
    const { overview, trends } = (await get(`/analytics/dashboard${days}${query}`, who)).body.data;
    return [overview.totalCalls as number, overview.averageDuration as number, trends.calls as object[]];
  };
  const counted = (count: number) => [count, count && 60, [{ date: '2025-11-13', count }]];
  t.same(await figures(mia), counted(3));
  t.same(await figures(ann), counted(2));
  t.same(await figures(bob), counted(0));
  t.same(await figures(bob, `&campaignId=campaign_${campaignId}`), counted(3), 'a campaign’s figures are everybody’s');

  await ask(app, `DELETE /api/agents/${ann.personId}`, { headers });
  t.same(await seen(ann), ['MISS', [], 0], 'who talks no more has no calls of their own');
  t.same(await figures(ann), counted(0));
});

t.test('who has the role agent reads and corrects contacts; managers add them and have them called', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const account = await openAccount(server);
  const { id: contactId } = await addContact(server, account);
  const campaignId = `campaign_${account.campaignId}`;
  const agent = await addColleague(server, account, 'agent', 'ann');
  const manager = await addColleague(server, account, 'manager', 'mia');
  const contact = { firstName: 'Bo', lastName: 'Lee', phone: '+14155569999' };
  const changes: Array<[what: string, payload: object | undefined, status: number]> = [
    ['POST /api/v1/contacts', contact, 201],
    ['POST /api/v1/calls/initiate', { contactId, campaignId }, 201],
    ['POST /api/v1/campaigns', { name: 'Q5' }, 201],
    [`PUT /api/v1/campaigns/${campaignId}`, { name: 'Q6' }, 200],
    ['POST /api/v1/flows', { name: 'F', nodes: [], connections: [] }, 422],
    [`DELETE /api/v1/contacts/${contactId}`, undefined, 204],
    [`DELETE /api/v1/campaigns/${campaignId}`, undefined, 204],
  ];
  for (const [what, payload] of changes) {
    const refused = await ask(app, what, { headers: agent.headers, payload });
    t.match(refused, { status: 403, body: { success: false, error: { code: 'FORBIDDEN', message: /manager or higher/ } } }, what);
  }
  t.match(
    await ask(app, 'POST /api/v1/contacts', { headers: agent.headers, payload: {} }),
    { status: 403 },
    'before the body is looked at',
  );
  for (const path of ['/contacts', `/contacts/${contactId}`, '/campaigns', `/campaigns/${campaignId}`, '/flows', '/calls']) {
    t.equal((await ask(app, `GET /api/v1${path}`, { headers: agent.headers })).status, 200, path);
  }
  t.match(await ask(app, `PUT /api/v1/contacts/${contactId}`, { headers: agent.headers, payload: { firstName: 'Anna' } }), {
    status: 200,
    body: { data: { firstName: 'Anna' } },
  });
  for (const [what, payload, status] of changes) {
    t.equal((await ask(app, what, { headers: manager.headers, payload })).status, status, what);
  }
});

t.test('a call that is due is dialed at once, and its contact comes to its end', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true });
  const { token, userId } = await system.login();
  const { sql } = system.runtime.db;
  const [row] = await sql<Array<{ campaignId: number; contactId: number }>>`
    with me as (
      update tenants set calling_hours = '[{"days":[1,2,3,4,5,6,7],"start":"00:00","end":"24:00"}]'::jsonb
       where id = (select tenant_id from users where id = ${Number(userId.slice(5))}) returning id
    ), agent as (
      insert into agents (tenant_id, kind, name) select id, 'ai', 'Robin' from me returning id
    ), number as (
      insert into phone_numbers (tenant_id, number, agent_id) select me.id, '+14155550100', agent.id from me, agent
    ), campaign as (
      insert into campaigns (tenant_id, name, status, agent_id, approval, total_contacts)
      select me.id, 'Q4', 'active', agent.id, 'approved', 2 from me, agent returning id
    ), contact as (
      insert into contacts (tenant_id, campaign_id, phone, dial_state, next_attempt_at)
      select me.id, campaign.id, '+1415555800' || n, 'waiting', now() + interval '1 day' from me, campaign, generate_series(1, 2) n returning id
    )
    select campaign.id as "campaignId", (select min(id) from contact) as "contactId" from campaign`;
  const json = { contactId: `contact_${row?.contactId}`, campaignId: `campaign_${row?.campaignId}` };
  const { status, body } = await system.request('POST', '/api/v1/calls/initiate', { token, json });
  t.match([status, body.data.status], [201, 'QUEUED'], 'straight into the queue');
  const done = await eventually(async () => {
    const answer = await system.request('GET', `/api/v1/calls/${body.data.id}`, { token });
    const found = answer.body.data as { status: string; startedAt: string; createdAt: string };
    return found.status === 'COMPLETED' ? found : undefined;
  });
  t.ok(Date.parse(done.startedAt) - Date.parse(done.createdAt) < 1000, 'within a second');
  const contact = await eventually(async () => {
    const [found] = await sql`select dial_state, result from contacts where id = ${row?.contactId ?? 0} and dial_state = 'done'`;
    return found;
  });
  t.same(contact, { dial_state: 'done', result: 'completed' });
  const [day] = await sql`select dials, completed from campaign_days where campaign_id = ${row?.campaignId ?? 0}`;
  t.same(day, { dials: 1, completed: 1 });
});
