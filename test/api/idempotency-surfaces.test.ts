/** Idempotency-Key at a listening server, on every surface that takes it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ask, NUMBER, PASSWORD, settle, startServer } from './helper.ts';

const ORIGIN = 'https://app.example.com';
const LATER = '2099-11-02T10:00:00Z';
const ALL_DAY = JSON.stringify([{ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' }]);
const AT_ONCE = 100;
/** The head of a WAV file, and a second of silence. */
const WAV = Buffer.concat([Buffer.from('RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00', 'latin1'), Buffer.alloc(8000)]);

const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-keys-'));
t.teardown(() => rm(dataDir, { recursive: true, force: true }));
const { app, runtime } = await startServer(t, { DATA_DIR: dataDir, CORS_ORIGINS: ORIGIN, DATABASE_POOL: '8' });
const { sql } = runtime.db;
const url = await app.listen({ host: '127.0.0.1', port: 0 });

let keys = 0;
const newKey = () => `key-${++keys}`;

type Payload = () => object | FormData | undefined;

interface Sent {
  status: number;
  text: string;
  headers: Headers;
}

async function send(path: string, headers: Record<string, string>, payload: object | FormData | undefined): Promise<Sent> {
  const isForm = payload instanceof FormData;
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { ...headers, origin: ORIGIN, ...(payload && !isForm && { 'content-type': 'application/json' }) },
    body: isForm ? payload : JSON.stringify(payload),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** An account whose owner administers the platform too, talks to people, and looks at a lead of a preview campaign. */
async function openAccount() {
  const { agentId, callId } = await settle(app);
  const agent = Number(agentId.slice('agent_'.length));
  const [who] = await sql<[{ tenantId: number; userId: number }]>`
    select a.tenant_id as "tenantId", u.id as "userId" from agents a join users u on u.tenant_id = a.tenant_id where a.id = ${agent}`;
  const [{ email } = { email: '' }] = await sql<Array<{ email: string }>>`
    update users set platform_role = 'admin' where id = ${who.userId} returning email`;
  const { body } = await ask(app, 'POST /api/v1/auth/login', { payload: { email, password: PASSWORD } });
  const headers = { authorization: `Bearer ${body.data.token}` };
  const [person] = await sql<[{ id: number }]>`
    insert into agents (tenant_id, kind, name, user_id, state) values (${who.tenantId}, 'human', 'Ann', ${who.userId}, 'available') returning id`;
  const campaignOf = async (agentId: number, mode: string) => {
    const looked = mode === 'preview';
    const [row] = await sql<[{ id: number }]>`
      insert into campaigns (tenant_id, name, status, agent_id, dialing_mode, timezone, calling_hours, total_contacts)
      values (${who.tenantId}, ${mode}, 'active', ${agentId}, ${mode}, 'UTC', ${ALL_DAY}::jsonb, 1) returning id`;
    const [contact] = await sql<[{ id: number }]>`
      insert into contacts (tenant_id, campaign_id, phone, name, dial_state, reserved_by, reserved_until)
      values (${who.tenantId}, ${row.id}, '+14155560001', 'Lea', 'waiting', ${looked ? person.id : null}, ${looked ? LATER : null}) returning id`;
    return { id: row.id, contactId: contact.id };
  };
  const preview = await campaignOf(person.id, 'preview');
  await sql`insert into campaign_agents (tenant_id, campaign_id, agent_id) values (${who.tenantId}, ${preview.id}, ${person.id})`;
  return { headers, agentId, callId, ...who, preview, campaign: await campaignOf(agent, 'auto') };
}

const fileIn = (file: Blob, fields: Record<string, string> = {}, name = 'file') => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set(name, file);
  return form;
};

t.test('in progress: every surface says when to ask again, and a page in a browser may read it', async (t) => {
  const { headers, agentId, callId } = await openAccount();
  const campaign = { name: 'One', type: 'OUTBOUND', agentId };
  const csv = () => fileIn(new File([`phoneNumber,agentId\n${NUMBER},${agentId}\n`], 'calls.csv'));
  const cases: Array<[surface: string, path: string, payload: Payload]> = [
    ['calling', '/api/v1/calls/outbound', () => ({ toPhone: NUMBER, agentId, scheduledFor: LATER })],
    ['calling', '/api/v1/bulk/import', csv],
    ['calling', `/api/v1/retry/manual/${callId}`, () => undefined],
    ['dialer', '/api/webhooks', () => ({ url: 'https://example.com/hook', events: ['call.ended'] })],
    ['omnivox', '/api/v1/campaigns', () => campaign],
    ['admin', '/api/v1/admin/phones/import', () => ({ phones: ['+14155550100'] })],
  ];
  for (const [surface, path, payload] of cases) {
    const keyed = { ...headers, 'idempotency-key': newKey() };
    const first = await send(path, keyed, payload());
    t.ok(first.status < 300 || first.status === 409, `${surface} ${path} ${first.status} ${first.text}`);
    const again = await send(path, keyed, payload());
    t.strictSame([again.status, again.text, again.headers.get('idempotency-replayed')], [first.status, first.text, 'true'], path);
    await sql`update idempotency_keys set response_status = null, response_headers = null, response_body = null where key = ${keyed['idempotency-key']}`;
    const busy = await send(path, keyed, payload());
    t.equal(busy.status, 409, path);
    t.match(busy.text, /IDEMPOTENCY_KEY_IN_PROGRESS/);
    t.equal(busy.headers.get('retry-after'), '1', `${path} says when`);
    for (const { headers: told } of [again, busy]) {
      t.equal(told.get('access-control-allow-origin'), ORIGIN);
      t.match(told.get('access-control-expose-headers'), /\bretry-after\b.*\bidempotency-replayed\b/);
    }
  }
  const [kept] = await sql<Array<{ surfaces: string }>>`
    select string_agg(distinct surface, ' ' order by surface) as surfaces from idempotency_keys where key like 'key-%'`;
  t.equal(kept?.surfaces, 'admin calling dialer omnivox', 'account and dashboard have no such route');
});

t.test('a hundred at once on each route that rings somebody', { timeout: 120_000 }, async (t) => {
  const { headers, agentId, callId, tenantId, preview, campaign } = await openAccount();
  await sql`update calls set status = 'failed', claimed_at = now(), ended_at = now() where id = ${callId.slice('call_'.length)}`;
  const csv = () => fileIn(new File([`phoneNumber,agentId\n${NUMBER},${agentId}\n`], 'calls.csv'));
  const daily = { toPhone: NUMBER, agentId, pattern: 'daily', time: '10:00', startDate: LATER.slice(0, 10) };
  const cases: Array<[path: string, payload: Payload, table: 'calls' | 'imports' | 'schedules']> = [
    ['/api/v1/calls/outbound', () => ({ toPhone: NUMBER, agentId, scheduledFor: LATER }), 'calls'],
    [`/api/v1/retry/manual/${callId}`, () => undefined, 'calls'],
    ['/api/v1/scheduling/recurring', () => daily, 'schedules'],
    ['/api/v1/bulk/import', csv, 'imports'],
    [
      '/api/v1/calls/initiate',
      () => ({ contactId: `contact_${campaign.contactId}`, campaignId: `campaign_${campaign.id}`, scheduledAt: LATER }),
      'calls',
    ],
    [`/api/leads/${preview.contactId}/dial`, () => undefined, 'calls'],
  ];
  for (const [path, payload, table] of cases) {
    const count = async () => (await sql`select from ${sql(table)} where tenant_id = ${tenantId}`).length;
    const before = await count();
    const keyed = { ...headers, 'idempotency-key': newKey() };
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => send(path, keyed, payload())));
    t.equal(await count(), before + 1, `${path}: one row`);
    const executed = answers.filter((answer) => answer.status < 300 && !answer.headers.has('idempotency-replayed'));
    t.equal(executed.length, 1, `${path}: executed once`);
    const others = answers.filter((answer) => !executed.includes(answer));
    t.ok(
      others.every(({ status, text, headers }) => (status === 409 ? headers.get('retry-after') === '1' : text === executed[0]?.text)),
      `${path}: the others are told the same, or when to ask again`,
    );
    const later = await send(path, keyed, payload());
    t.strictSame([later.text, later.headers.get('idempotency-replayed')], [executed[0]?.text, 'true']);
  }
});

t.test('every form counts by its fields and its file', async (t) => {
  const { headers, agentId, callId, campaign } = await openAccount();
  const people = (name: string) => new File([`phone,name\n+14155560077,${name}\n`], 'people.csv');
  const text = (words: string) => new File([words], 'text.txt', { type: 'text/plain' });
  const wav = (last: number) => new File([WAV, Buffer.from([last])], 'talk.wav', { type: 'audio/wav' });
  const numbers = (phone: string) => new File([`phone\n${phone}\n`], 'numbers.csv');
  const campaignId = String(campaign.id);
  const cases: Array<[path: string, first: Payload, other: Payload]> = [
    ['/api/v1/knowledge-base/upload', () => fileIn(text('Open at nine.'), { agentId }), () => fileIn(text('Open at ten.'), { agentId })],
    ['/api/leads/bulk-upload', () => fileIn(people('Ann'), { campaignId }), () => fileIn(people('Bob'), { campaignId })],
    ['/api/v1/contacts/bulk-upload', () => fileIn(people('Ann'), { campaignId }), () => fileIn(people('Bob'), { campaignId })],
    ['/api/v1/do-not-call/bulk', () => fileIn(numbers('+14155560078')), () => fileIn(numbers('+14155560079'))],
    ['/api/calls/upload-recording', () => fileIn(wav(1), { callId }, 'recording'), () => fileIn(wav(2), { callId }, 'recording')],
  ];
  for (const [path, payload, other] of cases) {
    const keyed = { ...headers, 'idempotency-key': newKey() };
    const first = await send(path, keyed, payload());
    t.ok(first.status < 300, `${path} ${first.status} ${first.text}`);
    const again = await send(path, keyed, payload());
    t.strictSame([again.status, again.text, again.headers.get('idempotency-replayed')], [first.status, first.text, 'true'], path);
    const changed = await send(path, keyed, other());
    t.equal(changed.status, 422, `${path}: another file`);
    t.match(changed.text, /IDEMPOTENCY_KEY_REUSED/);
  }
});

t.test('bodies are compared as they are sent', async (t) => {
  const { headers, agentId } = await openAccount();
  const keyed = { ...headers, 'idempotency-key': newKey() };
  const payload = { toPhone: NUMBER, agentId, scheduledFor: LATER };
  t.equal((await send('/api/v1/calls/outbound', keyed, payload)).status, 201);
  const spelled = await send('/api/v1/calls/outbound', keyed, { ...payload, agentId: agentId.slice('agent_'.length) });
  t.equal(spelled.status, 422, 'another spelling of the same is another body');
  const { body } = await ask(app, 'GET /docs/calling/json');
  const { parameters } = body.paths['/api/v1/calls/outbound'].post as { parameters: Array<{ name: string; description: string }> };
  t.match(parameters.find(({ name }) => name === 'Idempotency-Key')?.description, /compared as they are sent/);
});
