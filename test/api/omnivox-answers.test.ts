import { gzipSync, gunzipSync } from 'node:zlib';
import t from 'tap';
import { openAnswers } from '../../api/omnivox/answers.ts';
import { openCache } from '../../api/omnivox/cache.ts';
import { readCursor, writeCursor } from '../../api/omnivox/cursor.ts';
import { bearer, guard } from '../../api/plugin/guard.ts';
import { bulkLimit } from '../../api/plugin/bulk-limit.ts';
import type { Api } from '../../api/plugin/api.ts';
import type { App } from '../../api/plugin/app.ts';
import { dialect } from '../../api/omnivox/dialect.ts';
import { speak } from '../../api/plugin/dialect.ts';
import { decoratePrincipal } from '../../api/plugin/guard.ts';
import { openLimits } from '../../api/plugin/limits.ts';
import type { Runtime } from '../../service/runtime.ts';
import { noteCalls, noteCallsChanged, noteChange, versionsOf } from '../../service/changes.ts';
import { openAuth } from '../../service/sessions.ts';
import fastify from 'fastify';
import { eventually } from '../eventually.ts';
import { ask, PASSWORD, settle, signUp, startServer } from './helper.ts';

t.test('kept answers: as long as their versions and their time, the most recently used ones, no more than fit', async (t) => {
  let nowMs = 0;
  const answers = openAnswers({ entries: 3, size: 1000, forMs: 300_000 }, () => nowMs);
  const answer = (body: string) => ({ body, etag: `W/"${body}"` });
  answers.keep('a', 'v1', answer('one'));
  t.match(answers.get('a', 'v1'), { body: 'one' });
  t.equal(answers.get('a', 'v2'), undefined, 'another version');
  t.equal(answers.get('a', 'v1'), undefined, 'a stale one is gone for good');
  answers.keep('a', 'v1', answer('one'));
  nowMs = 299_999;
  t.ok(answers.get('a', 'v1'));
  nowMs = 300_000;
  t.equal(answers.get('a', 'v1'), undefined, 'five minutes');
  for (const key of ['a', 'b', 'c']) answers.keep(key, 'v1', answer(key));
  answers.get('a', 'v1');
  answers.keep('d', 'v1', answer('d'));
  t.same(
    ['a', 'b', 'c', 'd'].map((key) => answers.get(key, 'v1')?.body),
    ['a', undefined, 'c', 'd'],
    'the one unused for longest left',
  );
  answers.keep('big', 'v1', answer('x'.repeat(200)));
  t.equal(answers.get('big', 'v1'), undefined, 'one too big is not kept');
  const many = openAnswers({ entries: 1000, size: 1000, forMs: 1 }, () => 0);
  for (let i = 0; i < 100; i++) many.keep(`k${i}`, 'v', answer('x'.repeat(97)));
  t.ok(Array.from({ length: 100 }, (_, i) => many.get(`k${i}`, 'v')).filter(Boolean).length <= 10, 'bounded by size too');
});

t.test('GET is answered from before until something changes, by role and person, never across tenants', async (t) => {
  const { app } = await startServer(t);
  const [one, two] = [await signUp(app), await signUp(app)];
  const list = (who = one, query = '') => ask(app, `GET /api/v1/users${query}`, { headers: who.headers });
  const first = await list();
  t.match(first, {
    status: 200,
    headers: { 'x-cache': 'MISS', etag: /^W\//, 'cache-control': 'private, no-cache', 'x-response-time': /ms$/ },
  });
  const again = await list();
  t.match(again, {
    status: 200,
    headers: { 'x-cache': 'HIT', etag: first.headers.etag, 'content-type': /^application\/json/, 'x-response-time': /ms$/ },
  });
  t.same(again.body, first.body);
  t.match(await list(one, '?page=2'), { headers: { 'x-cache': 'MISS' } }, 'another question');
  const foreign = await list(two);
  t.match(foreign, { headers: { 'x-cache': 'MISS' } });
  t.match(foreign.body.data, [{ email: two.email }], 'another tenant sees its own');
  t.match((await list(two)).body.data, [{ email: two.email }]);
  t.match(await list(two), { headers: { 'x-cache': 'HIT' } });

  await ask(app, 'PUT /api/v1/users/profile', { headers: one.headers, payload: { firstName: 'New' } });
  t.match(await list(), { headers: { 'x-cache': 'MISS' }, body: { data: [{ firstName: 'New' }] } }, 'a write is seen by the next read');
  t.match(await list(two), { headers: { 'x-cache': 'HIT' } }, 'and costs nobody else their answers');
  t.match(await ask(app, 'GET /api/v1/users?limit=0', { headers: one.headers }), { status: 400 });
  t.match(
    await ask(app, 'GET /api/v1/users?limit=0', { headers: one.headers }),
    { status: 400, headers: { 'x-cache': undefined } },
    'errors are not kept',
  );

  const profile = (headers: Record<string, string>) => ask(app, 'GET /api/v1/users/profile', { headers });
  t.match(await profile(one.headers), { headers: { 'x-cache': 'MISS' } });
  const known = await profile(one.headers);
  t.match(known, { headers: { 'x-cache': 'HIT' } });
  const unchanged = await profile({ ...one.headers, 'if-none-match': `"x", ${String(known.headers.etag)}` });
  t.match(unchanged, { status: 304, body: '', headers: { 'x-cache': 'HIT', 'x-response-time': /ms$/ } });
  const { body } = await ask(app, 'POST /auth/login', { payload: { email: one.email, password: PASSWORD } });
  const later = await profile({ authorization: `Bearer ${body.data.accessToken}` });
  t.match(later, { headers: { 'x-cache': 'MISS' } });
  t.ok(later.body.data.lastLoginAt > known.body.data.lastLoginAt, 'a log-in changes what the profile tells');
  const head = await app.inject({ method: 'HEAD', url: '/api/v1/users/profile', headers: one.headers });
  t.match(head, { statusCode: 200, body: '' });
  t.match(await profile(one.headers), { headers: { 'x-cache': 'HIT' }, body: { success: true } });
});

t.test('a log-out ends what the kept answers would still tell', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  await ask(app, 'GET /api/v1/users', { headers });
  t.match(await ask(app, 'GET /api/v1/users', { headers }), { headers: { 'x-cache': 'HIT' } });
  await ask(app, 'POST /auth/logout', { headers });
  t.equal((await ask(app, 'GET /api/v1/users', { headers })).status, 401);
});

t.test('another server’s writes are seen by the next read', async (t) => {
  const one = await startServer(t);
  const two = await startServer(t, { DATABASE_URL: one.databaseUrl });
  const { headers } = await signUp(one.app);
  const profile = (app: App) => ask(app, 'GET /api/v1/users/profile', { headers });
  for (const expected of ['MISS', 'HIT']) {
    for (const { app } of [one, two]) t.match(await profile(app), { headers: { 'x-cache': expected } });
  }
  await ask(two.app, 'PUT /api/v1/users/profile', { headers, payload: { lastName: 'Elsewhere' } });
  t.match(await profile(one.app), { headers: { 'x-cache': 'MISS' }, body: { data: { lastName: 'Elsewhere' } } });
});

/** A cached scope with one route that answers when it is told to. */
async function startSlow(t: { teardown(done: () => Promise<void>): void }, runtime: Runtime) {
  const app = fastify() as unknown as App;
  decoratePrincipal(app);
  const auth = await openAuth(runtime);
  const api: Api = { runtime, auth, limits: await openLimits(app, runtime.config), version: '0' };
  const state = { runs: 0, fails: false, waiting: new Array<() => void>() };
  speak(app, dialect);
  await app.register(async (scope: App) => {
    guard(scope, auth, bearer, async () => undefined);
    openCache(scope, api);
    scope.get('/slow', { config: { cached: ['calls'] } }, async (request, reply) => {
      state.runs++;
      await new Promise<void>((resolve) => state.waiting.push(resolve));
      if (state.fails) return reply.code(503).send({ success: false });
      return { run: state.runs, query: request.query };
    });
    scope.get('/other', { config: { cached: false } }, async () => ({ run: ++state.runs }));
    scope.get('/stream', async (_request, reply) => reply.type('text/csv').send(`${++state.runs}`));
    scope.get('/bulk', { onRequest: bulkLimit(api), config: { cached: false } }, async () => ({}));
  });
  t.teardown(async () => {
    await app.close();
    await auth.close();
  });
  return { app, api, state };
}

t.test('equal questions of one moment are answered once; a failure is nobody else’s', async (t) => {
  const { app: main, runtime } = await startServer(t);
  const { headers } = await signUp(main);
  const { app, state } = await startSlow(t, runtime);
  const get = (url = '/slow') => app.inject({ url, headers });
  const release = () => state.waiting.splice(0).forEach((go) => go());
  const several = Promise.all([get(), get(), get()]);
  await eventually(() => state.waiting.length === 1);
  const different = get('/slow?a=1');
  await eventually(() => state.waiting.length === 2);
  release();
  const answers = await several;
  t.equal(new Set(answers.map((answer) => answer.body)).size, 1);
  t.same(answers.map((answer) => answer.headers['x-cache']).sort(), ['HIT', 'HIT', 'MISS']);
  t.equal((await different).headers['x-cache'], 'MISS');
  t.equal(state.runs, 2);

  // what changes while an answer is made is not answered with it afterwards
  await noteChange(runtime, 1, 'calls');
  const old = get();
  await eventually(() => state.waiting.length === 1);
  await noteChange(runtime, 1, 'calls');
  const fresh = get();
  await eventually(() => state.waiting.length === 2);
  release();
  t.same([(await old).headers['x-cache'], (await fresh).headers['x-cache']], ['MISS', 'MISS']);
  t.equal((await get()).headers['x-cache'], 'HIT');

  await noteChange(runtime, 1, 'calls');
  state.fails = true;
  const failing = [get(), get()];
  await eventually(() => state.waiting.length === 1);
  release();
  await eventually(() => state.waiting.length === 1);
  state.fails = false;
  release();
  t.same((await Promise.all(failing)).map(({ statusCode }) => statusCode).sort(), [200, 503], 'who waited asked by themselves');

  await noteChange(runtime, 1, 'users');
  t.equal((await get()).headers['x-cache'], 'HIT', 'what it is not made of may change');
  t.equal((await get('/other')).headers['x-cache'], undefined);
  t.not((await get('/other')).body, (await get('/other')).body);
  t.not((await get('/stream')).body, (await get('/stream')).body, 'only JSON is kept');
});

t.test('bulk operations: 50 a minute over all of them', async (t) => {
  const { app: main, runtime } = await startServer(t);
  const { headers } = await signUp(main);
  const { app, api } = await startSlow(t, { ...runtime, config: { ...runtime.config, RATE_LIMIT_FACTOR: 1 } });
  t.equal(bulkLimit(api), bulkLimit(api), 'one bucket');
  t.match((await app.inject({ url: '/bulk', headers })).headers, { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '49' });
  for (let i = 0; i < 49; i++) await app.inject({ url: '/bulk', headers });
  const refused = await app.inject({ url: '/bulk', headers });
  t.match(refused, { statusCode: 429, headers: { 'retry-after': String } });
  t.match(refused.json(), { success: false, error: { code: 'RATE_LIMITED', message: 'Rate limit exceeded. Try again later.' } });
});

t.test('changes: counted where somebody asked, told at once or together, said again when the database was away', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers } = await settle(app);
  const other = await signUp(app);
  const { sql } = runtime.db;
  await noteChange(runtime, 1, 'flows');
  t.same(await sql`select * from tenant_versions`, [], 'nobody has asked: no row is written');
  const calls = () => versionsOf(runtime, 1, ['calls']);
  const start = await calls();
  t.equal(await calls(), start);
  await noteChange(runtime, 1, 'users');
  t.equal(await calls(), start, 'of other subjects');
  await noteChange(runtime, 2, 'calls');
  t.equal(await calls(), start, 'of other tenants');
  await noteChange(runtime, 1, 'calls');
  const told = await calls();
  t.not(told, start);
  noteCallsChanged(runtime, [1, 1, 2]);
  await eventually(async () => (await calls()) !== told);
  const gathered = await calls();
  const [call] = await sql<Array<{ id: number }>>`select id from calls`;
  noteCalls(runtime, [call?.id ?? 0]);
  await eventually(async () => (await calls()) !== gathered);
  const before = await calls();
  await ask(app, 'POST /api/v1/calls/outbound', {
    headers,
    payload: { toPhone: '+919876543210', agentId: 'agent_1', scheduledFor: '2099-01-01T00:00:00Z' },
  });
  t.not(await calls(), before, 'a request of another surface counts, and before it is answered');
  const requested = await calls();
  await ask(app, 'POST /api/v1/calls/outbound', { headers: other.headers, payload: { toPhone: '+919876543210', agentId: 'agent_1' } });
  t.equal(await calls(), requested);
  // a table that is away for a moment
  await sql`alter table tenant_versions rename to away`;
  await noteChange(runtime, 1, 'calls');
  await sql`alter table away rename to tenant_versions`;
  await eventually(async () => (await calls()) !== requested);
  t.pass('told again');
});

t.test('cursors: opaque, ours, for one tenant’s list', async (t) => {
  const { runtime } = await startServer(t);
  const api = { runtime } as Api;
  const place = { at: new Date('2026-01-02T03:04:05.678Z'), id: 123_456_789 };
  const cursor = writeCursor(api, 7, 'contacts', place);
  t.match(cursor, /^[\w.-]+$/, 'needs no escaping in a query');
  t.same(readCursor(api, 7, 'contacts', cursor), place);
  const refused = { code: 'validation', fields: [{ field: 'cursor', in: 'query' }] };
  for (const [tenantId, list, text] of [
    [8, 'contacts', cursor],
    [7, 'calls', cursor],
    [7, 'contacts', cursor.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'))],
    [7, 'contacts', `${cursor}x`],
    [7, 'contacts', ''],
    [7, 'contacts', 'null'],
  ] as const) {
    t.throws(() => readCursor(api, tenantId, list, text), refused, text);
  }
  const other = { runtime: { config: { ...runtime.config, JWT_SECRET: 'another secret of at least 32 bytes!' } } } as Api;
  t.throws(() => readCursor(other, 7, 'contacts', cursor), refused);
});

t.test('gzip both ways', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  const json = { ...headers, 'content-type': 'application/json' };
  const put = (payload: Buffer, more: Record<string, string>) =>
    app.inject({ method: 'PUT', url: '/api/v1/users/profile', headers: { ...json, ...more }, payload });
  const packed = gzipSync(JSON.stringify({ firstName: 'Packed', lastName: 'x'.repeat(190) }));
  const written = await put(packed, { 'content-encoding': 'gzip' });
  t.match(written, { statusCode: 200 });
  t.match(written.json(), { data: { firstName: 'Packed' } });
  const refusal = (answer: Awaited<ReturnType<typeof put>>) => [answer.statusCode, answer.json<{ error: { code: string } }>().error.code];
  t.same(refusal(await put(Buffer.from('{"firstName":"plain"}'), { 'content-encoding': 'gzip' })), [400, 'VALIDATION_ERROR'], 'broken');
  t.same(refusal(await put(packed.subarray(0, 20), { 'content-encoding': 'gzip' })), [400, 'VALIDATION_ERROR'], 'cut off');
  t.same(refusal(await put(packed, { 'content-encoding': 'rot13' })), [415, 'UNSUPPORTED_MEDIA_TYPE']);
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
  t.ok(bomb.length < 100_000);
  t.same(refusal(await put(bomb, { 'content-encoding': 'gzip' })), [413, 'PAYLOAD_TOO_LARGE'], 'a bomb');

  const list = (encoding?: string) =>
    app.inject({ url: '/api/v1/users?limit=100', headers: { ...headers, ...(encoding && { 'accept-encoding': encoding }) } });
  t.equal((await list('gzip')).headers['content-encoding'], undefined, 'short answers are left alone');
  for (let i = 0; i < 8; i++) {
    const name = `Person ${i} ${'y'.repeat(100)}`;
    await ask(app, 'POST /api/auth/register', {
      headers,
      payload: { email: `many${i}@example.com`, password: PASSWORD, name, role: 'agent' },
    });
  }
  for (const cache of ['MISS', 'HIT']) {
    const answer = await list('gzip');
    t.match(answer.headers, { 'content-encoding': 'gzip', 'x-cache': cache, vary: /accept-encoding/ });
    t.match(JSON.parse(gunzipSync(answer.rawPayload).toString()), { success: true });
    t.equal((await list()).headers['content-encoding'], undefined);
  }
});

t.test('X-Debug tells what was thrown, in development alone', async (t) => {
  const wrong = { headers: { 'x-debug': 'true' }, payload: { email: 'x' } };
  for (const [NODE_ENV, told] of [
    ['development', true],
    ['test', false],
  ] as const) {
    const { app } = await startServer(t, { NODE_ENV });
    const { status, body } = await ask(app, 'POST /auth/login', wrong);
    t.match([status, body.error.code], [422, 'VALIDATION_ERROR']);
    if (told) t.match(body.debug, { requestId: String, name: 'AppError', message: String, stack: [/^at /], durationMs: Number });
    else t.notOk('debug' in body);
    const { body: quiet } = await ask(app, 'POST /auth/login', { payload: { email: 'x' } });
    t.notOk('debug' in quiet, 'only who asks');
    const { body: refused } = await ask(app, 'GET /api/v1/users', { headers: { 'x-debug': 'true' } });
    t.equal('debug' in refused, told);
    const { body: good } = await ask(app, 'GET /api/v1/monitoring/health', { headers: { 'x-debug': 'true' } });
    t.notOk('debug' in good);
  }
});

t.test('limits: 1000 an hour for who is known, 100 for who is not, listed addresses free; every answer tells its time', async (t) => {
  const { app } = await startServer(t, { RATE_LIMIT_FACTOR: '1', RATE_LIMIT_WHITELIST: '10.2.0.9' });
  const { headers } = await signUp(app);
  t.match((await ask(app, 'GET /api/v1/users/profile', { headers, ip: '10.2.0.1' })).headers, {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '999',
  });
  t.match((await ask(app, 'GET /api/v1/users/profile', { headers, ip: '10.2.0.2' })).headers, { 'x-ratelimit-remaining': '998' });
  t.match((await ask(app, 'GET /api/v1/users/profile', { ip: '10.2.0.1' })).headers, {
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '99',
  });
  t.notOk((await ask(app, 'GET /api/v1/users/profile', { ip: '10.2.0.9' })).headers['x-ratelimit-limit']);
  const health = () => ask(app, 'GET /api/v1/monitoring/health', { ip: '10.2.0.3' });
  const first = await health();
  t.match(first.headers, { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '99', 'x-response-time': /^\d+ms$/ });
  const resetIn = Number(first.headers['x-ratelimit-reset']) - Date.now() / 1000;
  t.ok(resetIn > 3500 && resetIn <= 3601);
  for (let i = 0; i < 99; i++) await health();
  t.match(await health(), {
    status: 429,
    body: { success: false, error: { code: 'RATE_LIMITED', message: 'Rate limit exceeded. Try again later.' } },
    headers: { 'retry-after': String, 'x-response-time': /ms$/ },
  });
  const guess = () => ask(app, 'POST /auth/login', { payload: { email: 'a@example.com', password: 'x' }, ip: '10.2.0.4' });
  for (let i = 0; i < 5; i++) t.equal((await guess()).status, 401);
  t.match(await guess(), { status: 429, body: { error: { code: 'RATE_LIMITED' } } }, 'guesses of a password are fewer');
  t.match((await ask(app, 'GET /auth/nothing')).headers, { 'x-response-time': /ms$/ });
});
