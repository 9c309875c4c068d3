import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Logger, pino } from 'pino';
import t, { type Test } from 'tap';
import { isAlive } from '../../launch/process-info.ts';
import { restartDelayMs } from '../../launch/restart-delay.ts';
import { type SuperviseOptions, supervise } from '../../launch/supervisor.ts';
import { eventually } from '../eventually.ts';
import { modulePath, program } from '../project.ts';

interface Entry {
  name: string;
  what: string;
  pid: number;
}

async function openDiary(t: Test) {
  const file = join(t.testdir(), 'diary');
  await writeFile(file, '');
  const read = async (): Promise<Entry[]> => {
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
    return lines.map((line) => line.split(' ')).map(([name = '', what = '', pid]) => ({ name, what, pid: Number(pid) }));
  };
  const count = async (what: string) => (await read()).filter((entry) => entry.what === what).length;
  return { file, read, count };
}

/** A supervisor over one process for each name → stage, that is stopped at the latest after the test. */
function family(
  t: Test,
  diary: string,
  stages: Record<string, number>,
  more: { env?: object; log?: Logger; options?: SuperviseOptions } = {},
) {
  const specs = Object.entries(stages).map(([name, stopStage]) => ({
    name,
    stopStage,
    script: modulePath('test/launch/supervisor-child'),
    env: { ...process.env, ...more.env, NAME: name, DIARY: diary },
  }));
  const supervisor = supervise(specs, more.log ?? pino({ level: 'silent' }), more.options);
  t.teardown(() => supervisor.kill());
  return supervisor;
}

t.test('a process that dies is started again, and the log says how it ended', async (t) => {
  const diary = await openDiary(t);
  const lines: Array<Record<string, unknown>> = [];
  const sink = new PassThrough().on('data', (line: Buffer) => lines.push(JSON.parse(line.toString()) as Record<string, unknown>));
  const supervisor = family(t, diary.file, { worker: 1, api: 1 }, { log: pino(sink) });
  await eventually(async () => (await diary.count('started')) === 2);
  const before = supervisor.pids();
  process.kill(before.worker ?? 0, 'SIGKILL');
  await eventually(async () => (await diary.count('started')) === 3);

  const after = supervisor.pids();
  t.equal(after.api, before.api, 'the other one goes on');
  t.not(after.worker, before.worker);
  t.match(lines, [{ process: 'worker', signal: 'SIGKILL', restartInMs: 250, msg: 'worker ended: starting it again' }]);
  await supervisor.stop();
  t.strictSame(supervisor.pids(), {});
});

t.test('stops in the order of the stages, each after the one before has ended', async (t) => {
  const diary = await openDiary(t);
  const supervisor = family(t, diary.file, { sandbox: 3, api: 1, worker: 2, scheduler: 1 });
  await eventually(async () => (await diary.count('started')) === 4);
  await supervisor.stop();
  const stopped = (await diary.read()).slice(4).map(({ name, what }) => `${name} ${what}`);
  t.strictSame(stopped.slice(0, 2).sort(), ['api asked', 'scheduler asked']);
  t.strictSame(stopped.slice(2, 4).sort(), ['api ended', 'scheduler ended']);
  t.strictSame(stopped.slice(4), ['worker asked', 'worker ended', 'sandbox asked', 'sandbox ended']);
});

t.test('what does not stop in time is killed, and a second request kills at once', async (t) => {
  const diary = await openDiary(t);
  const supervisor = family(t, diary.file, { api: 1, worker: 2 }, { env: { STUBBORN: '1' }, options: { graceMs: 300 } });
  await eventually(async () => (await diary.count('started')) === 2);
  const pids = Object.values(supervisor.pids());
  await supervisor.stop();
  t.strictSame(await Promise.all(pids.map((pid) => isAlive(pid))), [false, false]);

  const patient = family(t, diary.file, { api: 1 }, { env: { STUBBORN: '1' }, options: { graceMs: 600_000 } });
  await eventually(async () => (await diary.count('started')) === 3);
  const stopping = patient.stop();
  patient.kill();
  await stopping;
  t.strictSame(patient.pids(), {});
});

t.test('lines of the processes go whole to the given output', async (t) => {
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const script = join(
    t.testdir({ 'speak.mjs': `process.stdout.write('half '); setTimeout(() => console.log('line'), 50); setInterval(() => {}, 1e6)` }),
    'speak.mjs',
  );
  const supervisor = supervise([{ name: 'speaker', script, stopStage: 1, env: process.env }], pino({ level: 'silent' }), { output });
  await eventually(() => text !== '');
  t.equal(text, 'half line\n');
  await supervisor.stop();
});

t.test('when the supervisor is killed its processes stop by themselves', async (t) => {
  const diary = await openDiary(t);
  const parent = spawn(process.execPath, program('test/launch/supervisor-parent'), {
    stdio: 'ignore',
    env: { ...process.env, DIARY: diary.file },
  });
  await eventually(async () => (await diary.count('started')) === 1);
  const [orphan] = await diary.read();
  parent.kill('SIGKILL');
  await eventually(async () => (await diary.count('ended')) === 1);
  await eventually(async () => !(await isAlive(orphan?.pid ?? 0)));
  t.equal(await diary.count('asked'), 1, 'by the same road as a stop');
});

t.test('restart delays grow to a cap, and start anew after a healthy life', async (t) => {
  t.equal(restartDelayMs(10, undefined), 250);
  t.equal(restartDelayMs(10, 250), 500);
  t.equal(restartDelayMs(29_999, 8000), 10_000);
  t.equal(restartDelayMs(10, 10_000), 10_000);
  t.equal(restartDelayMs(30_000, 10_000), 250);
});
