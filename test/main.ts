/**
 * All tests, or those of the given files: each file a process of its own, three at a time, as plain JavaScript. tap's command
 * would take every module of every process through its hooks, which costs more than most tests do.
 *   npm test -- [--reporter=tap] [test/x.test.ts …]
 * People see a line for each file and all of what failed, programs TAP.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { compile } from './compile.ts';
import { joinServer, leaveServer } from './postgres-server.ts';
import { PROJECT } from './project.ts';

const BUILD = join(PROJECT, '.build');
const ROOMS = 'api bench carrier cli client core db generate launch postman queue sandbox scheduler service test worker'.split(' ');
/** Whole installations, which take minutes: begun first, they keep nobody waiting at the end. */
const LONGEST = /^test\/(faults\/faults|fleet\/|cli\/|launch\/)/;
const JOBS = 3;
/** A file is late after this, and says so itself unless it has set another time; one that can't even do that is ended later. */
const PATIENCE_SECONDS = 240;
const MOST_MS = 900_000;

const { values, positionals } = parseArgs({ options: { reporter: { type: 'string' } }, allowPositionals: true });
const rank = (file: string) => (LONGEST.test(file) ? 0 : 1);
const files = (positionals.length > 0 ? positionals : await allFiles()).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
const isTap = values.reporter === 'tap';
const out = process.stdout;
let ended = 0;
const counts = { total: 0, pass: 0, fail: 0, skip: 0, todo: 0 };

await compile(ROOMS, BUILD);
if (!process.env.TEST_DATABASE_URL) await joinServer(process.pid);
try {
  if (isTap) out.write(`TAP version 14\n1..${files.length}\n`);
  const rest = files.values();
  await Promise.all(
    Array.from({ length: JOBS }, async () => {
      for (const file of rest) await run(file);
    }),
  );
  const words = Object.entries(counts).filter(([name, count]) => count > 0 || name === 'total');
  out.write(`# { ${words.map(([name, count]) => `${name}: ${count}`).join(', ')} }\n`);
} finally {
  if (!process.env.TEST_DATABASE_URL) await leaveServer(process.pid);
}

async function allFiles(): Promise<string[]> {
  const names = await readdir(join(PROJECT, 'test'), { recursive: true });
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => `test/${name}`);
}

async function run(file: string): Promise<void> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', join(BUILD, file.replace(/\.ts$/, '.js'))], {
    cwd: PROJECT,
    env: { ...process.env, TAP_TIMEOUT: String(PATIENCE_SECONDS) },
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
  });
  const [said, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null, string | null]>]);
  const passed = code === 0;
  if (!passed) process.exitCode = 1;
  const passes = count(said);
  const took = Math.round(performance.now() - startedMs);
  const how = signal === null ? '' : ` (ended by ${signal})`;
  if (isTap) {
    const lines = said.replace(/^TAP version 14\n/, '').replace(/^(?=.)/gm, '    ');
    out.write(`# Subtest: ${file}\n${lines}${passed ? 'ok' : 'not ok'} ${++ended} - ${file}${how} # time=${took}ms\n\n`);
  } else {
    out.write(`${passed ? 'ok' : `${said}NOT OK`} ${++ended}/${files.length} ${file}${how}: ${passes} in ${(took / 1000).toFixed(1)} s\n`);
  }
}

/** A file ends with its own totals: `# { total: 12, pass: 11, fail: 1 }`. Answers how many passed. */
function count(said: string): number {
  const totals = /^# \{ (total: .*) \}$/m.exec(said)?.[1] ?? '';
  for (const [, name = '', sum] of totals.matchAll(/(\w+): (\d+)/g)) if (name in counts) counts[name as keyof typeof counts] += Number(sum);
  return Number(/pass: (\d+)/.exec(totals)?.[1] ?? 0);
}
