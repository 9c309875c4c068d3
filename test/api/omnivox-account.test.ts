import t from 'tap';
import { createUser } from '../../service/users.ts';
import { joinName, nameOfEmail, splitName } from '../../core/person-name.ts';
import type { App } from '../../api/plugin/app.ts';
import { openAuth, authenticate } from '../../service/sessions.ts';
import type { Runtime } from '../../service/runtime.ts';
import { ask, PASSWORD, startServer } from './helper.ts';

const DAY_SECONDS = 24 * 60 * 60;
let people = 0;

async function register(app: App, email = `person${++people}@example.com`) {
  const { status, body } = await ask(app, 'POST /auth/register', { payload: { email, password: PASSWORD } });
  if (status !== 201) throw new Error(`register: ${status} ${JSON.stringify(body)}`);
  const { accessToken, refreshToken, user } = body.data;
  return { email, id: user.id as string, refreshToken: refreshToken as string, headers: { authorization: `Bearer ${accessToken}` } };
}

/** A colleague of somebody, logged in. */
async function colleague(app: App, runtime: Runtime, owner: { headers: { authorization: string } }, role: 'admin' | 'manager' | 'agent') {
  const auth = await openAuth(runtime);
  try {
    const who = await authenticate(auth, owner.headers.authorization.slice(7));
    const email = `${role}${++people}@example.com`;
    const user = await createUser(auth, who, { email, password: PASSWORD, name: `${role} Smith`, role });
    const { body } = await ask(app, 'POST /auth/login', { payload: { email, password: PASSWORD } });
    return { id: `user_${user.id}`, email, headers: { authorization: `Bearer ${body.data.accessToken}` } };
  } finally {
    await auth.close();
  }
}

t.test('log-in and register answer the documented tokens; the quick start works as written', async (t) => {
  const { app, runtime } = await startServer(t);
  const credentials = { email: 'your.name+x@email.com', password: 'secure_password' };
  const registered = await ask(app, 'POST /auth/register', { payload: credentials });
  t.match(registered, { status: 201, body: { success: true, data: { accessToken: String, refreshToken: String, expiresIn: 3600 } } });
  const { status, body, headers } = await ask(app, 'POST /auth/login', { payload: credentials });
  t.equal(status, 200);
  t.strictSame(Object.keys(body), ['success', 'data']);
  t.match(body.data, { expiresIn: 3600, user: { id: /^user_\d+$/, email: credentials.email, role: 'owner' } });
  t.match(headers, { 'x-response-time': /^\d+ms$/ });
  const claims = JSON.parse(Buffer.from(String(body.data.accessToken).split('.')[1] ?? '', 'base64url').toString());
  t.ok(Math.abs(claims.exp - Date.now() / 1000 - 3600) < 60, 'the access token lives an hour');
  const [session] = await runtime.db.sql<Array<{ seconds: number }>>`
    select extract(epoch from expires_at - created_at)::float8 as seconds from auth_sessions order by id desc limit 1`;
  t.ok(Math.abs((session?.seconds ?? 0) - 30 * DAY_SECONDS) < 60, 'the refresh token 30 days');
  t.match(await ask(app, 'GET /api/v1/users/profile', { headers: { authorization: `Bearer ${body.data.accessToken}` } }), {
    status: 200,
    body: {
      data: {
        email: credentials.email,
        firstName: 'Your',
        lastName: 'Name',
        role: 'owner',
        phone: null,
        createdAt: /Z$/,
        lastLoginAt: /Z$/,
      },
    },
  });
});

t.test('what is wrong with a log-in or a sign-up is said by field and code', async (t) => {
  const { app } = await startServer(t);
  const { email } = await register(app);
  const post = (path: string, payload: unknown) => ask(app, `POST ${path}`, { payload });
  for (const login of [
    { email, password: 'wrong' },
    { email: 'nobody@example.com', password: PASSWORD },
  ]) {
    t.match(await post('/auth/login', login), { status: 401, body: { success: false, error: { code: 'AUTH_INVALID' }, timestamp: /Z$/ } });
  }
  t.match(await post('/auth/login', { email }), {
    status: 422,
    body: { error: { code: 'VALIDATION_ERROR', details: { password: 'is required' } } },
  });
  t.match(await post('/auth/register', { email: 'no address', password: 'short' }), {
    status: 422,
    body: { error: { code: 'VALIDATION_ERROR', details: { email: 'is not an e-mail address', password: /8 characters/ } } },
  });
  t.match(await post('/auth/register', { email, password: PASSWORD }), { status: 409, body: { error: { code: 'RESOURCE_CONFLICT' } } });
  t.match(await post('/auth/refresh', {}), { status: 422, body: { error: { details: { refreshToken: 'is required' } } } });
  t.match(await post('/auth/refresh', { refreshToken: 'invented' }), { status: 401, body: { error: { code: 'AUTH_INVALID' } } });
  const profile = (headers: Record<string, string>) => ask(app, 'GET /api/v1/users/profile', { headers });
  t.match(await profile({}), { status: 401, body: { error: { code: 'AUTH_REQUIRED' } }, headers: { 'x-response-time': /ms$/ } });
  t.match(await profile({ authorization: 'YOUR_TOKEN' }), { status: 401, body: { error: { code: 'AUTH_REQUIRED' } } });
  t.match(await profile({ authorization: 'Bearer forged' }), { status: 401, body: { error: { code: 'AUTH_INVALID' } } });
});

t.test('refresh rotates, reuse kills the family, log-out and expiry end it', async (t) => {
  const { app, runtime } = await startServer(t);
  const refresh = (refreshToken: string) => ask(app, 'POST /auth/refresh', { payload: { refreshToken } });
  const profile = (accessToken: string) => ask(app, 'GET /api/v1/users/profile', { headers: { authorization: `Bearer ${accessToken}` } });
  const first = await register(app);
  const second = (await refresh(first.refreshToken)).body.data;
  t.match(second, { accessToken: String, refreshToken: String, expiresIn: 3600 });
  t.not(second.refreshToken, first.refreshToken);
  t.equal((await profile(second.accessToken)).status, 200);
  t.match(await refresh(first.refreshToken), { status: 401, body: { error: { code: 'AUTH_INVALID' } } }, 'a spent one comes back');
  t.match(await profile(second.accessToken), { status: 401, body: { error: { code: 'AUTH_INVALID' } } }, 'its family is dead');
  t.equal((await refresh(second.refreshToken)).status, 401);

  const other = await register(app);
  t.match(await ask(app, 'POST /auth/logout', { headers: other.headers }), { status: 200, body: { success: true, message: String } });
  t.equal((await ask(app, 'GET /api/v1/users/profile', { headers: other.headers })).status, 401);
  t.equal((await refresh(other.refreshToken)).status, 401);
  t.match(await ask(app, 'POST /auth/logout'), { status: 401, body: { error: { code: 'AUTH_REQUIRED' } } });

  const late = await register(app);
  await runtime.db.sql`update auth_sessions set expires_at = now() - interval '1 second'`;
  await runtime.db.sql`update refresh_tokens set expires_at = now() - interval '1 second'`;
  t.match(await refresh(late.refreshToken), { status: 401, body: { error: { code: 'AUTH_EXPIRED' } } });
});

t.test('the profile: what is named changes, the name follows, nothing else', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers } = await register(app);
  const put = (payload: unknown) => ask(app, 'PUT /api/v1/users/profile', { headers, payload });
  t.match(await put({ firstName: 'Jane', lastName: 'van Dyck', phone: '+1 (415) 555-0100', role: 'owner', isActive: false }), {
    status: 200,
    body: { success: true, data: { firstName: 'Jane', lastName: 'van Dyck', phone: '+14155550100' } },
  });
  t.match((await put({ lastName: 'Doe' })).body.data, { firstName: 'Jane', lastName: 'Doe', phone: '+14155550100' });
  t.match((await ask(app, 'GET /api/v1/me/whoami', { headers })).body, { user: { name: 'Jane Doe' } }, 'at once, on every surface');
  t.match((await put({ phone: '' })).body.data, { phone: null });
  t.match((await put({})).body.data, { firstName: 'Jane', lastName: 'Doe' });
  for (const [payload, field] of [
    [{ phone: 'abc' }, 'phone'],
    [{ firstName: ' ', lastName: '' }, 'firstName'],
    [{ firstName: 7 }, 'firstName'],
    [{ firstName: 'x'.repeat(150), lastName: 'y'.repeat(150) }, 'firstName'],
  ] as const) {
    t.match(
      await put(payload),
      { status: 422, body: { error: { code: 'VALIDATION_ERROR', details: { [field]: String } } } },
      JSON.stringify(payload),
    );
  }
  t.same(await runtime.db.sql`select name, is_active from users`, [{ name: 'Jane Doe', is_active: true }]);
  t.same(splitName(' Jane van  Dyck '), { firstName: 'Jane', lastName: 'van Dyck' });
  t.same(
    [joinName({ firstName: 'Cher', lastName: '' }), nameOfEmail('jane.doe+x@example.com'), nameOfEmail('._@example.com')],
    ['Cher', 'Jane Doe', '._@example.com'],
  );
});

t.test('the list of users: for administrators, by page, role, part of a name, and of one tenant only', async (t) => {
  const { app, runtime } = await startServer(t);
  const owner = await register(app, 'olive_owner@example.com');
  const stranger = await register(app);
  const agent = await colleague(app, runtime, owner, 'agent');
  const admin = await colleague(app, runtime, owner, 'admin');
  const list = (query = '', { headers }: { headers: Record<string, string> } = owner) => ask(app, `GET /api/v1/users${query}`, { headers });
  const { status, body } = await list();
  t.equal(status, 200);
  const idsIn = (page: { data: Array<{ id: string }> }) => page.data.map(({ id }) => id);
  t.strictSame(idsIn(body), [admin.id, agent.id, owner.id], 'newest first');
  t.match(body.data[1], { email: agent.email, firstName: 'agent', lastName: 'Smith', role: 'agent', isActive: true, createdAt: /Z$/ });
  t.notOk(JSON.stringify(body).includes('argon2'));
  t.same(body.pagination, { page: 1, limit: 50, total: 3, totalPages: 1, hasNext: false, hasPrev: false });
  t.same((await list('?limit=2&page=2')).body.pagination, { page: 2, limit: 2, total: 3, totalPages: 2, hasNext: false, hasPrev: true });
  const idsOf = async (query: string) => idsIn((await list(query)).body);
  t.same(await idsOf('?role=admin'), [admin.id]);
  t.same(await idsOf('?search=OLIVE_'), [owner.id]);
  t.same(await idsOf('?search=%25'), [], 'a sign of the pattern is only a sign');
  t.same(await idsOf('?search=smith&role=agent'), [agent.id]);
  t.same(await idsOf('?isActive=false'), []);
  t.equal((await list('', admin)).status, 200);
  t.match(await list('', agent), { status: 403, body: { error: { code: 'FORBIDDEN' } } });
  t.equal((await list('', stranger)).body.data.length, 1);
  for (const query of ['?limit=101', '?limit=0', '?page=x', '?role=boss', '?isActive=2'])
    t.match(await list(query), { status: 400, body: { error: { code: 'VALIDATION_ERROR', details: Object } } }, query);
});

t.test('roles and switching off: at once, never the last owner, never another tenant’s', async (t) => {
  const { app, runtime } = await startServer(t);
  const owner = await register(app);
  const stranger = await register(app);
  const agent = await colleague(app, runtime, owner, 'agent');
  const admin = await colleague(app, runtime, owner, 'admin');
  const patch = (id: string, payload: unknown, { headers } = owner as { headers: Record<string, string> }) =>
    ask(app, `PATCH /api/v1/users/${id}`, { headers, payload });
  const list = ({ headers }: { headers: Record<string, string> }) => ask(app, 'GET /api/v1/users', { headers });
  t.equal((await list(agent)).status, 403);
  t.match(await patch(agent.id, { role: 'admin' }), { status: 200, body: { data: { id: agent.id, role: 'admin' } } });
  t.equal((await list(agent)).status, 200, 'the token of before has the new role');
  t.match(await patch(agent.id, { isActive: false }, admin), { status: 200, body: { data: { isActive: false } } });
  t.equal((await list(agent)).status, 401, 'logged out everywhere');
  t.equal((await ask(app, 'POST /auth/login', { payload: { email: agent.email, password: PASSWORD } })).status, 401);
  await patch(agent.id, { isActive: true });
  t.equal((await list(agent)).status, 401, 'the old session stays dead');
  t.equal((await ask(app, 'POST /auth/login', { payload: { email: agent.email, password: PASSWORD } })).status, 200);

  t.match(
    await patch(owner.id, { role: 'agent' }),
    { status: 409, body: { error: { code: 'RESOURCE_CONFLICT' } } },
    'the last owner stays',
  );
  t.match(await patch(owner.id, { isActive: false }), { status: 409 });
  t.match(await patch(owner.id, { role: 'agent' }, admin), { status: 403 }, 'an admin touches no owner');
  t.match(await patch(admin.id, { role: 'owner' }, admin), { status: 403 }, 'and makes none');
  t.match(await patch(admin.id, { role: 'owner' }), { status: 200 });
  t.match(await patch(owner.id, { role: 'admin' }), { status: 200 }, 'of two owners one may go');
  t.match(await patch(owner.id, { role: 'owner' }, stranger), { status: 404, body: { error: { code: 'RESOURCE_NOT_FOUND' } } });
  t.match(await patch('user_x', { role: 'admin' }), { status: 404 });
  for (const payload of [{}, { role: 'boss' }, { isActive: 'no' }, { email: 'x@example.com' }])
    t.match(await patch(agent.id, payload), { status: 422 }, JSON.stringify(payload));
  t.match(await patch(agent.id, { role: 'agent' }, stranger), { status: 404 });
});

t.test('two owners who demote each other at once leave one', async (t) => {
  const { app, runtime } = await startServer(t);
  const one = await register(app);
  const two = await colleague(app, runtime, one, 'admin');
  await ask(app, `PATCH /api/v1/users/${two.id}`, { headers: one.headers, payload: { role: 'owner' } });
  const demote = (who: { headers: Record<string, string> }, id: string) =>
    ask(app, `PATCH /api/v1/users/${id}`, { headers: who.headers, payload: { role: 'agent' } });
  await Promise.all([demote(one, two.id), demote(two, one.id)]);
  const [row] = await runtime.db.sql<Array<{ owners: number }>>`select count(*) as owners from users where role = 'owner'`;
  t.equal(row?.owners, 1);
});
