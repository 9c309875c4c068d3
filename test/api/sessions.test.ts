import t from 'tap';
import type { App } from '../../api/plugin/app.ts';
import type { Auth, Login } from '../../service/sessions.ts';
import { authenticate, GRACE_SECONDS, openAuth, openSession, renewAccess, rotateSession } from '../../service/sessions.ts';
import { logIn } from '../../service/accounts.ts';
import { eventually } from '../eventually.ts';
import { ask, PASSWORD, signUp, startServer } from './helper.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const HERE = { ip: '127.0.0.1', userAgent: 'test' };
const BY_COOKIE = { byCookie: true };

const { app, runtime, databaseUrl } = await startServer(t);
const second = await startServer(t, { DATABASE_URL: databaseUrl });

/** Sessions at a time of the test's own; `wait` lets it pass. */
async function timed(during: (sessions: { auth: Auth; log: () => Promise<Login>; wait: (ms: number) => void }) => Promise<void>) {
  let passedMs = 0;
  const auth = await openAuth(runtime, () => new Date(Date.now() + passedMs));
  const { email } = await signUp(app);
  const log = async () => (await logIn(auth, { email, password: PASSWORD }, HERE)).login;
  await during({ auth, log, wait: (ms) => void (passedMs += ms) });
  await auth.close();
}

t.test('a browser’s session ends after 12 hours without use, and use is what its cookie does', async (t) => {
  await timed(async ({ auth, log, wait }) => {
    const { longAccess, refresh } = await log();
    for (let i = 0; i < 3; i++) {
      t.ok(await authenticate(auth, longAccess, BY_COOKIE), `used ${i * 11} h after the log-in`);
      wait(11 * HOUR_MS);
    }
    wait(HOUR_MS - SECOND_MS);
    t.ok(await authenticate(auth, longAccess, BY_COOKIE), 'after a second less than 12 hours');
    wait(12 * HOUR_MS + SECOND_MS);
    await t.rejects(authenticate(auth, longAccess, BY_COOKIE), { code: 'unauthorized' }, 'after a second more');
    await t.rejects(authenticate(auth, longAccess), { code: 'unauthorized' }, 'the same token as Bearer is no way around it');
    await t.rejects(renewAccess(auth, refresh), { code: 'token_expired' }, 'nor is its refresh token in a body');
    await t.rejects(rotateSession(auth, refresh, BY_COOKIE), { code: 'token_expired' });
    wait(-12 * HOUR_MS);
    await t.rejects(authenticate(auth, longAccess, BY_COOKIE), { code: 'unauthorized' }, 'and what was refused once is over for good');
  });
});

t.test('a refresh cookie that lay unused for 12 hours is good for nothing', async (t) => {
  await timed(async ({ auth, log, wait }) => {
    const { refresh } = await log();
    wait(11 * HOUR_MS);
    const next = await rotateSession(auth, refresh, BY_COOKIE);
    wait(12 * HOUR_MS + SECOND_MS);
    await t.rejects(rotateSession(auth, next.refresh, BY_COOKIE), { code: 'token_expired' });
    await t.rejects(renewAccess(auth, next.refresh), { code: 'token_expired' });

    const unused = await log();
    wait(13 * HOUR_MS);
    await t.rejects(rotateSession(auth, unused.refresh, BY_COOKIE), { code: 'token_expired' }, 'also when no cookie was used before');
    await t.rejects(renewAccess(auth, unused.refresh), { code: 'token_expired' }, 'the session went with it');
  });
});

t.test('a browser’s session ends 7 days after the log-in, however often it is used', async (t) => {
  await timed(async ({ auth, log, wait }) => {
    let login = await log();
    let atMs = 0;
    for (; atMs + 10 * HOUR_MS < 7 * DAY_MS; atMs += 10 * HOUR_MS) {
      wait(10 * HOUR_MS);
      login = await rotateSession(auth, login.refresh, BY_COOKIE);
      const left = (7 * DAY_MS - atMs) / SECOND_MS - 10 * 3600;
      t.ok(Math.abs(login.leftSeconds - left) < 5, `${login.leftSeconds} s are left`);
    }
    wait(7 * DAY_MS - atMs - 5 * SECOND_MS);
    t.ok(await authenticate(auth, login.longAccess, BY_COOKIE), 'five seconds before the end');
    wait(10 * SECOND_MS);
    await t.rejects(authenticate(auth, login.longAccess, BY_COOKIE), { code: 'unauthorized' });
    await t.rejects(rotateSession(auth, login.refresh, BY_COOKIE), { code: 'token_expired' });
  });
});

t.test('a program’s session may rest, and ends when its document says', async (t) => {
  await timed(async ({ auth, log, wait }) => {
    const { refresh } = await log();
    wait(13 * HOUR_MS);
    t.ok(await renewAccess(auth, refresh));
    wait(6 * DAY_MS);
    t.ok(await renewAccess(auth, refresh));
    wait(12 * HOUR_MS);
    await t.rejects(renewAccess(auth, refresh), { code: 'token_expired' });
  });
  await timed(async ({ auth, log, wait }) => {
    const { sessionId } = await log();
    const [user] = await runtime.db.sql<Array<{ id: number; tenantId: number; passwordHash: string }>>`
      select u.id, u.tenant_id as "tenantId", u.password_hash as "passwordHash"
        from auth_sessions s join users u on u.id = s.user_id where s.id = ${sessionId}`;
    t.ok(user);
    if (!user) return;
    const long = () => openSession(auth, user, HERE, (30 * DAY_MS) / SECOND_MS);
    const [program, browser] = [await long(), await long()];
    for (let day = 0; day < 14; day++) {
      await authenticate(auth, browser.longAccess, BY_COOKIE).catch(() => undefined);
      wait(DAY_MS / 2 - SECOND_MS);
    }
    wait(HOUR_MS);
    t.ok(await authenticate(auth, program.longAccess), 'seven of its thirty days');
    await t.rejects(authenticate(auth, browser.longAccess), { code: 'unauthorized' }, 'in a cookie it had seven days in all');
  });
});

t.test('a use is noted once a minute', async (t) => {
  await timed(async ({ auth, log, wait }) => {
    const { longAccess, sessionId } = await log();
    const version = async () => String((await runtime.db.sql`select xmin from auth_sessions where id = ${sessionId}`)[0]?.xmin);
    await authenticate(auth, longAccess, BY_COOKIE);
    const before = await version();
    for (let i = 0; i < 5; i++) {
      wait(10 * SECOND_MS);
      await authenticate(auth, longAccess, BY_COOKIE);
    }
    t.equal(await version(), before);
    wait(11 * SECOND_MS);
    await authenticate(auth, longAccess, BY_COOKIE);
    t.not(await version(), before);
  });
});

t.test('a spent cookie gets the same successor for a moment, then it is a stolen one', async (t) => {
  await timed(async ({ auth, log, wait }) => {
    const first = await log();
    const next = await rotateSession(auth, first.refresh, BY_COOKIE);
    wait((GRACE_SECONDS - 1) * SECOND_MS);
    t.equal((await rotateSession(auth, first.refresh, BY_COOKIE)).refresh, next.refresh, 'the other tab');
    wait(2 * SECOND_MS);
    await t.rejects(rotateSession(auth, first.refresh, BY_COOKIE), { code: 'unauthorized' }, 'later');
    await t.rejects(rotateSession(auth, next.refresh, BY_COOKIE), { code: 'token_expired' }, 'the family is dead');
    await t.rejects(authenticate(auth, next.longAccess, BY_COOKIE), { code: 'unauthorized' });

    const used = await log();
    const child = await rotateSession(auth, used.refresh, BY_COOKIE);
    const grandchild = await rotateSession(auth, child.refresh, BY_COOKIE);
    await t.rejects(rotateSession(auth, used.refresh, BY_COOKIE), { code: 'unauthorized' }, 'only the immediate predecessor is forgiven');
    await t.rejects(rotateSession(auth, grandchild.refresh, BY_COOKIE), { code: 'token_expired' });

    const copied = await log();
    await rotateSession(auth, copied.refresh, BY_COOKIE);
    await t.rejects(renewAccess(auth, copied.refresh), { code: 'unauthorized' }, 'a program has no tabs');
    await t.rejects(authenticate(auth, copied.access), { code: 'unauthorized' });
  });
});

/** One browser: it keeps its cookies, and shows them. */
function browser(app: App, cookies: Record<string, string>) {
  const jar = { ...cookies };
  const send = async (what: string, headers: Record<string, string> = {}) => {
    const [method, url] = what.split(' ') as ['GET', string];
    const answer = await app.inject({ method, url, cookies: jar, headers });
    for (const { name, value } of answer.cookies) jar[name] = value;
    return { status: answer.statusCode, body: answer.json(), cookies: answer.cookies };
  };
  return { jar, send, change: (what: string) => send(what, { 'x-csrf-token': jar.csrf_token ?? '' }) };
}

t.test('a silent refresh keeps the csrf token of the other tabs, and no cookie outlives the session', async (t) => {
  const { cookies } = await signUp(app);
  const one = browser(app, cookies);
  const before = one.jar.csrf_token;
  t.equal((await one.send('POST /api/v1/auth/refresh')).status, 200);
  t.equal(one.jar.csrf_token, before);
  const stranger = await signUp(app);
  one.jar.csrf_token = String(stranger.cookies.csrf_token);
  await one.send('POST /api/v1/auth/refresh');
  t.not(one.jar.csrf_token, stranger.cookies.csrf_token, 'another session’s is replaced');
  await runtime.db.sql`
    update auth_sessions s set created_at = s.created_at - interval '7 days' + interval '1 hour', expires_at = s.expires_at - interval '7 days' + interval '1 hour'
      from users u where u.id = s.user_id and u.email <> ${stranger.email}`;
  const last = await one.send('POST /api/v1/auth/refresh');
  t.equal(last.status, 200);
  for (const { name, maxAge } of last.cookies) t.ok(maxAge !== undefined && maxAge > 3500 && maxAge <= 3600, `${name} lives ${maxAge} s`);
});

t.test('one’s sessions: listed by page, ended one by one or all at once, on every server', async (t) => {
  const { email, cookies, headers } = await signUp(app);
  const stranger = await signUp(app);
  const logIn = async (userAgent: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/auth/login',
      payload: { email, password: PASSWORD },
      headers: { 'user-agent': userAgent },
      remoteAddress: '10.0.0.7',
    });
    return { cookies: Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value])), body: answer.json() };
  };
  const phone = await logIn('phone');
  const laptop = await logIn('laptop');
  const me = browser(app, cookies);

  const { status, body } = await me.send('GET /api/v1/me/sessions');
  t.equal(status, 200);
  t.match(body, { total: 3, page: 1, pageSize: 25, totalPages: 1 });
  t.same(Object.keys(body.items[0]), ['id', 'createdAt', 'lastUsedAt', 'expiresAt', 'ip', 'userAgent', 'current']);
  type Item = { id: string; userAgent: string; current: boolean };
  const items = body.items as Item[];
  t.match(
    items.find(({ userAgent }) => userAgent === 'phone'),
    { id: /^session_\d+$/, ip: '10.0.0.7', current: false, createdAt: /Z$/, lastUsedAt: /Z$/, expiresAt: /Z$/ },
  );
  t.equal(items.filter(({ current }) => current).length, 1);
  t.notMatch(JSON.stringify(body), String(me.jar.refresh_token));
  const pages = await Promise.all([1, 2].map((page) => ask(app, `GET /api/v1/me/sessions?page=${page}&pageSize=2`, { headers })));
  t.same(
    pages.map((page) => (page.body.items as Item[]).length),
    [2, 1],
  );
  t.match(pages[1]?.body, { total: 3, page: 2, pageSize: 2, totalPages: 2 });
  t.equal(new Set(pages.flatMap((page) => (page.body.items as Item[]).map(({ id }) => id))).size, 3);
  for (const query of ['page=0', 'pageSize=101', 'pageSize=x', 'page=100001'])
    t.match(
      await ask(app, `GET /api/v1/me/sessions?${query}`, { headers }),
      { status: 400, body: { errors: [{ location: 'query' }] } },
      query,
    );

  const ofStranger = (await ask(app, 'GET /api/v1/me/sessions', { headers: stranger.headers })).body.items[0].id;
  for (const id of [ofStranger, 'session_999999', 'call_1', 'nonsense'])
    t.match(await me.change(`DELETE /api/v1/me/sessions/${id}`), { status: 404, body: { code: 'NOT_FOUND' } }, id);
  t.equal((await ask(app, 'GET /api/v1/me/whoami', { headers: stranger.headers })).status, 200);

  const phoneId = items.find(({ userAgent }) => userAgent === 'phone')?.id;
  const bearer = { authorization: `Bearer ${phone.body.data.token}` };
  t.equal((await ask(second.app, 'GET /api/v1/me/whoami', { headers: bearer })).status, 200);
  t.equal((await me.send(`DELETE /api/v1/me/sessions/${phoneId}`)).status, 403, 'without csrf token');
  t.match(await me.change(`DELETE /api/v1/me/sessions/${phoneId}`), {
    status: 200,
    body: { success: true, message: 'Session ended' },
    cookies: [],
  });
  t.equal((await ask(app, 'GET /api/v1/me/whoami', { headers: bearer })).status, 401);
  await eventually(async () => (await ask(second.app, 'GET /api/v1/me/whoami', { headers: bearer })).status === 401);
  t.equal((await browser(app, phone.cookies).send('POST /api/v1/auth/refresh')).status, 401);
  t.equal((await me.change(`DELETE /api/v1/me/sessions/${phoneId}`)).status, 404, 'once');
  t.equal((await me.send('GET /api/v1/me/sessions')).body.total, 2);

  const dialer = (await ask(app, 'POST /api/auth/login', { payload: { email, password: PASSWORD } })).body.data.token as string;
  t.equal((await me.send('POST /api/v1/auth/logout-all')).status, 403, 'without csrf token');
  const all = await me.change('POST /api/v1/auth/logout-all');
  t.match(all, { status: 200, body: { success: true } });
  t.same(
    all.cookies.map(({ value }) => value),
    ['', '', ''],
  );
  for (const each of [app, second.app])
    for (const token of [headers.authorization.slice(7), laptop.body.data.token, dialer])
      await eventually(
        async () => (await ask(each, 'GET /api/v1/me/whoami', { headers: { authorization: `Bearer ${token}` } })).status === 401,
      );
  t.equal((await browser(app, laptop.cookies).send('POST /api/v1/auth/refresh')).status, 401);
  t.equal((await ask(app, 'GET /api/v1/me/whoami', { headers: stranger.headers })).status, 200, 'others stay');

  const own = browser(app, (await logIn('last')).cookies);
  const current = (await own.send('GET /api/v1/me/sessions')).body.items[0].id;
  t.equal((await own.change(`DELETE /api/v1/me/sessions/${current}`)).cookies.length, 3, 'who ends the own session loses its cookies');
  t.equal((await own.send('GET /api/v1/me/whoami')).status, 401);
});
