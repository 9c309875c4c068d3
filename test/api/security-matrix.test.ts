import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { SURFACE_NAMES } from '../../api/plugin/surface.ts';
import { ask, signUp, startServer } from './helper.ts';
import { type KnownRoute, valueFor, watchRoutes } from './routes.ts';
import { asPerson, audioFile, makeWorld, MARK, NUMBER, type Person, sumOfAll, type Thing, type World } from './world.ts';

/**
 * Every route that the server has, tried without a proof, with another tenant's ids, and with the lowest role. Routes are found by
 * themselves; one that no line here or there explains fails.
 */

/** Routes of the surfaces that are for everybody. */
const OPEN = new Set([
  'account POST /api/v1/auth/login',
  'account POST /api/v1/auth/signup',
  'account POST /api/v1/auth/refresh',
  'admin GET /api/v1/health',
  'calling POST /api/v1/auth/register',
  // the phone company proves itself by the secret in the address (test/service/exotel.test.ts)
  'calling GET /api/v1/exotel/webhook/incoming',
  'calling POST /api/v1/exotel/webhook/incoming',
  'dialer GET /api/health',
  'dialer POST /api/auth/login',
  'dialer POST /api/auth/refresh',
  'omnivox GET /api/v1/monitoring/health',
  'omnivox POST /auth/login',
  'omnivox POST /auth/refresh',
  'omnivox POST /auth/register',
  // a page and its parts; what it shows it asks for with a token
  'omnivox GET /api/v1/monitoring/dashboard',
  'omnivox GET /api/v1/monitoring/dashboard/monitoring.js',
  'omnivox GET /api/v1/monitoring/dashboard/monitoring.css',
  'omnivox GET /api/v1/monitoring/dashboard/uplot.js',
  'omnivox GET /api/v1/monitoring/dashboard/uplot.css',
]);

/** What belongs to no surface, and what a stranger is answered there. */
const OUTSIDE: Array<[path: RegExp, status: number | 'open']> = [
  [/^\/$|^\/docs(\/|$)|^\/health\/|^\/metrics$/, 'open'],
  [/^\/queues(\/|$)/, 401],
  [/^\/carrier\//, 403],
];

/** What a parameter in a path stands for: the longest beginning counts. */
const STANDS_FOR: Array<[before: string, thing: Thing]> = [
  ['/api/v1/me/sessions/', 'session'],
  ['/api/v1/admin/phones/', 'phone number'],
  ['/api/v1/admin/phones/import/', 'phone import'],
  ['/api/v1/admin/campaigns/', 'campaign'],
  ['/api/calls/', 'call'],
  ['/api/recordings/', 'recording'],
  ['/api/campaigns/', 'campaign'],
  ['/api/leads/', 'contact'],
  ['/api/leads/imports/', 'contact import'],
  ['/api/agents/', 'person'],
  ['/api/webhooks/', 'webhook'],
  ['/api/webhooks/deliveries/', 'delivery'],
  ['/api/v1/agents/', 'ai agent'],
  ['/api/v1/phones/', 'phone'],
  ['/api/v1/calls/', 'call'],
  ['/api/v1/calls/outbound/', 'call'],
  ['/api/v1/call-logs/', 'recorded call'],
  ['/api/v1/bulk/import/', 'call import'],
  ['/api/v1/do-not-call/', 'do-not-call entry'],
  ['/api/v1/analytics/agents/', 'ai agent'],
  ['/api/v1/retry/config/', 'ai agent'],
  ['/api/v1/retry/manual/', 'call'],
  ['/api/v1/scheduling/recurring/', 'schedule'],
  ['/api/v1/campaigns/', 'campaign'],
  ['/api/v1/knowledge-base/', 'document'],
  ['/api/v1/users/', 'user'],
  ['/api/v1/flows/', 'flow'],
  ['/api/v1/contacts/', 'contact'],
  ['/api/v1/contacts/imports/', 'contact import'],
];

/** What a query must have, by the beginning of the path. */
const QUERIES: Array<[before: string, query: string]> = [
  ['/api/v1/analytics/calls', '?startDate=2025-11-01&endDate=2034-11-01'],
  ['/api/v1/analytics/agents/', '?startDate=2025-11-01&endDate=2034-11-01'],
  ['/api/v1/analytics/costs', '?startDate=2025-11-01&endDate=2034-11-01'],
];
const queryOf = (url: string) => QUERIES.find(([before]) => url.startsWith(before))?.[1] ?? '';

const LATER = '2099-11-02T10:00:00Z';
const file = (text: string) => new File([text], 'some.csv', { type: 'text/csv' });

function form(fields: Record<string, string | File>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

/** Bodies that name things, and where the least that the schema takes would be refused. */
const BODIES: Record<string, (things: World['things']) => object> = {
  'admin POST /api/v1/admin/phones/:phone/set_agent': (it) => ({ agentId: it['ai agent'] }),
  'calling POST /api/v1/phones': (it) => ({ phoneNumber: NUMBER, agentId: it['ai agent'] }),
  'calling POST /api/v1/calls/outbound': (it) => ({ toPhone: NUMBER, agentId: it['ai agent'], scheduledFor: LATER }),
  'calling POST /api/v1/scheduling/recurring': (it) => ({
    ...{ toPhone: NUMBER, agentId: it['ai agent'], pattern: 'daily', time: '10:00', startDate: LATER.slice(0, 10) },
  }),
  'calling POST /api/v1/knowledge-base/upload': (it) =>
    form({ agentId: it['ai agent'], file: new File(['Words.'], 'some.txt', { type: 'text/plain' }) }),
  'calling POST /api/v1/knowledge-base/search': (it) => ({ query: 'Words?', agentId: it['ai agent'] }),
  'dialer POST /api/agents': (it) => ({ userId: numberIn(it.user), extension: '9', sipUsername: 'nine', sipPassword: 'securePassword' }),
  'dialer POST /api/calls': (it) => ({
    ...{ agentId: numberIn(it.person), destination: NUMBER, direction: 'outbound', status: 'answered', duration: 125 },
    ...{ startTime: '2025-11-13T09:30:00Z', endTime: '2025-11-13T09:32:05Z' },
  }),
  'dialer POST /api/calls/upload-recording': (it) => form({ callId: String(numberIn(it.call)), recording: audioFile() }),
  'dialer POST /api/campaigns': (it) => ({ name: 'One', agentId: numberIn(it.person) }),
  'dialer POST /api/agents/me/next-lead': (it) => ({ campaignId: numberIn(it.campaign) }),
  'dialer PUT /api/campaigns/:id/agents': (it) => ({ agentIds: [numberIn(it.person)] }),
  'dialer POST /api/leads': (it) => ({ campaignId: numberIn(it.campaign), phoneNumber: NUMBER, name: 'Jane' }),
  'dialer POST /api/leads/bulk-upload': (it) => form({ campaignId: it.campaign, file: file(`name,phoneNumber\nJane,${NUMBER}\n`) }),
  'omnivox POST /api/v1/contacts': (it) => ({ firstName: 'Jane', lastName: 'B', phone: NUMBER, campaignId: it.campaign }),
  'omnivox POST /api/v1/contacts/bulk-upload': (it) => form({ campaignId: it.campaign, file: file(`firstName,phone\nJane,${NUMBER}\n`) }),
  'omnivox POST /api/v1/campaigns': (it) => ({ name: 'One', agentId: it['ai agent'], flowId: it.flow }),
  'omnivox POST /api/v1/calls/initiate': (it) => ({ contactId: it.contact, campaignId: it.campaign }),
};

/** Where even their owner is not answered with success, and why. */
const OWN_ANSWER: Record<string, { status: number; because: string }> = {
  'dialer POST /api/calls/:id/disposition': { status: 409, because: 'nobody has answered the call yet' },
  'calling POST /api/v1/bulk/import/:importId/schedule': { status: 409, because: 'the import is still being read' },
  'calling POST /api/v1/retry/manual/:callId': { status: 409, because: 'the call was not dialed yet' },
  'dialer POST /api/leads/:id/dial': { status: 404, because: 'the owner is no agent who was shown the lead' },
  'dialer POST /api/leads/:id/skip': { status: 404, because: 'the owner is no agent who was shown the lead' },
};

/** Routes with a documented 403 where the lowest role is answered otherwise, and why. */
const LOWEST_MAY: Record<string, { status: number; because: string }> = {
  'dialer GET /api/recordings/:id': {
    status: 404,
    because: 'people see the recordings of their own calls, others are as if they were not',
  },
  'dialer POST /api/calls/upload-recording': { status: 404, because: 'the same of their calls' },
};

const watch = watchRoutes();
const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-matrix-'));
t.teardown(() => rm(dataDir, { recursive: true, force: true }));
const { app, runtime } = await startServer(t, { DATA_DIR: dataDir });
watch.stop();

const nameOf = ({ surface, method, url }: KnownRoute) => `${surface} ${method} ${url}`;
const heard = watch.read();
/** HEAD is the GET of the same path without its body, OPTIONS is for anybody. */
const routes = heard.filter(({ surface, method }) => surface !== undefined && method !== 'HEAD' && method !== 'OPTIONS');
const guarded = routes.filter((route) => !OPEN.has(nameOf(route)));
const withIds = guarded.filter(({ url }) => url.includes(':'));

const stranger = asPerson(await signUp(app));
const operator = asPerson(await signUp(app, 'operator@example.com'));
await runtime.db.sql`update users set platform_role = 'admin' where email = 'operator@example.com'`;

/** The path with a world's ids in it; undefined when it is not known what a parameter stands for. */
function pathIn(url: string, things: World['things']): string | undefined {
  let known = true;
  const path = url.replace(/:(\w+)/g, (_, _name: string, at: number) => {
    const before = url.slice(0, at);
    const best = STANDS_FOR.filter(([beginning]) => beginning === before)[0];
    known &&= best !== undefined;
    return best ? encodeURIComponent(things[best[1]]) : '';
  });
  return known ? path + queryOf(url) : undefined;
}

/** How somebody proves who they are on a surface. */
function proofOf(person: Person, { surface }: KnownRoute): Record<string, string> {
  return surface === 'dashboard' ? { ...person.cookie, 'x-api-surface': 'dashboard' } : person.headers;
}

const numberIn = (id: string) => Number(id.replace(/^[a-z]+_/, ''));
const shortly = (body: unknown) => JSON.stringify(body).slice(0, 200);

async function send(route: KnownRoute, path: string, headers: Record<string, string>, things: World['things']) {
  if (route.method === 'GET') return ask(app, `GET ${path}`, { headers });
  const given = BODIES[nameOf(route)]?.(things) ?? (route.body && !route.form ? (valueFor(route.body) as object) : undefined);
  return ask(app, `${route.method} ${path}`, { headers, payload: given });
}

t.test('the routes are those of all surfaces, and the list of open ones has nothing in it that is gone', async (t) => {
  t.same(new Set(routes.map(({ surface }) => surface)), new Set(SURFACE_NAMES));
  t.ok(routes.length > 120, `${routes.length} routes`);
  const names = new Set(routes.map(nameOf));
  for (const listed of [...OPEN, ...Object.keys(BODIES), ...Object.keys(OWN_ANSWER), ...Object.keys(LOWEST_MAY)])
    t.ok(names.has(listed), listed);
});

t.test('without a proof, or with a bad one, nobody comes in', async (t) => {
  const before = await sumOfAll(runtime);
  const proofs: Array<Record<string, string>> = [
    {},
    { authorization: 'Bearer nonsense' },
    { authorization: 'Basic YTpi' },
    { cookie: 'session=nonsense; csrf_token=x', 'x-csrf-token': 'x' },
  ];
  for (const route of heard.filter(({ surface, method }) => surface !== undefined && method !== 'OPTIONS')) {
    const asGet = { ...route, method: route.method === 'HEAD' ? 'GET' : route.method };
    const path = route.url.replace(/:\w+/g, '1');
    const surface = route.surface === 'dashboard' ? 'dashboard' : 'bearer';
    for (const proof of proofs) {
      const { status } = await ask(app, `${route.method} ${path}`, { headers: { 'x-api-surface': surface, ...proof } });
      if (OPEN.has(nameOf(asGet))) t.notOk([401, 403, 404].includes(status) && route.method === 'GET', `${nameOf(route)} is open`);
      else t.equal(status, 401, `${nameOf(route)} with ${JSON.stringify(proof)}`);
    }
  }
  for (const { method, url } of heard.filter(({ surface, method }) => surface === undefined && method !== 'HEAD')) {
    const [, expected] = OUTSIDE.find(([path]) => path.test(url)) ?? [];
    if (expected === undefined) t.fail(`${method} ${url} belongs to no surface: say who it is for`);
    else if (expected !== 'open')
      t.equal((await ask(app, `${method} ${url.replace(/:\w+/g, '1').replace('*', 'x')}`)).status, expected, `${method} ${url}`);
  }
  t.same(await sumOfAll(runtime), before, 'and nothing was written');
});

t.test('the queue board is closed to everybody but the operator', async (t) => {
  for (const { method, url } of heard.filter((route) => /^\/queues(\/|$)/.test(route.url) && route.method !== 'HEAD')) {
    const { status } = await ask(app, `${method} ${url.replace(/:\w+/g, '1').replace('*', 'x')}`, { headers: stranger.headers });
    t.equal(status, 403, `${method} ${url}`);
  }
});

t.test('another tenant’s ids in a path lead nowhere and change nothing', async (t) => {
  const { things } = await makeWorld(app, runtime);
  const before = await sumOfAll(runtime);
  for (const route of withIds) {
    const name = nameOf(route);
    const path = pathIn(route.url, things);
    if (path === undefined) {
      t.fail(`${name}: say what its parameters stand for`);
      continue;
    }
    const { status, body } = await send(route, path, proofOf(stranger, route), things);
    t.equal(status, route.surface === 'admin' ? 403 : 404, `${name}: ${shortly(body)}`);
    t.notMatch(JSON.stringify(body), MARK, `${name} tells nothing`);
    t.same(await sumOfAll(runtime), before, `${name} changed nothing`);
  }
});

t.test('the same requests are good for whose ids they are', async (t) => {
  const shared = await makeWorld(app, runtime);
  const reads = (route: KnownRoute) => route.method === 'GET';
  for (const route of [...withIds.filter(reads), ...withIds.filter((each) => !reads(each))]) {
    const name = nameOf(route);
    const { things, owner } = route.method === 'DELETE' ? await makeWorld(app, runtime) : shared;
    const path = pathIn(route.url, things);
    if (path === undefined) continue;
    const { status, body } = await send(route, path, proofOf(route.surface === 'admin' ? operator : owner, route), things);
    const wanted = OWN_ANSWER[name]?.status;
    t.ok(wanted === undefined ? status < 300 : status === wanted, `${name}: ${status} ${shortly(body)}`);
  }
});

t.test('another tenant’s ids in a body are refused and change nothing', async (t) => {
  const world = await makeWorld(app, runtime);
  const before = await sumOfAll(runtime);
  for (const route of guarded.filter(({ url, method }) => !url.includes(':') && method !== 'GET')) {
    const name = nameOf(route);
    const named = Object.keys(route.body?.properties ?? {}).filter((property) => /Ids?$/.test(property));
    if (!BODIES[name]) {
      t.same(named, [], `${name}: say what its body names`);
      continue;
    }
    const { status, body } = await send(route, route.url, proofOf(stranger, route), world.things);
    t.ok(status >= 400 && status < 500 && status !== 401, `${name}: ${status} ${shortly(body)}`);
    t.match(JSON.stringify(body), /not found|Id|agent|campaign|contact|call/i, `${name}: ${shortly(body)}`);
    t.same(await sumOfAll(runtime), before, `${name} changed nothing`);
  }
});

t.test('no list and no figure of a tenant has anything of another in it', async (t) => {
  await makeWorld(app, runtime);
  for (const route of guarded.filter(({ method, url, surface }) => method === 'GET' && !url.includes(':') && surface !== 'admin')) {
    if (route.url.endsWith('/stream')) continue;
    const { body } = await send(route, route.url + queryOf(route.url), proofOf(stranger, route), {} as World['things']);
    t.notMatch(JSON.stringify(body), MARK, nameOf(route));
  }
});

t.test('where a document has 403, the lowest role gets it and changes nothing', async (t) => {
  const world = await makeWorld(app, runtime);
  const before = await sumOfAll(runtime);
  for (const route of guarded.filter(({ statuses, surface }) => statuses.includes(403) && surface !== 'account')) {
    const name = nameOf(route);
    const path = pathIn(route.url, world.things);
    if (path === undefined) continue;
    const { status, body } = await send(route, path, proofOf(world.agent, route), world.things);
    t.equal(status, LOWEST_MAY[name]?.status ?? 403, `${name}: ${shortly(body)}`);
    t.same(await sumOfAll(runtime), before, `${name} changed nothing`);
  }
  for (const route of guarded.filter(({ surface, url }) => surface === 'admin' && url.startsWith('/api/v1/admin'))) {
    const path = pathIn(route.url, world.things);
    if (path !== undefined)
      t.equal((await send(route, path, proofOf(world.owner, route), world.things)).status, 403, `${nameOf(route)} for an owner`);
  }
});
