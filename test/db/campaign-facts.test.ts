/** What a look ahead takes for all: a sample in which each part of a campaign has its share. */
import t from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import { openDb } from '../../db/client.ts';
import { sampleWaiting, sampleZones } from '../../db/query/campaign-facts.ts';
import { createTestDatabase } from '../database.ts';

const MOST = 1000;
const ZONES = ['Asia/Kolkata', 'Europe/London', 'America/New_York'] as const;
const SHARE = 1 / ZONES.length;

t.test('each zone has its share in a sample, however its leads stand in the file and in the line', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 2, name: 'campaign facts test' });
  t.teardown(close);
  const [tenant] = await seedTenants(sql, 1);
  const { tenantId = 0 } = tenant ?? {};
  const campaigns = await sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name) select ${tenantId}, 'C' from generate_series(1, 4) returning id`;
  const [sorted = 0, dealt = 0, other = 0, empty = 0] = campaigns.map(({ id }) => id);
  // one region after the other, each less urgent than the one before; another campaign's leads came at the same time
  await sql`
    insert into contacts (tenant_id, campaign_id, phone, timezone, priority, dial_state)
    select ${tenantId}, case when n % 2 = 0 then ${sorted}::bigint else ${other} end, '+1' || 2000000000 + n,
           case when n % 2 = 0 then (${ZONES}::text[])[region] else 'UTC' end, region, case n / 2 % 9 when 0 then 'done' when 1 then 'in_line' else 'waiting' end
      from generate_series(1, 48000) n, lateral (select 1 + (n - 1) / 16000 as region) r order by n`;
  // to each region in turn
  await sql`
    insert into contacts (tenant_id, campaign_id, phone, timezone, dial_state)
    select ${tenantId}, ${dealt}, '+1' || 2000000000 + n, (${ZONES}::text[])[1 + n % 3], case n / 3 % 9 when 0 then 'done' when 1 then 'in_line' else 'waiting' end
      from generate_series(1, 3000) n order by n`;
  await sql`analyze contacts`;

  for (const campaignId of [sorted, dealt]) {
    const { left, waiting } = await countOf(campaignId);
    const zones = await sampleZones(sql, tenantId, campaignId, { left, most: MOST });
    isFair(zones, `${zones.length} of ${left}`);
    const sampled = await sampleWaiting(sql, tenantId, campaignId, MOST);
    t.equal(sampled.waiting, waiting);
    isFair(sampled.sample, `${sampled.sample.length} of ${waiting}`);
    const again = await sampleZones(sql, tenantId, campaignId, { left, most: MOST });
    t.ok(phonesOf(again) === phonesOf(zones), 'asked again, it says the same');
    t.equal((await sampleZones(sql, tenantId + 1, campaignId, { left, most: MOST })).length, 0, 'nobody else’s');
  }
  const { left } = await countOf(dealt);
  t.equal((await sampleZones(sql, tenantId, dealt, { left, most: left })).length, left, 'all, when they are no more');
  for (const gone of [0, 30_000]) t.same(await sampleZones(sql, tenantId, empty, { left: gone, most: MOST }), []);

  // its first contact and its last stand far apart, with few between them
  await sql`
    insert into contacts (tenant_id, campaign_id, phone, timezone, dial_state, created_at)
    select ${tenantId}, ${empty}, '+1' || 3000000000 + n, (${ZONES}::text[])[1 + n % 3], 'waiting', now() - interval '2 days' from generate_series(1, 3000) n`;
  await sql`
    insert into contacts (id, tenant_id, campaign_id, phone, timezone, dial_state) overriding system value
    values (900000000, ${tenantId}, ${empty}, '+14000000000', ${ZONES[0]}, 'waiting')`;
  const thin = await sampleZones(sql, tenantId, empty, { left: 30_000, most: MOST });
  t.ok(thin.length > MOST / 20, `${thin.length} of those that ids do not find`);

  async function countOf(campaignId: number): Promise<{ left: number; waiting: number }> {
    const [row] = await sql<Array<{ left: number; waiting: number }>>`
      select count(*) as left, count(*) filter (where dial_state = 'waiting') as waiting
        from contacts where campaign_id = ${campaignId} and dial_state in ('waiting', 'in_line')`;
    return row ?? { left: 0, waiting: 0 };
  }

  function isFair(sample: ReadonlyArray<{ timezone: string | null }>, what: string): void {
    t.ok(Math.abs(sample.length / MOST - 1) < 0.15, what);
    for (const zone of ZONES) {
      const share = sample.filter(({ timezone }) => timezone === zone).length / sample.length;
      t.ok(Math.abs(share - SHARE) < 0.06, `${zone}: ${share}`);
    }
  }

  function phonesOf(sample: ReadonlyArray<{ phone: string }>): string {
    return sample
      .map(({ phone }) => phone)
      .sort()
      .join();
  }
});

t.test('numbers are looked up one by one, also right after an import, when nothing is known of the table yet', async (t) => {
  const { url } = await createTestDatabase(t);
  const { sql, close } = openDb(url, { max: 2, name: 'campaign facts test' });
  t.teardown(close);
  await sql`alter table contacts set (autovacuum_enabled = false)`;
  const [tenant] = await seedTenants(sql, 1);
  const { tenantId = 0 } = tenant ?? {};
  const campaigns = await sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, name, status) select ${tenantId}, 'C', 'active' from generate_series(1, 2) returning id`;
  const [imported = 0, other = 0] = campaigns.map(({ id }) => id);
  const ROWS = 12_000;
  await sql`
    insert into contacts (tenant_id, campaign_id, phone, dial_state)
    select ${tenantId}, case when n % 4 = 0 then ${other}::bigint else ${imported} end, '+1' || 2000000000 + n - case when n % 4 = 0 then 1 else 0 end, 'waiting'
      from generate_series(1, ${ROWS}) n`;
  const { waiting, sample } = await sampleWaiting(sql, tenantId, imported, ROWS);
  t.strictSame([waiting, sample.length, sample.filter(({ duplicate }) => duplicate).length], [ROWS * 0.75, ROWS * 0.75, ROWS * 0.25]);
  await sql`select pg_stat_force_next_flush()`;
  const [{ entries } = { entries: 0 }] = await sql<Array<{ entries: number }>>`
    select sum(idx_tup_read) as entries from pg_stat_user_indexes where relname = 'contacts'`;
  t.ok(entries > 0 && entries < 10 * ROWS, `${entries} entries of indexes were read`);
});
