import postgres from 'postgres';
import { badVariable } from '../core/config.ts';

/**
 * Resolves when the database answers.
 * @throws ConfigError that says in words where there is none, or what it says against us; the password is not in them
 */
export async function reachDatabase(url: string): Promise<void> {
  if (url === '') throw badVariable('DATABASE_URL', 'is empty; only npm start brings a database of its own');
  const sql = postgres(url, { max: 1, onnotice: () => undefined, connection: { application_name: 'dialfleet start' } });
  try {
    await sql`select 1`;
  } catch (error) {
    const { host, port } = sql.options;
    const places = host.map((name, at) => `${name}:${port[at]}`).join(', ');
    const why = error instanceof Error ? error.message : String(error);
    throw badVariable('DATABASE_URL', `the database at ${places} can't be reached: ${why}`);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
