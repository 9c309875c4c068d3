import type { Logger } from 'pino';
import type { Config } from '../core/config.ts';
import { reachDatabase } from '../db/reach.ts';
import { ensureFirstAdmin } from '../service/first-admin.ts';
import { migrateAll } from '../service/migrate.ts';

/**
 * Brings a database to where the processes can start: tables, queues and first administrator. Safe to repeat and to run twice at once.
 * @throws ConfigError when it can't be reached, or the administrator is unusable
 */
export async function prepareDatabase(config: Config, log: Logger): Promise<{ email: string; created: boolean } | undefined> {
  await reachDatabase(config.DATABASE_URL);
  await migrateAll(config.DATABASE_URL, log);
  return ensureFirstAdmin(config, log);
}
