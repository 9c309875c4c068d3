import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import fastify from 'fastify';
import t from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { speak } from '../../api/plugin/dialect.ts';
import { decoratePrincipal } from '../../api/plugin/guard.ts';
import { MINUTE_MS, openLimits } from '../../api/plugin/limits.ts';
import { SURFACE_NAMES, type SurfaceName } from '../../api/plugin/surface.ts';
import { buildServer } from '../../api/server.ts';
import { SURFACES } from '../../api/surfaces.ts';
import { parseConfig } from '../../core/config.ts';
import { openTestRuntime } from '../runtime.ts';
import { AGENT, ask, PASSWORD, signUp, startServer } from './helper.ts';
import { watchRoutes } from './routes.ts';

/** As Node says it. */
const NO_NAME = { code: 'EAI_AGAIN', syscall: 'getaddrinfo', hostname: 'postgres' };
const CODES: Array<[path: string, notFound: object, badUrl: object]> = [
  [
    '/api/v1/nothing',
    { success: false, message: 'Resource not found', error: { code: 'NOT_FOUND', details: String } },
    { error: { code: 'VALIDATION_ERROR' } },
  ],
  ['/api/v1/admin/nothing', { error: 'Not found' }, { error: String }],
  [
    '/api/nothing',
    { success: false, error: { code: 'NOT_FOUND', message: String } },
    { success: false, error: { code: 'VALIDATION_ERROR' } },
  ],
  ['/auth/nothing', { success: false, error: { code: 'RESOURCE_NOT_FOUND' }, timestamp: /Z$/ }, { success: false, timestamp: /Z$/ }],
  ['/nothing', { success: false, error: { code: 'NOT_FOUND' } }, { success: false }],
];

t.test('each surface has its own way to say no', async (t) => {
  const { app } = await startServer(t);
  for (const [path, notFound, badUrl] of CODES) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const answer = await ask(
        app,
        `${method} ${path}`,
        method === 'POST' ? { payload: '{not json', headers: { 'content-type': 'application/json' } } : {},
      );
      t.match(
        answer,
        { status: 404, body: notFound, headers: { 'x-ratelimit-limit': String, 'x-request-id': String } },
        `${method} ${path}`,
      );
    }
    t.match(await ask(app, `GET ${path}/%zz`), { status: 400, body: badUrl }, `${path}/%zz`);
  }
  const { headers } = await signUp(app);
  const json = { ...headers, 'content-type': 'application/json' };
  t.match(await ask(app, 'POST /api/v1/agents', { headers: json, payload: '{"name":' }), {
    status: 400,
    body: { error: { code: 'VALIDATION_ERROR', details: /JSON/ } },
  });
  t.match(await ask(app, 'POST /api/v1/agents', { headers: json, payload: '{"__proto__":{"a":1}}' }), { status: 400 });
  t.match(await ask(app, 'POST /api/v1/agents', { headers: json, payload: '' }), {
    status: 422,
    body: { error: { code: 'VALIDATION_ERROR' } },
  });
  t.match(await ask(app, 'POST /api/v1/agents', { headers: json, payload: '[]' }), { status: 422 });
  t.match(await ask(app, 'POST /api/v1/agents', { headers: { ...headers, 'content-type': 'text/plain' }, payload: 'x' }), {
    status: 415,
    body: { error: { code: 'UNSUPPORTED_MEDIA_TYPE', details: 'Send application/json' } },
  });
  for (const [path, refusal] of [
    ['/api/v1/agents', { error: { details: 'Send application/json' } }],
    ['/api/v1/auth/login', { error: 'Send application/json' }],
  ] as const) {
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    t.match(await ask(app, `POST ${path}`, { headers: form, payload: 'a=b' }), { status: 415, body: refusal });
  }
  const large = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
  t.match(await ask(app, 'POST /api/v1/agents', { headers: json, payload: large }), {
    status: 413,
    body: { error: { code: 'PAYLOAD_TOO_LARGE', details: 'The body may have at most 1048576 bytes' } },
  });
  t.match(await ask(app, 'POST /api/v1/auth/login', { headers: { 'content-type': 'application/json' }, payload: '{' }), {
    status: 400,
    body: { success: false, error: String, code: 'VALIDATION_ERROR' },
  });
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer x']) {
    const answer = await ask(app, 'GET /api/v1/stats', { headers: { authorization } });
    t.match(
      answer,
      { status: 401, body: { success: false, error: { code: 'UNAUTHORIZED' } }, headers: { 'www-authenticate': 'Bearer' } },
      authorization,
    );
  }
});

t.test('limits: the documented numbers, headers on every answer, a bucket that a forged address does not refill', async (t) => {
  const { app } = await startServer(t, { RATE_LIMIT_FACTOR: '1' });
  const logIn = (ip: string, headers = {}) =>
    ask(app, 'POST /api/v1/auth/login', { payload: { email: 'nobody@example.com', password: 'x' }, ip, headers });
  for (let left = 4; left >= 0; left--)
    t.match(await logIn('10.0.0.1'), { status: 401, headers: { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': String(left) } });
  const refused = await logIn('10.0.0.1', { 'x-forwarded-for': '10.9.9.9' });
  t.match(refused, {
    status: 429,
    body: { success: false, code: 'RATE_LIMIT_EXCEEDED' },
    headers: { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0' },
  });
  const resetIn = Number(refused.headers['x-ratelimit-reset']) - Date.now() / 1000;
  t.ok(resetIn > 50 && resetIn <= 61, 'the reset is a moment, in epoch seconds');
  t.ok(Number(refused.headers['retry-after']) > 50 && Number(refused.headers['retry-after']) <= 60, 'and how long to wait');
  t.equal((await logIn('10.0.0.2')).status, 401, 'another address has its own');
  t.equal((await logIn('::ffff:10.0.0.1')).status, 429, 'the same address in another spelling has not');

  const [one, two] = [await signUp(app), await signUp(app)];
  const stats = (who: { headers: Record<string, string> }) => ask(app, 'GET /api/v1/stats', { headers: who.headers, ip: '10.0.0.3' });
  t.match(await stats(one), { status: 200, headers: { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '99' } });
  for (let i = 0; i < 99; i++) await ask(app, 'GET /api/v1/agents/agent_1', { headers: one.headers });
  t.match(await stats(one), {
    status: 429,
    body: { success: false, message: String, error: { code: 'RATE_LIMIT_EXCEEDED', details: /Try again in [1-9]\d? seconds?$/ } },
  });
  t.equal((await stats(two)).status, 200, 'another user has their own');

  for (let i = 0; i < 100; i++) await ask(app, 'GET /api/v1/stats', { headers: { authorization: `Bearer guess-${i}` }, ip: '10.0.0.4' });
  t.equal(
    (await ask(app, 'GET /api/v1/stats', { headers: { authorization: 'Bearer another' }, ip: '10.0.0.4' })).status,
    429,
    'guessing tokens is limited',
  );

  const documented: Array<[path: string, max: string]> = [
    ['/api/v1/health', '100'],
    ['/api/health', '100'],
    ['/api/v1/monitoring/health', '100'],
    ['/api/v1/admin/nothing', '100'],
  ];
  for (const [path, max] of documented)
    t.match((await ask(app, `GET ${path}`, { ip: '10.0.0.5' })).headers, { 'x-ratelimit-limit': max }, path);
});

t.test('limits: a listed proxy is believed, listed addresses are free, the factor scales', async (t) => {
  const { app } = await startServer(t, { RATE_LIMIT_FACTOR: '0.4', TRUST_PROXY: '10.1.0.1', RATE_LIMIT_WHITELIST: '10.2.0.2, 10.2.0.3' });
  const logIn = (ip: string, forwarded?: string) =>
    ask(app, 'POST /api/v1/auth/login', {
      payload: { email: 'nobody@example.com', password: 'x' },
      ip,
      headers: forwarded ? { 'x-forwarded-for': forwarded } : {},
    });
  t.match(await logIn('10.1.0.1', '10.3.0.1'), { status: 401, headers: { 'x-ratelimit-limit': '2' } });
  t.equal((await logIn('10.1.0.1', '10.3.0.1')).status, 401);
  t.equal((await logIn('10.1.0.1', '10.3.0.1')).status, 429);
  t.equal((await logIn('10.1.0.1', '10.3.0.2')).status, 401, 'another client behind the proxy');
  t.equal((await logIn('10.1.0.9', '10.2.0.2')).status, 401, 'a stranger may not claim to be listed …');
  t.equal((await logIn('10.1.0.9', '10.2.0.2')).status, 401);
  t.equal((await logIn('10.1.0.9', '10.2.0.2')).status, 429, '… and is limited');
  for (let i = 0; i < 5; i++) {
    const free = await logIn('10.2.0.3');
    t.equal(free.status, 401);
    t.notOk(free.headers['x-ratelimit-limit']);
  }
});

t.test('who a shared path is for', async (t) => {
  const { app } = await startServer(t);
  const { headers, cookies } = await signUp(app);
  const cookie = `session=${cookies.session}`;
  for (const path of ['/api/v1/agents', '/api/v1/phones']) {
    t.equal((await ask(app, `GET ${path}`, { headers })).status, 200);
    t.equal((await ask(app, `GET ${path}`, { headers: { ...headers, cookie } })).status, 200, 'Authorization wins over the cookie');
    t.equal(
      (await ask(app, `GET ${path}`, { headers: { cookie, 'x-api-surface': 'calling' } })).status,
      401,
      'the header wins over both; Bearer ignores cookies',
    );
    t.equal((await ask(app, `GET ${path}`)).status, 401);
    t.equal((await ask(app, `GET ${path}/?limit=1`, { headers })).status, 200, 'a slash at the end changes nothing');
  }
});

/** Wrong paths, wrong methods and unreadable paths of the dashboard's. */
const NOT_THERE = [
  ['GET', '/nothing'],
  ['GET', '/agents/nothing/more'],
  ['GET', '/call-logs/sess_1/nothing'],
  ...[
    '/me',
    '/agents',
    '/phones',
    '/phones/phone_1',
    '/campaigns',
    '/campaigns/1',
    '/campaigns/1/info',
    '/call-logs',
    '/exports/calls.csv',
  ].flatMap((path) => ['POST', 'DELETE'].map((method) => [method, path] as const)),
] as const;

t.test('what the dashboard does not have, it refuses in its own words', async (t) => {
  const surfaceOfPort = new Map<number, SurfaceName>();
  const { runtime } = await startServer(t);
  const app = await buildServer(runtime, surfaceOfPort);
  t.teardown(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { headers, cookies } = await signUp(app);
  const cookie = `session=${cookies.session}`;
  const json = { 'content-type': 'application/json' };
  const fetched = async (method: string, path: string, more: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers: more });
    return {
      status: answer.status,
      body: (await answer.json()) as Record<string, unknown>,
      limit: answer.headers.get('x-ratelimit-limit'),
    };
  };
  const asks: Array<[how: string, headers: Record<string, string>]> = [
    ['cookie', { cookie }],
    ['header', { 'x-api-surface': 'dashboard' }],
    ['header and token', { ...headers, 'x-api-surface': 'dashboard' }],
  ];
  const check = async (how: string, proof: Record<string, string>) => {
    for (const [method, path] of NOT_THERE) {
      const { status, body, limit } = await fetched(method, path, { ...proof, ...(method === 'GET' ? {} : json) });
      t.same(
        { status, body },
        { status: 404, body: { error: `There is no ${method} /api/v1${path}`, code: 'NOT_FOUND' } },
        `${how}: ${method} ${path}`,
      );
      t.ok(limit, 'and counted');
    }
    for (const path of ['/%zz', '/call-logs/%zz', '/phones/%E0%A4%A', '/exports/%'])
      t.match(
        await fetched('GET', path, proof),
        { status: 400, body: { error: String, code: 'VALIDATION_ERROR', success: undefined } },
        `${how}: ${path}`,
      );
  };
  for (const [how, proof] of asks) await check(how, proof);
  const others: Array<Record<string, string>> = [headers, { ...headers, cookie }, { cookie, 'x-api-surface': 'calling' }, {}];
  for (const proof of others)
    t.match(
      await fetched('GET', '/nothing', proof),
      { status: 404, body: { success: false, error: { code: 'NOT_FOUND' } } },
      'all others as ever',
    );
  t.match(await fetched('GET', '/admin/nothing', { cookie }), { status: 404, body: { error: 'Not found' } }, 'a path that tells says it');
  t.equal((await fetched('POST', '/agents', { ...headers, ...json })).status, 422, 'the others keep their methods');
  t.equal((await fetched('PUT', '/campaigns/1', { ...headers, ...json })).status, 422);
  surfaceOfPort.set(Number(new URL(url).port), 'dashboard');
  await check('port', {});
});

t.test('an empty value in a query is none, on every route of every surface', async (t) => {
  const watch = watchRoutes();
  const { app, runtime } = await startServer(t);
  watch.stop();
  const { headers, cookies, email } = await signUp(app);
  await runtime.db.sql`update users set platform_role = 'admin' where email = ${email}`;
  const asking = watch.read().filter(({ method, surface, query }) => method === 'GET' && surface !== undefined && query?.properties);
  t.ok(asking.length > 30, `${asking.length} routes`);
  t.same(new Set(asking.map(({ surface }) => surface)), new Set(SURFACE_NAMES));
  for (const { url, surface, query } of asking) {
    const proof = surface === 'dashboard' ? { cookie: `session=${cookies.session}` } : headers;
    const path = `GET ${url.replace(/:\w+/g, '1')}`;
    const names = Object.keys(query?.properties ?? {});
    const plain = await ask(app, path, { headers: proof });
    const empty = await ask(app, `${path}?${names.map((name) => `${name}=`).join('&')}&unknown=`, { headers: proof });
    t.same(
      [empty.status, Object.keys(Object(empty.body))],
      [plain.status, Object.keys(Object(plain.body))],
      `${path} without ${names.join(', ')}`,
    );
    if (!query?.required?.some((name) => query.properties?.[name]?.default === undefined)) t.not(plain.status, 400, path);
  }
});

t.test('every surface has its document, and every route in it its words', async (t) => {
  const { app } = await startServer(t);
  t.match(await ask(app, 'GET /docs'), { status: 200, body: /docs\/calling/ });
  t.match((await ask(app, 'GET /docs')).body, /Queue board.*e-mail and password/);
  t.match(await ask(app, 'GET /'), { status: 302, headers: { location: '/docs' } });
  for (const path of ['/docs/', '/docs/calling/', '/docs/calling/json/', '/api/v1/health/', '/health/live/', '/queues/'])
    t.equal((await ask(app, `GET ${path}`)).status, path === '/queues/' ? 401 : 200, path);
  t.equal((await ask(app, 'GET /docs/calling/static/swagger-ui.css')).status, 200);
  for (const name of SURFACE_NAMES) {
    t.match(await ask(app, `GET /docs/${name}`), {
      status: 200,
      body: /swagger/,
      headers: { 'content-security-policy': /default-src 'self'/ },
    });
    const { status, body: document } = await ask(app, `GET /docs/${name}/json`);
    t.equal(status, 200);
    for (const [path, methods] of Object.entries<Record<string, { responses: Record<string, unknown>; security?: unknown }>>(
      document.paths,
    )) {
      for (const [method, route] of Object.entries(methods)) {
        t.match(route, { tags: [String], summary: String, description: String, responses: { 429: {}, 500: {} } }, `${method} ${path}`);
        t.ok(
          Object.keys(route.responses).some((code) => code.startsWith('2')),
          `${method} ${path} has an answer`,
        );
        if (route.security) t.ok(route.responses[401], `${method} ${path} may be refused`);
      }
    }
  }
  const { body: calling } = await ask(app, 'GET /docs/calling/json');
  for (const path of ['/api/v1/agents', '/api/v1/agents/{id}', '/api/v1/auth/register', '/api/v1/stats']) t.ok(calling.paths[path], path);
  t.ok(calling.paths['/api/v1/calls/outbound'].post.requestBody);
  const file = { type: 'string', format: 'binary' };
  const upload = (path: string): unknown => calling.paths[path].post.requestBody.content['multipart/form-data'].schema;
  t.match(upload('/api/v1/bulk/import'), {
    required: ['file'],
    properties: { file, skipHeader: { type: 'boolean' }, autoSchedule: { type: 'boolean', default: true } },
  });
  t.match(upload('/api/v1/bulk/import/validate'), { required: ['file'], properties: { file, skipHeader: { type: 'boolean' } } });
  const report = calling.paths['/api/v1/bulk/import/{importId}/errors.csv'].get.responses;
  t.same(Object.keys(report[200].content), ['text/csv']);
  t.same(Object.keys(report[404].content), ['application/json']);
});

t.test('health tells what it knows', async (t) => {
  const { app, runtime } = await startServer(t);
  t.match(await ask(app, 'GET /api/v1/health'), { status: 200, body: { status: 'ok' } });
  t.match(await ask(app, 'GET /api/health'), {
    status: 200,
    body: { success: true, status: 'healthy', db: 'connected', timestamp: /Z$/, uptime: Number },
  });
  t.match((await ask(app, 'GET /api/v1/monitoring/health')).body, {
    status: 'healthy',
    services: { database: 'healthy', redis: 'not configured', twilio: 'not configured' },
    metrics: { uptime: Number, memoryUsage: Number, cpuUsage: Number },
  });
  t.match(await ask(app, 'GET /health/live'), { status: 200 });
  t.match(await ask(app, 'GET /health/ready'), { status: 200, body: { database: 'healthy', queue: 'healthy' } });
  t.match(
    (await ask(app, 'GET /metrics')).body,
    /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/health",status="200",surface="admin"\} 1/,
  );
  const { headers } = await signUp(app);
  await runtime.db.sql.end();
  t.match(await ask(app, 'GET /api/health'), { status: 503, body: { success: false, status: 'unhealthy', db: 'disconnected' } });
  t.match(await ask(app, 'GET /health/ready'), { status: 503, body: { database: 'unhealthy', queue: 'healthy' } });
  t.match((await ask(app, 'GET /api/v1/monitoring/health')).body, { status: 'unhealthy', services: { database: 'unhealthy' } });
  t.match(await ask(app, 'GET /health/live'), { status: 200 });
  t.match(await ask(app, 'GET /api/v1/stats', { headers }), {
    status: 503,
    body: { error: { code: 'SERVICE_UNAVAILABLE' } },
    headers: { 'retry-after': String },
  });
});

t.test('what no test of a whole server comes by: a socket file or a host name that is gone, a client that has hung up', async (t) => {
  const app = fastify() as unknown as App;
  t.teardown(() => app.close());
  speak(app, SURFACES.calling.dialect);
  decoratePrincipal(app);
  app.addHook('onRequest', async (request) => {
    if (request.url === '/gone') Object.defineProperty(request, 'ip', { value: undefined });
  });
  const limits = await openLimits(app, parseConfig({}));
  const onRequest = limits.perAddress('x', { max: 1, windowMs: MINUTE_MS });
  app.get('/gone', { onRequest }, async () => ({}));
  app.get('/socket', async () => once(connect('/nowhere/.s.PGSQL.5432'), 'connect'));
  app.get('/name', async () => Promise.reject(Object.assign(new Error('it went with its server'), NO_NAME)));
  app.get('/file', async () => readFile('/nowhere/recording.mp3'));
  t.equal((await app.inject('/gone')).statusCode, 200);
  t.match((await app.inject('/socket')).json(), { error: { code: 'SERVICE_UNAVAILABLE' } });
  t.match((await app.inject('/name')).json(), { error: { code: 'SERVICE_UNAVAILABLE' } });
  t.match((await app.inject('/file')).json(), { error: { code: 'INTERNAL_SERVER_ERROR' } });
});

t.test('a database that is full, fails or has become a standby is away; one that refuses a statement is not', async (t) => {
  const { db } = await openTestRuntime(t);
  const app = fastify() as unknown as App;
  t.teardown(() => app.close());
  speak(app, SURFACES.calling.dialect);
  app.get('/raise/:state', async ({ url }) =>
    db.sql.unsafe(`do $$ begin raise exception 'no' using errcode = '${url.split('/').pop()}'; end $$`),
  );
  app.get('/write', async () => db.sql.begin('read only', (tx) => tx`insert into tenants (name) values ('T')`));
  const statusOf = async (path: string) => (await app.inject(path)).statusCode;
  for (const state of ['08006', '53100', '53200', '53300', '58030', '57P01', '57P03', '57014'])
    t.equal(await statusOf(`/raise/${state}`), 503, state);
  t.equal(await statusOf('/write'), 503);
  for (const state of ['22012', '23505', '42P01', 'XX000']) t.equal(await statusOf(`/raise/${state}`), 500, state);
});

t.test('the queue board is for platform administrators', async (t) => {
  const { app, runtime } = await startServer(t, { RATE_LIMIT_FACTOR: '1' });
  const [admin, user] = [await signUp(app, 'admin@example.com'), await signUp(app)];
  await runtime.db.sql`update users set platform_role = 'admin' where email = ${admin.email}`;
  const basic = (email: string, password = PASSWORD) => ({
    authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
  });
  const open = (headers: Record<string, string>, path = '/queues') => app.inject({ url: path, headers, remoteAddress: '10.0.0.7' });

  t.match(await open({}), { statusCode: 401, body: /e-mail and password of an administrator/, headers: { 'www-authenticate': /^Basic/ } });
  t.equal((await open({}, '/queues/api/queues')).statusCode, 401);
  t.equal((await open(user.headers)).statusCode, 403);
  t.equal((await open({ cookie: `session=${user.cookies.session}` })).statusCode, 403);
  t.equal((await open(basic(user.email))).statusCode, 403);
  t.match(await open(basic(admin.email, 'wrong')), { statusCode: 401, headers: { 'www-authenticate': /^Basic/ } });
  t.equal((await open({ authorization: `Bearer ${admin.access}` })).statusCode, 200);
  t.equal((await open({ cookie: `session=${admin.cookies.session}` }, '/queues/api/queues')).statusCode, 200);
  const typed = await open(basic(admin.email));
  t.equal(typed.statusCode, 200);
  const session = typed.cookies.find((cookie) => cookie.name === 'session');
  t.equal((await open({ ...basic(admin.email), cookie: `session=${session?.value}` })).statusCode, 200, 'the session replaces the prompt');
  const guesses = [];
  for (let i = 0; i < 5; i++) guesses.push((await open(basic(admin.email, `guess ${i}`))).statusCode);
  t.equal(guesses.at(-1), 429, 'guessing is limited');
});

t.test('answers carry the request id, safe headers, and are compressed when they are long', async (t) => {
  const { app } = await startServer(t);
  t.match((await ask(app, 'GET /api/v1/health', { headers: { 'x-request-id': 'my-request.1' } })).headers, {
    'x-request-id': 'my-request.1',
    'x-content-type-options': 'nosniff',
  });
  t.match((await ask(app, 'GET /api/v1/health', { headers: { 'x-request-id': 'a\tb' } })).headers, { 'x-request-id': /^[0-9a-f-]{36}$/ });
  const long = await app.inject({ url: '/docs/calling/json', headers: { 'accept-encoding': 'gzip' } });
  t.equal(long.headers['content-encoding'], 'gzip');
  const short = await app.inject({ url: '/api/v1/health', headers: { 'accept-encoding': 'gzip' } });
  t.notOk(short.headers['content-encoding']);
});

t.test('a number that is too fine for the database is kept as the nearest it can hold', async (t) => {
  const { app } = await startServer(t);
  const { headers } = await signUp(app);
  const { body } = await ask(app, 'POST /api/v1/agents', { headers, payload: { ...AGENT, temperature: 5e-324 } });
  t.equal(body.data?.temperature, 0);
  const put = (temperature: number) => ask(app, `PUT /api/v1/agents/${body.data?._id}`, { headers, payload: { temperature } });
  for (const [given, kept] of [
    [0.7, 0.7],
    [Number.MIN_VALUE, 0],
    [1e-40, 1e-40],
  ] as const) {
    t.match(await put(given), { status: 200, body: { data: { temperature: kept } } }, `${given}`);
  }
});

t.test('a request in flight is answered while the server closes, and holds nothing up', async (t) => {
  const { app } = await startServer(t);
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'SecurePassword123!' });
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const sent = request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/api/v1/auth/login', headers });
  const arrived = once(app.server, 'request');
  sent.write(body.slice(0, 10));
  await arrived;
  const closed = app.close();
  sent.end(body.slice(10));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  t.match(answer, { statusCode: 401, headers: { connection: 'close' } });
  answer.resume();
  await closed;
});

t.test('who sends half a request holds a closing server up for a moment only; who is answered is not cut off', async (t) => {
  const { runtime } = await startServer(t);
  const app = await buildServer(runtime, undefined, { arrivalMs: 300 });
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const open = async (text: string) => {
    const socket = connect(Number(port), '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
    await once(socket, 'connect');
    socket.write(text);
    return { socket, gone: once(socket, 'close'), heard: () => heard };
  };
  const post = (more: string) => `POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}`;
  const body = JSON.stringify({ email: 'nobody@example.com', password: 'SecurePassword123!' });
  const arriving = once(app.server, 'request');
  const halfBody = await open(post(`content-length: ${body.length}\r\n\r\n${body.slice(0, 9)}`));
  await arriving;
  const halfHead = await open(post(''));
  const silent = await open('');
  // it waits for a table that somebody holds
  const tx = await runtime.db.sql.reserve();
  await tx`begin`;
  await tx`lock table users`;
  const asked = once(app.server, 'request');
  const slow = await open(post(`content-length: ${body.length}\r\n\r\n${body}`));
  await asked;
  const closed = app.close();
  await Promise.all([halfBody.gone, halfHead.gone, silent.gone]);
  t.match(
    [halfBody, halfHead, silent].map((one) => one.heard()),
    ['', '', ''],
  );
  t.notOk(slow.socket.closed);
  await tx`rollback`;
  tx.release();
  await slow.gone;
  t.match(slow.heard(), /^HTTP\/1.1 401/);
  await closed;
});
