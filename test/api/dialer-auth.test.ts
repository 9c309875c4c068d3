import t from 'tap';
import { ask, PASSWORD, type Server, signUp, startServer } from './helper.ts';

const NEWCOMER = { email: 'newagent@example.com', password: 'securePassword123', name: 'Jane Smith', role: 'agent' };

async function logIn({ app }: Server, email: string, password = PASSWORD) {
  const answer = await ask(app, 'POST /api/auth/login', { payload: { email, password } });
  const token = String(answer.body.data?.token);
  return { ...answer, token, refreshToken: String(answer.body.data?.refreshToken), headers: { authorization: `Bearer ${token}` } };
}

t.test('log-in: a token for seven days, and a refresh token', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const { email } = await signUp(app);
  const answer = await logIn(server, email.toUpperCase());
  t.match(answer, {
    status: 200,
    body: { success: true, data: { user: { id: Number, email, role: 'admin', name: 'John Doe' }, token: /^eyJ/, expiresIn: '7d' } },
  });
  const claims = JSON.parse(Buffer.from(answer.token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
  const days = (claims.exp - Date.now() / 1000) / 86_400;
  t.ok(days > 6.99 && days <= 7, 'what it says is what the token has');
  t.equal((await ask(app, 'GET /api/stats/dashboard', { headers: answer.headers })).status, 200, 'the token is good');

  t.match(await logIn(server, email, 'wrong'), {
    status: 401,
    body: { success: false, error: { code: 'INVALID_CREDENTIALS', message: 'Invalid email or password' } },
  });
  t.match(await ask(app, 'POST /api/auth/login', { payload: { email } }), {
    status: 422,
    body: { error: { code: 'VALIDATION_ERROR', details: { password: 'is required' } } },
  });

  const refresh = (refreshToken: string) => ask(app, 'POST /api/auth/refresh', { payload: { refreshToken } });
  const renewed = await refresh(answer.refreshToken);
  t.match(renewed, { status: 200, body: { success: true, data: { token: /^eyJ/, expiresIn: '7d' } } });
  t.equal((await refresh(answer.refreshToken)).status, 200, 'it stays good');
  t.match(await refresh('eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'), { status: 401, body: { error: { code: 'UNAUTHORIZED' } } });

  await t.test('near the end of the session the token says how long it is good', async (t) => {
    await server.runtime.db.sql`update auth_sessions set expires_at = now() + interval '50 hours'`;
    t.equal((await refresh(answer.refreshToken)).body.data.expiresIn, '2d');
    await server.runtime.db.sql`update auth_sessions set expires_at = now() + interval '1 hour'`;
    t.match((await refresh(answer.refreshToken)).body.data.expiresIn, /^3[56]\d\ds$/);
    await server.runtime.db.sql`update auth_sessions set expires_at = now() - interval '1 second'`;
    t.match(await refresh(answer.refreshToken), { status: 401, body: { error: { code: 'UNAUTHORIZED' } } });
  });
});

t.test('log-out ends the token and the refresh token at once', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const { email } = await signUp(app);
  const [one, other] = [await logIn(server, email), await logIn(server, email)];
  t.match(await ask(app, 'POST /api/auth/logout', { headers: one.headers }), {
    status: 200,
    body: { success: true, message: 'Logged out successfully' },
  });
  for (const path of ['GET /api/calls', 'POST /api/auth/logout']) t.equal((await ask(app, path, { headers: one.headers })).status, 401);
  t.equal((await ask(app, 'POST /api/auth/refresh', { payload: { refreshToken: one.refreshToken } })).status, 401);
  t.equal((await ask(app, 'GET /api/calls', { headers: other.headers })).status, 200, 'another log-in stays');
});

t.test('registration is for administrators', async (t) => {
  const server = await startServer(t);
  const { app } = server;
  const { email } = await signUp(app);
  const { headers } = await logIn(server, email);
  const register = (payload: object, by: Record<string, string> | undefined = headers) =>
    ask(app, 'POST /api/auth/register', { headers: by, payload });
  t.match(await register(NEWCOMER), {
    status: 201,
    body: {
      success: true,
      data: { user: { id: Number, email: NEWCOMER.email, role: 'agent', name: 'Jane Smith' } },
      message: 'User created successfully',
    },
  });
  t.match(await register(NEWCOMER), { status: 409, body: { success: false, error: { code: 'DUPLICATE_ENTRY' } } });
  t.match(await register({ ...NEWCOMER, email: 'x', password: 'short', role: 'owner' }), {
    status: 422,
    body: {
      error: { code: 'VALIDATION_ERROR', details: { email: String, password: String, role: 'must be one of admin, manager, agent' } },
    },
  });
  t.equal((await register(NEWCOMER, {})).status, 401);

  const agent = await logIn(server, NEWCOMER.email, NEWCOMER.password);
  t.equal(agent.body.data.user.role, 'agent');
  t.match(await register({ ...NEWCOMER, email: 'friend@example.com' }, agent.headers), {
    status: 403,
    body: { error: { code: 'FORBIDDEN' } },
  });
  t.equal((await register({ ...NEWCOMER, email: 'boss@example.com', role: 'manager' })).status, 201);
  const manager = await logIn(server, 'boss@example.com', NEWCOMER.password);
  t.equal((await register({ ...NEWCOMER, email: 'friend@example.com' }, manager.headers)).status, 403, 'nor for managers');
  t.equal((await register({ ...NEWCOMER, email: 'second@example.com', role: 'admin' })).status, 201);
  const admin = await logIn(server, 'second@example.com', NEWCOMER.password);
  t.equal((await register({ ...NEWCOMER, email: 'friend@example.com' }, admin.headers)).status, 201);
  const [tenants] = await server.runtime.db.sql<Array<{ n: number }>>`select count(distinct tenant_id) as n from users`;
  t.equal(tenants?.n, 1, 'all in the account of whoever registered them');
});

t.test('five log-ins a minute and address', async (t) => {
  const server = await startServer(t, { RATE_LIMIT_FACTOR: '1' });
  const tries = [];
  for (let n = 0; n < 6; n++) tries.push((await logIn(server, 'nobody@example.com')).status);
  t.same(tries, [401, 401, 401, 401, 401, 429]);
  const last = await ask(server.app, 'POST /api/auth/login', { payload: { email: 'nobody@example.com', password: PASSWORD } });
  t.match(last, { status: 429, body: { success: false, error: { code: 'RATE_LIMIT_EXCEEDED' } } });
  t.ok(Number(last.headers['retry-after']) > 0);
});

t.test('the version that is asked for in Accept', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  const status = async (accept: string) => (await ask(app, 'GET /api/calls', { headers: { ...headers, accept } })).status;
  const v2 = 'application/vnd.dialer.v2+json';
  for (const accept of [
    'application/vnd.dialer.v1+json',
    'Application/VND.dialer.V1+JSON; charset=utf-8',
    'application/json',
    '*/*',
    'audio/webm',
    `${v2}, application/json;q=0.5`,
    `${v2}, */*`,
  ]) {
    t.equal(await status(accept), 200, accept);
  }
  for (const accept of [v2, 'application/vnd.dialer.v10+json', `${v2}, application/vnd.dialer.v3+json`, `${v2}, */*;q=0`]) {
    t.equal(await status(accept), 406, accept);
  }
  const refused = await ask(app, 'GET /api/health', { headers: { accept: v2 } });
  t.match(refused, { status: 406, body: { success: false, error: { code: 'NOT_ACCEPTABLE', message: /v2/ } } });
  const answer = await ask(app, 'GET /api/calls', { headers: { ...headers, accept: 'application/vnd.dialer.v1+json' } });
  t.match(answer.headers['content-type'], /^application\/json/);
});
