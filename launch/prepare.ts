import type { Logger } from 'pino';
import type { Config } from '../core/config.ts';
import { ensureFirstAdmin } from '../service/first-admin.ts';
import { migrateAll } from '../service/migrate.ts';

/** Brings a database to where the processes can start: tables, queues and first administrator. Safe to repeat and to run twice at once. */
export async function prepareDatabase(config: Config, log: Logger): Promise<{ email: string; created: boolean } | undefined> {
  await migrateAll(config.DATABASE_URL, log);
  return ensureFirstAdmin(config, log);
}
