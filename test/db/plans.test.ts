/** The statements that run all day use their indexes: what bench/plans.ts shows at a million calls, here at thirty thousand. */
import t from 'tap';
import { explained, faultsOf, hotPaths } from '../../bench/hot-paths.ts';
import { seedContacts, seedHistory, seedTenants } from '../../bench/seed.ts';
import { openDb } from '../../db/client.ts';
import { createTestDatabase } from '../database.ts';

const CALLS = 30_000;
const TENANTS = 5;

t.test('no hot statement reads all calls, or more pages than it answers rows', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 1, name: 'plans test' });
  t.teardown(close);
  const [me] = await sql<Array<{ isSuper: boolean }>>`select rolsuper as "isSuper" from pg_roles where rolname = current_user`;
  if (!me?.isSuper) return t.comment('left out: only a superuser may load auto_explain');
  const [tenant] = await seedTenants(sql, TENANTS);
  await seedHistory(sql, CALLS);
  await seedContacts(sql, tenant?.tenantId ?? 0, CALLS);
  const idsOf = async (status: string) =>
    (await sql<Array<{ id: number }>>`select id from calls where status = ${status} order by id limit 100`).map((row) => row.id);
  const paths = hotPaths({ tenantId: tenant?.tenantId ?? 0, scheduled: await idsOf('scheduled'), queued: await idsOf('queued') });
  for (const path of await explained(url, paths)) t.same(faultsOf(path), [], path.name);
});
