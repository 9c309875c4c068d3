/** The product as it really runs: one operating-system process per role, which may be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Test } from 'tap';
import { createTestDatabase } from '../database.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { PROJECT, program } from '../project.ts';
import type { Ring } from './rings.ts';

export type Role = 'api' | 'worker' | 'scheduler' | 'sandbox';

export interface Fleet {
  url: string;
  sql: postgres.Sql;
  /** what the api answers under `data`; a body that is no form is sent as JSON. @throws when it refuses */
  send(method: string, path: string, body?: unknown, token?: string): Promise<ReturnType<typeof JSON.parse>>;
  /** every ring so far, as the telephone company saw it */
  rings(): Promise<Ring[]>;
  /** `kill -9`, and a new process of the same role; one that serves answers again */
  replace(role: Role): Promise<void>;
}

const PATIENCE_MS = 60_000;

export async function startFleet(t: Pick<Test, 'teardown' | 'passing' | 'comment'>, env: Record<string, string>): Promise<Fleet> {
  const { url: databaseUrl } = await createTestDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-fleet-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const [url, sandboxUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${sandboxPort}`];
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
    const child = spawn(process.execPath, program(`${role}/main`), {
      cwd: PROJECT,
      env: everyone,
      // what it logs, errors unless LOG_LEVEL says more, is no TAP of ours
      stdio: ['ignore', process.stderr, 'inherit'],
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
  const serves = async (role: Role) => {
    const target = { api: `${url}/health/ready`, sandbox: `${sandboxUrl}/_sandbox/calls`, worker: undefined, scheduler: undefined }[role];
    if (target !== undefined) await eventually(() => answers(target), PATIENCE_MS);
  };
  t.teardown(() => Promise.all([...children.keys()].map(kill)).then(() => undefined));

  for (const role of ['sandbox', 'api', 'worker', 'scheduler'] as const) start(role);
  await serves('api');
  await serves('sandbox');
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
  t.teardown(() => sql.end());
  return {
    url,
    sql,
    async send(method, path, body, token) {
      const isJson = body !== undefined && !(body instanceof FormData);
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...(isJson && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) },
        body: isJson ? JSON.stringify(body) : body,
      });
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
      return ((await response.json()) as { data: unknown }).data;
    },
    rings: async () => (await (await fetch(`${sandboxUrl}/_sandbox/calls`)).json()) as Ring[],
    async replace(role) {
      await kill(role);
      start(role);
      await serves(role);
    },
  };
}

/** Somebody with an agent. */
export async function signUp({ send }: Fleet): Promise<{ token: string; agentId: string }> {
  const owner = { email: 'fleet@example.com', password: 'SecurePassword123!', name: 'Fleet' };
  const { token } = (await send('POST', '/api/v1/auth/register', owner)) as { token: string };
  const agent = (await send('POST', '/api/v1/agents', { name: 'Agent', systemPrompt: 'You help.', voice: 'Rachel' }, token)) as {
    _id: string;
  };
  return { token, agentId: agent._id };
}

const answers = (target: string): Promise<boolean> =>
  fetch(target).then(
    (response) => response.ok,
    () => false,
  );
