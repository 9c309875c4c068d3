import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { alertsOf, type Figures } from '../../api/omnivox/figures.ts';
import { eventsOf } from '../../api/omnivox/monitoring.ts';
import { furtherPorts, surfaceOfPort } from '../../api/ports.ts';
import { openTraffic } from '../../api/plugin/traffic.ts';
import { AppError } from '../../core/errors.ts';
import { parseConfig } from '../../core/config.ts';
import { notifyUserChanged } from '../../db/query/sessions.ts';
import { openMonitoring } from '../../service/monitoring.ts';
import { freePort } from '../free-port.ts';
import { ask, settle, signUp, startServer } from './helper.ts';

t.test('traffic: the last minute, rates and the slowest twentieth', async (t) => {
  let nowMs = 1_000_000;
  const traffic = openTraffic(() => nowMs);
  t.same(traffic.read(), { requests: 0, perSecond: 0, errorRate: 0, average: null, p95: null });
  for (let ms = 1; ms <= 100; ms++) traffic.note(ms, ms > 90 ? 503 : ms > 80 ? 404 : 200);
  t.same(traffic.read(), { requests: 100, perSecond: 1.7, errorRate: 10, average: 50.5, p95: 95 });
  nowMs += 59_000;
  traffic.note(7, 200);
  t.match(traffic.read(), { requests: 101 });
  nowMs += 1000;
  t.same(traffic.read(), { requests: 1, perSecond: 0, errorRate: 0, average: 7, p95: 7 }, 'a minute later');
  for (let i = 0; i < 5000; i++) traffic.note(1, 200);
  t.match(traffic.read(), { requests: 5001, average: 1 }, 'the number is exact however many');
});

t.test('alerts as the document names them', async (t) => {
  const names = (values: Parameters<typeof alertsOf>[0], database = true) => alertsOf(values, database).map(({ name }) => name);
  t.same(names({ responseTime: 1000, errorRate: 5, memoryUsage: 80 }), []);
  t.same(names({ responseTime: 1000.1, errorRate: 5.1, memoryUsage: 80.1 }), ['responseTime', 'errorRate', 'memoryUsage']);
  t.match(alertsOf({ responseTime: 0, errorRate: 0, memoryUsage: 0 }, false), [
    { name: 'database', value: null, message: /does not answer/ },
  ]);
  t.match(alertsOf({ responseTime: 1500, errorRate: 0, memoryUsage: 0 }, true), [{ value: 1500, threshold: 1000, message: /1500 ms/ }]);
});

t.test('metrics: for administrators, with their own calls', async (t) => {
  const { app, runtime } = await startServer(t);
  const { headers } = await settle(app);
  const stranger = await signUp(app);
  const metrics = (who: Record<string, string>) => ask(app, 'GET /api/v1/monitoring/metrics', { headers: who });
  const { sql } = runtime.db;
  await sql`insert into call_slots (tenant_id, slot, direction, status, calls, duration_seconds, cost)
    values (1, date_bin('15 minutes', now(), 'epoch'), 'outbound', 'busy', 7, 0, 0), (1, now() - interval '3 days', 'outbound', 'busy', 9, 0, 0)`;
  await sql`insert into calls (tenant_id, agent_id, status, to_number, due_at) select 1, id, 'scheduled', '+14155550100', now() - interval '1 second' from agents`;
  await sql`update calls set status = 'ringing' where due_at > now()`;
  const { status, body, headers: told } = await metrics(headers);
  t.equal(status, 200);
  t.match(body.data, {
    timestamp: /Z$/,
    performance: { requests: Number, requestsPerSecond: Number, averageResponseTime: Number, p95ResponseTime: Number, errorRate: 0 },
    resources: { uptime: Number, memoryUsage: Number, processMemory: Number, heapUsed: Number, cpuUsage: Number, eventLoopDelay: Number },
    calls: { byStatus: { ringing: 1 }, waiting: 1, endedToday: { busy: 7 } },
    queue: { waiting: Number, delayed: Number, active: Number, failed: Number },
    services: { database: 'healthy', redis: String, twilio: 'not configured' },
    alerts: Array,
  });
  t.equal(told['x-cache'], undefined, 'live figures are not kept');
  t.match(
    (await metrics(stranger.headers)).body.data.calls,
    { byStatus: {}, waiting: 0, endedToday: {} },
    'another tenant’s calls are not shown',
  );
  await sql`update users set role = 'manager' where email = ${stranger.email}`;
  await sql`select pg_notify('dialfleet_sessions', 'user:2')`;
  const manager = await signUp(app);
  await sql`update users set role = 'manager' where email = ${manager.email}`;
  t.match(await metrics(manager.headers), { status: 403, body: { error: { code: 'FORBIDDEN' } } });
  t.equal((await metrics({})).status, 401);
});

t.test('health tells how the carrier took our last requests, without asking it', async (t) => {
  const { app, runtime } = await startServer(t, { CARRIER: 'twilio' });
  const { sql } = runtime.db;
  const now = { ms: 0 };
  const { carrier } = openMonitoring(runtime, () => now.ms);
  const state = () => ((now.ms += 2000), carrier('healthy'));
  t.equal(await state(), 'unknown', 'nothing was ever dialed');
  await sql`insert into carrier_pace (carrier, next_start_at) values ('twilio', now() - interval '1 minute')`;
  t.equal(await state(), 'healthy');
  await sql`update carrier_pace set failures = 1`;
  t.equal(await state(), 'unhealthy');
  t.match((await ask(app, 'GET /api/v1/monitoring/health')).body, {
    status: 'degraded',
    services: { database: 'healthy', twilio: 'unhealthy' },
  });
  await sql`update carrier_pace set failures = 0, paused_until = now() + interval '1 minute'`;
  t.equal(await state(), 'unhealthy');
  await sql`update carrier_pace set paused_until = now() - interval '1 second'`;
  t.equal(await state(), 'healthy');
  await sql`update carrier_pace set next_start_at = now() - interval '11 minutes'`;
  t.equal(await state(), 'unknown', 'too long ago to tell');
  t.equal(await carrier('unhealthy'), 'unknown', 'only the database knows');
});

const FIGURES = { timestamp: 'now' } as Figures;

t.test('a stream: figures until it is ended, or until the session is', async (t) => {
  const ended = new AbortController();
  let reads = 0;
  const stream = eventsOf(
    async () => ({ ...FIGURES, timestamp: String(++reads) }),
    async () => undefined,
    ended.signal,
    0,
  );
  t.equal((await stream.next()).value, 'event: figures\ndata: {"timestamp":"1"}\n\n');
  t.equal(reads, 1, 'nothing is read before somebody takes it');
  t.equal((await stream.next()).value, 'event: figures\ndata: {"timestamp":"2"}\n\n');
  ended.abort();
  t.same(await stream.next(), { done: true, value: undefined });

  let live = true;
  const check = async () => {
    if (!live) throw new AppError('token_expired', 'The token has expired');
  };
  const guarded = eventsOf(async () => FIGURES, check, new AbortController().signal, 0);
  await guarded.next();
  live = false;
  t.equal((await guarded.next()).value, 'event: over\ndata: {"code":"token_expired","message":"The token has expired"}\n\n');
  t.same(await guarded.next(), { done: true, value: undefined });
});

t.test('streams over HTTP: proven, few a user, ended by a log-out, another role and by the server’s end', async (t) => {
  const { app, runtime } = await startServer(t);
  const { sql } = runtime.db;
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { headers } = await signUp(app);
  const open = (who = headers) => fetch(`${url}/api/v1/monitoring/stream`, { headers: who });
  t.equal((await fetch(`${url}/api/v1/monitoring/stream`)).status, 401);
  const first = await open();
  t.equal(first.status, 200);
  t.match(first.headers.get('content-type'), /^text\/event-stream/);
  t.match(first.headers.get('x-response-time'), /ms$/);
  t.equal(first.headers.get('content-encoding'), null, 'not held back by compression');
  const reader = first.body?.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = (await reader?.read()) ?? {};
  t.match(value, /^event: figures\ndata: \{"timestamp":"/);
  const others = await Promise.all([open(), open(), open(), open()]);
  t.same(
    others.map(({ status }) => status),
    [200, 200, 200, 200],
  );
  const refused = await open();
  t.equal(refused.status, 429);
  t.match(await refused.json(), { error: { code: 'RATE_LIMITED' } });
  await others[0]?.body?.cancel();
  let again = await open();
  for (let tries = 0; again.status === 429 && tries < 50; tries++) again = await open();
  t.equal(again.status, 200, 'who leaves makes room');
  await ask(app, 'POST /auth/logout', { headers });
  let rest = '';
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) rest += chunk.value;
  t.match(rest, /event: over\ndata: \{"code":"unauthorized"/);

  for (const [change, code] of [
    ["role = 'agent'", 'forbidden'],
    ['is_active = false', 'unauthorized'],
  ] as const) {
    const someone = await signUp(app);
    const seen = (await open(someone.headers)).text();
    const [user] = await sql.unsafe<Array<{ id: number }>>(`update users set ${change} where email = $1 returning id`, [someone.email]);
    await notifyUserChanged(sql, user?.id ?? 0);
    t.match(await seen, new RegExp(`event: figures[^]*event: over\ndata: \\{"code":"${code}"`), change);
  }

  const other = await signUp(app);
  const last = await open(other.headers);
  const text = last.text();
  await app.close();
  t.match(await text, /event: figures/, 'the server’s end ends it');
});

t.test('the page comes with its parts, from here alone', async (t) => {
  const { app } = await startServer(t);
  const page = await app.inject('/api/v1/monitoring/dashboard');
  t.match(page, { statusCode: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
  const policy = String(page.headers['content-security-policy']);
  t.match(policy, /default-src 'none'/);
  t.notMatch(policy, /unsafe|https?:/);
  t.notMatch(page.body, /<script(?![^>]*src=)|<style|\son\w+=|style="/, 'no inline script or style');
  const parts = [...page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
  t.equal(parts.length, 4);
  for (const part of parts)
    t.match(await app.inject(part), { statusCode: 200, headers: { 'content-type': /^text\/(javascript|css)/ } }, part);
});

t.test('further ports: their surface by the port alone; one in use is a warning; closed with their streams', async (t) => {
  const [one, two] = [await freePort(), await freePort()];
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => new Promise<void>((resolve) => taken.close(() => resolve())));
  const inUse = (taken.address() as AddressInfo).port;
  const SURFACE_PORTS = `${one}=dashboard,${inUse}=dashboard,${two}=omnivox`;
  t.same(
    [...surfaceOfPort(parseConfig({ NODE_ENV: 'test', SURFACE_PORTS }))],
    [
      [one, 'dashboard'],
      [inUse, 'dashboard'],
      [two, 'omnivox'],
    ],
  );
  t.equal(surfaceOfPort(parseConfig({ NODE_ENV: 'test', SURFACE_PORTS: 'none' })).size, 0);
  const { app, runtime } = await startServer(t, { SURFACE_PORTS });
  const { headers } = await signUp(app);
  const ports = furtherPorts(app, runtime.config);
  await ports.open();
  const get = (port: number, path: string) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
  t.equal((await get(one, '/health/live')).status, 200);
  t.equal((await get(two, '/api/v1/users/profile')).status, 200);
  const stream = await get(two, '/api/v1/monitoring/stream');
  t.equal(stream.status, 200);
  const text = stream.text();
  await Promise.all([ports.close(), app.close()]);
  t.match(await text, /event: figures/);
  const refused = await new Promise<NodeJS.ErrnoException>((resolve) =>
    httpRequest({ port: one, host: '127.0.0.1' }).once('error', resolve).end(),
  );
  t.equal(refused.code, 'ECONNREFUSED');
});
