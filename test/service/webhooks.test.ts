/** Outgoing webhooks, looked at from the receiver: real requests, real rows, time moved by hand where it is long. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import t, { type Test } from 'tap';
import { parseConfig } from '../../core/config.ts';
import { DISABLE_AFTER_MS } from '../../core/webhook.ts';
import { beginAttempt, deleteOldDeliveries, leaseDue } from '../../db/query/webhook-deliveries.ts';
import type { Runtime } from '../../service/runtime.ts';
import { deliver, enqueueDeliveries, sign } from '../../service/webhook-delivery.ts';
import { emit } from '../../service/webhooks.ts';
import { ask, NUMBER, signUp, startServer } from '../api/helper.ts';
import { eventually } from '../eventually.ts';
import { startSystem } from '../system.ts';

const NEVER = new AbortController().signal;
const FREE = { WEBHOOK_PRIVATE_NETWORKS: 'true' };

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

async function receiver(t: Test, answer: (response: ServerResponse, request: Received) => void = (response) => response.end()) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(one);
      answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const verify = (secret: string, { body, headers }: Received) =>
  new Webhook(secret).verify(body, headers as Record<string, string>) as { type: string; timestamp: string; data: Record<string, unknown> };

/** A server, somebody with one endpoint, and ways to make time pass. */
async function office(t: Test, url: string, env: Record<string, string> = FREE) {
  const { app, runtime } = await startServer(t, env);
  const { headers } = await signUp(app);
  const made = await ask(app, 'POST /api/webhooks', { headers, payload: { url, events: ['lead.updated', 'campaign.completed'] } });
  const { id, secret } = made.body.data as { id: number; secret: string };
  const { sql } = runtime.db;
  const [{ tenantId } = { tenantId: 0 }] = await sql<Array<{ tenantId: number }>>`
    select tenant_id as "tenantId" from webhook_endpoints where id = ${id}`;
  const tell = (data: Record<string, unknown> = { leadId: 7 }) => emit(sql, { tenantId, type: 'lead.updated', data });
  const log = async (query = '') =>
    (await ask(app, `GET /api/webhooks/${id}/deliveries${query}`, { headers })).body.data as Array<{ id: number }>;
  const show = async () => (await ask(app, `GET /api/webhooks/${id}`, { headers })).body.data as { failingSince: string | null };
  const makeDue = () => sql`update webhook_deliveries set next_attempt_at = now(), leased_until = null where status = 'pending'`;
  /** one round of scheduler and worker, everything at its longest pause */
  const round = async () => {
    const leased = await leaseDue(sql, { perEndpoint: 4, leaseSeconds: 60 });
    for (const { deliveryId } of leased) await deliver(runtime, deliveryId, NEVER, () => 0);
    return leased.length;
  };
  return { app, runtime, sql, headers, id, secret, tenantId, tell, log, show, makeDue, round };
}

t.test('a call from its beginning to its end, at every listener once', async (t) => {
  const { received, url } = await receiver(t);
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true, env: FREE });
  const { token } = await system.login();
  const hook = await system.request('POST', '/api/webhooks', {
    token,
    json: { url, events: ['call.started', 'call.ended'], description: 'CRM' },
  });
  t.equal(hook.status, 201);
  const { secret } = hook.body.data;
  await system.request('POST', '/api/webhooks', { token, json: { url: `${url}/ends`, events: ['call.ended'] } });
  const stranger = await system.login();
  await system.request('POST', '/api/webhooks', {
    token: stranger.token,
    json: { url: `${url}/stranger`, events: ['call.started', 'call.ended'] },
  });
  const agent = await system.request('POST', '/api/v1/agents', {
    token,
    json: { name: 'A', systemPrompt: 'Be kind.', voice: 'Rachel', model: 'gpt-4' },
  });
  const place = async (toPhone: string): Promise<string> => {
    const placed = await system.request('POST', '/api/v1/calls/outbound', { token, json: { toPhone, agentId: agent.body.data._id } });
    return placed.body.data._id as string;
  };
  // talks; busy; reported twice and out of order
  const calls = [await place('+14155550006'), await place('+14155550001'), await place('+14155550009')];
  const eventsOf = (callId: string, path = '/hook') =>
    received
      .filter((one) => one.path === path)
      .map((one) => verifyAny(one))
      .filter((event) => event.data.callId === callId);
  const verifyAny = (one: Received) => (one.path === '/hook' ? verify(secret, one) : (JSON.parse(one.body) as ReturnType<typeof verify>));
  await eventually(() => calls.every((id) => eventsOf(id).some(({ type }) => type === 'call.ended')), 20_000);
  await eventually(() => calls.every((id) => eventsOf(id, '/hook/ends').length > 0), 10_000);
  await eventually(() => eventsOf(calls[0] ?? '').length === 2 && eventsOf(calls[2] ?? '').length === 2, 10_000);

  const [talk = '', busy = '', confused = ''] = calls;
  const types = (id: string, path?: string) =>
    eventsOf(id, path)
      .map(({ type }) => type)
      .sort();
  t.same(types(talk), ['call.ended', 'call.started']);
  t.same(types(busy), ['call.ended'], 'what is busy has not started');
  t.same(types(confused), ['call.ended', 'call.started'], 'reported twice and out of order, told once');
  t.same(types(talk, '/hook/ends'), ['call.ended'], 'only what it listens to');
  t.equal(received.filter(({ path }) => path === '/hook/stranger').length, 0, 'nobody else is told');
  const ended = eventsOf(talk).find(({ type }) => type === 'call.ended');
  t.match(ended?.data, {
    id: Number(talk.slice(5)),
    callId: talk,
    to: '+14155550006',
    status: 'completed',
    direction: 'outbound',
    campaignId: null,
  });
  t.type(ended?.data.durationSeconds, 'number');
  t.match(ended?.data.endedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  t.match(ended?.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const ids = received.filter(({ path }) => path === '/hook').map(({ headers }) => headers['webhook-id']);
  t.equal(new Set(ids).size, ids.length, 'each event has an id of its own');

  const later = await system.request('POST', '/api/v1/calls/outbound', {
    token,
    json: { toPhone: NUMBER, agentId: agent.body.data._id, scheduledFor: '2099-01-01T10:00:00Z' },
  });
  const cancelled = later.body.data._id;
  t.equal((await system.request('DELETE', `/api/v1/calls/outbound/${cancelled}`, { token })).status, 200);
  await eventually(() => eventsOf(cancelled).length > 0);
  t.match(eventsOf(cancelled), [{ type: 'call.ended', data: { status: 'cancelled', ringingAt: null } }]);
});

t.test('a receiver that fails is tried again, later each time, until it is given up; then somebody replays', async (t) => {
  let status = 500;
  const { received, url } = await receiver(t, (response) => response.writeHead(status).end());
  const { app, sql, headers, id, secret, tell, log, show, makeDue, round } = await office(t, url);
  await tell();
  const pauses: number[] = [];
  for (let n = 1; n <= 7; n++) {
    t.equal(await round(), 1);
    const [row] = await sql`select extract(epoch from next_attempt_at - now())::float8 as pause from webhook_deliveries`;
    pauses.push(Math.round(row?.pause));
    t.match(await log(), [{ status: 'pending', attempts: n, lastStatusCode: 500, lastError: 'The receiver answered 500' }]);
    t.equal(await round(), 0, 'not before its time');
    await makeDue();
  }
  t.same(pauses, [5, 30, 120, 600, 3600, 21_600, 86_400]);
  await round();
  t.match(await log('?status=dead'), [{ status: 'dead', attempts: 8, nextAttemptAt: null, deliveredAt: null }]);
  await makeDue();
  t.equal(await round(), 0, 'nobody tries again by themselves');
  t.type((await show()).failingSince, 'string');

  status = 204;
  const deliveryId = (await log())[0]?.id;
  const replayed = await ask(app, `POST /api/webhooks/deliveries/${deliveryId}/replay`, { headers });
  t.match(replayed, { status: 202, body: { success: true, data: { status: 'pending' } } });
  await round();
  t.match(await log(), [{ status: 'delivered', attempts: 9, lastStatusCode: 204, lastError: null }]);
  t.match(await show(), { failingSince: null, isActive: true });
  await ask(app, `POST /api/webhooks/deliveries/${deliveryId}/replay`, { headers });
  await round();
  t.equal(received.length, 10, 'also what was delivered can be sent again');
  t.equal(new Set(received.map((one) => one.headers['webhook-id'])).size, 1, 'always under the same id');
  for (const one of received) t.match(verify(secret, one), { type: 'lead.updated', data: { leadId: 7 } });

  await sql`update webhook_deliveries set status = 'dead', next_attempt_at = null`;
  const all = (query: string) => ask(app, `POST /api/webhooks/${id}/replay${query}`, { headers });
  t.match(await all('?since=2099-01-01T00:00:00Z'), { status: 202, body: { data: { replayed: 0 } } });
  t.match(await all('?since=2020-01-01'), { status: 202, body: { data: { replayed: 1 } } });
  t.equal((await all('?since=yesterday')).status, 400);
  await round();
  t.match(await log('?status=delivered'), [{ attempts: 11 }]);
  await sql`update webhook_deliveries set created_at = now() - interval '31 days'`;
  t.equal(await deleteOldDeliveries(sql, 30), 1, 'the log is cleared');
});

t.test('a receiver that is gone, or fails for days, is left alone', async (t) => {
  let status = 410;
  const { url } = await receiver(t, (response) => response.writeHead(status).end());
  const { app, sql, headers, id, tell, log, show, makeDue, round } = await office(t, url);
  await tell();
  await round();
  t.match(await show(), { isActive: false, disabledReason: 'The receiver answered 410 Gone' });
  t.match(await log(), [{ status: 'dead', attempts: 1, lastStatusCode: 410 }]);
  await tell();
  t.equal((await log()).length, 1, 'nothing more is written down for it');
  t.equal((await ask(app, `POST /api/webhooks/${id}/test`, { headers })).status, 409);
  t.equal((await ask(app, `POST /api/webhooks/${id}/replay`, { headers })).status, 409);

  const on = await ask(app, `PUT /api/webhooks/${id}`, { headers, payload: { isActive: true } });
  t.match(on.body.data, { isActive: true, failingSince: null, disabledAt: null, disabledReason: null });
  status = 503;
  await tell();
  await round();
  t.match(await show(), { isActive: true });
  await sql`update webhook_endpoints set failing_since = now() - ${DISABLE_AFTER_MS + 1000} * interval '1 millisecond'`;
  await makeDue();
  await round();
  t.match(await show(), { isActive: false, disabledReason: 'Nothing could be delivered for 5 days' });
  await makeDue();
  t.equal(await round(), 0, 'what waits for it waits');
});

t.test('a worker that is killed: the event comes again, with the same id', async (t) => {
  const { received, url } = await receiver(t);
  const { sql, runtime, tell, log, round } = await office(t, url);
  await tell();
  const [leased] = await leaseDue(sql, { perEndpoint: 4, leaseSeconds: 60 });
  const deliveryId = leased?.deliveryId ?? 0;
  const lost = await beginAttempt(sql, { deliveryId }, 60);
  // it has sent the request, and is gone before it could say so
  t.equal(await round(), 0, 'while its lease lasts nobody else takes it');
  await sql`update webhook_deliveries set next_attempt_at = now(), leased_until = now() - interval '1 second'`;
  t.equal(await round(), 1);
  t.match(await log(), [{ status: 'delivered', attempts: 2 }]);
  t.equal(received[0]?.headers['webhook-id'], lost?.eventId);
  await deliver(runtime, deliveryId, NEVER);
  t.equal(received.length, 1, 'its job, run again, finds nothing to do');
});

t.test('the queue brings it to a worker; a job goes on with what else is due there', async (t) => {
  const { received, url } = await receiver(t);
  const { runtime, tell, log } = await office(t, url);
  for (let n = 0; n < 10; n++) await tell({ n });
  t.equal(await enqueueDeliveries(runtime), 4, 'so many at the same time');
  t.equal((await runtime.producer.counts('webhooks')).waiting, 4);
  t.equal(await enqueueDeliveries(runtime), 0, 'its places are taken');
  const first = (await log()).at(-1);
  await deliver(runtime, first?.id ?? 0, NEVER);
  t.equal(received.length, 7, 'it and the six that had no place');
  const stopped = AbortSignal.abort();
  for (const { id } of await log('?status=pending')) await deliver(runtime, id, stopped);
  t.equal(received.length, 10);
  t.same(
    received.map(({ body }) => (JSON.parse(body) as { data: { n: number } }).data.n).sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

t.test('one that fails holds up nobody else, and has one place', async (t) => {
  const bad = await receiver(t, (response) => response.writeHead(500).end());
  const good = await receiver(t);
  const { app, sql, headers, id, tell, makeDue, round } = await office(t, bad.url);
  for (let n = 0; n < 20; n++) await tell({ n });
  await round();
  t.equal(bad.received.length, 4);
  await ask(app, 'POST /api/webhooks', { headers, payload: { url: good.url, events: ['lead.updated'] } });
  await makeDue();
  await tell({ n: 'last' });
  t.equal(await round(), 2);
  t.equal(bad.received.length, 5);
  t.equal(good.received.length, 1);
  const [pending] = await sql`select count(*) as n from webhook_deliveries where endpoint_id = ${id} and status = 'pending'`;
  t.equal(pending?.n, 21, 'nothing of it is lost');
});

t.test('a new secret, and the old one for a day', async (t) => {
  const { received, url } = await receiver(t);
  const { app, sql, headers, id, secret, tell, show, round } = await office(t, url);
  t.notMatch(JSON.stringify(await show()), /whsec|secret/i, 'a secret is shown once');
  const [kept] = await sql`select secret_encrypted from webhook_endpoints`;
  t.notMatch(kept?.secret_encrypted, secret.slice(6, 20));
  const rotated = await ask(app, `POST /api/webhooks/${id}/rotate-secret`, { headers });
  t.match(rotated, { status: 200, body: { data: { id, secret: /^whsec_.{40,}/, oldSecretValidUntil: String } } });
  const next = rotated.body.data.secret as string;
  t.not(next, secret);
  await tell();
  await round();
  const [both] = received.splice(0);
  if (!both) throw new Error('nothing arrived');
  t.ok(verify(secret, both) && verify(next, both), 'either fits');
  await sql`update webhook_endpoints set old_secret_until = now()`;
  await tell();
  await round();
  const [one] = received;
  if (!one) throw new Error('nothing arrived');
  t.ok(verify(next, one));
  t.throws(() => verify(secret, one), 'the old one is over');
  t.throws(() => verify(next, { ...one, body: one.body.replace('7', '8') }), 'what was altered does not fit');
  const old = sign([next], 'a', new Date(Date.now() - 10 * 60_000), '{}');
  t.throws(() => verify(next, { path: '', body: '{}', headers: old }), 'nor what is old');
});

t.test('an inner address is refused when it is saved and, however it got there, when it is sent to', async (t) => {
  const { received, url } = await receiver(t);
  const { runtime, headers, id, tell, log } = await office(t, url);
  const strict: Runtime = { ...runtime, config: { ...runtime.config, WEBHOOK_PRIVATE_NETWORKS: false } };
  await tell();
  const [leased] = await leaseDue(runtime.db.sql, { perEndpoint: 4, leaseSeconds: 60 });
  await deliver(strict, leased?.deliveryId ?? 0, NEVER);
  t.match(await log(), [{ status: 'pending', lastStatusCode: null, lastError: 'Not sent: the URL must begin with https://' }]);
  t.equal(received.length, 0);

  const careful = await startServer(t, { DATABASE_URL: runtime.config.DATABASE_URL, JWT_SECRET: runtime.config.JWT_SECRET });
  for (const bad of [
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://[::ffff:7f00:1]/',
    'https://a:b@example.com/',
    'no url',
  ]) {
    const payload = { url: bad, events: ['call.ended'] };
    const refused = { status: 422, body: { success: false, error: { code: 'VALIDATION_ERROR', details: { url: String } } } };
    t.match(await ask(careful.app, 'POST /api/webhooks', { headers, payload }), refused, bad);
    t.match(await ask(careful.app, `PUT /api/webhooks/${id}`, { headers, payload }), refused, bad);
  }
  t.equal(parseConfig({}).WEBHOOK_PRIVATE_NETWORKS, false, 'careful unless told otherwise');
});

t.test('who may do what, and whose it is', async (t) => {
  const { received, url } = await receiver(t);
  const { app, sql, headers, id, tell, round } = await office(t, url);
  await tell();
  await round();
  const [delivery] = (await ask(app, `GET /api/webhooks/${id}/deliveries`, { headers })).body.data;
  const stranger = (await signUp(app)).headers;
  const payload = { isActive: false };
  for (const [what, body] of [
    [`GET /api/webhooks/${id}`],
    [`GET /api/webhooks/${id}/deliveries`],
    [`PUT /api/webhooks/${id}`, payload],
    [`DELETE /api/webhooks/${id}`],
    [`POST /api/webhooks/${id}/rotate-secret`],
    [`POST /api/webhooks/${id}/test`],
    [`POST /api/webhooks/${id}/replay`],
    [`POST /api/webhooks/deliveries/${delivery.id}/replay`],
  ] as Array<[string, object?]>) {
    t.match(await ask(app, what, { headers: stranger, payload: body }), { status: 404, body: { error: { code: 'NOT_FOUND' } } }, what);
  }
  t.match((await ask(app, 'GET /api/webhooks', { headers: stranger })).body, { data: [], pagination: { total: 0, totalPages: 0 } });

  t.match(await ask(app, `GET /api/webhooks/webhook_${id}`, { headers }), { status: 200, body: { data: { id, url } } });
  t.match((await ask(app, 'GET /api/webhooks?limit=1', { headers })).body, { data: [{ id }], pagination: { total: 1, hasNext: false } });
  t.equal((await ask(app, 'GET /api/webhooks/agent_1', { headers })).status, 404);
  for (const bad of [
    { url, events: [] },
    { url, events: ['call.rang'] },
    { url },
    { events: ['call.ended'] },
    { url, events: ['call.ended'], color: 'red' },
  ]) {
    t.equal((await ask(app, 'POST /api/webhooks', { headers, payload: bad })).status, 422, JSON.stringify(bad));
  }
  t.match(await ask(app, `POST /api/webhooks/${id}/test`, { headers }), { status: 202, body: { data: { deliveryId: Number } } });
  await round();
  t.match(JSON.parse(received.at(-1)?.body ?? ''), { type: 'webhook.test', data: { webhookId: id } });

  for (let n = 1; n < 20; n++) await ask(app, 'POST /api/webhooks', { headers, payload: { url, events: ['call.ended'] } });
  t.equal((await ask(app, 'POST /api/webhooks', { headers, payload: { url, events: ['call.ended'] } })).status, 409, 'twenty are enough');
  t.match(await ask(app, `DELETE /api/webhooks/${id}`, { headers }), { status: 200, body: { success: true, message: String } });
  t.equal((await ask(app, `GET /api/webhooks/${id}`, { headers })).status, 404);
  const clerk = (await signUp(app)).headers;
  await sql`update users set role = 'agent'`;
  t.match(await ask(app, 'GET /api/webhooks', { headers: clerk }), { status: 403, body: { error: { code: 'FORBIDDEN' } } });
});
