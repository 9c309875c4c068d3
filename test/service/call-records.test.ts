/** Calls that were made elsewhere and are kept here. */
import t from 'tap';
import { seedTenants } from '../../bench/seed.ts';
import type { Principal } from '../../core/principal.ts';
import { readPaced, readRecentDials } from '../../db/query/pacing.ts';
import { analytics } from '../../service/analytics.ts';
import { recordCall, type RecordInput } from '../../service/call-records.ts';
import { createCampaign } from '../../service/campaigns.ts';
import { startSystem } from '../system.ts';

t.test('calls made elsewhere', async (t) => {
  const { runtime } = await startSystem(t);
  const { sql } = runtime.db;
  const [tenant] = await seedTenants(sql, 1);
  if (!tenant) throw new Error('no tenant');
  const { tenantId, agentId } = tenant;
  const who: Principal = { ...tenant, sessionId: 0, email: 'a@example.com', name: 'A', role: 'owner', platformRole: 'user' };
  const record = (more: Partial<RecordInput> = {}, now?: Date) => {
    const call = { agentId, destination: '+14155550001', direction: 'outbound', status: 'completed', metadata: {} } as const;
    return recordCall(runtime, who, { ...call, startTime: new Date(Date.now() - 60_000).toISOString(), duration: 30, ...more }, now);
  };

  await t.test('times without an offset are those of the account’s clocks', async (t) => {
    await sql`update tenants set timezone = 'America/New_York' where id = ${tenantId}`;
    const at = async (startTime: string, endTime?: string) => {
      const { startedAt, endedAt } = await record({ startTime, ...(endTime !== undefined && { endTime }) });
      return [startedAt?.toISOString(), endedAt?.toISOString()];
    };
    t.same(await at('2025-12-01T15:00:00'), ['2025-12-01T20:00:00.000Z', '2025-12-01T20:00:30.000Z']);
    t.same(await at('2025-12-01T15:00:00Z', '2025-12-01T10:01:00'), ['2025-12-01T15:00:00.000Z', '2025-12-01T15:01:00.000Z']);
    // clocks went forward on 9 March, and back on 2 November 2025
    t.same(await at('2025-03-09T01:59:50', '2025-03-09T03:00:20'), ['2025-03-09T06:59:50.000Z', '2025-03-09T07:00:20.000Z']);
    t.same((await at('2025-11-02T01:30:00'))[0], '2025-11-02T05:30:00.000Z', 'an hour that comes twice is the first');
    const noon = new Date('2025-12-01T17:00:00Z');
    await t.rejects(
      record({ startTime: '2025-12-01T13:00:00' }, noon),
      { code: 'validation' },
      'what has not happened there is the future',
    );
    await t.resolves(record({ startTime: '2025-12-01T11:59:00' }, noon));
    await sql`update tenants set timezone = 'UTC' where id = ${tenantId}`;
  });

  await t.test('count in statistics, and not in what paces a campaign', async (t) => {
    const { id: campaignId } = await createCampaign(runtime, who, { name: 'C', status: 'active', agentId });
    await sql`insert into campaign_days (campaign_id, day, dials, answered, abandoned) values (${campaignId}, (now() at time zone 'UTC')::date, 50, 20, 1)`;
    for (let n = 0; n < 3; n++) await record({ campaignId });
    await record({ campaignId, status: 'abandoned' });
    t.match(await readPaced(sql, campaignId), { today: { answered: 20, abandoned: 1 }, month: { answered: 20, abandoned: 1 } });
    t.same(await readRecentDials(sql, tenantId, campaignId, 100), []);
    const figures = { tenantId, period: 'day', dateFrom: undefined, dateTo: undefined } as const;
    t.match(await analytics(runtime, { ...figures, campaignId }), { totalCalls: 54, successfulCalls: 3 });
    t.match(await analytics(runtime, { ...figures, campaignId: undefined }), { totalCalls: 4, successfulCalls: 3 });
  });
});
