import type { Logger } from 'pino';
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts';

const CHECK_MS = 1000;

/**
 * Starts the embedded PostgreSQL and starts it again whenever it dies; its URL stays the same. `stop` ends the watch
 * first and then the server.
 */
export async function keepPostgres(options: PostgresOptions): Promise<Pick<Postgres, 'url' | 'stop'>> {
  let server = await startPostgres(options);
  let checking = Promise.resolve();
  const timer = setInterval(() => {
    checking = checking.then(async () => {
      server = await revive(server, options, options.log);
    });
  }, CHECK_MS);
  return {
    url: server.url,
    stop: async () => {
      clearInterval(timer);
      await checking;
      await server.stop();
    },
  };
}

async function revive(server: Postgres, options: PostgresOptions, log: Logger): Promise<Postgres> {
  if (await server.alive()) return server;
  log.error({ serverPid: server.pid }, 'PostgreSQL ended: starting it again');
  try {
    return await startPostgres(options);
  } catch (error) {
    log.error({ err: error }, 'PostgreSQL did not start: trying again');
    return server;
  }
}
