/** A whole installation in real processes, with a faulty proxy in front of everything that they talk to. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { openRedis, type PostgresServer, type RedisServer } from './stores.ts';
import { type Armed, type Member, type MemberOptions, openMember, type Role } from './supervisor.ts';

export type Backend = 'redis' | 'postgres';

/** What the workload, the evidence and the judge see of an installation. */
export interface Fleet {
  /** the api, past every proxy */
  url: string;
  /** the sandbox carrier's own, past every proxy */
  sandboxUrl: string;
  /** PostgreSQL as its superuser, past every proxy */
  databaseUrl: string;
  settings: { callsPerSecond: number; carrierMaxCalls: number; tenantMaxCalls: number; watchdogSeconds: number; carrierTimeoutMs: number };
  backend: Backend;
}

/** Where each stands: between the processes and PostgreSQL, Redis, the carrier; between the carrier's callbacks and the api. */
export interface Proxies {
  postgres: Proxy;
  redis: Proxy | undefined;
  carrier: Proxy;
  callbacks: Proxy;
}

export interface Machine {
  fleet: Fleet;
  database: string;
  /** all but the sandbox, which is the witness and stays */
  members: Member[];
  proxies: Proxies;
  postgres: PostgresServer;
  redis: RedisServer | undefined;
  /** One request to the sandbox's own routes. */
  sandbox(method: 'GET' | 'POST', path: string, json?: unknown): Promise<unknown>;
  /** How many rows of calls there are. */
  countCalls(): Promise<number>;
  close(): Promise<void>;
}

export interface MachineOptions extends Pick<MemberOptions, 'onFailpoint' | 'onExit' | 'onStopped' | 'onStubborn'> {
  /** made by `buildProduct` */
  product: string;
  postgres: PostgresServer;
  backend: Backend;
  /** Redis keeps an append-only file; else a crash of it loses everything */
  redisKeeps: boolean;
  /** for logs and data */
  folder: string;
  nextFailpoints(role: Role): Armed[];
}

/** Tight enough that the caps matter, loose enough that some hundred calls are through in half a minute. */
const SETTINGS = { callsPerSecond: 40, carrierMaxCalls: 60, tenantMaxCalls: 40, watchdogSeconds: 2, carrierTimeoutMs: 1500 };
const SPEED = 150;
const MEMBERS: ReadonlyArray<{ name: string; role: Role }> = [
  { name: 'api', role: 'api' },
  { name: 'worker-1', role: 'worker' },
  { name: 'worker-2', role: 'worker' },
  { name: 'scheduler-1', role: 'scheduler' },
  { name: 'scheduler-2', role: 'scheduler' },
];
const START_MS = 60_000;

/** Starts stores, proxies and processes, and waits until the api answers. `close` ends all of it, last opened first. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { folder, postgres, backend } = options;
  const closers: Array<() => Promise<unknown>> = [];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };
  const opened = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const thing = await opening;
    closers.push(() => thing.close());
    return thing;
  };
  try {
    await mkdir(join(folder, 'data'), { recursive: true });
    const database = `faults_${randomBytes(6).toString('hex')}`;
    const databaseUrl = await postgres.createDatabase(database);
    closers.push(() => postgres.dropDatabase(database));
    const redis = backend === 'redis' ? await opened(openRedis(join(folder, 'redis'), options.redisKeeps)) : undefined;

    const [port, sandboxPort] = [await freePort(), await freePort()];
    const behind = (upstream: number) => opened(openProxy({ port: upstream, host: '127.0.0.1' }));
    const proxies: Proxies = {
      postgres: await opened(openProxy({ path: postgres.socketPath })),
      redis: redis && (await behind(redis.port)),
      carrier: await behind(sandboxPort),
      callbacks: await behind(port),
    };
    const everyone = environment({ folder, port, sandboxPort, database, proxies });
    const open = ({ name, role }: { name: string; role: Role }, nextFailpoints: () => Armed[]) => {
      const member = openMember({ ...options, name, role, env: everyone, nextFailpoints });
      closers.push(() => member.close());
      member.start();
      return member;
    };
    open({ name: 'sandbox', role: 'sandbox' }, () => []);
    const members = MEMBERS.map((spec) => open(spec, () => options.nextFailpoints(spec.role)));

    const fleet = {
      url: `http://127.0.0.1:${port}`,
      sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
      databaseUrl,
      settings: SETTINGS,
      backend,
    };
    await eventually(() => answers(`${fleet.sandboxUrl}/_sandbox/health`), START_MS);
    await eventually(() => answers(`${fleet.url}/health/ready`), START_MS);
    const sandbox = (method: 'GET' | 'POST', path: string, json?: unknown) => ask(method, `${fleet.sandboxUrl}${path}`, json);
    return { fleet, database, members, proxies, postgres, redis, sandbox, countCalls: () => postgres.count(database, 'calls'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function environment(at: {
  folder: string;
  port: number;
  sandboxPort: number;
  database: string;
  proxies: Proxies;
}): Record<string, string> {
  const { proxies } = at;
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'test',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
    PORT: String(at.port),
    PUBLIC_URL: `http://127.0.0.1:${proxies.callbacks.port}`,
    SANDBOX_PORT: String(at.sandboxPort),
    SANDBOX_SPEED: String(SPEED),
    TWILIO_BASE_URL: `http://127.0.0.1:${proxies.carrier.port}`,
    DATABASE_URL: `postgres://postgres@127.0.0.1:${proxies.postgres.port}/${at.database}`,
    DATABASE_POOL: '5',
    REDIS_URL: proxies.redis ? `redis://127.0.0.1:${proxies.redis.port}` : '',
    DATA_DIR: join(at.folder, 'data'),
    RATE_LIMIT_FACTOR: '1000000',
    WORKER_METRICS_PORT: '0',
    SCHEDULER_METRICS_PORT: '0',
    SURFACE_PORTS: 'none',
    // whoever listens to events does so on this machine
    WEBHOOK_PRIVATE_NETWORKS: 'true',
    CARRIER_CALLS_PER_SECOND: String(SETTINGS.callsPerSecond),
    CARRIER_MAX_CALLS: String(SETTINGS.carrierMaxCalls),
    TENANT_MAX_CALLS: String(SETTINGS.tenantMaxCalls),
    CARRIER_TIMEOUT_MS: String(SETTINGS.carrierTimeoutMs),
    WATCHDOG_SECONDS: String(SETTINGS.watchdogSeconds),
  };
}

/** Whether a GET is answered well within two seconds. */
export function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}

async function ask(method: string, url: string, json?: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(10_000),
    ...(json !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
