/** What an owner sees: profile, agents, campaigns, masked numbers, and who may look at all. */
import t, { type Test } from 'tap';
import { openKeep } from '../../service/dashboard-cache.ts';
import { AGENT, ask, PASSWORD, signUp, startServer } from './helper.ts';

/** An owner with a browser, and the same person with a token. */
async function owner(t: Test, environment: Record<string, string> = {}) {
  const { app, runtime } = await startServer(t, environment);
  const person = async () => {
    const { email, headers, cookies } = await signUp(app);
    const [user] = await runtime.db.sql<Array<{ id: number; tenantId: number }>>`
      select id, tenant_id as "tenantId" from users where email = ${email}`;
    return { email, bearer: headers, cookie: { cookie: `session=${cookies.session}` }, id: user?.id ?? 0, tenantId: user?.tenantId ?? 0 };
  };
  const me = await person();
  const get = (path: string, headers: Record<string, string> = me.cookie) => ask(app, `GET /api/v1${path}`, { headers });
  return { app, runtime, sql: runtime.db.sql, person, me, get };
}

const PATHS = [
  '/me',
  '/agents',
  '/call-logs',
  '/call-logs/sess_1',
  '/call-logs/sess_1/recording',
  '/campaigns',
  '/campaigns/1',
  '/campaigns/1/info',
];
const PHONE_PATHS = ['/phones', '/phones/phone_1'];

t.test('only owners and admins of the account, only with the session cookie', async (t) => {
  const { app, sql, me, get } = await owner(t);
  for (const path of [...PATHS, ...PHONE_PATHS]) {
    const asDashboard = { 'x-api-surface': 'dashboard' };
    t.match(
      await get(path, asDashboard),
      { status: 401, body: { error: String, code: 'UNAUTHORIZED' }, headers: { 'cache-control': 'private, no-store' } },
      `${path} without a cookie`,
    );
    t.match(await get(path, { ...me.bearer, ...asDashboard }), { status: 401 }, `${path} with a token alone`);
    t.match(await get(path, { cookie: 'session=nonsense' }), { status: 401, body: { code: 'UNAUTHORIZED' } }, `${path} with a bad cookie`);
    t.match((await get(path)).headers['cache-control'], /^private/, `${path} is nobody else's`);
  }
  for (const [role, status] of [
    ['admin', 200],
    ['manager', 403],
    ['agent', 403],
  ] as const) {
    await sql`update users set role = ${role} where id = ${me.id}`;
    const login = await app.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { email: me.email, password: PASSWORD } });
    const cookie = `session=${login.cookies.find(({ name }) => name === 'session')?.value}`;
    for (const path of ['/me', '/agents', '/call-logs', '/campaigns', '/phones']) {
      const answer = await get(path, { cookie });
      t.equal(answer.status, status, `${path} for ${role}`);
      if (status === 403) t.match(answer.body, { error: String, code: 'FORBIDDEN' });
    }
  }
  for (const method of ['POST', 'PUT', 'DELETE'] as const)
    t.not((await ask(app, `${method} /api/v1/call-logs`, { headers: me.cookie })).status, 200, 'there is nothing to change');
});

t.test('a hundred requests in a quarter of an hour', async (t) => {
  const { get } = await owner(t, { RATE_LIMIT_FACTOR: '0.05' });
  for (let request = 0; request < 5; request++) t.equal((await get('/me')).status, 200);
  const { status, body, headers } = await get('/agents');
  t.match({ status, body }, { status: 429, body: { error: String, code: 'RATE_LIMITED', retryAfter: Number } });
  t.equal(headers['retry-after'], String(body.retryAfter));
  t.ok(body.retryAfter > 800 && body.retryAfter <= 900);
});

t.test('the profile, with what the ledger says', async (t) => {
  const { sql, me, get, person } = await owner(t);
  await sql`update credit_accounts set balance = 1000.5, used = 150.25, auto_refill = true where tenant_id = ${me.tenantId}`;
  const { status, body, headers } = await get('/me');
  t.equal(status, 200);
  t.same(body, {
    user: { id: `user_${me.id}`, email: me.email, name: 'John Doe', role: 'user', tenant_role: 'owner' },
    billing: { credit: 1000.5, used_credit: 150.25, auto_refill: true },
  });
  t.match(headers, { 'cache-control': /^private, max-age=1[45]$/, 'x-cache': 'MISS', vary: /Cookie/ });
  await sql`update credit_accounts set balance = 1 where tenant_id = ${me.tenantId}`;
  t.match(await get('/me'), { body: { billing: { credit: 1000.5 } }, headers: { 'x-cache': 'HIT' } }, 'up to 15 seconds old');
  const other = await person();
  t.match(await get('/me', other.cookie), { body: { user: { email: other.email } }, headers: { 'x-cache': 'MISS' } }, 'each their own');
  await sql`delete from credit_accounts where tenant_id = ${other.tenantId}`;
  t.match((await get('/me', (await person()).cookie)).body.billing, { used_credit: 0 });
});

t.test('agents, campaigns: pages, search, what others have', async (t) => {
  const { app, sql, me, get, person } = await owner(t);
  for (const name of ['Voice Agent Alpha', 'Voice Agent Beta', '100% human_like'])
    await ask(app, 'POST /api/v1/agents', { headers: me.bearer, payload: { ...AGENT, name } });
  await sql`insert into agents (tenant_id, kind, name, user_id) values (${me.tenantId}, 'human', 'Voice of a person', ${me.id})`;
  await sql`update agents set voice_label = 'Professional Female' where name = 'Voice Agent Alpha'`;
  const first = await get('/agents?page=1&pageSize=2');
  t.match(first, { status: 200, body: { total: 3, page: 1, pageSize: 2, totalPages: 2 }, headers: { 'cache-control': /max-age=4[45]$/ } });
  t.same(
    (first.body.items as Array<{ name: string }>).map(({ name }) => name),
    ['100% human_like', 'Voice Agent Beta'],
  );
  const found = await get('/agents?search=voice&pageSize=25');
  t.match(found.body, {
    total: 2,
    totalPages: 1,
    items: [{ voice_label: 'Rachel' }, { id: /^agent_\d+$/, voice_label: 'Professional Female', language: 'en-US', created_at: /Z$/ }],
  });
  for (const [search, total] of [
    ['%25', 1],
    ['_like', 1],
    ['%5C', 0],
    ['ALPHA', 1],
    ['', 3],
  ] as const)
    t.equal((await get(`/agents?search=${search}`)).body.total, total, `search=${search}`);
  t.equal((await get('/agents?page=9')).body.items.length, 0);

  const campaign = async (name: string, status: string, description = '') =>
    (await ask(app, 'POST /api/v1/campaigns', { headers: me.bearer, payload: { name, type: 'OUTBOUND', status, description } })).body.data
      .id as string;
  const active = await campaign('Q1 Sales Campaign', 'ACTIVE', 'Outbound sales campaign for Q1');
  await campaign('Draft', 'DRAFT', 'sales');
  const rejected = await campaign('Rejected', 'ACTIVE');
  await campaign('Done', 'ACTIVE');
  await sql`update campaigns set status = 'completed' where name = 'Done'`;
  await sql`update campaigns set approval = 'rejected' where name = 'Rejected'`;
  await sql`update campaigns set target_audience = 'Enterprise customers', max_attempts = 4 where name like 'Q1%'`;
  await sql`
    insert into campaign_days (campaign_id, day, dials, completed)
    select id, day, 500, 425 from campaigns, unnest(array['2024-01-01', '2024-01-02']::date[]) day where name like 'Q1%'`;
  const list = await get('/campaigns');
  t.same(
    (list.body.items as Array<{ name: string; status: string }>).map((one) => [one.name, one.status]),
    [
      ['Done', 'completed'],
      ['Rejected', 'inactive'],
      ['Draft', 'inactive'],
      ['Q1 Sales Campaign', 'active'],
    ],
  );
  t.match((await get('/campaigns?search=sales')).body, { total: 1, items: [{ id: active }] }, 'the name alone is searched');
  t.match((await get(`/campaigns/${active}`)).body, {
    id: active,
    name: 'Q1 Sales Campaign',
    status: 'active',
    description: 'Outbound sales campaign for Q1',
    target_audience: 'Enterprise customers',
    call_volume: 1000,
  });
  t.same((await get(`/campaigns/${active.slice('campaign_'.length)}/info`)).body, {
    id: active,
    metrics: { total_calls: 1000, completed_calls: 850, success_rate: 0.85 },
    settings: { max_retries: 3, call_timeout: 30 },
  });
  t.match((await get(`/campaigns/${rejected}/info`)).body.metrics, { total_calls: 0, success_rate: 0 });

  const stranger = (await person()).cookie;
  for (const path of [`/campaigns/${active}`, `/campaigns/${active}/info`])
    t.match(await get(path, stranger), { status: 404, body: { code: 'NOT_FOUND' } });
  for (const path of ['/agents', '/campaigns', '/phones'])
    t.match((await get(path, stranger)).body, { items: [], total: 0, totalPages: 0 });
  for (const [query, field] of [
    ['page=0', 'page'],
    ['page=x', 'page'],
    ['pageSize=101', 'pageSize'],
    ['pageSize=0', 'pageSize'],
    ['page=100000&pageSize=100', 'page'],
    [`search=${'x'.repeat(201)}`, 'search'],
  ] as const) {
    for (const path of ['/agents', '/campaigns', '/phones'])
      t.match(
        await get(`${path}?${query}`),
        { status: 400, body: { error: new RegExp(`^${field} `), code: 'VALIDATION_ERROR' } },
        `${path}?${query.slice(0, 30)}`,
      );
  }
});

t.test('numbers are masked; a mask that fits two is nobody’s', async (t) => {
  const { app, sql, me, get, person } = await owner(t);
  const add = async (phoneNumber: string) =>
    (await ask(app, 'POST /api/v1/phones', { headers: me.bearer, payload: { phoneNumber } })).body.data._id as string;
  const [newYork, seattle, delhi] = [await add('+12125550145'), await add('+12065550145'), await add('+919876543212')];
  await sql`update phone_numbers set tags = array['sales', 'primary'], meta = '{"secret": "+12125550145"}', is_active = false where number = '+12125550145'`;
  const list = await get('/phones');
  t.notMatch(JSON.stringify(list.body), /2125550145|2065550145|9876543212/);
  t.match(list.body, {
    total: 3,
    items: [
      { id: '+91*** **12', handle: delhi, agent_id: null, status: 'active', tags: [], created_at: /Z$/ },
      { id: '+1*** **45', handle: seattle },
      { id: '+1*** **45', handle: newYork, status: 'inactive', tags: ['sales', 'primary'] },
    ],
  });
  const mask = encodeURIComponent('+1*** **45');
  const ambiguous = await get(`/phones/${mask}`);
  t.match(ambiguous, { status: 409, body: { error: String, code: 'AMBIGUOUS_PHONE', handles: [newYork, seattle] } });
  const { status, body } = await get(`/phones/${newYork}`);
  t.equal(status, 200);
  t.match(body, { id: '+1*** **45', handle: newYork, tags: ['sales', 'primary'] });
  t.same(body.meta, { region: 'US', timezone: 'America/New_York' });
  t.match((await get(`/phones/${encodeURIComponent('+91*** **12')}`)).body, {
    handle: delhi,
    meta: { region: 'IN', timezone: 'Asia/Kolkata' },
  });
  t.equal((await get(`/phones/${newYork.slice('phone_'.length)}`)).status, 200);
  await sql`delete from phone_numbers where number = '+12065550145'`;
  t.match(await get(`/phones/${mask}`), { status: 200, body: { handle: newYork } }, 'once it is the only one, the mask will do');
  for (const unknown of ['+1*** **46', '+44*** **45', '+12125550145', 'phone_999999', 'agent_1', 'x', '%', '+1%'])
    t.match(await get(`/phones/${encodeURIComponent(unknown)}`), { status: 404, body: { code: 'NOT_FOUND' } }, unknown);
  t.match(await get('/phones/%00'), { status: 400, body: { code: 'VALIDATION_ERROR' } });
  const stranger = (await person()).cookie;
  for (const path of [mask, newYork]) t.equal((await get(`/phones/${path}`, stranger)).status, 404, 'somebody else’s');
  for (const [search, total] of [
    [mask, 1],
    ['+1***+**45', 1],
    ['%2B91', 1],
    ['+91', 1],
    ['**45', 1],
    ['SALES', 1],
    ['prim', 1],
    ['%2B12125550145', 1],
    ['+12125550145', 1],
    ['%2B1%20%28212%29%20555-0145', 1],
    ['%28212%29%20555%200145', 1],
    ['2125550145', 1],
    ['1', 2],
    ['4', 1],
    ['', 2],
    ['abc', 0],
    ['%25', 0],
    ['_', 0],
    ['0', 0],
  ] as const)
    t.equal((await get(`/phones?search=${search}`)).body.total, total, `search=${search}`);
  const number = '+12125550145';
  for (let from = 0; from < number.length; from++) {
    for (let to = from + 3; to <= number.length; to++) {
      const part = number.slice(from, to);
      if (part === number || `+${part}` === number || `+1${part}` === number) continue;
      t.equal((await get(`/phones?search=${encodeURIComponent(part)}`)).body.total, 0, `${part} is hidden`);
    }
  }
});

t.test('an answer is kept for its time, and no longer', async (t) => {
  let nowMs = 0;
  let loads = 0;
  const keep = openKeep<number>(30_000, () => nowMs);
  const load = async () => ++loads;
  t.same(await keep('a', load), { value: 1, leftMs: 30_000, isHit: false });
  nowMs = 29_999;
  t.same(await keep('a', load), { value: 1, leftMs: 1, isHit: true });
  t.match(await keep('b', load), { value: 2, isHit: false }, 'another question');
  nowMs = 30_000;
  t.match(await keep('a', load), { value: 3, isHit: false });
  const both = await Promise.all([keep('c', load), keep('c', load)]);
  t.match(
    both,
    [
      { value: 4, isHit: false },
      { value: 4, isHit: true },
    ],
    'asked at once, loaded once',
  );
  await t.rejects(
    keep('d', () => Promise.reject(new Error('away'))),
    /away/,
  );
  t.match(await keep('d', load), { value: 5, isHit: false }, 'a failure is not kept');
  for (let more = 0; more < 500; more++) await keep(`more ${more}`, load);
  const known = loads;
  await keep('more 499', load);
  t.equal(loads, known);
  t.match(await keep('a', load), { isHit: false }, 'the oldest made room');
});
