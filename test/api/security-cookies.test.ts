import t from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { parseConfig } from '../../core/config.ts';
import { PASSWORD, signUp, startServer } from './helper.ts';

const DASHBOARD = 'https://dashboard.example.com';
const EVIL = 'https://evil.example.net';

async function send(
  app: App,
  what: string,
  request: { headers?: Record<string, string>; cookies?: Record<string, string>; payload?: object } = {},
) {
  const [method, url] = what.split(' ') as ['GET', string];
  return app.inject({ method, url, ...request });
}

t.test('every cookie has its flags, whoever sets it; log-out takes them back with the same path', async (t) => {
  for (const [NODE_ENV, secure] of [
    ['test', true],
    ['development', undefined],
  ] as const) {
    const { app } = await startServer(t, { NODE_ENV });
    const { email, cookies } = await signUp(app);
    const answers = {
      login: await send(app, 'POST /api/v1/auth/login', { payload: { email, password: PASSWORD } }),
      refresh: await send(app, 'POST /api/v1/auth/refresh', { cookies: { refresh_token: String(cookies.refresh_token) } }),
      signup: await send(app, 'POST /api/v1/auth/signup', { payload: { email: 'b@example.com', password: PASSWORD, name: 'B' } }),
    };
    for (const [name, answer] of Object.entries(answers)) {
      const near = (seconds: number, cookie: { maxAge?: number }) => Math.abs((cookie.maxAge ?? 0) - seconds) < 5;
      const [session, refresh, csrf, ...others] = answer.cookies;
      const own = { domain: undefined, path: '/', expires: undefined, secure };
      t.match(session, { name: 'session', httpOnly: true, sameSite: 'Lax', ...own }, `${name} in ${NODE_ENV}`);
      t.match(refresh, { name: 'refresh_token', httpOnly: true, sameSite: 'Strict', ...own });
      t.match(csrf, { name: 'csrf_token', httpOnly: undefined, sameSite: 'Lax', ...own });
      t.ok(session && near(43_200, session) && refresh && near(604_800, refresh) && csrf && near(604_800, csrf), 'how long they live');
      t.same(others, []);
      t.equal(answer.headers['cache-control'], 'no-store', 'nobody keeps the answer');
    }
    const { session = '', csrf_token = '' } = Object.fromEntries(answers.login.cookies.map((each) => [each.name, each.value]));
    const out = await send(app, 'POST /api/v1/auth/logout', { cookies: { session, csrf_token }, headers: { 'x-csrf-token': csrf_token } });
    t.equal(out.statusCode, 200);
    for (const cookie of out.cookies) t.match(cookie, { value: '', path: '/', expires: new Date(0) });
    t.equal(out.cookies.length, 3);
  }
});

t.test('csrf: what only a cookie proves is asked for the session’s token, on every route and surface that takes cookies', async (t) => {
  const { app } = await startServer(t, { CORS_ORIGINS: DASHBOARD });
  const changes: string[] = [];
  for (const name of ['account', 'dashboard']) {
    const document = (await send(app, `GET /docs/${name}/json`)).json();
    for (const [path, methods] of Object.entries<Record<string, { security?: object[] }>>(document.paths)) {
      for (const [method, { security }] of Object.entries(methods))
        if (method !== 'get' && method !== 'head' && security?.some((scheme) => 'cookie' in scheme))
          changes.push(`${method.toUpperCase()} ${path.replace(/\{\w+\}/g, 'session_1')}`);
    }
  }
  t.ok(changes.includes('POST /api/v1/auth/logout') && changes.includes('DELETE /api/v1/me/sessions/session_1'), changes.join(', '));

  const stranger = await signUp(app);
  for (const change of changes) {
    const { cookies, headers } = await signUp(app);
    const { session = '', csrf_token: own = '' } = cookies;
    const other = String(stranger.cookies.csrf_token);
    const [nonce = ''] = own.split('.');
    const refused: Record<string, [kept: string | undefined, sent: string | undefined]> = {
      'no token at all': [undefined, undefined],
      'only the cookie': [own, undefined],
      'only the header': [undefined, own],
      'an empty one': ['', ''],
      'another session’s in both places': [other, other],
      'another session’s in the header': [own, other],
      'a made-up one': ['made.up', 'made.up'],
      'one without its proof': [nonce, nonce],
    };
    for (const [what, [kept, sent]] of Object.entries(refused)) {
      const answer = await send(app, change, {
        cookies: { session, ...(kept !== undefined && { csrf_token: kept }) },
        headers: { 'x-api-surface': 'dashboard', ...(sent !== undefined && { 'x-csrf-token': sent }) },
      });
      t.match({ status: answer.statusCode, body: answer.json() }, { status: 403, body: { code: 'FORBIDDEN' } }, `${change}: ${what}`);
    }
    const right = { cookies: { session, csrf_token: own }, headers: { 'x-csrf-token': own } };
    const foreign = { ...right, headers: { ...right.headers, 'sec-fetch-site': 'cross-site', origin: EVIL } };
    t.equal((await send(app, change, foreign)).statusCode, 403, `${change}: a foreign site`);
    t.equal((await send(app, 'GET /api/v1/me/whoami', { headers })).statusCode, 200, 'none of these did anything');
    const known = { ...right, headers: { ...right.headers, 'sec-fetch-site': 'cross-site', origin: DASHBOARD } };
    t.not((await send(app, change, known)).statusCode, 403, `${change}: the dashboard with the right token`);
  }

  const { cookies, access } = await signUp(app);
  const byBearer = { cookies: { session: String(cookies.session) }, headers: { authorization: `Bearer ${access}` } };
  t.equal((await send(app, 'POST /api/v1/auth/logout', byBearer)).statusCode, 200, 'a Bearer token is sent by nobody but its owner');
});

t.test('a refresh by cookie needs no csrf token, but no foreign site gets one; log-in takes no forms', async (t) => {
  const { app } = await startServer(t, { CORS_ORIGINS: DASHBOARD });
  const { cookies, email } = await signUp(app);
  const refresh = (headers: Record<string, string>) =>
    send(app, 'POST /api/v1/auth/refresh', { cookies: { refresh_token: String(cookies.refresh_token) }, headers });
  const refused = await refresh({ 'sec-fetch-site': 'cross-site', origin: EVIL });
  t.equal(refused.statusCode, 403);
  t.same(refused.cookies, []);
  t.equal((await refresh({ 'sec-fetch-site': 'cross-site', origin: DASHBOARD })).statusCode, 200);
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
    const forged = await app.inject({
      method: 'POST',
      url: '/api/v1/auth/login',
      headers: { 'content-type': type },
      payload: JSON.stringify({ email, password: PASSWORD }),
    });
    t.equal(forged.statusCode, 415, type);
    t.same(forged.cookies, []);
  }
});

t.test('csrf: only the page of the queue board changes the queues, whatever a browser sends by itself', async (t) => {
  const PUBLIC_URL = 'https://calls.example.com';
  const { app, runtime } = await startServer(t, { PUBLIC_URL, CORS_ORIGINS: DASHBOARD });
  const { cookies, headers, email } = await signUp(app);
  await runtime.db.sql`update users set platform_role = 'admin' where email = ${email}`;
  const ambient = {
    cookie: { cookie: `session=${cookies.session}` },
    basic: { authorization: `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}` },
  };
  /** There is no such queue: 404 is what the board itself says. */
  const pause = async (sent: Record<string, string>) =>
    (await send(app, 'PUT /queues/api/queues/none/pause', { headers: { host: 'board.internal:8080', ...sent } })).statusCode;
  for (const [name, proof] of Object.entries(ambient)) {
    const refused: Array<Record<string, string>> = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      ...[
        EVIL,
        DASHBOARD,
        'null',
        '',
        'https://calls.example.com.evil.net',
        'https://calls.example.com:8443',
        'http://calls.example.com',
      ].map((origin) => ({ origin })),
      { origin: EVIL, 'sec-fetch-site': 'same-origin' },
    ];
    for (const from of refused) t.equal(await pause({ ...proof, ...from }), 403, `${name} ${JSON.stringify(from)}`);
    const ours: Array<Record<string, string>> = [
      { origin: PUBLIC_URL },
      { origin: 'http://board.internal:8080', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-origin' },
    ];
    for (const from of ours) t.equal(await pause({ ...proof, ...from }), 404, `${name} ${JSON.stringify(from)}`);
  }
  t.equal(await pause(headers), 404, 'a Bearer token is sent by nobody but its owner');
  t.equal(await pause({ ...headers, origin: EVIL }), 403);
  t.equal(await pause({}), 401, 'who proves nothing is asked who they are');
  const stranger = await signUp(app);
  const typed = Buffer.from(`${stranger.email}:${PASSWORD}`).toString('base64');
  t.equal(await pause({ authorization: `Basic ${typed}`, origin: PUBLIC_URL }), 403);
  const [open] = await runtime.db.sql`
    select count(*)::int as n from auth_sessions s join users u on u.id = s.user_id where u.email = ${stranger.email} and revoked_at is null`;
  t.equal(open?.n, 1, 'and who is turned away leaves no session behind');
});

t.test('cors: listed origins with cookies, any other as the list says, never both', async (t) => {
  const cases: Array<[origins: string, origin: string, allowed: string | undefined, credentials: string | undefined]> = [
    [DASHBOARD, DASHBOARD, DASHBOARD, 'true'],
    [DASHBOARD, EVIL, undefined, undefined],
    [DASHBOARD, 'null', undefined, undefined],
    [DASHBOARD, `${DASHBOARD}.evil.net`, undefined, undefined],
    [DASHBOARD, 'http://dashboard.example.com', undefined, undefined],
    [DASHBOARD, `${DASHBOARD}:8443`, undefined, undefined],
    [DASHBOARD, DASHBOARD.toUpperCase(), undefined, undefined],
    ['*', EVIL, '*', undefined],
    ['*', 'null', '*', undefined],
    [`*, ${DASHBOARD}`, DASHBOARD, DASHBOARD, 'true'],
    [`*, ${DASHBOARD}`, EVIL, '*', undefined],
    ['none', DASHBOARD, undefined, undefined],
  ];
  const servers = new Map<string, App>();
  for (const [CORS_ORIGINS, origin, allowed, credentials] of cases) {
    const app = servers.get(CORS_ORIGINS) ?? (await startServer(t, { CORS_ORIGINS })).app;
    servers.set(CORS_ORIGINS, app);
    const expected = { vary: /Origin/, 'access-control-allow-origin': allowed, 'access-control-allow-credentials': credentials };
    const preflight = { origin, 'access-control-request-method': 'GET' };
    const answers = {
      preflight: await send(app, 'OPTIONS /api/v1/me/whoami', { headers: preflight }),
      'preflight of a path with an id': await send(app, 'OPTIONS /api/v1/calls/call_1', { headers: preflight }),
      'a refusal': await send(app, 'GET /api/v1/me/whoami', { headers: { origin } }),
      'an unknown path': await send(app, 'GET /api/v1/nothing', { headers: { origin } }),
      'an answer': await send(app, 'GET /api/v1/health', { headers: { origin } }),
    };
    for (const [what, answer] of Object.entries(answers)) t.match(answer.headers, expected, `${CORS_ORIGINS} for ${origin}: ${what}`);
    t.equal(answers.preflight.statusCode, 204);
    const shared = await send(app, 'GET /api/v1/agents', { headers: { origin, 'x-api-surface': 'dashboard' } });
    t.equal(shared.headers['access-control-allow-origin'], credentials && allowed, 'what the dashboard answers is for listed origins only');
  }
  for (const app of servers.values())
    t.notOk((await send(app, 'GET /docs/calling/json', { headers: { origin: DASHBOARD } })).headers['access-control-allow-origin']);
});

t.test('cors: a preflight says what may be sent; it needs no proof and is not counted', async (t) => {
  const { app } = await startServer(t, { CORS_ORIGINS: DASHBOARD, RATE_LIMIT_FACTOR: '1' });
  const preflight = (path: string, method: string) =>
    send(app, `OPTIONS ${path}`, { headers: { origin: DASHBOARD, 'access-control-request-method': method } });
  for (const [path, methods] of [
    ['/api/v1/auth/login', 'POST, OPTIONS'],
    ['/api/v1/me/sessions/session_1', 'DELETE, OPTIONS'],
    ['/api/v1/me/whoami', 'GET, OPTIONS'],
  ] as const) {
    const { statusCode, headers } = await preflight(path, 'POST');
    t.match(
      { statusCode, headers },
      {
        statusCode: 204,
        headers: {
          'access-control-allow-methods': methods,
          'access-control-allow-headers': /authorization.*content-type.*x-csrf-token/,
          'access-control-max-age': '600',
        },
      },
      path,
    );
  }
  const dashboard = (await send(app, 'GET /docs/dashboard/json')).json();
  const account = (await send(app, 'GET /docs/account/json')).json();
  const calling = (await send(app, 'GET /docs/calling/json')).json();
  const omnivox = (await send(app, 'GET /docs/omnivox/json')).json();
  const plain = (path: string) => path.replace(/\{\w+\}/g, '1');
  const shared = [calling, omnivox, account].flatMap((document) => Object.keys(document.paths)).map(plain);
  for (const path of Object.keys(dashboard.paths).map(plain)) {
    const methods = String((await preflight(path, 'GET')).headers['access-control-allow-methods']);
    t.match(
      methods,
      shared.includes(path) ? /^GET, POST, .*OPTIONS$/ : /^GET, POST, OPTIONS$/,
      `${path}: as the dashboard’s document says`,
    );
  }
  for (let i = 0; i < 300; i++) {
    const { statusCode, headers } = await preflight('/api/v1/auth/login', 'POST');
    if (statusCode !== 204 || headers['x-ratelimit-limit']) t.fail(`preflight ${i}: ${statusCode}`);
  }
  const login = await send(app, 'POST /api/v1/auth/login', {
    payload: { email: 'a@example.com', password: 'x' },
    headers: { origin: DASHBOARD },
  });
  t.match(login.headers, { 'x-ratelimit-remaining': '4' }, 'none of them counted');
  t.match(login.headers['access-control-expose-headers'], /x-ratelimit-remaining.*retry-after/);
  t.match(await send(app, 'OPTIONS /api/v1/auth/login'), { statusCode: 204, headers: { allow: 'POST, OPTIONS' } }, 'without CORS too');
  t.equal((await send(app, 'OPTIONS /api/v1/nothing')).statusCode, 404);
  const foreign = await send(app, 'OPTIONS /api/v1/auth/login', { headers: { origin: EVIL, 'access-control-request-method': 'POST' } });
  t.notOk(foreign.headers['access-control-allow-methods']);
});

t.test('CORS_ORIGINS takes origins as browsers write them', async (t) => {
  const origins = (text: string) => parseConfig({ CORS_ORIGINS: text }).CORS_ORIGINS;
  t.same(parseConfig({}).CORS_ORIGINS, ['*'], 'as the admin document says');
  t.same(origins('none'), []);
  t.same(origins(` ${DASHBOARD} , http://localhost:5173`), [DASHBOARD, 'http://localhost:5173']);
  for (const bad of [
    'dashboard.example.com',
    `${DASHBOARD}/`,
    'https://Dashboard.example.com',
    `${DASHBOARD}:443`,
    'https://*.example.com',
    'null',
    'file:///',
  ])
    t.throws(() => origins(bad), { message: /CORS_ORIGINS/ }, bad);
});
