/** The whole product in one process, over real HTTP and real PostgreSQL, for tests that look at it from outside. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Test } from 'tap';
import { buildServer } from '../api/server.ts';
import { type Config, parseConfig } from '../core/config.ts';
import { type Sandbox, startSandbox } from '../sandbox/index.ts';
import { type Scheduler, startScheduler } from '../scheduler/scheduler.ts';
import { startHeartbeat } from '../service/health.ts';
import { openRuntime, type Runtime } from '../service/runtime.ts';
import { openTracing } from '../service/tracing.ts';
import { startWorker } from '../worker/worker.ts';
import { createTestDatabase } from './database.ts';
import { freePort } from './free-port.ts';

export interface Answer {
  status: number;
  headers: Headers;
  /** the JSON of the answer; its text when it is none; undefined when it is empty */
  body: ReturnType<typeof JSON.parse>;
}

export interface Request {
  token?: string;
  /** sent as JSON */
  json?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
}

export interface SignedUp {
  token: string;
  /** `user_1` */
  userId: string;
  tenantId: number;
  email: string;
  password: string;
}

export interface System {
  /** where the api listens, without a path */
  url: string;
  config: Config;
  /** the api's; worker and scheduler have runtimes of their own */
  runtime: Runtime;
  sandbox: Sandbox | undefined;
  worker: Awaited<ReturnType<typeof startWorker>> | undefined;
  scheduler: Scheduler | undefined;
  /** signs a new tenant's owner up */
  login(): Promise<SignedUp>;
  request(method: string, path: string, request?: Request): Promise<Answer>;
}

export interface SystemOptions {
  worker?: boolean;
  scheduler?: boolean;
  /** without it calls go to the `null` carrier */
  sandbox?: boolean;
  env?: Record<string, string>;
}

const GRACE_MS = 2000;
const SPEED = 200;

/** Starts what is asked for on a database of its own; all of it closes with the test, last opened first. */
export async function startSystem(t: Pick<Test, 'teardown' | 'passing' | 'comment'>, options: SystemOptions = {}): Promise<System> {
  const { url: databaseUrl } = await createTestDatabase(t);
  const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-system-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const port = await freePort();
  const env = {
    NODE_ENV: 'test',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: '5',
    REDIS_URL: process.env.REDIS_URL,
    QUEUE_PREFIX: `{test_${randomBytes(6).toString('hex')}}`,
    DATA_DIR: dataDir,
    RATE_LIMIT_FACTOR: '1000',
    CARRIER: options.sandbox ? 'twilio' : 'null',
    CARRIER_TIMEOUT_MS: '1500',
    SANDBOX_SPEED: String(SPEED),
    WATCHDOG_SECONDS: '2',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...options.env,
  };
  const wanted = parseConfig(env);
  const log = pino({ level: wanted.LOG_LEVEL });
  const sandbox = options.sandbox ? await openSandbox(t, wanted, log) : undefined;
  const config = sandbox
    ? parseConfig({ ...env, TWILIO_BASE_URL: sandbox.url, MILLIS_BASE_URL: sandbox.url, EXOTEL_BASE_URL: sandbox.url })
    : wanted;
  const open = async (role: string) => {
    const runtime = openRuntime(config, log.child({ role }), role, await openTracing(config, log, role));
    t.teardown(() => runtime.close());
    return runtime;
  };

  const runtime = await open('api');
  await startHeartbeat(runtime, 'api');
  const app = await buildServer(runtime);
  t.teardown(() => app.close());
  const url = await app.listen({ host: config.HOST, port: config.PORT });
  const worker = options.worker ? await startWorker(await open('worker')) : undefined;
  if (worker) t.teardown(() => worker.close({ graceMs: GRACE_MS }));
  const scheduler = options.scheduler ? await startScheduler(await open('scheduler')) : undefined;
  if (scheduler) t.teardown(() => scheduler.close({ graceMs: GRACE_MS }));

  const request = (method: string, path: string, what?: Request) => send(new URL(path, url), method, what);
  return { url, config, runtime, sandbox, worker, scheduler, request, login: () => signUp(runtime, request) };
}

async function openSandbox(t: Pick<Test, 'teardown'>, config: Config, log: Runtime['log']): Promise<Sandbox> {
  const { SANDBOX_SPEED: speed, TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, MILLIS_API_KEY: millisApiKey } = config;
  const exotel = {
    accountSid: config.EXOTEL_ACCOUNT_SID,
    apiKey: config.EXOTEL_API_KEY,
    apiToken: config.EXOTEL_API_TOKEN,
    flow: { url: `${config.PUBLIC_URL}/carrier/exotel`, secret: config.EXOTEL_WEBHOOK_SECRET },
  };
  const sandbox = await startSandbox({ port: 0, speed, accountSid, authToken, millisApiKey, exotel, log });
  t.teardown(() => sandbox.close());
  return sandbox;
}

async function send(url: URL, method: string, { token, json, form, headers }: Request = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: json === undefined ? form : JSON.stringify(json),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : isJson ? JSON.parse(text) : text };
}

async function signUp({ db: { sql } }: Runtime, request: System['request']): Promise<SignedUp> {
  const email = `owner-${randomBytes(6).toString('hex')}@example.com`;
  const password = 'SecurePassword123!';
  const { status, body } = await request('POST', '/api/v1/auth/register', { json: { email, password, name: 'Olive Owner' } });
  if (status !== 201) throw new Error(`Sign-up answered ${status}: ${JSON.stringify(body)}`);
  const [user] = await sql<Array<{ tenantId: number }>>`select tenant_id as "tenantId" from users where email = ${email}`;
  return { token: body.data.token, userId: body.data.user._id, tenantId: user?.tenantId ?? 0, email, password };
}
