/** `npm start`: everything on one machine, from nothing (DESIGN §1). */
import { once } from 'node:events';
import { join } from 'node:path';
import { type Config, ConfigError, parseConfig } from '../core/config.ts';
import { type Env, readEnvironment } from '../service/environment.ts';
import { prepareDataDir } from './data-dir.ts';
import { ensureSecrets, withSecrets } from './environment.ts';
import { greeting } from './greeting.ts';
import { LaunchError } from './launch-error.ts';
import { takeLock } from './lock.ts';
import { openOutput, type Output } from './output.ts';
import { choosePort } from './port.ts';
import { keepPostgres } from './postgres-watch.ts';
import { prepareDatabase } from './prepare.ts';
import { processTable, usesSandbox } from './processes.ts';
import { untilReady } from './ready.ts';
import { supervise } from './supervisor.ts';

const READY_PATIENCE_MS = 60_000;

/** Opened things in order of opening; closed from the last to the first. */
type Closers = Array<() => Promise<void> | void>;

interface Session {
  closers: Closers;
  /** a stop was asked for */
  stopping: AbortController;
  /** ends the processes without waiting for them */
  hurry: () => void;
}

async function launch(session: Session): Promise<void> {
  const { closers, stopping } = session;
  const given = await readEnvironment(process.cwd(), process.env);
  const wish = parseConfig(given.NODE_ENV === 'production' ? given : withSecrets(given, NO_SECRETS));
  const output = openOutput(wish.LOG_LEVEL, process.stdout.isTTY === true);
  const { log } = output;

  const dataDir = await prepareDataDir(wish.DATA_DIR);
  const held = await takeLock(join(dataDir, 'launch.lock'));
  if (!held.taken) {
    throw new LaunchError(`Dialfleet is already running here (pid ${held.holder.pid})${held.holder.note && `, see ${held.holder.note}`}.`);
  }
  closers.push(() => held.lock.release());

  const secret = wish.production ? given : withSecrets(given, await ensureSecrets(dataDir));
  let env = await withPorts({ ...secret, DATA_DIR: dataDir }, wish, held.afterCrash ? 10_000 : 0, output);
  if (!env.DATABASE_URL) {
    const postgres = await keepPostgres({ dataDir, log, owner: true });
    closers.push(postgres.stop);
    env = { ...env, DATABASE_URL: postgres.url };
  }
  const config = parseConfig(env);
  const apiUrl = `http://${config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST}:${config.PORT}`;
  await held.lock.setNote(apiUrl);
  const admin = await prepareDatabase(config, log);
  if (stopping.signal.aborted) return;

  const supervisor = supervise(processTable(env, config), log, { output: output.childOutput });
  session.hurry = supervisor.kill;
  closers.push(supervisor.stop);
  if (!(await untilReady(`${apiUrl}/health/ready`, READY_PATIENCE_MS, stopping.signal))) {
    if (!stopping.signal.aborted) log.error(`the api is not ready after ${READY_PATIENCE_MS / 1000} s: see the lines above`);
    return;
  }
  const ownPassword = !config.production && !given.ADMIN_PASSWORD;
  process.stdout.write(
    greeting({
      apiUrl,
      sandboxUrl: usesSandbox(env, config) ? `http://127.0.0.1:${config.SANDBOX_PORT}` : undefined,
      email: admin?.email,
      password: ownPassword && admin?.created ? config.ADMIN_PASSWORD : undefined,
      secretsFile: ownPassword ? join(dataDir, 'secrets.json') : undefined,
    }),
  );
}

/** Before the real secrets are read, the rest of the environment is checked with blanks in their place. */
const NO_SECRETS = {
  JWT_SECRET: '-'.repeat(32),
  SECRETS_KEY: '-'.repeat(32),
  TWILIO_AUTH_TOKEN: '-',
  EXOTEL_WEBHOOK_SECRET: '-',
  MILLIS_WEBHOOK_SECRET: '-',
  ADMIN_PASSWORD: '-'.repeat(12),
};

/** What listens on a port, in the order in which a port that two wish for is given away. */
const LISTENERS = [
  { variable: 'PORT', whose: 'the api listens' },
  { variable: 'SANDBOX_PORT', whose: 'the sandbox carrier listens' },
  { variable: 'WORKER_METRICS_PORT', whose: "the worker's metrics are" },
  { variable: 'SCHEDULER_METRICS_PORT', whose: "the scheduler's metrics are" },
] as const;

/** Ports for all before any of them listens: one that is in use, or that another one got, moves on, and the log says so. */
async function withPorts(env: Env, wish: Config, patienceMs: number, { log }: Output): Promise<Env> {
  const deadline = Date.now() + patienceMs;
  const wished = LISTENERS.map(({ variable }) => wish[variable]);
  const given: Record<string, string> = {};
  for (const { variable, whose } of LISTENERS) {
    const port = wish[variable];
    const isMetrics = variable.endsWith('METRICS_PORT');
    if (isMetrics ? port === 0 : variable === 'SANDBOX_PORT' && !usesSandbox(env, wish)) continue;
    const host = variable === 'SANDBOX_PORT' ? '127.0.0.1' : wish.HOST;
    // figures are not worth a refused start
    const fixed = !isMetrics && Boolean(env[variable]);
    const taken = Object.values(given).map(Number);
    const chosen = await choosePort({ variable, host, port, fixed, taken, wished }, deadline - Date.now());
    if (chosen !== port) log.warn(`port ${port} is in use: ${whose} on ${chosen}`);
    given[variable] = String(chosen);
  }
  return { ...env, ...given };
}

async function closeAll(closers: Closers): Promise<void> {
  for (let close = closers.pop(); close; close = closers.pop()) {
    try {
      await close();
    } catch (error) {
      complain(error);
    }
  }
}

function complain(error: unknown): void {
  const expected = error instanceof LaunchError || error instanceof ConfigError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

const session: Session = { closers: [], stopping: new AbortController(), hurry: () => process.exit(130) };

/** The first signal drains and stops all, once what is being opened is open; a second one stops it at once. */
function onSignal(): void {
  if (session.stopping.signal.aborted) return session.hurry();
  session.stopping.abort();
  process.stderr.write('\nStopping…\n');
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

try {
  await launch(session);
  if (!session.stopping.signal.aborted) await once(session.stopping.signal, 'abort');
} catch (error) {
  complain(error);
}
await closeAll(session.closers);
process.exit();
