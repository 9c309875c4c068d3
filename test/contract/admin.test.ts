import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import t from 'tap';
import { openPasswords } from '../../service/passwords.ts';
import { eventually } from '../eventually.ts';
import { PROJECT } from '../project.ts';
import { type SignedUp, startSystem, type System } from '../system.ts';
import { admin, type World } from './admin.ts';
import { askAsDocumented, askWrongly } from './drive.ts';
import { rowCounts } from './row-counts.ts';

/** A phone that answers, talks and hangs up in peace (DESIGN §6). */
const TALKS = '+15005550006';
const DOCUMENT = join(PROJECT, '..', 'shared', 'contracts', 'admin.md');

/** Signs somebody up whom the platform has made an administrator. */
async function administrator(system: System): Promise<SignedUp> {
  const who = await system.login();
  await system.runtime.db.sql`update users set platform_role = 'admin' where email = ${who.email}`;
  return who;
}

/** A campaign of somebody's that reaches its one contact. Answers its id. */
async function runCampaign(system: System, { email, password }: SignedUp): Promise<string> {
  const post = async (path: string, json: object, token?: string) => {
    const { status, body } = await system.request('POST', path, { token, json });
    if (status >= 300) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body.data as Record<string, string>;
  };
  const { accessToken } = await post('/auth/login', { email, password });
  const scheduleConfig = { workingHours: { start: '00:00', end: '24:00' }, timezone: 'UTC' };
  const { id = '' } = await post('/api/v1/campaigns', { name: 'Spring', type: 'OUTBOUND', status: 'ACTIVE', scheduleConfig }, accessToken);
  await post('/api/v1/contacts', { firstName: 'Ada', lastName: 'Byron', phone: TALKS, campaignId: id }, accessToken);
  return id;
}

/** What is read of answers here. */
interface Told {
  data?: { _id: string };
  result?: { jobId: string };
  status?: string;
  total?: number;
  items?: Array<{ meta: { campaignId: string | null } }>;
}

async function prepare(system: System): Promise<{ world: World; owner: SignedUp; stranger: SignedUp }> {
  const [owner, stranger] = [await administrator(system), await system.login()];
  const ask = async (who: SignedUp, method: string, path: string, json?: object): Promise<Told> => {
    const { status, body } = await system.request(method, `/api/v1${path}`, { token: who.token, json });
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body as Told;
  };
  const newAgent = async (who: SignedUp): Promise<string> =>
    (await ask(who, 'POST', '/agents', { name: 'Asha', systemPrompt: 'Be brief.' })).data?._id ?? '';
  const [agentId, theirAgentId] = [await newAgent(owner), await newAgent(stranger)];
  const [phone, theirPhone] = ['+919876543210', '+14155550190'];
  await ask(owner, 'POST', '/phones', { phoneNumber: phone, agentId });
  await ask(stranger, 'POST', '/phones', { phoneNumber: theirPhone, agentId: theirAgentId });
  await ask(owner, 'PATCH', `/admin/phones/${phone}/tags`, { tags: ['vip'] });
  const { result } = await ask(owner, 'POST', '/admin/phones/import', { phones: ['+14155550150', '0171 2345'] });
  const jobId = result?.jobId ?? '';
  const campaignId = await runCampaign(system, stranger);
  await eventually(async () => (await ask(owner, 'GET', '/admin/sessions')).total, 30_000);
  await eventually(async () => (await ask(owner, 'GET', '/admin/call_logs?status=completed')).items?.[0]?.meta.campaignId, 30_000);
  await eventually(async () => (await ask(owner, 'GET', `/admin/phones/import/${jobId}`)).status === 'completed', 20_000);
  const { email, password } = owner;
  const { tokens } = (await system.request('POST', '/api/v1/auth/login', { json: { email, password } })).body;
  const world = { email, password, refreshToken: tokens.refresh, phone, agentId, theirAgentId, theirPhone, campaignId, jobId };
  return { world, owner, stranger };
}

t.test('the admin document, endpoint by endpoint', async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { world, owner, stranger } = await prepare(system);
  const stage = { system, contract: admin, world, tokens: { owner: owner.token, stranger: stranger.token } };
  const before = await rowCounts(system);
  await askWrongly(t, stage);
  t.strictSame(await rowCounts(system), before, 'nothing was written');
  for (const { method, path, ...row } of admin.endpoints.filter((endpoint) => endpoint.path.startsWith('/admin/'))) {
    const { params, json } = row.built ? row.example(world) : {};
    const real = path.replace(/:(\w+)/g, (_, name: string) => params?.[name] ?? '');
    const { status, body } = await system.request(method, `/api/v1${real}`, { token: stranger.token, json });
    t.strictSame({ status, body }, { status: 403, body: admin.errorSamples?.[403] }, `${method} ${path} is for administrators`);
  }
  await askAsDocumented(t, stage);
});

t.test('errors as the document shows them', async (t) => {
  const system = await startSystem(t);
  const { token } = await administrator(system);
  const { sql } = system.runtime.db;
  const answers = {
    400: await system.request('GET', '/api/v1/admin/phones?page=0', { token }),
    401: await system.request('GET', '/api/v1/admin/phones', { token: 'nonsense' }),
    403: await system.request('GET', '/api/v1/admin/phones', { token: (await system.login()).token }),
    404: await system.request('GET', '/api/v1/admin/phones/import/import_1', { token }),
    500: await sql`alter table phone_numbers rename to elsewhere`.then(() => system.request('GET', '/api/v1/admin/phones', { token })),
  };
  for (const [status, answer] of Object.entries(answers)) {
    t.strictSame({ status: String(answer.status), body: answer.body }, { status, body: admin.errorSamples?.[Number(status)] }, status);
  }
});

t.test('limits', async (t) => {
  const system = await startSystem(t, { env: { RATE_LIMIT_FACTOR: '1' } });
  const { token } = await administrator(system);
  const allowed = async (path: string, max: number) => {
    for (let nth = 1; nth <= max; nth++) {
      const { status } = await system.request('GET', `/api/v1${path}`, { token });
      if (status !== 200) t.fail(`${path}: request ${nth} of ${max} answered ${status}`);
    }
    const { status, body, headers } = await system.request('GET', `/api/v1${path}`, { token });
    t.strictSame({ status, body }, { status: 429, body: admin.errorSamples?.[429] }, `${path}: ${max} and no more`);
    t.match(headers.get('retry-after'), /^[1-9]\d*$/);
  };
  await allowed('/admin/placeholder', admin.limits['Admin endpoints'] ?? 0);
  t.equal((await system.request('GET', '/api/v1/admin/phones', { token })).status, 429, 'one bucket for all of them');
  t.equal((await system.request('GET', '/api/v1/health')).status, 200, 'the others have their own');
  await allowed('/user/placeholder', (admin.limits['General endpoints'] ?? 0) - 1);
  const free = await startSystem(t, { env: { RATE_LIMIT_FACTOR: '0.01', RATE_LIMIT_WHITELIST: '127.0.0.1, 192.168.1.1' } });
  for (let nth = 0; nth < 3; nth++) t.equal((await free.request('GET', '/api/v1/health')).status, 200, 'an address on the list');
});

interface Examples {
  loginResponse: Response;
  user: { id: string };
  refreshToken(): Promise<void>;
  getPhones(page?: number, pageSize?: number, search?: string): Promise<{ items: object[]; total: number }>;
  importPhones(phones: string[]): Promise<{ result: { jobId: string } }>;
  setPhoneAgent(phone: string, agentId: string): Promise<{ agentId: string; out: { success: boolean } }>;
  updatePhoneTags(phone: string, tags: string[]): Promise<{ tags: string[] }>;
  approveCampaign(campaignId: string, approve: boolean, reason?: string): Promise<{ status: string }>;
  getCallLogs(filters?: Record<string, unknown>): Promise<{ items: Array<{ id: string }>; total: number }>;
  getSessions(filters?: Record<string, unknown>): Promise<{ items: Array<{ id: string }>; total: number }>;
}

const skip = existsSync(DOCUMENT) ? false : 'the document admin.md is not beside this repository';
t.test('the examples in JavaScript run as they are', { skip }, async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { world, owner } = await prepare(system);
  // who the examples log in as; nobody could sign up with this password, which is among the commonest
  const passwordHash = await openPasswords().hash('password123');
  await system.runtime.db.sql`update users set email = 'user@example.com', password_hash = ${passwordHash} where email = ${owner.email}`;

  const code = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^```javascript\n([^]*?)^```/gm)].map(([, block = '']) => block).join('\n');
  const names = [...code.matchAll(/^const (?:(\w+)|\{ ([\w, ]+) \}) =/gm)].flatMap(([, one, some]) => one ?? some?.split(', ') ?? []);
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
  const context = createContext({
    localStorage,
    URLSearchParams,
    fetch: (path: string, init?: RequestInit) => fetch(system.url + path, init),
  });
  const ran = (await runInContext(`(async () => {\n${code}\nreturn { ${names.join(', ')} };\n})()`, context)) as Examples;

  t.equal(ran.loginResponse.status, 200);
  t.equal(ran.user.id, owner.userId);
  const [before] = [kept.get('accessToken')];
  t.ok(before && kept.get('refreshToken'), 'the tokens are kept');
  await ran.refreshToken();
  t.match(kept.get('accessToken'), /^[\w-]+\.[\w-]+\.[\w-]+$/, 'and renewed');
  t.match(await ran.getPhones(), { items: [{ id: /^phone_/ }], page: 1, pageSize: 50 });
  t.match(await ran.getPhones(1, 10, '+91'), { items: [{ number: world.phone }], pageSize: 10, total: 1 });
  const { result } = await ran.importPhones(['+14155550160', '+14155550161']);
  await eventually(async () => (await ran.getPhones(1, 10, '+1415555016')).total === 2, 20_000);
  t.match(result, { jobId: /^import_\d+$/, status: 'pending' });
  t.match(await ran.setPhoneAgent('+14155550160', world.agentId), { agentId: world.agentId, out: { success: true } });
  t.match(
    await ran.setPhoneAgent('+14155550161', world.theirAgentId),
    { agentId: world.theirAgentId },
    'a number goes over to another account',
  );
  t.same((await ran.updatePhoneTags('+14155550160', ['vip', 'beta'])).tags, ['vip', 'beta']);
  t.match(await ran.approveCampaign(world.campaignId, false, 'No consent'), { status: 'rejected', record: { reason: 'No consent' } });
  t.match(await ran.approveCampaign(world.campaignId, true), { status: 'approved', record: { reason: '' } });
  t.match(await ran.getCallLogs({ from: '2025-09-01T00:00:00Z', status: 'completed', pageSize: 5 }), {
    items: [{ to: TALKS }],
    pageSize: 5,
  });
  t.match(await ran.getSessions({ agentId: world.theirAgentId }), { items: [{ userPhone: TALKS }], total: 1 });
});
