/**
 * The statements of the hot paths at a million calls, as PostgreSQL really runs them (auto_explain, seventh execution, so
 * prepared plans count): which index, how many rows and pages, how long. Fails when one of them reads all of `calls` or more
 * pages than it should, whatever the table's size.
 *
 *   tsx bench/plans.ts [--rows 1000000]     DATABASE_URL: a server where we are superuser, to use instead of an own one
 */
import { openDb, type Sql } from '../db/client.ts';
import { option, say } from './harness.ts';
import { explained, type Explained, faultsOf, hotPaths } from './hot-paths.ts';
import { seedContacts, seedHistory, seedTenants } from './seed.ts';
import { withDatabase } from './stores.ts';

async function inspect(sql: Sql, url: string): Promise<Explained[]> {
  const [tenant] = await sql<Array<{ id: number }>>`select min(id) as id from tenants`;
  const ids = async (status: string) => {
    const rows = await sql<Array<{ id: number }>>`select id from calls where status = ${status} order by id limit 100`;
    return rows.map((row) => row.id);
  };
  const paths = hotPaths({ tenantId: tenant?.id ?? 0, scheduled: await ids('scheduled'), queued: await ids('queued') });
  return explained(url, paths);
}

await withDatabase(async (url) => {
  const rows = option('rows', 1_000_000);
  const db = openDb(url, { max: 2, name: 'bench' });
  const [first] = await seedTenants(db.sql, 20);
  await seedHistory(db.sql, rows);
  await seedContacts(db.sql, first?.tenantId ?? 0, rows);
  say(`${rows} calls of 20 tenants, as many leads of one`);
  for (const path of await inspect(db.sql, url)) {
    const faults = faultsOf(path);
    if (faults.length > 0) process.exitCode = 1;
    const { name, milliseconds, pages, rows: answered, indexes } = path;
    const scan = indexes.join(', ') || 'none';
    say(
      `${faults.length > 0 ? 'BAD' : 'ok '}  ${name.padEnd(34)} ${milliseconds.toFixed(2).padStart(8)} ms ${String(pages).padStart(6)} pages ${String(answered).padStart(5)} rows  ${scan}`,
    );
    for (const fault of faults) say(`       ${fault}`);
  }
  await db.close();
});
