import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { parseConfig } from '../../core/config.ts';
import { prepareDataDir } from '../../launch/data-dir.ts';
import { ensureSecrets, withSecrets } from '../../launch/environment.ts';
import { greeting } from '../../launch/greeting.ts';
import { takeLock, withLock } from '../../launch/lock.ts';
import { choosePort } from '../../launch/port.ts';
import { processTable } from '../../launch/processes.ts';
import { readEnvironment } from '../../service/environment.ts';
import { freePort } from '../free-port.ts';
import { LOADER, modulePath, program } from '../project.ts';

t.test('the lock: one holder, readable by others, free after release', async (t) => {
  const path = join(t.testdir(), 'launch.lock');
  const first = await takeLock(path);
  if (!first.taken) return t.fail('an unheld lock was not taken');
  await first.lock.setNote('http://127.0.0.1:4000');
  t.match(await takeLock(path), { taken: false, holder: { pid: process.pid, note: 'http://127.0.0.1:4000' } });
  await first.lock.release();
  const again = await takeLock(path);
  t.match(again, { taken: true, afterCrash: false });
  if (again.taken) await again.lock.release();
  t.strictSame(await readdir(join(path, '..')), [], 'nothing is left behind');
});

t.test('the lock of a dead process, or of one whose pid another has now, is taken over', async (t) => {
  const path = join(t.testdir(), 'launch.lock');
  const dead = spawn('true');
  await once(dead, 'exit');
  for (const holder of [
    { pid: dead.pid, startedAt: '1', note: '' },
    { pid: process.pid, startedAt: 'in another life', note: '' },
  ]) {
    await writeFile(path, JSON.stringify(holder));
    const answer = await takeLock(path);
    t.match(answer, { taken: true, afterCrash: true });
    if (answer.taken) await answer.lock.release();
  }
});

t.test('withLock lets one work at a time, and goes on after a failure', async (t) => {
  const path = join(t.testdir(), 'lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await stat(join(path, '..'));
    inside--;
  };
  await t.rejects(
    withLock(path, () => Promise.reject(new Error('work failed'))),
    { message: 'work failed' },
  );
  await Promise.all([withLock(path, work), withLock(path, work), withLock(path, work)]);
  t.equal(most, 1);
});

t.test('a busy port: the next free one by default, an error when it was asked for', async (t) => {
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  t.teardown(() => busy.close());
  const { port } = busy.address() as AddressInfo;
  const wanted = { variable: 'PORT', host: '127.0.0.1', port };
  t.ok((await choosePort({ ...wanted, fixed: false })) > port);
  await t.rejects(choosePort({ ...wanted, fixed: true }), {
    message: `Port ${port} is in use: stop what listens there, or set another PORT.`,
  });

  const patient = choosePort({ ...wanted, fixed: false }, 10_000);
  busy.close();
  t.equal(await patient, port, 'one that becomes free in time is taken');
});

t.test("a port that another of this start got, or wishes for, is nobody else's", async (t) => {
  const port = await freePort();
  const wanted = { variable: 'WORKER_METRICS_PORT', host: '127.0.0.1', port, fixed: false };
  t.equal(await choosePort({ ...wanted, wished: [port, port + 1] }), port, 'its own wish');
  t.ok((await choosePort({ ...wanted, taken: [port], wished: [port, port + 1] }, 60_000)) > port + 1, 'moves without waiting');
});

t.test('environment: a .env file below the real one, secrets made once and readable by us alone', async (t) => {
  const folder = t.testdir({ '.env': 'PORT=4100\nLOG_LEVEL=debug # loud\n' });
  t.match(await readEnvironment(folder, { PORT: '4200' }), { PORT: '4200', LOG_LEVEL: 'debug' });
  t.strictSame(await readEnvironment(t.testdir({ other: {} }), { A: '1' }), { A: '1' });

  const secrets = await ensureSecrets(folder);
  t.strictSame(await ensureSecrets(folder), secrets);
  t.equal((await stat(join(folder, 'secrets.json'))).mode & 0o777, 0o600);
  const config = parseConfig(withSecrets({}, secrets));
  t.match(config, secrets);
  t.equal(withSecrets({ JWT_SECRET: 'mine' }, secrets).JWT_SECRET, 'mine');
  t.equal(withSecrets({ TWILIO_BASE_URL: 'https://elsewhere' }, secrets).TWILIO_AUTH_TOKEN, undefined);
});

/** Runs a program in a folder until it ends, and what it says of its start. */
async function startIn(folder: string, script: string, env: Record<string, string> = {}): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, program(script), { cwd: folder, env: { PATH: process.env.PATH, ...env } });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await once(child, 'close');
  clearTimeout(deadline);
  return { code: child.exitCode, said };
}

const STORED = ['api/main', 'worker/main', 'scheduler/main', 'launch/migrate'];

t.test('every process reads .env, the real environment wins, and what is wrong is said in a line', async (t) => {
  const folder = t.testdir({ '.env': 'PORT=from-the-file\nLOG_LEVEL=silent\n' });
  for (const script of [...STORED, 'sandbox/main', 'launch/main']) {
    const said = 'Bad configuration:\n  PORT: must be a whole number from 0 to 65535\n';
    t.same(await startIn(folder, script), { code: 1, said }, script);
  }
  t.notMatch((await startIn(folder, 'launch/migrate', { PORT: '4000' })).said, /PORT/);
});

t.test('a database that is none, or does not answer, is named without its password', async (t) => {
  const folder = t.testdir();
  const refused = (words: string) => ({ code: 1, said: `Bad configuration:\n  DATABASE_URL: ${words}\n` });
  const port = await freePort();
  const away = { DATABASE_URL: `postgres://nobody:secret@127.0.0.1:${port}/none`, DATA_DIR: folder, LOG_LEVEL: 'silent' };
  const sentence = `the database at 127.0.0.1:${port} can't be reached: connect ECONNREFUSED 127.0.0.1:${port}`;
  for (const script of STORED) {
    t.same(await startIn(folder, script), refused('is empty; only npm start brings a database of its own'), script);
    t.same(await startIn(folder, script, away), refused(sentence), script);
  }
  const { code, said } = await startIn(folder, 'launch/main', { ...away, PORT: String(await freePort()) });
  t.match({ code, said }, { code: 1, said: sentence });
  t.notMatch(said, /secret| at .*:\d+\)/, 'no password, no stack');
});

t.test('the process table: the sandbox only where nobody named another carrier', async (t) => {
  const names = (env: Record<string, string>) => processTable(env, parseConfig(env)).map(({ name }) => name);
  t.strictSame(names({}), ['sandbox', 'api', 'worker', 'scheduler']);
  t.strictSame(names({ TWILIO_BASE_URL: 'https://api.twilio.com' }), ['api', 'worker', 'scheduler']);
  t.strictSame(names({ CARRIER: 'null' }), ['api', 'worker', 'scheduler']);
  t.strictSame(names({ CARRIER: 'exotel' }), ['sandbox', 'api', 'worker', 'scheduler']);
  t.strictSame(names({ CARRIER: 'exotel', EXOTEL_API_KEY: 'mine' }), ['api', 'worker', 'scheduler']);
  t.strictSame(names({ CARRIER: 'exotel', EXOTEL_BASE_URL: 'https://api.in.exotel.com' }), ['api', 'worker', 'scheduler']);
  t.strictSame(names({ CARRIER: 'millis' }), ['sandbox', 'api', 'worker', 'scheduler']);
  t.strictSame(names({ CARRIER: 'millis', MILLIS_API_KEY: 'mine' }), ['api', 'worker', 'scheduler']);
  t.strictSame(names({ CARRIER: 'millis', MILLIS_BASE_URL: 'https://api-west.millis.ai' }), ['api', 'worker', 'scheduler']);
});

t.test('the data folder: made when missing, explained when it is a stranger', async (t) => {
  const folder = t.testdir({ file: '' });
  t.equal(await prepareDataDir(join(folder, 'a', 'b')), join(folder, 'a', 'b'));
  await t.rejects(prepareDataDir(join(folder, 'file', 'x')), { name: 'LaunchError', message: /Set DATA_DIR/ });
});

t.test(
  'the data folder of root is explained to an ordinary user',
  { skip: process.getuid?.() === 0 ? false : 'only root can become somebody else' },
  async (t) => {
    const folder = t.testdir();
    await mkdir(join(folder, '.data'));
    await chmod(join(folder, '.data'), 0o755);
    const words = `import(${JSON.stringify(modulePath('launch/data-dir'))})
    .then(({ prepareDataDir }) => prepareDataDir(${JSON.stringify(join(folder, '.data'))}))
    .catch((error) => process.stdout.write(error.message))`;
    const args = ['-u', 'NODE_OPTIONS', 'TMPDIR=/tmp', process.execPath, ...LOADER, '-e', words];
    const child = spawn('env', args, { uid: 1, gid: 1, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    t.equal(
      said,
      `The data folder ${folder}/.data belongs to root, and you may not write to it.\nStart Dialfleet as root, or set DATA_DIR to a folder of your own.`,
    );
  },
);

t.test('the greeting shows a new password once, and a call to paste', async (t) => {
  const known = {
    apiUrl: 'http://127.0.0.1:4000',
    sandboxUrl: 'http://127.0.0.1:4010',
    email: 'admin@dialfleet.local',
    secretsFile: '/d/secrets.json',
  };
  const first = greeting({ ...known, password: 'pass-word' });
  for (const part of ['/docs', '/queues', '4010/_sandbox/calls', 'pass-word', '+14155550006']) t.match(first, part);
  const later = greeting({ ...known, password: undefined });
  t.notMatch(later, 'pass-word');
  t.match(later, '/d/secrets.json');
  const noSandbox = greeting({ ...known, sandboxUrl: undefined, password: undefined });
  t.notMatch(noSandbox, '+14155550006', 'a real carrier would ring a real phone');
});

t.test('the greeting can be pasted: a shell understands it', async (t) => {
  const text = greeting({
    apiUrl: 'http://127.0.0.1:1',
    sandboxUrl: 'http://127.0.0.1:2',
    email: 'a@b.c',
    password: 'x',
    secretsFile: '/d',
  });
  const commands = text.split('\n').filter((line) => /^ {2}(API=|TOKEN=|AGENT=|CALL=|sleep)/.test(line));
  t.equal(commands.length, 5);
  const file = join(t.testdir({ 'paste.sh': commands.join('\n') }), 'paste.sh');
  const [code] = (await once(spawn('sh', ['-n', file]), 'exit')) as [number];
  t.equal(code, 0, await readFile(file, 'utf8'));
});
