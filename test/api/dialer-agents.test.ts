import { Writable } from 'node:stream';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { peopleTick } from '../../scheduler/tick/people.ts';
import { sipPasswordPlace } from '../../service/bridge.ts';
import { continueTalk, startTalk } from '../../service/conversation.ts';
import { applyProgress } from '../../service/progress.ts';
import { unseal } from '../../service/vault.ts';
import { type Answer, ask, PASSWORD, type Server, signUp, startServer } from './helper.ts';

const SECRET = 'hush-hush-4711';
const ALL_DAY = JSON.stringify([{ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' }]);
const TOKEN = '00000000-0000-4000-8000-000000000001';

interface Someone {
  userId: number;
  headers: Record<string, string>;
}

let numbers = 1000;

/** An account with an administrator, and ways to get people and calls into it. */
async function openAccount({ app, runtime }: Server) {
  const { headers } = await signUp(app);
  const { sql } = runtime.db;
  const as =
    (who: { headers: Record<string, string> }) =>
    (what: string, payload?: unknown): Promise<Answer> =>
      ask(app, what, { headers: who.headers, payload });
  const admin = as({ headers });
  const colleague = async (role: string): Promise<Someone> => {
    const email = `colleague${++numbers}@example.com`;
    const made = await admin('POST /api/auth/register', { email, password: PASSWORD, name: `Jane ${numbers}`, role });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    const login = await ask(app, 'POST /api/auth/login', { payload: { email, password: PASSWORD } });
    return { userId: made.body.data.user.id, headers: { authorization: `Bearer ${login.body.data.token}` } };
  };
  const agentOf = async ({ userId }: Someone) => {
    const n = ++numbers;
    const made = await admin('POST /api/agents', { userId, extension: String(n), sipUsername: `agent${n}`, sipPassword: SECRET });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body.data.id as number;
  };
  const [tenant] = await sql<Array<{ id: number }>>`select max(id) as id from tenants`;
  const tenantId = tenant?.id ?? 0;
  const campaign = async (agentId: number, mode = 'progressive') => {
    const [row] = await sql<Array<{ id: number }>>`
      with made as (
        insert into campaigns (tenant_id, name, status, agent_id, dialing_mode, timezone, calling_hours)
        values (${tenantId}, 'C', 'active', ${agentId}, ${mode}, 'UTC', ${ALL_DAY}::jsonb) returning id
      )
      insert into campaign_agents (tenant_id, campaign_id, agent_id) select ${tenantId}, id, ${agentId} from made returning campaign_id as id`;
    return row?.id ?? 0;
  };
  const lead = async (campaignId: number) => {
    const [row] = await sql<Array<{ id: number; phone: string }>>`
      with counted as (update campaigns set total_contacts = total_contacts + 1 where id = ${campaignId})
      insert into contacts (tenant_id, campaign_id, phone, name, dial_state) values (${tenantId}, ${campaignId}, ${`+1415556${++numbers}`}, 'Lea', 'waiting')
      returning id, phone`;
    if (!row) throw new Error('no lead');
    return row;
  };
  /** The worker's part: it is dialed, rings, and is answered by a person. */
  const answer = async (callId: number) => {
    await sql`update calls set status = 'dialing', claimed_at = now(), claim_token = ${TOKEN}, carrier = 'twilio' where id = ${callId}`;
    return startTalk(runtime, { callId, token: TOKEN, carrierCallId: `CA${callId}` }, 'human');
  };
  const end = (callId: number, durationSeconds = 60) =>
    applyProgress(runtime, {
      callId,
      token: TOKEN,
      carrierCallId: `CA${callId}`,
      progress: { type: 'ended', outcome: 'completed', durationSeconds },
    });
  return { as, admin, headers, colleague, agentOf, tenantId, campaign, lead, answer, end, sql };
}

async function open(t: Test) {
  const written: string[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  const server = await startServer(t, {}, pino({ level: 'trace' }, sink));
  return { server, logs: () => written.join(''), account: await openAccount(server) };
}

t.test('the examples of the document', async (t) => {
  const { server, account, logs } = await open(t);
  const { admin, colleague, sql } = account;
  const person = await colleague('agent');
  const body = { userId: person.userId, extension: '1002', sipUsername: 'agent1002', sipPassword: SECRET };

  const made = await admin('POST /api/agents', body);
  t.equal(made.status, 201);
  const { id } = made.body.data;
  t.same(made.body, {
    success: true,
    data: { id, userId: person.userId, extension: '1002', sipUsername: 'agent1002' },
    message: 'Agent created successfully',
  });

  const campaignId = await account.campaign(id);
  await sql`
    insert into agent_days (tenant_id, day, agent_id, status, calls, retries, duration_seconds, cost) values
      (${account.tenantId}, '2025-11-01', ${id}, 'completed', 100, 0, 18000, 0), (${account.tenantId}, '2025-11-02', ${id}, 'completed', 20, 0, 3600, 0),
      (${account.tenantId}, '2025-11-02', ${id}, 'no_answer', 30, 0, 0, 0)`;
  const shown = {
    id,
    userId: person.userId,
    name: /^Jane/,
    email: /@example.com$/,
    extension: '1002',
    status: 'offline',
    sipUsername: 'agent1002',
    stats: { totalCalls: 150, answeredCalls: 120, avgDuration: 180, successRate: 80 },
  };
  const list = await admin('GET /api/agents');
  t.equal(list.status, 200);
  t.match(list.body, { success: true, data: [shown], pagination: { page: 1, total: 1, totalPages: 1 } });
  t.notOk('sipPassword' in list.body.data[0]);
  const one = await admin(`GET /api/agents/${id}`);
  t.match(one.body, { success: true, data: { ...shown, sipPassword: '********', activeCampaigns: [campaignId] } });
  t.match((await admin(`GET /api/agents/agent_${id}`)).body.data, { id });

  const busy = await admin(`PUT /api/agents/${id}/status`, { status: 'busy' });
  t.equal(busy.status, 200);
  t.match(busy.body, { success: true, data: { id, status: 'busy', updatedAt: /^\d{4}-\d\d-\d\dT/ } });

  await t.test('the SIP password is sealed for its row, and nowhere in clear', async (t) => {
    const [row] = await sql<Array<{ sealed: string }>>`select sip_password_encrypted as sealed from agents where id = ${id}`;
    t.notMatch(row?.sealed, SECRET);
    t.equal(unseal(server.runtime.config, sipPasswordPlace(id), row?.sealed ?? ''), SECRET);
    t.throws(() => unseal(server.runtime.config, sipPasswordPlace(id + 1), row?.sealed ?? ''), 'in no other row');
    const bad = await admin('POST /api/agents', { ...body, extension: '' });
    const twice = await admin('POST /api/agents', body);
    for (const { body } of [made, list, one, busy, bad, twice]) t.notMatch(JSON.stringify(body), SECRET);
    t.match(logs(), /api\/agents/, 'something is logged');
    t.notMatch(logs(), SECRET);
  });
});

t.test('who may do what', async (t) => {
  const { server, account } = await open(t);
  const { as, admin, colleague, agentOf } = account;
  const [ann, bob, mia] = [await colleague('agent'), await colleague('agent'), await colleague('manager')];
  const [annId, bobId] = [await agentOf(ann), await agentOf(bob)];
  const code = async (answer: Promise<Answer>) => {
    const { status, body } = await answer;
    return body.success ? status : [status, body.error.code];
  };
  const wish = { status: 'paused' };

  t.same(await code(as(ann)('GET /api/agents')), [403, 'FORBIDDEN']);
  t.same(await code(as(mia)('GET /api/agents')), 200);
  t.same(await code(as(mia)('POST /api/agents', { bad: 1 })), [403, 'FORBIDDEN'], 'asked before the body is looked at');
  t.same(await code(as(ann)(`GET /api/agents/${annId}`)), 200);
  t.same(await code(as(ann)('GET /api/agents/me')), 200);
  t.same(await code(as(mia)('GET /api/agents/me')), [404, 'NOT_FOUND'], 'who is no agent');
  t.same(await code(as(ann)(`GET /api/agents/${bobId}`)), [403, 'FORBIDDEN']);
  t.same(await code(as(ann)(`PUT /api/agents/${annId}/status`, wish)), 200);
  t.same(await code(as(ann)(`PUT /api/agents/${bobId}/status`, wish)), [403, 'FORBIDDEN']);
  t.same(await code(as(mia)(`PUT /api/agents/${bobId}/status`, wish)), 200);
  t.same(await code(as(ann)(`GET /api/agents/${bobId}/states`)), [403, 'FORBIDDEN']);
  t.same(await code(as(mia)(`PUT /api/agents/${bobId}`, { extension: '77' })), [403, 'FORBIDDEN']);
  t.same(await code(as(mia)(`DELETE /api/agents/${bobId}`)), [403, 'FORBIDDEN']);
  t.same(await code(as(ann)('GET /api/calls/live')), [403, 'FORBIDDEN']);
  t.same(await code(ask(server.app, 'GET /api/agents')), [401, 'UNAUTHORIZED']);

  await t.test('another account sees and changes nothing', async (t) => {
    const other = await openAccount(server);
    const stranger = await other.colleague('agent');
    for (const what of [`GET /api/agents/${annId}`, `GET /api/agents/${annId}/states`, `DELETE /api/agents/${annId}`]) {
      t.same(await code(other.admin(what)), [404, 'NOT_FOUND'], what);
    }
    t.same(await code(other.admin(`PUT /api/agents/${annId}`, { extension: '1' })), [404, 'NOT_FOUND']);
    t.same(await code(other.admin(`PUT /api/agents/${annId}/status`, wish)), [404, 'NOT_FOUND']);
    t.same((await other.admin('GET /api/agents')).body.data, []);
    const body = { userId: stranger.userId, extension: '5', sipUsername: 'x5', sipPassword: SECRET };
    t.same(await code(admin('POST /api/agents', body)), [422, 'VALIDATION_ERROR'], 'nor makes an agent of its people');
    t.match((await admin('POST /api/agents', body)).body.error.details, { userId: /active user/ });
    t.same(await code(other.admin('POST /api/agents', { ...body, extension: '77', sipUsername: 'same' })), 201);
  });
});

t.test('what is refused', async (t) => {
  const { account } = await open(t);
  const { admin, colleague, agentOf } = account;
  const ann = await colleague('agent');
  const id = await agentOf(ann);
  const one = (await admin(`GET /api/agents/${id}`)).body.data;
  const bob = await colleague('agent');
  const body = { userId: bob.userId, extension: '9000', sipUsername: 'bob', sipPassword: SECRET };
  const told = async (change: object) => {
    const { status, body: answer } = await admin('POST /api/agents', { ...body, ...change });
    return [status, String(answer.error.code), String(answer.error.message)];
  };
  t.match(await told({ userId: ann.userId }), [409, 'DUPLICATE_ENTRY', /agent already/]);
  t.match(await told({ extension: one.extension }), [409, 'DUPLICATE_ENTRY', /extension/]);
  t.match(await told({ sipUsername: one.sipUsername }), [409, 'DUPLICATE_ENTRY', /SIP user name/]);
  for (const change of [
    { userId: 0 },
    { userId: 'x' },
    { extension: 'a b' },
    { sipUsername: 'a@b' },
    { sipPassword: 'x' },
    { sipPassword: undefined },
  ]) {
    t.match(await told(change), [422, 'VALIDATION_ERROR'], JSON.stringify(change));
  }
  t.equal((await admin('GET /api/agents/x1')).status, 404);
  t.equal((await admin('GET /api/agents?limit=1000')).status, 400);
  t.equal((await admin(`PUT /api/agents/${id}`, { name: 'x' })).status, 422, 'unknown fields of our own routes');
  t.equal((await admin(`PUT /api/agents/${id}`, {})).status, 422);
  for (const status of ['on_call', 'wrap_up', 'happy', undefined]) {
    t.equal((await admin(`PUT /api/agents/${id}/status`, { status })).status, 422, `${status}`);
  }
});

t.test('states, with their history', async (t) => {
  const { server, account } = await open(t);
  const { as, admin, colleague, agentOf, campaign, answer, end, sql, tenantId } = account;
  const ann = await colleague('agent');
  const id = await agentOf(ann);
  const mine = as(ann);
  const state = async () => (await mine('GET /api/agents/me')).body.data as Record<string, unknown>;
  const put = (status: string, reason?: string) => mine('PUT /api/agents/me/status', { status, ...(reason && { reason }) });

  t.match((await put('available')).body.data, { id, status: 'available', nextStatus: null });
  const { statusSince } = await state();
  await put('available');
  t.equal((await state()).statusSince, statusSince, 'asking again loses nobody their place');

  const campaignId = await campaign(id);
  const [call] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, campaign_id, to_number, status) values (${tenantId}, ${id}, ${campaignId}, '+14155551234', 'scheduled') returning id`;
  const callId = call?.id ?? 0;
  t.match(await answer(callId), [{ do: 'connect' }]);
  t.match(await state(), { status: 'on_call', currentCallId: callId });
  t.match((await admin('GET /api/calls/live')).body, {
    data: [
      { id: callId, status: 'in_progress', agentId: id, agentKind: 'human', destination: '+14155551234', campaignId, bridgedAt: String },
    ],
    pagination: { total: 1 },
  });
  t.match((await put('paused', 'lunch')).body.data, { status: 'on_call', nextStatus: 'paused' }, 'kept for later');
  t.match((await state()).nextStatus, 'paused');
  await end(callId);
  t.match(await state(), { status: 'paused', nextStatus: null, currentCallId: null });
  t.same((await admin('GET /api/calls/live')).body.data, []);
  t.match((await state()).stats, { totalCalls: 1, answeredCalls: 1, avgDuration: 60, successRate: 100 });

  await sql`update agents set state = 'wrap_up', wrap_up_until = now() + interval '1 hour' where id = ${id}`;
  t.match((await put('available')).body.data, { status: 'available' }, 'a wrap-up ends when its person says so');
  t.equal((await state()).wrapUpUntil, null);
  await put('offline', 'home');
  const history = await mine('GET /api/agents/me/states?limit=3');
  t.match(history.body, {
    data: [
      { status: 'offline', reason: 'home' },
      { status: 'available', reason: null },
      { status: 'paused', callId },
    ],
    pagination: { total: 6, hasNext: true },
  });

  await t.test('who is switched off or deleted gets no calls', async (t) => {
    await put('available');
    t.match((await admin(`PUT /api/agents/${id}`, { isActive: false, extension: '4321' })).body, {
      data: { isActive: false, status: 'offline', extension: '4321' },
      message: 'Agent updated successfully',
    });
    t.match(await put('available'), { status: 409 });
    await admin(`PUT /api/agents/${id}`, { isActive: true });
    await put('available');
    await sql`update users set is_active = false where id = ${ann.userId}`;
    await peopleTick(server.runtime);
    t.match((await admin(`GET /api/agents/${id}`)).body.data, { status: 'offline' }, 'nor who may not log in any more');

    t.match(await admin(`DELETE /api/agents/${id}`), { status: 409, body: { error: { message: new RegExp(`Campaign ${campaignId}`) } } });
    await sql`update campaigns set status = 'completed' where id = ${campaignId}`;
    t.same((await admin(`DELETE /api/agents/${id}`)).body, { success: true, message: 'Agent deleted successfully' });
    t.equal((await admin(`GET /api/agents/${id}`)).status, 404);
    t.equal((await admin(`DELETE /api/agents/${id}`)).status, 404);
  });
});

t.test('what people make of a call', async (t) => {
  const { server, account } = await open(t);
  const { as, admin, colleague, agentOf, campaign, lead, answer, end, sql, tenantId } = account;
  const [ann, bob] = [await colleague('agent'), await colleague('agent')];
  const id = await agentOf(ann);
  await as(ann)('PUT /api/agents/me/status', { status: 'available' });
  const campaignId = await campaign(id);
  const talk = async () => {
    const { id: contactId, phone } = await lead(campaignId);
    const [call] = await sql<Array<{ id: number }>>`
      with made as (
        insert into calls (tenant_id, agent_id, campaign_id, contact_id, to_number, status)
        values (${tenantId}, ${id}, ${campaignId}, ${contactId}, ${phone}, 'scheduled') returning id
      ), lined as (update contacts set dial_state = 'in_line', root_call_id = made.id from made where contacts.id = ${contactId})
      select id from made`;
    const callId = call?.id ?? 0;
    await answer(callId);
    return { callId, contactId, phone };
  };
  const dispose = (callId: number, body: object, who: Someone = ann) => as(who)(`POST /api/calls/${callId}/disposition`, body);

  const first = await talk();
  t.same((await dispose(first.callId, { disposition: 'interested' }, bob)).status, 403, 'somebody else’s call');
  const kept = await dispose(first.callId, { disposition: 'interested', note: 'wants a demo' });
  t.match(kept.body, { success: true, data: { id: first.callId, disposition: 'interested' }, message: 'Disposition saved successfully' });
  t.match(await sql`select disposition, metadata from calls where id = ${first.callId}`, [
    { disposition: 'interested', metadata: { note: 'wants a demo' } },
  ]);
  t.match(await sql`select status, dial_state from contacts where id = ${first.contactId}`, [
    { status: 'interested', dial_state: 'in_line' },
  ]);
  await end(first.callId);
  t.equal(
    (await admin(`POST /api/calls/${first.callId}/disposition`, { disposition: 'not_interested' })).status,
    200,
    'a manager, afterwards',
  );

  const second = await talk();
  t.equal((await dispose(second.callId, { disposition: 'do_not_call' })).status, 200);
  t.match(await sql`select phone, source from suppressions where call_id = ${second.callId}`, [{ phone: second.phone, source: 'agent' }]);
  await end(second.callId);

  const third = await talk();
  await end(third.callId);
  await sql`update contacts set dial_state = 'done', result = 'completed' where id = ${third.contactId}`;
  await sql`update campaigns set completed_contacts = 1, successful_contacts = 1 where id = ${campaignId}`;
  const later = new Date(Date.now() + 3_600_000);
  t.equal((await dispose(third.callId, { disposition: 'callback', callbackAt: later.toISOString() })).status, 200);
  t.match(await sql`select status, dial_state, result, next_attempt_at from contacts where id = ${third.contactId}`, [
    { status: 'callback', dial_state: 'waiting', result: null, next_attempt_at: later },
  ]);
  t.match(await sql`select completed_contacts as completed, successful_contacts as successful from campaigns where id = ${campaignId}`, [
    { completed: 0, successful: 0 },
  ]);

  const fourth = await talk();
  await end(fourth.callId);
  const [retry] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, contact_id, due_at)
    values (${tenantId}, ${id}, '+14155550000', 'scheduled', ${fourth.contactId}, now() + interval '10 minutes') returning id`;
  t.equal((await dispose(fourth.callId, { disposition: 'callback', callbackAt: later.toISOString() })).status, 200);
  t.match(await sql`select due_at, scheduled_for from calls where id = ${retry?.id ?? 0}`, [{ due_at: later, scheduled_for: later }]);
  t.match(
    await sql`select dial_state = 'waiting' as again from contacts where id = ${fourth.contactId}`,
    [{ again: false }],
    'the call that waits is put off; no second one beside it',
  );

  for (const body of [
    {},
    { disposition: 'great' },
    { disposition: 'callback', callbackAt: 'soon' },
    { disposition: 'callback', callbackAt: '2020-01-01T00:00:00Z' },
    { disposition: 'interested', callbackAt: later.toISOString() },
    { disposition: 'interested', colour: 'red' },
  ]) {
    t.equal((await dispose(third.callId, body)).status, 422, JSON.stringify(body));
  }
  const [waiting] = await sql<Array<{ id: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status) values (${tenantId}, ${id}, '+14155550000', 'scheduled') returning id`;
  t.equal((await dispose(waiting?.id ?? 0, { disposition: 'interested' })).status, 409, 'nobody has answered');
  const other = await openAccount(server);
  t.equal((await other.admin(`POST /api/calls/${first.callId}/disposition`, { disposition: 'interested' })).status, 404);
});

t.test('preview: looked at first, then dialed', async (t) => {
  const { server, account } = await open(t);
  const { as, admin, colleague, agentOf, campaign, lead, answer, end, sql, tenantId } = account;
  await sql`insert into phone_numbers (tenant_id, number) values (${tenantId}, '+15005550006')`;
  const [ann, bob] = [await colleague('agent'), await colleague('agent')];
  const [annId, bobId] = [await agentOf(ann), await agentOf(bob)];
  const campaignId = await campaign(annId, 'preview');
  await sql`insert into campaign_agents (tenant_id, campaign_id, agent_id) values (${tenantId}, ${campaignId}, ${bobId})`;
  const [first, second] = [await lead(campaignId), await lead(campaignId)];
  await sql`update contacts set next_attempt_at = now() - interval '1 minute' where id = ${first.id}`;
  const next = (who: Someone) => as(who)('POST /api/agents/me/next-lead');

  t.match((await next(ann)).body, {
    success: true,
    data: { id: first.id, campaignId, phoneNumber: first.phone, name: 'Lea', reservedUntil: String },
  });
  t.match((await next(ann)).body.data, { id: first.id }, 'asked again: the same');
  t.match((await next(bob)).body.data, { id: second.id }, 'nobody else gets it');
  t.equal((await as(bob)(`POST /api/leads/${first.id}/dial`)).status, 409, 'nor dials it');
  t.equal((await admin('POST /api/agents/me/next-lead')).status, 404, 'who is no agent');
  t.match(await as(ann)(`POST /api/leads/${first.id}/dial`), { status: 409 }, 'who has not signed in');
  t.match(await sql`select dial_state from contacts where id = ${first.id}`, [{ dial_state: 'waiting' }], 'changes nothing');

  await as(ann)('PUT /api/agents/me/status', { status: 'available' });
  const dialed = await as(ann)(`POST /api/leads/${first.id}/dial`);
  t.match(dialed.body, { success: true, data: { callId: Number }, message: 'Call started' });
  const { callId } = dialed.body.data;
  t.match((await as(ann)('GET /api/agents/me')).body.data, { status: 'on_call', currentCallId: callId });
  t.match(await sql`select agent_id, status, contact_id from calls where id = ${callId}`, [
    { agent_id: annId, status: 'scheduled', contact_id: first.id },
  ]);
  t.equal((await as(ann)(`POST /api/leads/${first.id}/dial`)).status, 409, 'not twice');
  await as(bob)('PUT /api/agents/me/status', { status: 'available' });
  t.match(await answer(callId), [{ do: 'connect', bridge: 1 }]);
  t.match((await as(bob)('GET /api/agents/me')).body.data, { status: 'available' }, 'whoever asked for it gets it');
  await end(callId);
  t.match((await as(ann)('GET /api/agents/me')).body.data, { status: 'available' });
  t.match((await as(ann)('GET /api/agents/me/states')).body.data, [
    { status: 'available' },
    { status: 'on_call', reason: 'preview', callId },
    {},
    {},
  ]);

  t.same((await as(bob)(`POST /api/leads/${second.id}/skip`)).body, { success: true, message: 'Lead skipped' });
  t.equal((await as(bob)(`POST /api/leads/${second.id}/skip`)).status, 409);
  t.equal((await next(bob)).status, 404, 'its turn comes later');
  const other = await openAccount(server);
  t.equal((await other.admin(`POST /api/leads/${second.id}/skip`)).status, 404);

  await t.test('what may not be dialed now is not, and says why', async (t) => {
    await sql`update contacts set next_attempt_at = now() where id = ${second.id}`;
    t.match((await next(bob)).body.data, { id: second.id });
    await sql`update campaigns set status = 'paused' where id = ${campaignId}`;
    t.match(await as(bob)(`POST /api/leads/${second.id}/dial`), {
      status: 409,
      body: { error: { code: 'CONFLICT', message: /^Not dialed: .*campaign/ } },
    });
    t.match((await as(bob)('GET /api/agents/me')).body.data, { status: 'available', currentCallId: null });
    t.match(await sql`select dial_state, reserved_by from contacts where id = ${second.id}`, [
      { dial_state: 'waiting', reserved_by: bobId },
    ]);
    t.match(await sql`select count(*) from calls where contact_id = ${second.id}`, [{ count: 0 }]);

    const keyed = { headers: { ...bob.headers, 'idempotency-key': 'dial' } };
    const refused = await ask(server.app, `POST /api/leads/${second.id}/dial`, keyed);
    t.match(refused, { status: 409, body: { error: { message: /^Not dialed: / } } });
    // the server died after it had taken the call back, before it answered
    await sql`update idempotency_keys set response_status = null, response_headers = null, response_body = null, leased_until = now() where key = 'dial'`;
    const again = await ask(server.app, `POST /api/leads/${second.id}/dial`, keyed);
    t.match(
      again,
      { status: 409, body: { error: { code: 'CONFLICT', message: /^Not dialed: / } } },
      'a call that was taken back is no success',
    );
    t.match(await sql`select count(*) from calls where contact_id = ${second.id}`, [{ count: 0 }]);
    await sql`update campaigns set status = 'active' where id = ${campaignId}`;
    await sql`update contacts set status = 'do_not_call', reserved_until = now() where id = ${second.id}`;
    t.equal((await next(bob)).status, 404);
    t.match(await sql`select dial_state, result from contacts where id = ${second.id}`, [{ dial_state: 'done', result: 'do_not_call' }]);
  });
  t.same(
    await continueTalk(server.runtime, { callId, token: TOKEN, carrierCallId: `CA${callId}` }, 1, { speech: 'Hello', digits: undefined }),
    [{ do: 'hangup' }],
  );
});
