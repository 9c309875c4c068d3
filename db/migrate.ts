import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import type { Logger } from 'pino';
import postgres from 'postgres';

const LOCK_KEY = 7_310_001;

/**
 * Brings the schema up to date. Any number of processes may call it at once: an advisory lock lets one work and the
 * others find nothing left to do.
 */
export async function migrate(databaseUrl: string, log: Logger): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined, connection: { application_name: 'dialfleet migrate' } });
  try {
    await sql`select pg_advisory_lock(${LOCK_KEY})`;
    await applyMigrations(drizzle(sql), { migrationsFolder: migrationsFolder() });
    log.info('database schema is up to date');
  } finally {
    // the session holds the lock, and ends here
    await sql.end({ timeout: 5 });
  }
}

/** Beside this file from the sources, two floors up from `dist/db`. */
function migrationsFolder(): string {
  const candidates = ['./migrations', '../../db/migrations'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new Error(`No migrations in ${candidates.join(' or ')}`);
  return found;
}
