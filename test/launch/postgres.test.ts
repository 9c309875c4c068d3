import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { pino } from 'pino';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { type Postgres, startPostgres } from '../../launch/postgres.ts';
import { findBinaries, restoreSymlinks } from '../../launch/postgres/binaries.ts';
import { judgeHolder, parsePidFile } from '../../launch/postgres/pid-file.ts';
import { isAlive } from '../../launch/process-info.ts';
import { eventually } from '../eventually.ts';
import { program } from '../project.ts';

const log = pino({ level: 'silent' });
const root = process.getuid?.() === 0;
/** `daemon`: every Unix has it, and initdb wants its user to have a name */
const ORDINARY = { uid: 1, gid: 1 };

/** A data folder for one test, whose server is gone when the test is. */
async function dataFolder(t: Pick<Test, 'teardown'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dialfleet-pg-'));
  await chmod(folder, 0o755);
  t.teardown(async () => {
    const file = await readFile(join(folder, 'pg18', 'postmaster.pid'), 'utf8').then(parsePidFile, () => undefined);
    if (file && (await isAlive(file.pid))) await (await start(folder, { owner: true })).stop();
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

function start(dataDir: string, more: { owner?: boolean; patienceMs?: number } = {}): Promise<Postgres> {
  return startPostgres({ dataDir, log, durable: false, ...more });
}

interface Held {
  child: ChildProcess;
  said: { url: string; started: boolean; pid: number; error?: string };
}

/** Starts a server from another process, which is killed at the latest after the test. */
async function hold(t: Pick<Test, 'teardown'>, dataDir: string, more: { uid?: number; gid?: number; home?: string } = {}): Promise<Held> {
  const { home, ...user } = more;
  // without tap's own loaders, whose records another user could not write
  const settings = ['-u', 'NODE_OPTIONS', ...(home ? [`HOME=${home}`, `TMPDIR=${home}`] : [])];
  const child = spawn('env', [...settings, process.execPath, ...program('test/launch/postgres-child'), dataDir], {
    ...user,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, said: JSON.parse(line) as Held['said'] };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function ask(url: string, text: string): Promise<postgres.Row> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return (await sql.unsafe(text))[0] ?? {};
  } finally {
    await sql.end();
  }
}

t.test('a fresh start serves both drivers, with the settings that the product counts on', async (t) => {
  const server = await start(await dataFolder(t));
  t.equal(server.started, true);
  t.strictSame(
    await ask(
      server.url,
      "select current_database() as db, current_setting('max_connections') as max, current_setting('TimeZone') as zone",
    ),
    {
      db: 'dialfleet',
      max: '200',
      zone: 'UTC',
    },
  );
  const other = new pg.Client({ connectionString: server.url });
  await other.connect();
  const { rows } = await other.query<{ server_encoding: string; listen: string; timeout: string }>(
    "select current_setting('server_encoding') as server_encoding, current_setting('listen_addresses') as listen, current_setting('idle_in_transaction_session_timeout') as timeout",
  );
  await other.end();
  t.strictSame({ ...rows[0] }, { server_encoding: 'UTF8', listen: '', timeout: '1min' });
  await server.stop();
  t.notOk(await server.alive());
});

t.test('data are there again after a stop; a second start beside the first connects and leaves it alone', async (t) => {
  const folder = await dataFolder(t);
  const first = await start(folder);
  await ask(first.url, 'create table kept as select 42 as answer');
  await first.stop();

  const again = await start(folder);
  const beside = await start(folder);
  t.match(await ask(again.url, 'select answer from kept'), { answer: 42 });
  t.strictSame([again.started, beside.started, beside.pid === again.pid, beside.url === again.url], [true, false, true, true]);
  await beside.stop();
  t.ok(await again.alive(), 'who only connected stops nothing');
  await again.stop();
});

t.test('of three starts at the same time on an empty folder one starts the server', async (t) => {
  const folder = await dataFolder(t);
  const servers = await Promise.all([start(folder), hold(t, folder), hold(t, folder)]);
  const answers = servers.map((server) => ('said' in server ? server.said : server));
  t.equal(answers.filter(({ started }) => started).length, 1);
  t.equal(new Set(answers.map(({ pid }) => pid)).size, 1);
});

t.test('an orphan is adopted after its parent was killed', async (t) => {
  const folder = await dataFolder(t);
  const { child, said } = await hold(t, folder);
  t.equal(said.started, true);
  await kill(child);
  const adopter = await start(folder, { owner: true });
  t.strictSame([adopter.started, adopter.pid], [false, said.pid]);
  await adopter.stop();
  t.notOk(await adopter.alive(), 'the owner of the folder stops what it adopted');
});

t.test('everything killed: the next start recovers what was committed', async (t) => {
  const folder = await dataFolder(t);
  const { child, said } = await hold(t, folder);
  await ask(said.url, 'create table kept as select 42 as answer');
  process.kill(said.pid, 'SIGKILL');
  await kill(child);
  const server = await start(folder);
  t.equal(server.started, true);
  t.match(await ask(server.url, 'select answer from kept'), { answer: 42 });
  await server.stop();
});

t.test(
  'a dead server that its parent never collects does not block the next one for ever',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const folder = await dataFolder(t);
    const { child, said } = await hold(t, folder);
    // a stopped parent can't collect its child
    child.kill('SIGSTOP');
    process.kill(said.pid, 'SIGKILL');
    await eventually(async () => !(await isAlive(said.pid)));
    const server = await start(folder, { patienceMs: 500 });
    t.equal(server.started, true);
    await server.stop();
  },
);

t.test('a stale pid file whose pid an unrelated process of the same user has now', async (t) => {
  const folder = await dataFolder(t);
  const first = await start(folder);
  const locks = await Promise.all(
    ['pg18/postmaster.pid', 'pg18-socket/.s.PGSQL.5432.lock'].map(async (name) => ({
      path: join(folder, name),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
  await first.stop();

  const { uid, gid } = await stat(join(folder, 'pg18'));
  const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
  t.teardown(() => stranger.kill('SIGKILL'));
  for (const { path, text } of locks) await writeFile(path, text.replace(String(first.pid), String(stranger.pid)), { mode: 0o600 });
  const server = await start(folder);
  t.equal(server.started, true);
  t.ok(await isAlive(stranger.pid ?? 0), 'the stranger is left alone');
  await server.stop();
});

t.test('a data folder whose path is too long for a socket, and needs escaping', async (t) => {
  const folder = join(await dataFolder(t), `a folder with spaces, commas & ünïcode ${'x'.repeat(80)}`);
  const server = await start(folder);
  t.match(await ask(server.url, 'select 1 as one'), { one: 1 });
  await server.stop();
  const alias = decodeURIComponent(new URL(server.url).hostname);
  t.ok(alias.length < 90, 'the socket is elsewhere');
  await rm(alias);
  await rm(alias.replace(/,$/, ''), { recursive: true });
});

t.test(
  'an ordinary user starts it, and root adopts and restarts their data',
  { skip: root ? false : 'only root can become somebody else' },
  async (t) => {
    const folder = await dataFolder(t);
    await chmod(folder, 0o777);
    const { child, said } = await hold(t, folder, { ...ORDINARY, home: folder });
    t.strictSame([said.error, said.started], [undefined, true]);
    t.equal((await stat(join(folder, 'pg18'))).uid, ORDINARY.uid);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    const server = await start(folder);
    t.equal(server.started, true);
    t.equal((await stat(join(folder, 'pg18'))).uid, ORDINARY.uid);
    await server.stop();
  },
);

t.test("root's data say whose they are to an ordinary user", { skip: root ? false : 'only root can become somebody else' }, async (t) => {
  const folder = await dataFolder(t);
  await (await start(folder)).stop();
  await chmod(folder, 0o777);
  const { said } = await hold(t, folder, { ...ORDINARY, home: folder });
  t.match(said.error, /belongs to another user \(uid \d+\)/);
});

t.test(
  "root in a folder closed to others keeps the data where the server's user can go",
  { skip: root ? false : 'only root changes user' },
  async (t) => {
    const parent = await dataFolder(t);
    await chmod(parent, 0o700);
    const server = await start(join(parent, '.data'));
    const { folder } = await ask(server.url, "select current_setting('data_directory') as folder");
    t.match(folder, /^\/var\/lib\/dialfleet\/[0-9a-f]{12}\/pg18$/);
    await server.stop();
    await rm(join(String(folder), '..'), { recursive: true });
  },
);

t.test('libraries are linked again after an installation without scripts', async (t) => {
  const folder = await dataFolder(t);
  await cp(await findBinaries(), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  const list = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as Array<{ target: string }>;
  await Promise.all(list.map(({ target }) => rm(join(folder, target), { force: true })));
  await restoreSymlinks(join(folder, 'native'));
  for (const { target } of list) t.ok((await stat(join(folder, target))).isFile(), target);
});

t.test('who holds a pid file', async (t) => {
  const found = (command: string[], zombie = false) => ({ pid: 7, zombie, startedAt: '1', command });
  t.equal(judgeHolder(undefined, '/d/pg18'), 'gone');
  t.equal(judgeHolder(found([], true), '/d/pg18'), 'zombie');
  t.equal(judgeHolder(found(['/b/postgres', '-D', '/d/pg18', '-c', 'x=1']), '/d/pg18'), 'server');
  t.equal(judgeHolder(found(['/b/postgres -D /d/pg18 -c x=1']), '/d/pg18'), 'server', 'as ps prints it');
  t.equal(judgeHolder(found(['/b/postgres', '-D', '/d/pg18-other']), '/d/pg18'), 'stranger');
  t.equal(judgeHolder(found(['tail', '-f', '/d/pg18']), '/d/pg18'), 'stranger');
  t.strictSame(parsePidFile('12\n/d\n1\n5432\n/run\n\n 1 2\nready   \n'), { pid: 12, socketFolder: '/run', status: 'ready' });
  t.equal(parsePidFile(''), undefined);
});
