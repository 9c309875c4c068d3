import { createHmac } from 'node:crypto';
import { pino } from 'pino';
import t from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { ensureFirstAdmin } from '../../service/first-admin.ts';
import { authenticate, openAuth } from '../../service/sessions.ts';
import { eventually } from '../eventually.ts';
import { ask, PASSWORD, signUp, startServer } from './helper.ts';

const WHOAMI = 'GET /api/v1/me/whoami';
/** Two servers of one product, for all tests: each has people of its own. */
const { app, runtime, databaseUrl } = await startServer(t);
const second = await startServer(t, { DATABASE_URL: databaseUrl });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

t.test('one log-in answers for three documents, and sets the cookies', async (t) => {
  const { email } = await signUp(app, 'Jane@Example.com');
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: { email: 'JANE@example.com ', password: PASSWORD },
  });
  t.equal(answer.statusCode, 200);
  const body = answer.json();
  t.match(body, {
    success: true,
    message: 'Login successful',
    data: { user: { _id: /^user_\d+$/, email: email.toLowerCase(), name: 'John Doe' }, token: /^ey/ },
    user: { id: /^user_\d+$/, email: 'jane@example.com', name: 'John Doe', role: 'user' },
    tokens: { access: /^ey/, refresh: /^[\w-]{43}$/ },
  });
  const cookies = Object.fromEntries(answer.cookies.map((cookie) => [cookie.name, cookie]));
  t.match(cookies.session, { httpOnly: true, secure: true, sameSite: 'Lax', path: '/', maxAge: 43_200 });
  t.match(cookies.refresh_token, { httpOnly: true, secure: true, sameSite: 'Strict', path: '/', maxAge: 604_800 });
  t.match(cookies.csrf_token, { secure: true, sameSite: 'Lax' });
  t.notOk(cookies.csrf_token?.httpOnly, 'scripts read the csrf token');

  for (const token of [body.data.token, body.tokens.access])
    t.match((await ask(app, WHOAMI, { headers: bearer(token) })).body, { user: { email: 'jane@example.com' } });
  const byCookie = await app.inject({ url: '/api/v1/me/whoami', cookies: { session: String(cookies.session?.value) } });
  t.match(byCookie.json(), { user: { email: 'jane@example.com', role: 'user' } });
  t.equal(
    (await app.inject({ url: '/api/v1/stats', cookies: { session: String(cookies.session?.value) } })).statusCode,
    401,
    'Bearer surfaces ignore cookies',
  );
});

t.test('in development the cookies travel over http', async (t) => {
  const { app } = await startServer(t, { NODE_ENV: 'development', DATABASE_URL: databaseUrl });
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/auth/signup',
    payload: { email: 'a@example.com', password: PASSWORD, name: 'A' },
  });
  t.equal(answer.cookies.length, 3);
  for (const cookie of answer.cookies) t.notOk(cookie.secure);
});

t.test('a stranger learns nothing from a failed log-in', async (t) => {
  const { email } = await signUp(app);
  const tries = { wrong: { email, password: 'not the password' }, unknown: { email: 'nobody@example.com', password: PASSWORD } };
  const answers = await Promise.all(Object.values(tries).map((payload) => ask(app, 'POST /api/v1/auth/login', { payload })));
  t.same(answers[0]?.body, answers[1]?.body);
  t.match(answers[0], {
    status: 401,
    body: { success: false, message: 'Invalid email or password', error: 'Invalid email or password', code: 'INVALID_CREDENTIALS' },
  });

  const tookMs = new Map(Object.values(tries).map((payload) => [payload, [] as number[]]));
  // in turns: what else the machine does slows both
  for (let i = 0; i < 15; i++) {
    for (const [payload, took] of tookMs) {
      const startMs = performance.now();
      await ask(app, 'POST /api/v1/auth/login', { payload });
      took.push(performance.now() - startMs);
    }
  }
  const [wrong = 0, unknown = 0] = [...tookMs.values()].map((took) => took.sort((a, b) => a - b)[7] ?? 0);
  t.ok(Math.abs(wrong - unknown) < Math.max(wrong, unknown) * 0.5, `wrong ${wrong.toFixed(1)} ms, unknown ${unknown.toFixed(1)} ms`);
});

t.test('sign-up refuses what cannot be an account, and writes nothing', async (t) => {
  const { email } = await signUp(app);
  const good = { email: 'new@example.com', password: PASSWORD, name: 'New' };
  const count = async () => Number((await runtime.db.sql`select (select count(*) from tenants) + (select count(*) from users) as n`)[0]?.n);
  const before = await count();
  const bad: Array<[payload: object, field: string]> = [
    [{ ...good, email: 'not-an-address' }, 'email'],
    [{ ...good, email: 'two@at@example.com' }, 'email'],
    [{ ...good, email: 7 }, 'email'],
    [{ ...good, password: 'short' }, 'password'],
    [{ ...good, password: 'password123' }, 'password'],
    [{ ...good, password: 'x'.repeat(257) }, 'password'],
    [{ ...good, name: '   ' }, 'name'],
    [{ ...good, name: 'a\0b' }, 'name'],
    [{ email: good.email, password: good.password }, 'name'],
  ];
  for (const [payload, field] of bad) {
    const answer = await ask(app, 'POST /api/v1/auth/signup', { payload });
    t.match(
      answer,
      { status: 400, body: { success: false, code: 'VALIDATION_ERROR', errors: [{ param: field, location: 'body' }] } },
      JSON.stringify(payload),
    );
    const register = await ask(app, 'POST /api/v1/auth/register', { payload });
    t.match(register, { status: 422, body: { success: false, error: { code: 'VALIDATION_ERROR', details: new RegExp(field) } } });
  }
  t.match(await ask(app, 'POST /api/v1/auth/signup', { payload: { ...good, email } }), {
    status: 409,
    body: { code: 'DUPLICATE_RESOURCE' },
  });
  t.match(await ask(app, 'POST /api/v1/auth/register', { payload: { ...good, email: email.toUpperCase() } }), {
    status: 409,
    body: { error: { code: 'DUPLICATE_RESOURCE' } },
  });
  t.equal(await count(), before);
  const [credit] = await runtime.db.sql`
    select c.balance, (select sum(amount) from ledger_entries l where l.tenant_id = c.tenant_id) as ledger from credit_accounts c join users u using (tenant_id)
     where u.email = ${email}`;
  t.equal(Number(credit?.balance), runtime.config.SIGNUP_CREDIT, 'a new tenant starts with the configured credit');
  t.equal(Number(credit?.ledger), runtime.config.SIGNUP_CREDIT, 'and the ledger says so');
});

/** A refresh as a browser does it: its cookies change. */
async function refreshByCookie(app: App, token: string | undefined) {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/auth/refresh', cookies: { refresh_token: String(token) } });
  return {
    status: answer.statusCode,
    body: answer.json(),
    cookies: Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value])),
  };
}

const refreshByBody = (app: App, refreshToken: string | undefined) => ask(app, 'POST /api/v1/auth/refresh', { payload: { refreshToken } });

t.test('a program keeps its refresh token, and gets access tokens for it until the session ends', async (t) => {
  const { refresh, access } = await signUp(app);
  for (const server of [app, second.app, app]) {
    const renewed = await refreshByBody(server, refresh);
    t.equal(renewed.status, 200);
    t.same(Object.keys(renewed.body), ['access'], 'the answer as it is documented');
    t.notOk(renewed.headers['set-cookie']);
    for (const each of [app, second.app]) t.equal((await ask(each, WHOAMI, { headers: bearer(renewed.body.access) })).status, 200);
  }
  const together = await Promise.all(Array.from({ length: 8 }, () => refreshByBody(app, refresh)));
  t.ok(together.every(({ status }) => status === 200));
  await ask(app, 'POST /api/v1/auth/logout', { headers: bearer(access) });
  t.match(await refreshByBody(app, refresh), { status: 401, body: { code: 'TOKEN_EXPIRED' } });

  t.match(await refreshByBody(app, 'x'.repeat(43)), { status: 401, body: { code: 'UNAUTHORIZED' } });
  t.match(await ask(app, 'POST /api/v1/auth/refresh', { payload: {} }), {
    status: 400,
    body: { message: 'refreshToken is required', errors: [{ param: 'refreshToken', msg: 'refreshToken is required' }] },
  });
});

t.test('a refresh token in a cookie works once; one that comes back, by cookie or by body, ends the session', async (t) => {
  for (const comesBack of [refreshByCookie, refreshByBody]) {
    const { cookies, access } = await signUp(app);
    const first = await refreshByCookie(app, cookies.refresh_token);
    t.equal(first.status, 200);
    t.same(Object.keys(first.body), ['access']);
    t.same(Object.keys(first.cookies), ['session', 'refresh_token', 'csrf_token']);
    t.not(first.cookies.refresh_token, cookies.refresh_token);
    t.equal((await ask(app, WHOAMI, { headers: bearer(first.body.access) })).status, 200);
    t.equal((await ask(second.app, WHOAMI, { headers: bearer(first.body.access) })).status, 200, 'the other server knows it too');

    await runtime.db.sql`update refresh_tokens set spent_at = spent_at - interval '1 minute'`;
    t.match(await comesBack(second.app, cookies.refresh_token), { status: 401, body: { code: 'UNAUTHORIZED' } });
    t.match(await ask(second.app, WHOAMI, { headers: bearer(first.body.access) }), { status: 401, body: { code: 'UNAUTHORIZED' } });
    await eventually(async () => (await ask(app, WHOAMI, { headers: bearer(access) })).status === 401);
    t.equal((await refreshByCookie(app, first.cookies.refresh_token)).status, 401, 'its successor is dead too');
    t.equal((await refreshByBody(app, first.cookies.refresh_token)).status, 401);
  }
});

t.test('of many tabs that refresh with one cookie at one moment, all end with one and the same session', async (t) => {
  const { cookies } = await signUp(app);
  const servers = [app, second.app];
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => refreshByCookie(servers[i % 2] ?? app, cookies.refresh_token)));
  t.ok(answers.every(({ status }) => status === 200));
  const successors = new Set(answers.map((answer) => answer.cookies.refresh_token));
  t.equal(successors.size, 1);
  t.notOk(successors.has(cookies.refresh_token));
  t.equal((await refreshByCookie(app, [...successors][0])).status, 200, 'which goes on');
  t.equal((await refreshByCookie(app, cookies.refresh_token)).status, 401, 'and from then on the first token is a stolen one');
});

t.test('a sign-up is told all that is wrong with it at once, each field named once', async (t) => {
  const cases: Array<[payload: object, details: string]> = [
    [
      { email: 'nobody', password: 'short', name: ' ' },
      'email is not an e-mail address; password must have at least 8 characters; name must have 1 to 200 characters',
    ],
    [
      { email: 'nobody', password: 'password123' },
      'name is required; email is not an e-mail address; password is one of the most common passwords',
    ],
    [
      { email: '', password: '', name: '' },
      'email is not an e-mail address; password must have at least 8 characters; name must have 1 to 200 characters',
    ],
    [{ email: 'new@example.com', password: 'password123', name: 'New' }, 'password is one of the most common passwords'],
    [{ email: 7, password: PASSWORD, name: 'x'.repeat(201) }, 'email must be a text; name must have 1 to 200 characters'],
  ];
  for (const [payload, details] of cases) {
    t.equal((await ask(app, 'POST /api/v1/auth/register', { payload })).body.error.details, details);
    const { message, errors } = (await ask(app, 'POST /api/v1/auth/signup', { payload })).body as {
      message: string;
      errors: Array<{ msg: string }>;
    };
    t.equal(message, details);
    t.equal(errors.map(({ msg }) => msg).join('; '), details);
  }
  t.match((await ask(app, 'POST /api/v1/auth/register', { payload: [] })).body.error, { details: 'body must be an object' });
  t.equal((await ask(app, 'POST /api/v1/auth/register')).status, 422);
});

t.test('a browser refreshes by cookie, until it rested for 12 hours', async (t) => {
  const { cookies } = await signUp(app);
  const refreshed = await app.inject({
    method: 'POST',
    url: '/api/v1/auth/refresh',
    cookies: { refresh_token: String(cookies.refresh_token) },
  });
  t.equal(refreshed.statusCode, 200);
  const next = Object.fromEntries(refreshed.cookies.map((cookie) => [cookie.name, cookie.value]));
  t.not(next.refresh_token, cookies.refresh_token);
  await runtime.db.sql`update auth_sessions set last_used_at = now() - interval '13 hours'`;
  const late = await app.inject({ method: 'POST', url: '/api/v1/auth/refresh', cookies: { refresh_token: String(next.refresh_token) } });
  t.match(late.json(), { code: 'TOKEN_EXPIRED' });
});

t.test('log-out ends the session on every server; with a cookie it asks for the csrf token', async (t) => {
  const { access, refresh, cookies } = await signUp(app);
  const stranger = await signUp(app);
  t.equal((await ask(second.app, WHOAMI, { headers: bearer(access) })).status, 200, 'the second server remembers it');

  const logOut = (csrf: string | undefined, kept = csrf) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/auth/logout',
      cookies: { session: String(cookies.session), ...(kept && { csrf_token: kept }) },
      headers: csrf ? { 'x-csrf-token': csrf } : {},
    });
  t.equal((await logOut(undefined)).statusCode, 403, 'no token');
  t.equal((await logOut(stranger.cookies.csrf_token)).statusCode, 403, "another session's token");
  t.equal((await logOut('made.up')).statusCode, 403, 'a made-up token');
  t.equal((await logOut(cookies.csrf_token, 'other')).statusCode, 403, 'header and cookie differ');
  t.equal((await ask(app, WHOAMI, { headers: bearer(access) })).status, 200, 'none of these logged out');

  const done = await logOut(cookies.csrf_token);
  t.equal(done.statusCode, 200);
  t.same(
    done.cookies.map((cookie) => cookie.value),
    ['', '', ''],
    'the browser forgets',
  );
  t.match(await ask(app, WHOAMI, { headers: bearer(access) }), { status: 401, body: { code: 'UNAUTHORIZED' } });
  await eventually(async () => (await ask(second.app, WHOAMI, { headers: bearer(access) })).status === 401);
  t.equal((await ask(app, 'POST /api/v1/auth/refresh', { payload: { refreshToken: refresh } })).status, 401);
  t.equal((await ask(app, WHOAMI, { headers: stranger.headers })).status, 200, 'others stay');
});

t.test('a log-out of a session that is over is refused as documented, and takes the cookies all the same', async (t) => {
  const logOut = async (cookies: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ method: 'POST', url: '/api/v1/auth/logout', cookies, headers });
    return { status: answer.statusCode, body: answer.json(), cookies: answer.cookies.map(({ name, value }) => `${name}=${value}`) };
  };
  const cleared = ['session=', 'refresh_token=', 'csrf_token='];
  const over = { status: 401, body: { success: false, code: 'UNAUTHORIZED' } };

  const { cookies, access } = await signUp(app);
  const csrf = { 'x-csrf-token': String(cookies.csrf_token) };
  await ask(app, 'POST /api/v1/auth/logout', { headers: bearer(access) });
  t.match(await logOut(cookies, csrf), { ...over, cookies: cleared });
  t.match(await logOut(cookies), { ...over, cookies: cleared }, 'nothing is left that a csrf token could guard');
  t.same((await logOut(cookies, { ...csrf, 'sec-fetch-site': 'cross-site' })).cookies, [], 'not for another site');
  t.same((await logOut({})).cookies, [], 'nor for who brings none');

  const rested = await signUp(app);
  const { session: _, ...left } = rested.cookies;
  const ofStranger = String((await signUp(app)).cookies.csrf_token);
  const unproven: Array<Record<string, string>> = [{}, { 'x-csrf-token': ofStranger }];
  for (const sent of unproven)
    t.match(await logOut(left, sent), { ...over, cookies: [] }, 'the refresh token is good yet, and nobody shows that it may be ended');
  const next = await refreshByCookie(app, left.refresh_token);
  t.equal(next.status, 200);
  t.same((await logOut({ refresh_token: String(next.cookies.refresh_token) }, bearer(access))).cookies, [], 'a Bearer token is no cookie');
  const kept = { refresh_token: String(next.cookies.refresh_token), csrf_token: String(next.cookies.csrf_token) };
  t.match(await logOut(kept, { 'x-csrf-token': kept.csrf_token }), { ...over, cookies: cleared });
  t.equal((await refreshByCookie(app, kept.refresh_token)).status, 401, 'the session ended with its cookies');
});

t.test('who is made the platform’s administrator is logged out on every server', async (t) => {
  // for this server no time passes: what it remembers ends only when it is told
  const at = new Date();
  const auth = await openAuth(runtime, () => at);
  t.teardown(() => auth.close());
  const { email, access } = await signUp(app);
  t.ok(await authenticate(auth, access));
  const config = { ...runtime.config, ADMIN_EMAIL: email, ADMIN_PASSWORD: 'correct-horse-battery' };
  t.match(await ensureFirstAdmin(config, pino({ level: 'silent' })), { created: true });
  await eventually(() =>
    authenticate(auth, access).then(
      () => false,
      () => true,
    ),
  );
  await t.rejects(authenticate(auth, access), { code: 'unauthorized' });
});

t.test('only our own, living access tokens open a door', async (t) => {
  const { access, refresh } = await signUp(app);
  const [head = '', body = ''] = access.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (header: object, payload: object, secret = runtime.config.JWT_SECRET, algorithm = 'sha256') => {
    const input = `${encode(header)}.${encode(payload)}`;
    return `${input}.${createHmac(algorithm, secret).update(input).digest('base64url')}`;
  };
  const HS256 = { alg: 'HS256', typ: 'JWT' };
  t.equal((await ask(app, WHOAMI, { headers: bearer(signed(HS256, claims)) })).status, 200, 'the forger below knows the form');
  const forged: Record<string, string> = {
    'no algorithm': `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
    'another algorithm': signed({ alg: 'HS512', typ: 'JWT' }, claims, runtime.config.JWT_SECRET, 'sha512'),
    'another key': signed(HS256, claims, 'another-secret-of-at-least-32-bytes!!'),
    'another audience': signed(HS256, { ...claims, aud: 'elsewhere' }),
    'another purpose': signed(HS256, { ...claims, typ: 'refresh' }),
    'no end': signed(HS256, { ...claims, exp: undefined }),
    'another session': signed(HS256, { ...claims, sid: 999_999 }),
    'cut off': `${head}.${body}`,
    'a refresh token': refresh,
    'not a token': 'x',
  };
  for (const [name, token] of Object.entries(forged))
    t.match(await ask(app, WHOAMI, { headers: bearer(token) }), { status: 401, body: { code: 'UNAUTHORIZED' } }, name);
  const old = signed(HS256, { ...claims, exp: Math.floor(Date.now() / 1000) - 10 });
  t.match(await ask(app, WHOAMI, { headers: bearer(old) }), { status: 401, body: { code: 'TOKEN_EXPIRED' } });
  t.match(await ask(app, 'GET /api/v1/stats', { headers: bearer(old) }), { status: 401, body: { error: { code: 'TOKEN_EXPIRED' } } });

  await runtime.db.sql`update users set is_active = false`;
  await runtime.db.sql`select pg_notify('dialfleet_sessions', 'user:' || id) from users`;
  await eventually(async () => (await ask(app, WHOAMI, { headers: bearer(access) })).status === 401);
});
