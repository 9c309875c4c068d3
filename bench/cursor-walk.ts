/**
 * A walk over the dashboard's call log by its cursors (`GET /api/v1/call-logs?limit=100`), of the real api, while new calls arrive all
 * the time: no call twice, none missed of those that were there. Against the same pages read straight from the database.
 * Says how long a page took; `--rows 1000000 --walk 100000` walks the newest of a million. The ratio is told
 * without a goal, since none was set before it was measured: HTTP, the session and gzip are in ours alone.
 *
 *   tsx bench/cursor-walk.ts [--rows 100000] [--walk 100000] [--rounds 3]     DATABASE_URL: a server to use
 */
import { openDb, type Sql } from '../db/client.ts';
import { compare, option, say } from './harness.ts';
import { seedHistory, seedTenants, type Tenant } from './seed.ts';
import { openSessions, startApi } from './servers.ts';
import { withDatabase } from './stores.ts';

const PAGE = 100;
/** Calls that come in before each page that is read: more than the page holds would be a worse day than any. */
const ARRIVALS = 10;

interface Page {
  items: Array<{ session_id: string }>;
  next_cursor: string | null;
}

/** A walk of ours reads no page that another one left in the cache, since its end in the far future is another one. */
let walks = 0;

async function main(): Promise<void> {
  const [rows, most, rounds] = [option('rows', 100_000), option('walk', 100_000), option('rounds', 3)];
  await withDatabase(async (databaseUrl) => {
    const db = openDb(databaseUrl, { max: 2, name: 'bench' });
    const tenants = await seedTenants(db.sql, 1);
    const [tenant] = tenants;
    if (!tenant) throw new Error('No tenant');
    await seedHistory(db.sql, rows);
    const [session = ''] = await openSessions(db.sql, tenants);
    const api = await startApi({ DATABASE_URL: databaseUrl });
    const pagesMs: number[] = [];
    try {
      await compare({
        name: `walk over ${Math.min(rows, most)} of ${rows} calls`,
        unit: 'calls/s',
        rounds,
        ours: () => walk(db.sql, tenant, most, pagesMs, (path) => readPage(api.url + path, session)),
        bound: () => bareWalk(db.sql, tenant, most),
      });
      const sorted = pagesMs.sort((a, b) => a - b);
      const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
      say(`${sorted.length} pages of ${PAGE}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
    } finally {
      await api.stop();
      await db.close();
    }
  });
}

/** Calls a second, arrivals not counted in the time. @throws when a call came twice or was missed */
async function walk(sql: Sql, tenant: Tenant, most: number, pagesMs: number[], read: (path: string) => Promise<Page>): Promise<number> {
  const there = await sql<Array<{ id: number }>>`
    select id from calls where tenant_id = ${tenant.tenantId} order by created_at desc, id desc limit ${most}`;
  const query = `/api/v1/call-logs?limit=${PAGE}&to=9999-01-01T00:00:00.${String(++walks).padStart(3, '0')}Z`;
  const seen = new Set<string>();
  let [total, spentMs] = [0, 0];
  for (let cursor: string | null = ''; cursor !== null && total < there.length;) {
    const started = performance.now();
    const page: Page = await read(query + (cursor && `&cursor=${cursor}`));
    const tookMs = performance.now() - started;
    pagesMs.push(tookMs);
    spentMs += tookMs;
    for (const { session_id: id } of page.items) seen.add(id);
    total += page.items.length;
    cursor = page.next_cursor;
    await arrive(sql, tenant);
  }
  const missed = there.filter(({ id }) => !seen.has(`sess_${id}`)).length;
  if (missed > 0 || seen.size !== total) throw new Error(`${missed} calls were missed, ${total - seen.size} came twice`);
  return (total / spentMs) * 1000;
}

async function arrive(sql: Sql, { tenantId, agentId }: Tenant): Promise<void> {
  await sql`
    insert into calls (tenant_id, agent_id, to_number, status)
    select ${tenantId}, ${agentId}, '+14155550100', 'unscheduled' from generate_series(1, ${ARRIVALS}::int)`;
}

async function readPage(url: string, session: string): Promise<Page> {
  const response = await fetch(url, { headers: { cookie: `session=${session}` } });
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Page;
}

/** The bound: the same rows in pages of the same size, by the same index, and nothing else. */
async function bareWalk(sql: Sql, { tenantId }: Tenant, most: number): Promise<number> {
  const started = performance.now();
  let total = 0;
  for (let last: { at: Date; id: number } | undefined = { at: new Date('9999-01-01'), id: 0 }; last && total < most;) {
    const rows: Array<{ at: Date; id: number }> = await sql<Array<{ at: Date; id: number }>>`
      select c.created_at as at, c.id, c.to_number, c.status, c.duration_seconds, c.cost, a.id as agent_id, a.name
        from calls c join agents a on a.id = c.agent_id
       where c.tenant_id = ${tenantId} and (c.created_at, c.id) < (${last.at}::timestamptz, ${last.id}::bigint)
       order by c.created_at desc, c.id desc limit ${PAGE}`;
    total += rows.length;
    last = rows.at(-1);
  }
  return (total / (performance.now() - started)) * 1000;
}

await main();
