import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { App } from '../../api/plugin/app.ts';
import { ask, signUp, startServer } from './helper.ts';
import { type JsonSchema, type KnownRoute, valueFor, watchRoutes } from './routes.ts';
import { asPerson, makeWorld, NUMBER, type Person } from './world.ts';

const MEBIBYTE = 1024 * 1024;
const DEPTH = 20_000;

const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-input-'));
t.teardown(() => rm(dataDir, { recursive: true, force: true }));
const watch = watchRoutes();
const { app, runtime } = await startServer(t, { DATA_DIR: dataDir });
watch.stop();
/** Every route that reads JSON, whichever surface has it. */
const readers = watch.read().filter(({ surface, body, form }) => surface !== undefined && body !== undefined && !form);
const owner = asPerson(await signUp(app, 'operator@example.com'));
await runtime.db.sql`update users set platform_role = 'admin' where email = 'operator@example.com'`;

function raw(route: Pick<KnownRoute, 'method' | 'url' | 'surface'>, payload: string | object, headers: Record<string, string> = {}) {
  const proof = route.surface === 'dashboard' ? owner.cookie : owner.headers;
  const url = route.url.replace(/:\w+/g, '1');
  return app.inject({
    method: route.method as 'POST',
    url,
    payload,
    headers: { ...proof, 'content-type': 'application/json', ...headers },
  });
}

const nested = (open: string, middle: string, close: string) => `${open.repeat(DEPTH)}${middle}${close.repeat(DEPTH)}`;

t.test('bodies that are too large, too deep, broken, or reach for a prototype are refused on every route', async (t) => {
  t.ok(readers.length > 40, `${readers.length} routes read JSON`);
  const bodies: Array<[what: string, payload: string, statuses: number[]]> = [
    ['an array in an array in an array …', nested('[', '', ']'), [400]],
    ['an object in an object in an object …', nested('{"a":', '1', '}'), [400]],
    ['no end', '[['.repeat(DEPTH), [400]],
    ['no JSON', '{"a":1,}', [400]],
    ['bytes that are no text', '\u{fffd}\0', [400]],
    ['__proto__', '{"__proto__":{"isAdmin":true}}', [400]],
    ['__proto__ deep inside', '{"a":[{"b":{"__proto__":{"isAdmin":true}}}]}', [400]],
    ['__proto__ escaped', '{"\\u005f_proto__":{"isAdmin":true}}', [400]],
    ['constructor.prototype', '{"constructor":{"prototype":{"isAdmin":true}}}', [400]],
  ];
  for (const route of readers) {
    const large = await raw(route, JSON.stringify({ name: 'x'.repeat(route.maxBytes ?? MEBIBYTE) }));
    t.equal(large.statusCode, 413, `${route.method} ${route.url}: too large`);
    for (const field of Object.keys(route.body?.properties ?? {})) {
      const { statusCode } = await raw(route, `{${JSON.stringify(field)}:${nested('{"a":[', '', ']}')}}`);
      t.equal(statusCode, 400, `${route.method} ${route.url}: too deep in ${field}`);
    }
    for (const [what, payload, statuses] of bodies) {
      const { statusCode, body } = await raw(route, payload);
      t.ok(statuses.includes(statusCode), `${route.method} ${route.url}: ${what}: ${statusCode} ${body.slice(0, 120)}`);
    }
  }
  t.notOk('isAdmin' in {}, 'no prototype has anything new');
});

/** Every text of a body, one at a time, with a NUL in it. */
function withNuls(schema: JsonSchema, sample: Record<string, unknown>): Array<[field: string, body: object]> {
  return Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.type === 'string' && property.enum === undefined)
    .map(([field]) => [field, { ...sample, [field]: 'a\0b' }]);
}

t.test('what is not too deep, or only looks so, is read', async (t) => {
  const signUpAs = (name: string, more: string) =>
    raw(
      { method: 'POST', url: '/api/v1/auth/signup', surface: 'account' },
      `{"email":"${name}@example.com","password":"SecurePassword123!",${more}}`,
    );
  for (const [name, more, status] of [
    ['deep', `"name":"A","b":${'['.repeat(63)}${']'.repeat(63)}`, 201],
    ['deeper', `"name":"A","b":${'['.repeat(64)}${']'.repeat(64)}`, 400],
    ['text', `"name":"${'[{'.repeat(90)}"`, 201],
    ['quoted', `"name":"\\"${'['.repeat(90)}\\\\"`, 201],
  ] as const)
    t.equal((await signUpAs(name, more)).statusCode, status, name);
});

t.test('a NUL in any text of a body, in a query or in a path is refused and never reaches the database', async (t) => {
  for (const route of readers) {
    if (!route.body?.properties) continue;
    const sample = valueFor(route.body) as Record<string, unknown>;
    for (const [field, body] of withNuls(route.body, sample)) {
      const { statusCode } = await raw(route, body);
      t.ok(statusCode >= 400 && statusCode < 500, `${route.method} ${route.url}: ${field}: ${statusCode}`);
    }
  }
  for (const { method, url, surface } of watch.read()) {
    if (surface === undefined || method !== 'GET' || url.endsWith('/stream')) continue;
    const proof = surface === 'dashboard' ? { ...owner.cookie, 'x-api-surface': 'dashboard' } : owner.headers;
    const query = await ask(app, `GET ${url.replace(/:\w+/g, '1')}?search=%00&status=%00&page=%00&cursor=%00&agentId=%00&from=%00`, {
      headers: proof,
    });
    t.ok(query.status < 500, `${url} with NULs in its query: ${query.status}`);
    if (!url.includes(':')) continue;
    for (const id of [
      '%00',
      'call_1%00',
      '..%2f..%2fetc%2fpasswd',
      '%F0%9F%92%A9',
      "1'--",
      '9'.repeat(30),
      '-1',
      '1e3',
      '%0d%0aset-cookie:a=b',
    ]) {
      const { status, headers } = await ask(app, `GET ${url.replace(/:\w+/g, id)}`, { headers: proof });
      t.ok(status >= 400 && status < 500, `${url} for ${id}: ${status}`);
      t.notOk(headers['set-cookie']);
    }
  }
});

async function upload(
  app: App,
  person: Person,
  path: string,
  fields: Record<string, string>,
  field: string,
  fileName: string,
  content: Buffer,
) {
  const parts = Object.entries(fields).map(([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const head = `${parts.join('')}--b\r\ncontent-disposition: form-data; name="${field}"; filename="${fileName}"\r\ncontent-type: text/csv\r\n\r\n`;
  return app.inject({
    method: 'POST',
    url: path,
    headers: { ...person.headers, 'content-type': 'multipart/form-data; boundary=b' },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--b--\r\n')]),
  });
}

t.test('a file’s name says nothing in a header, in a path, or in another answer', async (t) => {
  const { owner: person, things } = await makeWorld(app, runtime);
  const csv = Buffer.from(`name,phoneNumber\nJane,${NUMBER}\nJack,nonsense\n`);
  const audio = Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex');
  const names = [
    'a.csv\\r\\nset-cookie: a=b',
    '../../../etc/passwd.csv',
    '..\\\\..\\\\windows.csv',
    'a%0d%0aset-cookie%3a%20a=b.csv',
    'a\0b.csv',
    '\u202egpj.csv',
    'ü€😀.csv',
    `${'x'.repeat(5000)}.csv`,
    'a\\".csv',
    ';filename=b.csv',
  ];
  for (const name of names) {
    const lead = await upload(app, person, '/api/leads/bulk-upload', { campaignId: things.campaign }, 'file', name, csv);
    t.ok(lead.statusCode < 500, `leads: ${JSON.stringify(name).slice(0, 40)}: ${lead.statusCode}`);
    const calls = await upload(app, person, '/api/v1/bulk/import', {}, 'file', name, csv);
    t.ok(calls.statusCode < 500, `calls: ${calls.statusCode}`);
    const callId = String(things['recorded call'].split('_')[1]);
    const sound = await upload(app, person, '/api/calls/upload-recording', { callId }, 'recording', name.replace('.csv', '.webm'), audio);
    t.ok(sound.statusCode < 500, `recording: ${sound.statusCode}`);
    for (const answer of [lead, calls, sound]) t.notOk(answer.headers['set-cookie']);
    if (sound.statusCode === 200) {
      const { recordingUrl } = sound.json().data as { recordingUrl: string };
      const heard = await app.inject({ url: recordingUrl.replace(/^https?:\/\/[^/]+/, ''), headers: person.headers });
      t.equal(heard.statusCode, 200);
      t.notOk(heard.headers['set-cookie']);
      t.match(
        String(heard.headers['content-disposition']),
        /^(?:inline|attachment)(?:; filename="recording_[\w.]+")?$|^undefined$/,
        'a name of our own',
      );
    }
  }
  const stored = await runtime.db.sql<Array<{ key: string }>>`
    select storage_key as key from imports union all select storage_key from recordings where storage_key is not null`;
  t.ok(stored.length > 0);
  for (const { key } of stored) t.match(key, /^[\w./-]+$/, 'files lie under names of our own');
  for (const { key } of stored) t.notMatch(key, '..');
});

t.test('a forged X-Forwarded-For refills no bucket and is nobody’s address; behind a listed proxy the client’s own counts', async (t) => {
  const PROXY = '10.1.0.1';
  for (const trusted of [false, true]) {
    const { app } = await startServer(t, {
      RATE_LIMIT_FACTOR: '1',
      RATE_LIMIT_WHITELIST: '10.9.9.9',
      ...(trusted && { TRUST_PROXY: PROXY }),
    });
    let n = 0;
    const logIn = (forwarded: string, from = PROXY) =>
      ask(app, 'POST /api/v1/auth/login', {
        payload: { email: `nobody${++n}@example.com`, password: 'x' },
        ip: from,
        headers: { 'x-forwarded-for': forwarded, 'x-real-ip': '10.9.9.9', forwarded: 'for=10.9.9.9', 'x-client-ip': '10.9.9.9' },
      });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await logIn(trusted ? `10.7.0.${i}, 10.3.0.1` : `10.3.0.${i}`)).status);
    t.same(
      statuses,
      [401, 401, 401, 401, 401, 429],
      trusted ? 'what stands left of the proxy’s own entry is the client’s word' : 'the socket counts',
    );
    t.equal((await logIn('10.9.9.9, 10.3.0.1')).status, 429, 'nor does a free address help');
    t.equal(
      (await logIn('10.3.0.2')).status,
      trusted ? 401 : 429,
      trusted ? 'another client of the proxy has its own' : 'no proxy is believed',
    );
    const direct: number[] = [];
    for (let i = 0; i < 6; i++) direct.push((await logIn(`10.4.0.${i}`, '10.5.0.5')).status);
    t.equal(direct.at(-1), 429, 'who is no proxy is not believed');
    for (const odd of ['nonsense', '', '1.2.3.4.5', '::ffff:10.3.0.1', 'x'.repeat(5000), '10.3.0.1:80', ',,,'])
      t.ok([401, 429].includes((await logIn(odd)).status), `${odd.slice(0, 20)} is no fault of ours`);
  }
  const { app, runtime } = await startServer(t);
  await app.inject({
    method: 'POST',
    url: '/api/v1/auth/signup',
    payload: { email: 'a@example.com', password: 'SecurePassword123!', name: 'A' },
    remoteAddress: '10.5.0.5',
    headers: { 'x-forwarded-for': '10.9.9.9' },
  });
  t.same(await runtime.db.sql`select host(ip) as ip from auth_sessions`, [{ ip: '10.5.0.5' }], 'nor is it written down');
});
