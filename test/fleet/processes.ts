/** The product as it really runs: one operating-system process per role, which may be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';

export type Role = 'api' | 'worker' | 'scheduler' | 'sandbox';

export interface Fleet {
  url: string;
  sandboxUrl: string;
  databaseUrl: string;
  /** `kill -9`, and a new process of the same role */
  replace(role: Role): Promise<void>;
}

const PROJECT = join(import.meta.dirname, '..', '..');

export async function startFleet(t: Pick<Test, 'teardown' | 'passing' | 'comment'>, env: Record<string, string>): Promise<Fleet> {
  const { url: databaseUrl } = await createTestDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-fleet-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const everyone = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    PORT: String(port),
    SANDBOX_PORT: String(sandboxPort),
    DATABASE_URL: databaseUrl,
    REDIS_URL: process.env.REDIS_URL ?? '',
    QUEUE_PREFIX: `{fleet_${randomBytes(6).toString('hex')}}`,
    DATA_DIR: dataDir,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    WORKER_METRICS_PORT: '0',
    SCHEDULER_METRICS_PORT: '0',
    SURFACE_PORTS: 'none',
    RATE_LIMIT_WHITELIST: '127.0.0.1',
    ...env,
  };
  const children = new Map<Role, ChildProcess>();
  const start = (role: Role) => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(PROJECT, role, 'main.ts')], {
      cwd: PROJECT,
      env: everyone,
      stdio: ['ignore', process.env.LOG_LEVEL ? 'inherit' : 'ignore', 'inherit'],
    });
    children.set(role, child);
  };
  const kill = async (role: Role) => {
    const child = children.get(role);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  t.teardown(() => Promise.all([...children.keys()].map(kill)).then(() => undefined));

  for (const role of ['sandbox', 'api', 'worker', 'scheduler'] as const) start(role);
  const [url, sandboxUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${sandboxPort}`];
  const answers = (target: string) =>
    fetch(target).then(
      (response) => response.ok,
      () => false,
    );
  await eventually(() => answers(`${url}/health/ready`), 60_000);
  await eventually(() => answers(`${sandboxUrl}/_sandbox/calls`), 60_000);
  return {
    url,
    sandboxUrl,
    databaseUrl,
    async replace(role) {
      await kill(role);
      start(role);
    },
  };
}
