/** The command line as people run it: a process of its own, against a real server and a real database. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import t from 'tap';
import { run } from '../../cli/run.ts';
import { askSecret } from '../../cli/terminal.ts';
import { openDb } from '../../db/client.ts';
import { verifyRows } from '../../service/verify.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { program, PROJECT } from '../project.ts';
import { openTestRuntime } from '../runtime.ts';
import { startSystem } from '../system.ts';

const PATIENCE = { timeout: 120_000 };
// longer than a file may take by itself
t.setTimeout(600_000);

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Somewhere without a `.env` and a database of its own. */
const folder = await mkdtemp(join(tmpdir(), 'dialfleet-cli-'));
t.teardown(() => rm(folder, { recursive: true, force: true }));

function cli(args: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Ended> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [...program('cli/main'), ...args], { cwd: folder, env: { PATH, HOME, ...env } });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (ended.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (ended.err += text.toString()));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ended, code }));
  });
}

/** The same without a process, which takes its second to start. */
async function within(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const code = await run(args, { env, stdin, stdout, stderr, stop: new AbortController().signal });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

t.test('called wrongly: usage and exit code 2', PATIENCE, async (t) => {
  const wrong: Array<[args: string[], says: RegExp]> = [
    [[], /^Usage: dialfleet <command>/],
    [['frobnicate'], /no command "frobnicate"[\s\S]*campaign watch <id>/],
    [['campaign', 'list'], /^"campaign" needs one more word: watch\./],
    [['campaign'], /^"campaign" needs one more word: watch\.\n\nUsage: dialfleet campaign watch <id>/],
    [['foo', '--help'], /no command "foo"/],
    [['call', '+14155550006'], /--agent is missing\n\nUsage: dialfleet call <number>/],
    [['call', '+14155550006', '--agent', '1', '--priority', 'urgent'], /--priority must be one of high, normal, low/],
    [['import'], /<file.csv> is missing/],
    [['health', 'now'], /"now" is too much/],
    [['verify', '--timeout', 'soon'], /--timeout must be a whole number/],
    [['verify', '--since', 'yesterday'], /--since must be a moment/],
    [['verify', '--loud'], /^Unknown option '--loud'\n\nUsage: dialfleet verify \[options\]\ndialfleet verify --help/],
    [['call', '+14155550006', '--agent', '1', '--token', ''], /^--token is empty\n\nUsage: dialfleet call <number> \[options\]/],
    [['call', ' ', '--agent', '1'], /^<number> is missing/],
    [['call', '+14155550006', '--agent', '1', '--token', 'tokén'], /^The token is none/],
    [['health', '--url', 'foo'], /^foo is no address such as/],
    [['rebuild-rollups', '--tenant', 'x'], /^--tenant must be an id/],
    [['rebuild-rollups', '--wait-ms', 'x'], /^--wait-ms/],
    [['rebuild-rollups', '--wait-ms', '2147483648'], /^--wait-ms must be 2147483647 at most/],
    [['import', 'a.csv', '--report', './a.csv'], /^--report must be another file/],
    [['admin', 'create', '--email', 'nonsense'], /^--email: nonsense is not an e-mail address\n\nUsage: /],
  ];
  const elsewhere = { DIALFLEET_TOKEN: 'another' };
  for (const [args, says] of wrong) t.match(await within(args, elsewhere), { code: 2, out: '', err: says }, args.join(' '));
  t.match(await cli(['call']), { code: 2, out: '', err: /<number> is missing[\s\S]*Usage:/ }, 'a process says the same');
  const { version } = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')) as { version: string };
  t.same(await cli(['--version']), { code: 0, out: `${version}\n`, err: '' });
  t.match(await within(['--help']), { code: 0, err: '', out: /rebuild-rollups[\s\S]*Exit codes/ });
  t.match(await within(['admin', 'create', '-h']), { code: 0, err: '', out: /--password-stdin +Read[\s\S]*DIALFLEET_ADMIN_PASSWORD/ });
  for (const args of [
    ['-h'],
    ['help'],
    ['help', 'call'],
    ['call', '--help'],
    ['import', '--report', '--help'],
    ['call', '-h', 'a', 'b', '--what'],
  ])
    t.match(
      await within(args),
      { code: 0, err: '', out: /^Usage: dialfleet[\s\S]*Exit codes: 0 ok, 1 failed, 2 called wrongly/ },
      args.join(' '),
    );
  t.match(await within(['campaign', '--help']), { code: 0, err: '', out: /^Usage: dialfleet campaign watch <id> / });
  for (const name of ['admin create', 'import', 'call', 'campaign watch', 'health', 'rebuild-rollups', 'verify']) {
    const { out } = await within([...name.split(' '), '--help']);
    t.match(out, new RegExp(`Options:[\\s\\S]*Example:\\n {2}dialfleet ${name}`), name);
    if (/^Usage: .*</.test(out)) t.match(out, /\nArguments:\n {2}<\w+/, name);
  }
  t.match(await within(['verify'], { DATA_DIR: folder }), { code: 1, err: /Set DATABASE_URL/ }, 'no database, nor an installation here');
  t.match(await within(['verify'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }), {
    code: 1,
    err: /^.*The database does not answer/,
  });
  const broken = await within(['verify'], { DATABASE_URL: 'postgres://nobody:12/secret@127.0.0.1:1/none' });
  t.match(broken, { code: 1, err: /^Bad configuration:\n {2}DATABASE_URL: must be an address such as .*\n$/ });
  t.notMatch(broken.err, 'secret');
  t.match(await within(['verify'], { LOG_LEVEL: 'loud' }), {
    code: 1,
    err: /^Bad configuration:\n {2}LOG_LEVEL: must be one of trace, .*\n$/,
  });
  t.match(await within(['call', '+14155550006', '--agent', '1']), { code: 1, err: /Who asks\?/ });
});

t.test('to see whether a report can be written leaves links and pipes as they are', async (t) => {
  const at = (name: string) => join(folder, name);
  await writeFile(at('rows.csv'), 'phoneNumber,agentId\n+14155576005,1\n');
  await symlink('fresh.csv', at('link.csv'));
  await symlink('link.csv', at('second.csv'));
  await symlink(join('none', 'x.csv'), at('broken.csv'));
  await symlink('ring.csv', at('ring.csv'));
  const before = await readdir(folder);
  const judged = (report: string) => within(['import', at('rows.csv'), '--report', at(report)]);
  for (const report of ['link.csv', 'second.csv']) t.match(await judged(report), { code: 1, err: /Who asks\?/ }, report);
  for (const [report, why] of Object.entries({ 'broken.csv': 'ENOENT', 'ring.csv': 'ELOOP' }))
    t.match(await judged(report), { code: 2, err: new RegExp(`^--report: \\S+${report} can't be written: ${why}`) });
  t.same(await readdir(folder), before, 'nothing is gone, nothing is there that was not');
  t.equal(await readlink(at('link.csv')), 'fresh.csv');
  await promisify(execFile)('mkfifo', [at('pipe.csv')]);
  t.match(await judged('pipe.csv'), { code: 1, err: /Who asks\?/ }, 'nobody reads it yet, and nothing waits for them');
});

t.test('health: up and down', PATIENCE, async (t) => {
  const { url } = await startSystem(t, { worker: true });
  t.match(await cli(['health', '--url', url]), { code: 0, out: /alive, ready\nqueue \w+ +\d+ waiting[\s\S]*processes: 1 api/ });
  const { out } = await cli(['health', '--json'], { DIALFLEET_URL: url });
  t.match(JSON.parse(out), { server: url, live: true, ready: true, stores: { database: 'healthy' }, processes: { api: 1 } });
  const { port: PORT } = new URL(url);
  t.match(await cli(['health'], { PORT }), { code: 0, out: `http://127.0.0.1:${PORT}: alive, ready\n` }, 'the one of this environment');
  const dotEnv = join(folder, '.env');
  await writeFile(dotEnv, `PORT=${PORT}\n`);
  t.match(await cli(['health']), { code: 0, out: `http://127.0.0.1:${PORT}: alive, ready\n` }, 'the one of this folder');
  await rm(dotEnv);
  t.match(await cli(['health', '--url', url], { PORT: '1' }), { code: 0 }, 'what is said counts first');
  t.match(await cli(['health'], { DIALFLEET_URL: url, PORT: '1' }), { code: 0 });
  t.match(await within(['health'], { PORT: 'x' }), { code: 2, err: /^http:\/\/127\.0\.0\.1:x is no address/ });
  const nobody = `http://127.0.0.1:${await freePort()}`;
  t.match(await cli(['health', '--url', nobody]), { code: 1, err: '', out: /^\S+: does not answer: connect ECONNREFUSED \S+\n$/ });
  t.match(await cli(['health', '--url', `${url}/elsewhere`]), { code: 1, out: /: answered 404 at \/elsewhere\/health\/live\n$/ });
  const { out: down } = await cli(['health', '--url', nobody, '--json']);
  t.match(JSON.parse(down), { live: false, ready: false, error: /ECONNREFUSED/ });
});

t.test('a watch outlives its token, and a server that starts anew', PATIENCE, async (t) => {
  let logins = 0;
  const answers = [200, 401, 200, ...Array.from({ length: 6 }, () => 503), 200];
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const isLogin = request.method === 'POST';
    const status = isLogin ? 200 : (answers.shift() ?? 500);
    if (!isLogin) seen.push(`${request.headers.authorization} ${status}`);
    const counts = { leads: { waiting: 0, inLine: 0, completed: 1 }, calls: { live: 0, due: 0, later: 0 }, obstacles: [] };
    const campaign = { name: 'Spring', status: answers.length > 0 ? 'active' : 'completed', ...counts };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: isLogin ? { token: `token${++logins}` } : campaign }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const env = { DIALFLEET_URL: `http://127.0.0.1:${port}`, DIALFLEET_EMAIL: 'ann@example.com', DIALFLEET_PASSWORD: 'secret' };
  const watched = await cli(['campaign', 'watch', '1', '--every', '1'], env);
  t.match(watched, { code: 0, err: '', out: /^Spring: active, .*\nSpring: completed, 1 of 1 leads done, .*\n$/ });
  t.same(seen.slice(0, 4), ['Bearer token1 200', 'Bearer token1 401', 'Bearer token2 200', 'Bearer token2 503']);
  t.equal(logins, 2);
});

t.test('admin create, and the log-in works', PATIENCE, async (t) => {
  const system = await startSystem(t);
  const env = { DATABASE_URL: system.config.DATABASE_URL };
  const logIn = async (email: string, password: string) =>
    (await system.request('POST', '/api/v1/auth/login', { json: { email, password } })) as { status: number; body: { user?: object } };

  const password = 'a long enough one';
  const chosen = { ...env, DIALFLEET_ADMIN_PASSWORD: password };
  t.match(await cli(['admin', 'create', '--email', 'Ann@Example.com'], chosen), { code: 0, out: 'ann@example.com is an administrator.\n' });
  t.match(await logIn('ann@example.com', password), { status: 200, body: { user: { role: 'admin' } } });

  const piped = await cli(['admin', 'create', '--email', 'bob@example.com', '--password-stdin', '--json'], env, 'piped in by somebody\n');
  t.same(JSON.parse(piped.out), { email: 'bob@example.com', promoted: false }, 'what is known is not told');
  t.match(await logIn('bob@example.com', 'piped in by somebody'), { status: 200 });

  const made = await cli(['admin', 'create', '--email', 'eve@example.com'], env);
  const invented = /^Password: (\S{20})/m.exec(made.out)?.[1] ?? '';
  t.match(await logIn('eve@example.com', invented), { status: 200, body: { user: { role: 'admin' } } });

  const owner = await system.login();
  t.match(await cli(['admin', 'create', '--email', owner.email], chosen), { code: 1, out: '', err: /has an account already/ });
  t.match(await logIn(owner.email, owner.password), { status: 200, body: { user: { role: 'user' } } }, 'and stays as they were');
  t.match(await cli(['admin', 'create', '--email', owner.email, '--promote'], chosen), { code: 0, out: /is now an administrator/ });
  t.match(await logIn(owner.email, password), { status: 200, body: { user: { role: 'admin' } } });
  t.match(await cli(['admin', 'create', '--email', 'x@example.com'], { ...env, DIALFLEET_ADMIN_PASSWORD: 'short' }), {
    code: 1,
    err: 'password must have at least 12 characters\n',
  });
  t.match(await cli(['admin', 'create', '--email', 'x@example.com'], { ...env, DIALFLEET_ADMIN_PASSWORD: 'elevenchars' }), {
    code: 1,
    err: 'password must have at least 12 characters\n',
  });
  t.match(await cli(['admin', 'create', '--email', 'x@example.com', '--password-stdin'], env, 'elevenchars\n'), {
    code: 1,
    err: /12 char/,
  });
  t.match(await cli(['admin', 'create', '--email', 'nobody'], chosen), { code: 2, err: /nobody is not an e-mail address/ });
});

t.test('a password is asked for without showing it', async (t) => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const stop = new AbortController();
  const terminal = { env: {}, stdin, stdout, stderr, stop: stop.signal };
  const asked = askSecret(terminal, 'Password: ');
  stdin.write('hidden\n');
  t.equal(await asked, 'hidden');
  const pressed = askSecret(terminal, 'Again: ');
  stdin.write('\u0003');
  await t.rejects(pressed, { name: 'AbortError' }, 'Ctrl-C');
  t.equal(String(stderr.read()), 'Password: \nAgain: \n');
  t.equal(stdout.read(), null);
});

t.test('calls, imports and campaigns over the sandbox', { timeout: 240_000 }, async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { token, email, password } = await system.login();
  const env = { DIALFLEET_URL: system.url, DIALFLEET_TOKEN: token };
  const { body } = await system.request('POST', '/api/v1/agents', { token, json: { name: 'Helper', systemPrompt: 'You help.' } });
  const agent = body.data._id as string;

  await t.test('call', async (t) => {
    const followed = await cli(['call', '+14155550005', '--agent', agent, '--follow'], env);
    t.match(followed, { code: 0, out: /^call_\d+ {2}\S+\n(call_\d+ {2}.*\n)*call_\d+ {2}completed {2}\(\d+ s\)\n$/ });
    const missed = await cli(['call', '+14155550001', '--agent', agent, '--follow', '--json'], env);
    const states = missed.out.trim().split('\n');
    t.match(JSON.parse(states.at(-1) ?? ''), { id: /^call_/, status: 'failed', failureReason: 'busy', failureDetail: 'sip 486' });
    t.equal(missed.code, 1, 'a call that was not completed');
    t.match(await cli(['call', '+14155550003', '--agent', agent, '--follow'], env), {
      code: 1,
      out: /call_\d+ {2}failed {2}\(failed: sip \d+, \d+ s\)\n$/,
    });
    const later = ['call', '+14155550005', '--agent', agent, '--at', '2099-01-01T00:00:00Z', '--url', system.url, '--email', email];
    t.match(await cli(later, { DIALFLEET_PASSWORD: password }), { code: 0, out: /^call_\d+ {2}scheduled\n$/ }, 'with a log-in');
    t.match(await cli(later, { DIALFLEET_PASSWORD: 'wrong' }), { code: 1, out: '', err: /auth\/login answered 401: Invalid/ });
    t.match(await cli(['call', '12', '--agent', agent], env), { code: 1, err: /answered 4\d\d: .*phone/i });
  });

  await t.test('import', async (t) => {
    const file = join(folder, 'calls.csv');
    const rows = Array.from({ length: 30 }, (_, n) => `+141555${String(n).padStart(2, '0')}005,${agent},,2099-01-01T00:00:00Z`);
    await writeFile(file, ['phoneNumber,agentId,userId,scheduledFor', ...rows, `12,${agent}`, '+14155550005,agent_999999'].join('\n'));
    const dry = await cli(['import', file, '--dry-run'], env);
    t.match(dry, { code: 1, out: /^32 rows: 30 good, 2 bad/ });
    t.match(await cli(['import', file, '--strict'], env), { code: 1, err: /Nothing was imported/ });
    const { rows: none } = await count();
    t.equal(none, 0, 'neither made a call');

    const done = await cli(['import', file], env);
    t.match(done, { code: 1, out: /^import_\d+ completed: 30 calls, 2 bad rows[\s\S]*row 32: .*phone number[\s\S]*row 33: .*agent/i });
    t.match(done.err, /import_\d+: 32 of 32 rows/, 'lines instead of a bar');
    t.equal((await count()).rows, 30);

    await writeFile(file, `phoneNumber,agentId,userId,scheduledFor\n${rows[0]}\n`);
    const good = await cli(['import', file, '--json'], env);
    t.match({ ...good, out: JSON.parse(good.out) }, { code: 0, out: { status: 'completed', successfulRows: 1, failedRows: 0 } });
    t.match(await cli(['import', join(folder, 'none.csv')], env), { code: 1, err: /can't be read/ });
    t.match(await cli(['import', folder], env), { code: 1, err: /can't be read: it is no file/ });
    await writeFile(file, '');
    t.match(await cli(['import', file], env), { code: 1, out: '', err: /^\S+ answered 422: .*file is empty\n$/ });
  });

  await t.test('the report of an import is mended and imported', async (t) => {
    const file = join(folder, 'mend.csv');
    const report = join(folder, 'bad.csv');
    const soon = '2099-01-01T00:00:00Z';
    const text = [
      ...['phoneNumber;scheduledFor;agentId;name;remark', `+14155571005;${soon};${agent};Ann;`, `12;${soon};${agent};"Zoë; ""Z""";a\tb|c`],
      ...[`+14155571005;${soon};${agent};Ann;`, `+14155572005;${soon};agent_999999;=Bob;"two\nlines"`, `+14155573005;${soon};${agent};Cy;`],
    ].join('\r\n');
    const refused = [
      'importError;phoneNumber;scheduledFor;agentId;name;remark',
      `Invalid phone number: E.164 is needed, such as +919876543210;12;${soon};${agent};"Zoë; ""Z""";"a\tb|c"`,
      `agentId is no active agent of this account;+14155572005;${soon};agent_999999;=Bob;"two\nlines"`,
    ];
    refused[1] = `"${refused[1]?.replace(';12;', '";12;')}`;
    for (const encoding of ['utf8', 'utf16le'] as const) {
      await writeFile(file, `\uFEFF${text}`, encoding);
      const done = await cli(['import', file, '--report', report], env);
      t.match(done, { code: 1, out: /2 calls, 3 bad rows \(1 of them twice in it\)/ });
      t.match(done.err, /bad\.csv: 2 rows to mend; 1 row in the file twice left out\n$/, 'nobody is rung twice by mending');
      t.equal(await readFile(report, 'utf8'), `\uFEFF${refused.map((line) => `${line}\r\n`).join('')}`, encoding);
    }
    await writeFile(file, (await readFile(report, 'utf8')).replace(';12;', ';+14155574005;'));
    t.match(await cli(['import', file, '--report', report], env), { code: 1, out: /: 1 call, 1 bad row\n/ });
    const again = await readFile(report, 'utf8');
    t.match(again, /^\uFEFFimportError;phoneNumber;[^\n]*\r\nagentId is no [^\n;]*;\+14155572005;/, 'it has one column of reasons');
    const [row] = await system.runtime.db.sql<Array<{ metadata: object }>>`select metadata from calls where to_number = '+14155574005'`;
    t.same(row?.metadata, { columns: { name: 'Zoë; "Z"', remark: 'a\tb|c' } }, 'which is not of the call');

    await writeFile(file, `12,${agent}\n+14155575005,${agent}\n`);
    const judged = await cli(['import', file, '--dry-run', '--report', report], env);
    t.match(judged, { code: 1, out: /^2 rows: 1 good, 1 bad\n {2}row 1: / });
    const headed = await readFile(report, 'utf8');
    t.match(headed, /^\uFEFFimportError,phoneNumber,agentId,[^\n]*\r\n"[^"]*",12,agent_\d+\r\n$/, 'without a header it gets ours');
    const nowhere = await cli(['import', file, '--dry-run', '--report', join(folder, 'none', 'bad.csv')], env);
    t.match(nowhere, { code: 2, out: '', err: /bad\.csv can't be written: ENOENT/ });
  });

  await t.test('a report that can not be written is told before anybody is called', async (t) => {
    const file = join(folder, 'twice.csv');
    await writeFile(file, `phoneNumber,agentId,scheduledFor\n+14155576005,${agent},2099-01-01T00:00:00Z\n`);
    const before = await count();
    const nowhere = await cli(['import', file, '--report', join(folder, 'none', 'x.csv')], env);
    t.match(nowhere, { code: 2, out: '', err: /^--report: \S+x\.csv can't be written: ENOENT[\s\S]*Usage: dialfleet import/ });
    t.match(await cli(['import', file, '--report', folder], env), { code: 2, out: '', err: /can't be written: EISDIR/ });
    t.same(await count(), before);

    const [old, fresh] = [join(folder, 'old.csv'), join(folder, 'fresh.csv')];
    await writeFile(old, 'of yesterday');
    for (const report of [old, fresh]) t.match(await cli(['import', file, '--report', report], { DIALFLEET_URL: system.url }), { code: 1 });
    t.equal(await readFile(old, 'utf8'), 'of yesterday', 'an import that was none leaves the report of the one before');
    t.notOk((await readdir(folder)).includes('fresh.csv'), 'and no empty one');
  });

  await t.test('an import is one of ten in an hour', async (t) => {
    const narrow = await startSystem(t, { env: { RATE_LIMIT_FACTOR: '0.2' } });
    const { token } = await narrow.login();
    const own = { DIALFLEET_URL: narrow.url, DIALFLEET_TOKEN: token };
    const file = join(folder, 'one.csv');
    await writeFile(file, 'phoneNumber,name\n+14155550005,Ann\n');
    for (let once = 0; once < 2; once++)
      t.match(await cli(['import', file], own), { code: 1, err: /bulk\/import answered 422: .*no column agentId/ });
    const started = performance.now();
    t.match(await cli(['import', file], own), { code: 1, err: /bulk\/import answered 429: Too many .* \(again in (59|60) minutes\)\n$/ });
    t.ok(performance.now() - started < 30_000, 'nobody waits for that');
  });

  async function count(): Promise<{ rows: number }> {
    const [found] = await system.runtime.db.sql<[{ rows: number }]>`select count(*)::int as rows from calls where import_id is not null`;
    return found;
  }

  await t.test('campaign watch, without a terminal', async (t) => {
    const everyHour = Object.fromEntries([
      ['start', '00:00'],
      ['end', '24:00'],
    ]);
    const agentId = Number(agent.replace('agent_', ''));
    const json = { name: 'Spring', agentId, status: 'paused', settings: { maxAttempts: 1 }, schedule: { workingHours: everyHour } };
    const made = await system.request('POST', '/api/campaigns', { token, json });
    const id = made.body.data.id as number;
    for (let n = 0; n < 3; n++) {
      const phoneNumber = `+1415556${n}005`;
      const lead = await system.request('POST', '/api/leads', { token, json: { campaignId: id, phoneNumber, timezone: 'UTC' } });
      t.equal(lead.status, 201);
    }
    const watching = cli(['campaign', 'watch', String(id), '--every', '1'], env);
    await system.request('PUT', `/api/campaigns/${id}`, { token, json: { status: 'active' } });
    const watched = await watching;
    t.match(watched, { code: 0, err: '', out: /Spring: completed, 3 of 3 leads done/ });
    const lines = watched.out.trim().split('\n');
    t.equal(new Set(lines).size, lines.length, 'a line for each change');
    t.match(await cli(['campaign', 'watch', '999999'], env), { code: 1, err: /answered 404/ });
  });

  await t.test('what is left is in order', async (t) => {
    const settled = () => cli(['verify'], { DATABASE_URL: system.config.DATABASE_URL });
    t.match(await settled(), { code: 0, out: /^ok +I11[\s\S]*\n\n\d+ invariants, 0 breaches\.\n$/, err: '' });
  });
});

t.test('verify names what is broken, and rebuild-rollups puts the roll-ups right', { timeout: 240_000 }, async (t) => {
  const system = await startSystem(t, { worker: true, scheduler: true, sandbox: true });
  const { sql } = system.runtime.db;
  const env = { DATABASE_URL: system.config.DATABASE_URL };
  const { token, tenantId } = await system.login();
  const { body } = await system.request('POST', '/api/v1/agents', { token, json: { name: 'Helper', systemPrompt: 'You help.' } });
  const json = { toPhone: '+14155550005', agentId: body.data._id };
  const asked = await system.request('POST', '/api/v1/calls/outbound', { token, json });
  const call = Number(String(asked.body.data._id).replace('call_', ''));
  await eventually(async () => (await sql`select from calls where id = ${call} and status = 'completed'`).length > 0, 20_000);
  t.match(await cli(['verify'], env), { code: 0 });

  await breaks(
    'I13',
    `call_${call}`,
    () => sql`update calls set status = 'busy' where id = ${call}`,
    () => sql`update calls set status = 'completed' where id = ${call}`,
  );
  await breaks(
    'I11',
    `call_${call}`,
    () =>
      sql`insert into call_events (id, call_id, type, from_status, to_status) overriding system value values (999999, ${call}, 'ring', 'completed', 'ringing')`,
    () => sql`delete from call_events where id = 999999`,
  );
  await breaks(
    'I15',
    `tenant_${tenantId}`,
    () => sql`update credit_accounts set balance = balance + 1 where tenant_id = ${tenantId}`,
    () => sql`update credit_accounts set balance = balance - 1 where tenant_id = ${tenantId}`,
  );
  await breaks(
    'I15',
    `call_${call}`,
    () => sql`update calls set cost = cost + 1 where id = ${call}`,
    () => sql`update calls set cost = cost - 1 where id = ${call}`,
  );
  await breaks(
    'I5',
    `call_${call}`,
    () =>
      sql`insert into suppressions (tenant_id, phone, source, created_at) values (${tenantId}, '+14155550005', 'api', now() - interval '1 hour')`,
    () => sql`delete from suppressions`,
  );
  await breaks(
    'I6',
    `call_${call}`,
    () =>
      sql`insert into capacity_leases (call_id, tenant_id, agent_id, carrier, to_number, expires_at) select id, tenant_id, agent_id, 'twilio', to_number, now() + interval '1 hour' from calls where id = ${call}`,
    () => sql`delete from capacity_leases`,
  );

  await sql`update call_slots set calls = calls + 1`;
  const wrong = await cli(['verify', '--json'], env);
  const verdicts = wrong.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { says: string; count: number; first: object[] });
  t.match(
    verdicts.filter(({ count }) => count > 0),
    [{ rule: 'I15', says: /roll-ups/, first: [{ subject: `tenant_${tenantId}`, detail: /^call_slots of / }] }],
  );
  t.match(await cli(['rebuild-rollups'], env), { code: 0, out: /^1 day looked at, 1 counted again\.\n$/ });
  t.match(await cli(['verify'], env), { code: 0, out: /0 breaches/ });
  await sql`update call_slots set calls = calls + 1`;
  await sql.begin(async (tx) => {
    await tx`select from call_slots for update`;
    t.match(await cli(['rebuild-rollups', '--wait-ms', '500'], env), {
      code: 1,
      out: '1 day looked at, 0 counted again.\n',
      err: new RegExp(`^Skipped, and not known to be right: tenant_${tenantId} \\d{4}-\\d\\d-\\d\\d\\n.*--wait-ms 0`),
    });
  });
  t.match(await cli(['rebuild-rollups', '--wait-ms', '0'], env), { code: 0, out: /, 1 counted again/ });
  t.match(await cli(['rebuild-rollups', '--tenant', '999999'], env), { code: 1, out: '', err: 'There is no account tenant_999999\n' });
  t.match(await cli(['rebuild-rollups', '--json', '--tenant', `tenant_${tenantId}`], env), {
    code: 0,
    out: '{"days":1,"recounted":0,"skipped":[]}\n',
  });

  /** I13 as a process says it, the others as the verb does. */
  async function breaks(rule: string, subject: string, plant: () => PromiseLike<unknown>, heal: () => PromiseLike<unknown>) {
    await plant();
    if (rule === 'I13') t.match(await cli(['verify'], env), { code: 1, out: new RegExp(`BROKEN 1 +${rule} .*\\n +${subject}: `) }, rule);
    const verdicts = await verifyRows(system.runtime, { statementTimeoutMs: 5000, patienceMs: 60_000 });
    t.match(
      verdicts.filter(({ count }) => count > 0),
      [{ rule, first: [{ subject }] }],
      `${rule} ${subject}`,
    );
    await heal();
  }
});

t.test('every other invariant has its breach', async (t) => {
  const { db } = await openTestRuntime(t);
  const { sql } = db;
  const [owner] = await sql<[{ tenantId: number; userId: number }]>`
    with tenant as (insert into tenants (name) values ('T') returning id)
    insert into users (tenant_id, email, name, password_hash, role) select id, 'o@example.com', 'O', '-', 'owner' from tenant
    returning tenant_id as "tenantId", id as "userId"`;
  const { tenantId, userId } = owner;
  const [person] = await sql<[{ id: number }]>`
    insert into agents (tenant_id, kind, name, user_id) values (${tenantId}, 'human', 'Ann', ${userId}) returning id`;
  const [campaign] = await sql<[{ id: number }]>`insert into campaigns (tenant_id, name) values (${tenantId}, 'C') returning id`;
  const [call] = await sql<[{ id: number }]>`
    insert into calls (tenant_id, agent_id, to_number, status) values (${tenantId}, ${person.id}, '+14155550005', 'scheduled') returning id`;
  const look = async () =>
    (await verifyRows({ db }, { statementTimeoutMs: 5000, patienceMs: 60_000 })).filter(({ count, unfinished }) => count > 0 || unfinished);
  const table: Array<[rule: string, subject: string | RegExp, plant: () => PromiseLike<unknown>, heal: () => PromiseLike<unknown>]> = [
    [
      'I10',
      `call_${call.id}`,
      () => sql`insert into calls (tenant_id, agent_id, to_number, status, original_call_id, retry_attempt)
                select tenant_id, agent_id, to_number, 'scheduled', id, 2 from calls where id = ${call.id}`,
      () => sql`delete from calls where original_call_id = ${call.id}`,
    ],
    [
      'I3',
      `call_${call.id}`,
      () => sql`with second as (insert into calls (tenant_id, agent_id, to_number, status, check_at)
                                values (${tenantId}, ${person.id}, '+14155550005', 'dialing', now()) returning id),
                     first as (update calls set status = 'dialing', check_at = now() where id = ${call.id} returning id),
                     noted as (insert into call_events (call_id, type, from_status, to_status)
                               select id, 'claim', 'queued', 'dialing' from (table first union all table second) c)
                insert into capacity_leases (call_id, tenant_id, agent_id, carrier, to_number, expires_at)
                select id, ${tenantId}, ${person.id}, 'null', '+14155550005', now() + interval '1 hour' from (table first union all table second) c`,
      () => sql`with others as (delete from calls where id <> ${call.id}), events as (delete from call_events), leases as (delete from capacity_leases)
                update calls set status = 'scheduled', check_at = null where id = ${call.id}`,
    ],
    [
      'C6',
      `call_${call.id}`,
      () => sql`update calls set bridged_at = now(), connect_by = now() - interval '1 second' where id = ${call.id}`,
      () => sql`update calls set bridged_at = null, connect_by = null where id = ${call.id}`,
    ],
    [
      'I14',
      /^import_/,
      () => sql`insert into imports (tenant_id, kind, status, file_name, storage_key, size_bytes, total_rows, processed_rows, successful_rows)
                values (${tenantId}, 'calls', 'completed', 'a', 'a', 1, 1, 1, 1)`,
      () => sql`delete from imports`,
    ],
    [
      'I15',
      `campaign_${campaign.id}`,
      () => sql`update campaigns set total_contacts = 1 where id = ${campaign.id}`,
      () => sql`update campaigns set total_contacts = 0 where id = ${campaign.id}`,
    ],
    [
      'C3',
      /^contact_/,
      () => sql`with added as (insert into contacts (tenant_id, campaign_id, phone, dial_state) values (${tenantId}, ${campaign.id}, '+14155550005', 'in_line'))
                update campaigns set total_contacts = 1 where id = ${campaign.id}`,
      () => sql`with gone as (delete from contacts) update campaigns set total_contacts = 0 where id = ${campaign.id}`,
    ],
    [
      'C4',
      `agent_${person.id}`,
      () => sql`insert into agent_states (tenant_id, agent_id, state, call_id)
                select ${tenantId}, ${person.id}, 'on_call', n from generate_series(1, 2) n`,
      () => sql`delete from agent_states`,
    ],
    [
      'C5',
      `agent_${person.id}`,
      () => sql`update agents set state = 'on_call' where id = ${person.id}`,
      () => sql`update agents set state = 'offline' where id = ${person.id}`,
    ],
  ];
  for (const [rule, subject, plant, heal] of table) {
    await plant();
    t.match(await look(), [{ rule, first: [{ subject }] }], rule);
    await heal();
    t.same(await look(), [], `${rule}: as it was`);
  }
});

t.test('a search that takes too long is said to be unfinished, and none may write', async (t) => {
  const runtime = await openTestRuntime(t);
  const verdicts = await verifyRows(runtime, { statementTimeoutMs: 1000, patienceMs: 60_000 });
  t.ok(
    verdicts.every(({ count, unfinished }) => count === 0 && unfinished === undefined),
    'nothing is broken where nothing is',
  );
  const db = openDb(runtime.config.DATABASE_URL, { max: 1, name: 'test', readOnly: { statementTimeoutMs: 50 } });
  t.teardown(() => db.close());
  await t.rejects(db.sql`insert into tenants (name) values ('x')`, { code: '25006' });
  await t.rejects(db.sql`select pg_sleep(5)`, { code: '57014' });
});
