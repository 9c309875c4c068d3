import type { Logger } from 'pino';
import { migrate } from '../db/migrate.ts';
import { migrateQueues } from '../queue/connection.ts';

/** Brings our tables and the queues' tables up to date. Any number of processes may call it at once. */
export async function migrateAll(databaseUrl: string, log: Logger): Promise<void> {
  await migrate(databaseUrl, log);
  await migrateQueues(databaseUrl);
  log.info('queue schema is up to date');
}
