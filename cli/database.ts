import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { parseConfig } from '../core/config.ts';
import type { Runtime } from '../service/runtime.ts';
import { CliError, type Terminal } from './terminal.ts';

/** Connections of a command, which does one thing after the other. */
const POOL = '2';

/**
 * Runs something on the database itself: that of DATABASE_URL, else the embedded one of `npm start`, which is started for
 * as long as it is needed when it does not run. Needs no other setting of the installation.
 * @throws CliError when there is neither
 */
export async function withDatabase<T>(terminal: Terminal, work: (runtime: Runtime) => Promise<T>): Promise<T> {
  const { DATABASE_URL, SIGNUP_CREDIT, LOG_LEVEL } = terminal.env;
  const settings = { DATABASE_POOL: POOL, CARRIER: 'null', SIGNUP_CREDIT, LOG_LEVEL };
  // what is wrong with them is said before anything is opened
  const { LOG_LEVEL: level } = parseConfig({ ...settings, DATABASE_URL });
  const log = pino({ level: level === 'info' ? 'warn' : level }, pino.destination({ fd: 2, sync: true }));
  const database = await findDatabase(terminal, log);
  const config = parseConfig({ ...settings, DATABASE_URL: database.url });
  // only who needs the house loads it: the others are there at once
  const { openRuntime } = await import('../service/runtime.ts');
  const runtime = openRuntime(config, log, 'command line');
  try {
    await runtime.db.sql`select 1`.catch((error: unknown) => {
      throw new CliError(`The database does not answer: ${error instanceof Error ? error.message : String(error)}`);
    });
    return await work(runtime);
  } finally {
    await runtime.close();
    await database.stop();
  }
}

async function findDatabase({ env }: Terminal, log: Runtime['log']): Promise<{ url: string; stop(): Promise<void> }> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, stop: async () => undefined };
  const dataDir = resolve(env.DATA_DIR || '.data');
  const isInstalled = await access(join(dataDir, 'secrets.json')).then(
    () => true,
    () => false,
  );
  if (!isInstalled || env.NODE_ENV === 'production') {
    throw new CliError(`Which database? Set DATABASE_URL, or go to where \`npm start\` was run (there is no installation in ${dataDir}).`);
  }
  // images for servers have no PostgreSQL in them
  const { startPostgres } = await import('../launch/postgres.ts');
  return startPostgres({ dataDir, log });
}
