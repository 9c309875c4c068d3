import { spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { SURFACE_NAMES } from '../../api/plugin/surface.ts';
import type { Principal } from '../../core/principal.ts';
import { deleteDeadKeys } from '../../db/query/idempotency.ts';
import { requestCall } from '../../service/calls.ts';
import { claim, fingerprint, type KeyedRequest, settle } from '../../service/idempotency.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { program } from '../project.ts';
import { AGENT, ask, NUMBER, settle as makeAccount, signUp, startServer } from './helper.ts';
import { watchRoutes } from './routes.ts';

/** Every POST of the surfaces, and whether it takes a key: one that stands nowhere here fails. */
const KEYED = [
  'admin POST /api/v1/admin/campaigns/:id/approve',
  'admin POST /api/v1/admin/phones/:phone/set_agent',
  'admin POST /api/v1/admin/phones/import',
  'calling POST /api/v1/agents',
  'calling POST /api/v1/bulk/import',
  'calling POST /api/v1/bulk/import/:importId/schedule',
  'calling POST /api/v1/calls/outbound',
  'calling POST /api/v1/do-not-call',
  'calling POST /api/v1/do-not-call/:id/release',
  'calling POST /api/v1/do-not-call/bulk',
  'calling POST /api/v1/knowledge-base/upload',
  'calling POST /api/v1/phones',
  'calling POST /api/v1/retry/manual/:callId',
  'calling POST /api/v1/scheduling/recurring',
  'dialer POST /api/agents',
  'dialer POST /api/agents/me/next-lead',
  'dialer POST /api/calls',
  'dialer POST /api/calls/:id/disposition',
  'dialer POST /api/calls/upload-recording',
  'dialer POST /api/campaigns',
  'dialer POST /api/leads',
  'dialer POST /api/leads/:id/dial',
  'dialer POST /api/leads/:id/skip',
  'dialer POST /api/leads/bulk-upload',
  'dialer POST /api/webhooks',
  'dialer POST /api/webhooks/:id/replay',
  'dialer POST /api/webhooks/:id/rotate-secret',
  'dialer POST /api/webhooks/:id/test',
  'dialer POST /api/webhooks/deliveries/:id/replay',
  'omnivox POST /api/v1/calls/initiate',
  'omnivox POST /api/v1/campaigns',
  'omnivox POST /api/v1/contacts',
  'omnivox POST /api/v1/contacts/bulk-upload',
  'omnivox POST /api/v1/flows',
];
const TOKENS = 'its answer is a token, or ends one';
const READS = 'it writes nothing';
const UNKEYED: Record<string, string> = {
  'account POST /api/v1/auth/login': TOKENS,
  'account POST /api/v1/auth/logout': TOKENS,
  'account POST /api/v1/auth/logout-all': TOKENS,
  'account POST /api/v1/auth/refresh': TOKENS,
  'account POST /api/v1/auth/signup': TOKENS,
  'calling POST /api/v1/auth/register': TOKENS,
  'calling POST /api/v1/bulk/import/validate': READS,
  'calling POST /api/v1/exotel/webhook/incoming': 'a phone company sends it',
  'calling POST /api/v1/knowledge-base/search': READS,
  'dialer POST /api/auth/login': TOKENS,
  'dialer POST /api/auth/logout': TOKENS,
  'dialer POST /api/auth/refresh': TOKENS,
  'dialer POST /api/auth/register': TOKENS,
  'omnivox POST /api/v1/flows/validate': READS,
  'omnivox POST /auth/login': TOKENS,
  'omnivox POST /auth/logout': TOKENS,
  'omnivox POST /auth/refresh': TOKENS,
  'omnivox POST /auth/register': TOKENS,
};

const CALL = 'POST /api/v1/calls/outbound';
const LATER = '2099-11-02T10:00:00Z';
const HOUR_MS = 60 * 60 * 1000;
const SECRETS_KEY = 'a key for the tests of idempotency, as long as it needs';

const watch = watchRoutes();
const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-keys-'));
t.teardown(() => rm(dataDir, { recursive: true, force: true }));
const env = { DATA_DIR: dataDir, SECRETS_KEY, CORS_ORIGINS: 'https://app.example.com' };
const { app, runtime, databaseUrl } = await startServer(t, env);
watch.stop();
const { sql } = runtime.db;

let keys = 0;
const newKey = () => `key-${++keys}`;
const withKey = (headers: Record<string, string>, key: string) => ({ ...headers, 'idempotency-key': key });
const isReplay = (answer: { headers: Record<string, unknown> }) => answer.headers['idempotency-replayed'] === 'true';
const countCalls = async (to: string) => (await sql`select from calls where to_number = ${to}`).length;
/** The lease of whoever has the key ends, as it does by itself after a while. */
const giveUp = (key: string) => sql`update idempotency_keys set leased_until = now() where key = ${key} and response_status is null`;

async function whoIs(email: string): Promise<Principal> {
  const [row] = await sql<Array<{ userId: number; tenantId: number }>>`
    select id as "userId", tenant_id as "tenantId" from users where email = ${email}`;
  if (!row) throw new Error(`No user ${email}`);
  return { ...row, sessionId: 0, email, name: '', role: 'owner', platformRole: 'user' };
}

interface Operation {
  parameters?: Array<{ name: string; in: string; required?: boolean }>;
  responses: Record<string, { content?: object; headers?: object }>;
}

t.test('every POST that makes or dials something takes a key, and its document says so', async (t) => {
  const posts = watch.read().filter(({ surface, method }) => surface !== undefined && method === 'POST');
  const nameOf = ({ surface, method, url }: (typeof posts)[number]) => `${surface} ${method} ${url}`;
  t.strictSame(
    posts
      .filter(({ keyed }) => keyed)
      .map(nameOf)
      .sort(),
    KEYED.toSorted(),
  );
  t.strictSame(
    posts
      .filter(({ keyed }) => !keyed)
      .map(nameOf)
      .sort(),
    Object.keys(UNKEYED).sort(),
  );
  for (const surface of SURFACE_NAMES) {
    const { body } = await ask(app, `GET /docs/${surface}/json`);
    for (const post of posts.filter((each) => each.surface === surface)) {
      const { parameters, responses } = body.paths[post.url.replace(/:(\w+)/g, '{$1}')].post as Operation;
      const parameter = parameters?.find(({ name }) => name === 'Idempotency-Key');
      t.equal(parameter?.in, post.keyed ? 'header' : undefined, nameOf(post));
      if (!post.keyed) continue;
      t.notOk(parameter?.required);
      t.ok(responses[409]?.content && responses[422]?.content, `${nameOf(post)} has both refusals`);
      const success = Object.entries(responses).filter(([status]) => status < '300');
      t.ok(success.every(([, answer]) => answer.headers && 'Idempotency-Replayed' in answer.headers));
    }
  }
});

t.test('the first answer is told again, to the same user on the same surface alone', async (t) => {
  const { headers, agentId } = await makeAccount(app);
  const key = newKey();
  const payload = { toPhone: '+919876500001', agentId, scheduledFor: LATER };
  const first = await ask(app, CALL, { headers: withKey(headers, key), payload });
  t.match(first, { status: 201, headers: { 'idempotency-replayed': undefined } });
  for (const [form, body] of [
    [key, payload],
    [`"${key}"`, payload],
    [key, { scheduledFor: LATER, agentId, toPhone: '+919876500001' }],
  ] as const) {
    const again = await ask(app, CALL, { headers: withKey(headers, form), payload: body });
    t.strictSame(again.body, first.body, 'also in quotation marks, and with the fields in another order');
    t.match(again, { status: 201, headers: { 'idempotency-replayed': 'true', 'content-type': first.headers['content-type'] } });
    t.not(again.headers['x-request-id'], first.headers['x-request-id'], 'what is of one request is made anew');
  }
  t.equal(await countCalls('+919876500001'), 1);

  const refusal = { status: 422, headers: { 'idempotency-replayed': undefined }, body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } } };
  t.match(await ask(app, CALL, { headers: withKey(headers, key), payload: { ...payload, priority: 'high' } }), refusal, 'another body');
  t.match(await ask(app, 'POST /api/v1/agents', { headers: withKey(headers, key), payload: AGENT }), refusal, 'another path');
  t.match(await ask(app, CALL, { headers: withKey(headers, newKey()), payload }), { status: 201 }, 'another key is another request');

  const other = await makeAccount(app);
  const theirs = await ask(app, CALL, { headers: withKey(other.headers, key), payload: { ...payload, agentId: other.agentId } });
  t.equal(theirs.status, 201);
  t.notOk(isReplay(theirs), 'another tenant’s key is another key');
  t.not(theirs.body.data._id, first.body.data._id);
  const elsewhere = await ask(app, 'POST /api/webhooks', {
    headers: withKey(headers, key),
    payload: { url: 'https://example.com/hook', events: ['call.ended'] },
  });
  t.equal(elsewhere.status, 201, 'and so is the same on another surface');

  const origin = { origin: 'https://app.example.com' };
  const preflight = { ...origin, 'access-control-request-method': 'POST' };
  t.match(await ask(app, 'OPTIONS /api/v1/calls/outbound', { headers: preflight }), {
    headers: { 'access-control-allow-headers': /idempotency-key/ },
  });
  t.match(await ask(app, CALL, { headers: withKey({ ...headers, ...origin }, key), payload }), {
    headers: { 'access-control-expose-headers': /idempotency-replayed/, 'idempotency-replayed': 'true' },
  });
});

t.test('a key that is none is refused in the words of the surface', async (t) => {
  const { headers } = await signUp(app);
  const bad = ['', 'two words', 'a"b', 'x'.repeat(256), 'ключ', '""'];
  const paths = ['/api/v1/agents', '/api/v1/bulk/import', '/api/leads', '/api/v1/campaigns'];
  for (const path of paths) {
    for (const key of path === '/api/v1/agents' ? bad : ['two words']) {
      const payload = { ...AGENT, type: 'OUTBOUND', phoneNumber: NUMBER, campaignId: 1 };
      const { status, body } = await ask(app, `POST ${path}`, { headers: withKey(headers, Buffer.from(key).toString('latin1')), payload });
      t.equal(status, 400, `${path} ${key}`);
      t.match(JSON.stringify(body), /Idempotency-Key/, 'it names the header');
    }
  }
  t.equal((await sql`select from idempotency_keys where key = 'two words'`).length, 0);
});

t.test('refusals of a state of things are told again, those of the request itself are not', async (t) => {
  const { headers, agentId, callId } = await makeAccount(app);
  const key = newKey();
  const payload = { toPhone: '+919876500002', agentId: 'agent_999999' };
  t.equal((await ask(app, CALL, { headers: withKey(headers, key), payload: { toPhone: 1 } })).status, 422);
  t.match(await ask(app, CALL, { headers: withKey(headers, key), payload }), { body: { error: { code: 'INVALID_AGENT_ID' } } });
  t.match(await ask(app, CALL, { headers: withKey(headers, key), payload: { ...payload, agentId, scheduledFor: LATER } }), { status: 201 });

  const retry = `POST /api/v1/retry/manual/${callId}`;
  const refusal = newKey();
  const first = await ask(app, retry, { headers: withKey(headers, refusal) });
  t.equal(first.status, 409, 'it waits to be dialed');
  await sql`update calls set status = 'failed', claimed_at = now(), ended_at = now() where id = ${callId.slice(5)}`;
  const again = await ask(app, retry, { headers: withKey(headers, refusal) });
  t.strictSame([again.status, again.body, isReplay(again)], [409, first.body, true], 'one key, one answer');
  const now = await ask(app, retry, { headers: withKey(headers, newKey()) });
  t.equal(now.status, 200, 'what a new request is answered');
});

t.test('forms count by their fields and their file', async (t) => {
  const { headers, agentId } = await makeAccount(app);
  const key = newKey();
  const send = async (to: string, fields: Record<string, string> = {}, name = 'calls.csv') => {
    const payload = new FormData();
    for (const [field, value] of Object.entries(fields)) payload.set(field, value);
    payload.set('file', new File([`phoneNumber,agentId\n${to},${agentId}\n`], name));
    const answer = await app.inject({ method: 'POST', url: '/api/v1/bulk/import', headers: withKey(headers, key), payload });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  };
  const first = await send(NUMBER);
  t.equal(first.status, 202);
  const again = await send(NUMBER, {}, 'again.csv');
  t.strictSame(
    [again.status, again.body, isReplay(again)],
    [202, first.body, true],
    'its boundary is another one, and its name does not count',
  );
  t.equal((await send('+919876543211')).status, 422, 'another file');
  t.equal((await send(NUMBER, { autoSchedule: 'false' })).status, 422, 'another field');
  t.equal((await sql`select from imports where id = ${String(first.body.data.importId).slice(7)}`).length, 1);
  t.equal((await sql`select from imports where file_name in ('calls.csv', 'again.csv')`).length, 1);

  const numbers = newKey();
  const json = { headers: withKey(headers, numbers), payload: { phones: ['+919876500009'] } };
  t.match(await ask(app, 'POST /api/v1/do-not-call/bulk', json), { status: 200, body: { data: { added: 1 } } });
  t.match(await ask(app, 'POST /api/v1/do-not-call/bulk', json), {
    status: 200,
    body: { data: { added: 1 } },
    headers: { 'idempotency-replayed': 'true' },
  });
});

t.test('no secret stands in the row of a key', async (t) => {
  const { headers } = await signUp(app);
  const key = newKey();
  const payload = { url: 'https://example.com/hook', events: ['call.ended'], description: 'Zaphod' };
  const first = await ask(app, 'POST /api/webhooks', { headers: withKey(headers, key), payload });
  const again = await ask(app, 'POST /api/webhooks', { headers: withKey(headers, key), payload });
  t.match(first.body.data.secret, /^whsec_/);
  t.strictSame(again.body, first.body);
  const [row] = await sql<Array<{ whole: string }>>`select k::text as whole from idempotency_keys k where key = ${key}`;
  t.notMatch(row?.whole, /whsec|Zaphod|example/);
  t.not(fingerprint(runtime, ['a', 'b']), fingerprint(runtime, ['ab', '']), 'parts do not run into each other');
});

t.test('a replay counts for the limits', async (t) => {
  const { headers, agentId } = await makeAccount(app);
  const { app: narrow } = await startServer(t, { ...env, DATABASE_URL: databaseUrl, RATE_LIMIT_FACTOR: '0.03' });
  const options = { headers: withKey(headers, newKey()), payload: { toPhone: '+919876500003', agentId, scheduledFor: LATER } };
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await ask(narrow, CALL, options));
  t.strictSame(
    answers.map(({ status }) => status),
    [201, 201, 201, 429],
  );
  t.ok(isReplay(await ask(app, CALL, options)), 'and what was limited took nothing away');
});

t.test('a key lives for a day', async (t) => {
  const { email } = await signUp(app);
  const who = await whoIs(email);
  const request = { ...who, surface: 'calling', key: newKey(), requestHash: 'one', repeatable: false };
  const start = Date.now();
  const after = (ms: number) => new Date(start + ms);
  const first = await claim(runtime, request, after(0));
  if (!('once' in first)) throw new Error('it is new');
  await t.rejects(claim(runtime, request, after(29_000)), { code: 'key_in_progress', retryAfterSeconds: 1 });
  await t.rejects(claim(runtime, request, after(31_000)), { code: 'key_outcome_unknown' }, 'it is never run twice');
  await t.rejects(claim(runtime, { ...request, requestHash: 'two' }, after(31_000)), { code: 'key_reused' });
  await settle(runtime, first.once, { status: 201, headers: {}, body: 'late' });
  t.match(
    await claim(runtime, request, after(24 * HOUR_MS - 1000)),
    { answer: { status: 201, body: 'late' } },
    'whoever was slow is heard',
  );
  const next = await claim(runtime, { ...request, requestHash: 'two' }, after(24 * HOUR_MS + 1000));
  t.match(next, { once: { madeId: null } }, 'after a day it begins anew');
  await settle(runtime, first.once, { status: 201, headers: {}, body: 'old' });
  await t.rejects(
    claim(runtime, { ...request, requestHash: 'two' }, after(24 * HOUR_MS + 2000)),
    { code: 'key_in_progress' },
    'and what is older says no more',
  );

  await deleteDeadKeys(sql, after(24 * HOUR_MS - HOUR_MS));
  t.equal((await sql`select from idempotency_keys where key = ${request.key}`).length, 1);
  await deleteDeadKeys(sql, after(48 * HOUR_MS + HOUR_MS));
  t.equal((await sql`select from idempotency_keys`).length, 0, 'the dead are removed');
});

t.test('whoever was given up makes nothing when they come back', async (t) => {
  const { headers, agentId } = await makeAccount(app);
  const [owner] = await sql<Array<{ email: string }>>`
    select u.email from users u join agents a on a.tenant_id = u.tenant_id where a.id = ${agentId.slice(6)}`;
  const who = await whoIs(owner?.email ?? '');
  const key = newKey();
  const payload = { toPhone: '+919876500004', agentId, scheduledFor: LATER };
  const request: KeyedRequest = {
    ...{ tenantId: who.tenantId, userId: who.userId, surface: 'calling', key, repeatable: true },
    requestHash: fingerprint(runtime, [
      'POST',
      '/api/v1/calls/outbound',
      JSON.stringify({ agentId, scheduledFor: LATER, toPhone: payload.toPhone }),
    ]),
  };
  const frozen = await claim(runtime, request);
  if (!('once' in frozen)) throw new Error('it is new');
  t.match(await ask(app, CALL, { headers: withKey(headers, key), payload }), {
    status: 409,
    headers: { 'retry-after': '1' },
    body: { error: { code: 'IDEMPOTENCY_KEY_IN_PROGRESS' } },
  });
  await giveUp(key);
  const second = await ask(app, CALL, { headers: withKey(headers, key), payload });
  t.equal(second.status, 201, 'it had made nothing: the next one may');
  t.notOk(isReplay(second));
  await t.rejects(requestCall(runtime, who, payload, frozen.once), { code: 'key_in_progress' });
  t.equal(await countCalls(payload.toPhone), 1);
  await settle(runtime, frozen.once, 'nothing done');
  t.ok(isReplay(await ask(app, CALL, { headers: withKey(headers, key), payload })), 'nor does it take the answer away');
});

t.test('what a cut-off request made is found again, on every route that rings somebody', async (t) => {
  const { headers, agentId, callId } = await makeAccount(app);
  await sql`update calls set status = 'failed', claimed_at = now(), ended_at = now() where id = ${callId.slice(5)}`;
  const post = async (path: string, payload: object) => (await ask(app, `POST ${path}`, { headers, payload })).body.data as { id: string };
  const campaign = await post('/api/v1/campaigns', { name: 'One', type: 'OUTBOUND', agentId });
  await sql`update campaigns set status = 'active', agent_id = ${agentId.slice(6)} where id = ${campaign.id.replace(/\D/g, '')}`;
  const contact = await post('/api/v1/contacts', { firstName: 'A', lastName: 'B', phone: NUMBER, campaignId: campaign.id });
  const csv = () => {
    const form = new FormData();
    form.set('file', new File([`phoneNumber,agentId\n${NUMBER},${agentId}\n`], 'rings.csv'));
    return form;
  };
  const daily = { toPhone: NUMBER, agentId, pattern: 'daily', time: '10:00', startDate: LATER.slice(0, 10) };
  const cases: Array<[path: string, payload: () => object | undefined, table: 'calls' | 'schedules' | 'imports']> = [
    ['/api/v1/calls/outbound', () => ({ toPhone: NUMBER, agentId, scheduledFor: LATER }), 'calls'],
    ['/api/v1/scheduling/recurring', () => daily, 'schedules'],
    [`/api/v1/retry/manual/${callId}`, () => undefined, 'calls'],
    ['/api/v1/bulk/import', csv, 'imports'],
    ['/api/v1/calls/initiate', () => ({ contactId: contact.id, campaignId: campaign.id, scheduledAt: LATER }), 'calls'],
  ];
  for (const [path, payload, table] of cases) {
    const key = newKey();
    const send = async () => {
      const answer = await app.inject({ method: 'POST', url: path, headers: withKey(headers, key), payload: payload() });
      return { status: answer.statusCode, body: answer.json(), headers: answer.headers as Record<string, unknown> };
    };
    const first = await send();
    t.ok(first.status < 300, `${path} ${first.status} ${JSON.stringify(first.body)}`);
    const [{ rows } = { rows: 0 }] = await sql<Array<{ rows: number }>>`select count(*) as rows from ${sql(table)}`;
    // the answer was not kept: the process died
    await sql`update idempotency_keys set response_status = null, response_headers = null, response_body = null where key = ${key}`;
    t.equal((await send()).status, 409, 'as far as anybody knows it still runs');
    await giveUp(key);
    const again = await send();
    t.strictSame([again.status, again.body, isReplay(again)], [first.status, first.body, false], path);
    t.strictSame([...(await sql`select count(*) as rows from ${sql(table)}`)], [{ rows }], 'and nothing is there twice');
    t.ok(isReplay(await send()));
  }
});

/** A real process of the api beside the one of this test. */
async function startProcess(failpoints: string) {
  const port = await freePort();
  const child = spawn(process.execPath, program('api/main'), {
    env: {
      PATH: process.env.PATH,
      ...{ NODE_ENV: 'test', CARRIER: 'null', SURFACE_PORTS: 'none', LOG_LEVEL: 'fatal', RATE_LIMIT_FACTOR: '100000' },
      ...{ ...env, PORT: String(port), DATABASE_URL: databaseUrl, DATABASE_POOL: '4', FAILPOINTS: failpoints },
      ...{ REDIS_URL: runtime.config.REDIS_URL ?? '', JWT_SECRET: runtime.config.JWT_SECRET },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = event(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => (await fetch(`${url}/health/live`).catch(() => undefined))?.ok, 60_000);
  return { url, exited };
}

interface Sent {
  status: number;
  text: string;
  replayed: boolean;
}

async function sendTo(url: string, headers: Record<string, string>, payload: object): Promise<Sent> {
  const answer = await fetch(`${url}/api/v1/calls/outbound`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  return { status: answer.status, text: await answer.text(), replayed: answer.headers.has('idempotency-replayed') };
}

t.test('a hundred at once on two processes, one of which dies with the answer on its lips', async (t) => {
  const here = await listen(app);
  const there = await startProcess('answer_not_kept_yet:kill@2');
  const { headers, agentId } = await makeAccount(app);

  const many = withKey(headers, newKey());
  const payload = { toPhone: '+919876500005', agentId, scheduledFor: LATER };
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => sendTo(i % 2 ? here : there.url, many, payload)));
  const isFirst = ({ status, replayed }: Sent) => status === 201 && !replayed;
  t.equal(await countCalls(payload.toPhone), 1);
  t.equal(answers.filter(isFirst).length, 1, 'one was executed');
  t.strictSame(
    [...new Set(answers.filter((each) => !isFirst(each)).map(({ status, replayed }) => `${status} ${replayed}`))]
      .sort()
      .filter((each) => each !== '201 true' && each !== '409 false'),
    [],
    'the others are told the same, or to wait',
  );
  const first = answers.find(isFirst);
  const later = await Promise.all(Array.from({ length: 100 }, (_, i) => sendTo(i % 2 ? here : there.url, many, payload)));
  t.ok(
    later.every(({ status, replayed, text }) => status === 201 && replayed && text === first?.text),
    'now all are told the same',
  );

  // one of these is the second that it executes
  let fatal: { headers: Record<string, string>; payload: typeof payload } | undefined;
  for (const toPhone of ['+919876500006', '+919876500007']) {
    const one = { headers: withKey(headers, newKey()), payload: { ...payload, toPhone } };
    const died = await sendTo(there.url, one.headers, one.payload).then(
      () => false,
      () => true,
    );
    if (!died) continue;
    fatal = one;
    break;
  }
  await there.exited;
  if (!fatal) throw new Error('it did not die');
  t.equal(await countCalls(fatal.payload.toPhone), 1, 'the call is there, its answer is not');
  t.equal((await sendTo(here, fatal.headers, fatal.payload)).status, 409);
  await giveUp(fatal.headers['idempotency-key'] ?? '');
  const retried = await Promise.all(Array.from({ length: 10 }, () => sendTo(here, fatal.headers, fatal.payload)));
  t.equal(retried.filter(isFirst).length, 1);
  t.equal(await countCalls(fatal.payload.toPhone), 1, 'nobody is called twice');
  t.ok((await sendTo(here, fatal.headers, fatal.payload)).replayed);
});

async function listen(server: App): Promise<string> {
  return server.listen({ port: 0, host: '127.0.0.1' });
}
