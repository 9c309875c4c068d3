import t from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { AGENT, ask, PASSWORD, signUp, startServer } from './helper.ts';

const Q4 = {
  name: 'Q4 Sales Campaign',
  description: 'End of year sales push',
  settings: { dialingMode: 'auto', callDelay: 5, maxAttempts: 3 },
};

async function caller(app: App) {
  const { headers, email } = await signUp(app);
  const agent = (await ask(app, 'POST /api/v1/agents', { headers, payload: AGENT })).body.data;
  const as = (what: string, payload?: unknown) => ask(app, what, { headers, payload });
  return { email, as, agentId: Number(String(agent._id).slice('agent_'.length)) };
}

t.test('campaigns of both documents', async (t) => {
  const { app, runtime } = await startServer(t);
  const { as, agentId, email } = await caller(app);
  const made = await as('POST /api/campaigns', { ...Q4, agentId });
  const id: number = made.body.data.id;

  await t.test('dialer: the documented examples', async (t) => {
    t.equal(made.status, 201);
    t.match(made.body, {
      success: true,
      data: { id: Number, name: Q4.name, status: 'active', agentId },
      message: 'Campaign created successfully',
    });
    const one = await as(`GET /api/campaigns/${id}`);
    t.match(one.body.data, { ...Q4, agentName: AGENT.name, totalLeads: 0, completedLeads: 0, successRate: 0 });
    t.match((await as(`GET /api/campaigns/campaign_${id}`)).status, 200);
    const changed = await as(`PUT /api/campaigns/${id}`, {
      name: 'Q4 Sales Campaign - Updated',
      status: 'paused',
      settings: { callDelay: 10 },
    });
    t.match(changed, {
      status: 200,
      body: { data: { name: 'Q4 Sales Campaign - Updated', status: 'paused' }, message: 'Campaign updated successfully' },
    });
    t.match(changed.body.data.settings, { callDelay: 10, maxAttempts: 3 }, 'what was not named stays');
    const list = await as(`GET /api/campaigns?status=paused&agentId=${agentId}`);
    t.match(list.body, { data: [{ id, status: 'paused' }], pagination: { page: 1, limit: 20, total: 1, totalPages: 1 } });
    t.match((await as('GET /api/campaigns?status=active')).body.data, []);
  });

  await t.test('what is wrong is named', async (t) => {
    for (const [payload, field] of [
      [{ ...Q4 }, 'agentId'],
      [{ ...Q4, agentId: 999_999 }, 'agentId'],
      [{ ...Q4, agentId, name: ' ' }, 'name'],
      [{ ...Q4, agentId, settings: { maxAttempts: 0 } }, 'settings.maxAttempts'],
      [{ ...Q4, agentId, settings: { dialingMode: 'loud' } }, 'settings.dialingMode'],
      [{ ...Q4, agentId, flowId: 999_999 }, 'flowId'],
      [{ ...Q4, agentId, schedule: { timezone: 'Mars/Base' } }, 'schedule.timezone'],
      [{ ...Q4, agentId, schedule: { startDate: 'soon' } }, 'schedule.startDate'],
      [{ ...Q4, agentId, schedule: { workingHours: { start: '09:00', end: '09:00' } } }, 'schedule.workingHours.end'],
      [{ ...Q4, agentId, schedule: { startDate: '2030-01-02', endDate: '2030-01-01T00:00:00Z' } }, 'startDate'],
    ] as const) {
      const { status, body } = await as('POST /api/campaigns', payload);
      t.equal(status, 422, field);
      t.ok(body.error.details[field], `${field}: ${JSON.stringify(body.error.details)}`);
    }
    t.match(await as(`PUT /api/campaigns/${id}`, { status: 'draft' }), { status: 409, body: { error: { code: 'CONFLICT' } } });
    t.equal((await as('GET /api/campaigns?agentId=nobody')).status, 400);
    t.equal((await as('GET /api/campaigns/0')).status, 404);
  });

  await t.test('people of a campaign', async (t) => {
    const [person] = await runtime.db.sql<Array<{ id: number }>>`
      insert into agents (tenant_id, kind, name, user_id) select tenant_id, 'human', 'Jane', id from users limit 1 returning id`;
    const set = await as(`PUT /api/campaigns/${id}/agents`, { agentIds: [person?.id] });
    t.match(set, { status: 200, body: { data: { campaignId: id, agentIds: [agentId, person?.id] } } });
    t.match((await as(`GET /api/campaigns?agentId=agent_${person?.id}`)).body.data, [{ id }], 'found by who works for it');
    t.match((await as(`PUT /api/campaigns/${id}/agents`, { agentIds: [`agent_${person?.id}`] })).body.data, {
      agentIds: [agentId, person?.id],
    });
    t.same((await as(`PUT /api/campaigns/${id}/agents`, { agentIds: [] })).body.data.agentIds, [agentId], 'its own agent stays');
    t.match(await as(`PUT /api/campaigns/${id}`, { agentId: `agent_${agentId}` }), { status: 200, body: { data: { agentId } } });
    t.match(await as(`PUT /api/campaigns/${id}/agents`, { agentIds: [999_999] }), {
      status: 422,
      body: { error: { details: { agentIds: /999999/ } } },
    });
    t.equal((await as(`PUT /api/campaigns/${id}/agents`, { agentIds: [], more: 1 })).status, 422);
  });

  await t.test('a look ahead and a look at it', async (t) => {
    t.match(await as(`GET /api/campaigns/${id}/preflight`), {
      status: 200,
      body: {
        data: {
          waiting: 0,
          looked: 0,
          skipped: { suppressed: 0 },
          obstacles: ['it is paused'],
          forecast: { dials: 0, basis: { measured: false } },
        },
      },
    });
    t.match(await as(`GET /api/campaigns/${id}/progress`), {
      status: 200,
      body: { data: { id, leads: { waiting: 0, inLine: 0, completed: 0 }, calls: { live: 0 }, dials: { total: 0 } } },
    });
  });

  await t.test('omnivox: the same campaigns in its own words', async (t) => {
    const payload = {
      name: 'Survey 100%',
      description: 'Autumn',
      type: 'PREDICTIVE',
      settings: { dialRatio: 1.5, maxRetries: 3, retryInterval: 30 },
      scheduleConfig: {
        startDate: '2030-01-01T00:00:00Z',
        endDate: '2030-02-01',
        timezone: 'Asia/Kolkata',
        workingHours: { start: '09:00', end: '17:30' },
      },
    };
    const { status, body } = await as('POST /api/v1/campaigns', payload);
    t.equal(status, 201);
    t.match(body.data, { id: /^campaign_\d+$/, ...payload, status: 'DRAFT', scheduleConfig: { endDate: '2030-02-01T18:30:00.000Z' } });
    t.match((await as(`GET /api/campaigns/${body.data.id}`)).body.data, {
      status: 'draft',
      agentId: null,
      settings: { dialingMode: 'predictive', maxAttempts: 4, retryInterval: 30 },
    });
    const started = await as(`PUT /api/v1/campaigns/${body.data.id}`, { status: 'ACTIVE' });
    t.match(started.body.data, { status: 'ACTIVE', agentId: `agent_${agentId}` }, 'it takes the account’s AI agent');
    t.match((await as('GET /api/v1/campaigns?search=100%25&status=ACTIVE&type=PREDICTIVE')).body, {
      data: [{ name: 'Survey 100%' }],
      pagination: { page: 1, limit: 50, total: 1, hasNext: false, hasPrev: false },
    });
    t.match((await as('GET /api/v1/campaigns?search=autumn')).body.data.length, 1, 'in the description too');
    t.equal((await as(`PUT /api/v1/campaigns/${body.data.id}`, { unknown: 1 })).status, 422);
    t.equal((await as(`DELETE /api/v1/campaigns/${body.data.id}`)).status, 204);
    t.match(await as(`GET /api/v1/campaigns/${body.data.id}`), { status: 404, body: { error: { code: 'RESOURCE_NOT_FOUND' } } });
  });

  await t.test('read on by cursor', async (t) => {
    for (let n = 0; n < 4; n++) await as('POST /api/v1/campaigns', { name: `Campaign ${n}` });
    const names: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await as(`GET /api/v1/campaigns?limit=2${cursor && `&cursor=${cursor}`}`);
      names.push(...(body.data as Array<{ name: string }>).map((row) => row.name));
      cursor = body.pagination.nextCursor ?? '';
      if (!cursor) break;
    }
    t.same(names, ['Campaign 3', 'Campaign 2', 'Campaign 1', 'Campaign 0', 'Q4 Sales Campaign - Updated']);
  });

  await t.test('an account without an AI agent is told so', async (t) => {
    const { headers } = await signUp(app);
    const answer = await ask(app, 'POST /api/v1/campaigns', { headers, payload: { name: 'Nobody talks', status: 'ACTIVE' } });
    t.match(answer, { status: 409, body: { error: { message: /create an agent first/ } } });
    t.equal((await ask(app, 'POST /api/v1/campaigns', { headers, payload: { name: 'Nobody talks' } })).status, 201, 'a draft needs none');
  });

  await t.test('roles and strangers', async (t) => {
    const stranger = await caller(app);
    for (const what of [
      `GET /api/campaigns/${id}`,
      `GET /api/campaigns/${id}/preflight`,
      `GET /api/campaigns/${id}/progress`,
      `DELETE /api/campaigns/${id}`,
    ]) {
      t.equal((await stranger.as(what)).status, 404, what);
    }
    t.equal((await stranger.as(`PUT /api/campaigns/${id}`, { name: 'Mine' })).status, 404);
    t.equal((await stranger.as('POST /api/campaigns', { ...Q4, agentId })).status, 422, 'nor may their agent be used');
  });

  await t.test('deleted', async (t) => {
    const gone = await as(`DELETE /api/campaigns/${id}`);
    t.match(gone, { status: 204, body: '' });
    t.equal((await as(`GET /api/campaigns/${id}`)).status, 404);
    t.equal((await as(`DELETE /api/campaigns/${id}`)).status, 404);
  });

  await t.test('who only talks changes nothing', async (t) => {
    const { id: other } = (await as('POST /api/campaigns', { ...Q4, agentId })).body.data as { id: number };
    await runtime.db.sql`update users set role = 'agent' where tenant_id = (select tenant_id from campaigns where id = ${other})`;
    const { body } = await ask(app, 'POST /api/v1/auth/login', { payload: { email, password: PASSWORD } });
    const talker = (what: string, payload?: unknown) =>
      ask(app, what, { headers: { authorization: `Bearer ${body.data.token}` }, payload });
    t.equal((await talker(`PUT /api/campaigns/${other}`, { name: 'x' })).status, 403);
    t.equal((await talker('POST /api/campaigns', {})).status, 403, 'before the body is looked at');
    t.equal((await talker(`DELETE /api/campaigns/${other}`)).status, 403);
    t.equal((await talker(`GET /api/campaigns/${other}`)).status, 200, 'but reads');
  });
});
