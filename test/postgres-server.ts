/** The one PostgreSQL of a test run, shared by every run that goes on at the same time in this folder. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { withLock } from '../launch/lock.ts';
import { startPostgres } from '../launch/postgres.ts';
import { describeProcess, isAlive } from '../launch/process-info.ts';
import { PROJECT } from './project.ts';

const HOME = join(tmpdir(), `dialfleet-test-${process.getuid?.() ?? 0}-${createHash('sha256').update(PROJECT).digest('hex').slice(0, 8)}`);
const RUNS = join(HOME, 'runs');
const LOCK = join(HOME, 'lock');

const start = () => startPostgres({ dataDir: HOME, log: pino({ level: 'warn' }), durable: false, owner: true });

/** Starts or joins the server on behalf of a process; it stays until all who joined have left or died. */
export async function joinServer(pid: number): Promise<string> {
  await mkdir(RUNS, { recursive: true });
  return withLock(LOCK, async () => {
    const { url } = await start();
    await writeFile(join(RUNS, String(pid)), JSON.stringify({ url, startedAt: (await describeProcess(pid))?.startedAt }));
    return url;
  });
}

/** The last one to leave ends the server and removes its data. */
export async function leaveServer(pid: number): Promise<void> {
  await withLock(LOCK, async () => {
    await rm(join(RUNS, String(pid)), { force: true });
    for (const other of await readdir(RUNS)) {
      const { startedAt } = JSON.parse(await readFile(join(RUNS, other), 'utf8')) as { startedAt?: string };
      if (await isAlive(Number(other), startedAt)) return;
      await rm(join(RUNS, other));
    }
    await (await start()).stop();
    for (const name of await readdir(HOME)) if (name.startsWith('pg')) await rm(join(HOME, name), { recursive: true });
  });
}

/** The URL of the server that the run `pid` joined, or undefined when it did not. */
export async function serverOf(pid: number): Promise<string | undefined> {
  try {
    const { url } = JSON.parse(await readFile(join(RUNS, String(pid)), 'utf8')) as { url: string };
    return url;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
