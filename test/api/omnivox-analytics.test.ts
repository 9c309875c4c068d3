import t from 'tap';
import type { CallStatus } from '../../core/call.ts';
import { daysOfPeriod } from '../../core/time/period.ts';
import type { Sql } from '../../db/client.ts';
import { insertRecord } from '../../db/query/foreign-calls.ts';
import { analytics } from '../../service/analytics.ts';
import { ask, type Server, signUp, startServer } from './helper.ts';

interface Ended {
  status: CallStatus;
  seconds?: number;
  /** ISO 8601 */
  at: string;
  campaignId?: number;
}

async function openAccount({ app, runtime }: Server, timezone = 'UTC') {
  const { headers, email } = await signUp(app);
  const [row] = await runtime.db.sql<Array<{ tenantId: number; userId: number; agentId: number; campaignId: number }>>`
    with me as (select id, tenant_id from users where email = ${email}),
         zoned as (update tenants set timezone = ${timezone} where id = (select tenant_id from me)),
         agent as (insert into agents (tenant_id, kind, name) select tenant_id, 'ai', 'Robin' from me returning id),
         campaign as (insert into campaigns (tenant_id, name) select tenant_id, 'Q4' from me returning id)
    select me.tenant_id as "tenantId", me.id as "userId", agent.id as "agentId", campaign.id as "campaignId" from me, agent, campaign`;
  if (!row) throw new Error('no account');
  return { headers, ...row };
}

async function keep(sql: Sql, who: { tenantId: number; userId: number; agentId: number }, calls: readonly Ended[]): Promise<void> {
  for (const { status, at, campaignId, seconds: durationSeconds = 0 } of calls) {
    const { tenantId, agentId, userId: createdBy } = who;
    const endedAt = new Date(at);
    const startedAt = new Date(endedAt.getTime() - durationSeconds * 1000);
    const facts = {
      destination: '+1234567890',
      direction: 'outbound' as const,
      contactId: undefined,
      disposition: undefined,
      metadata: {},
    };
    await insertRecord(sql, { tenantId, createdBy, agentId, campaignId, status, durationSeconds, startedAt, endedAt, ...facts });
  }
}

t.test('the dashboard: overview and days, of the account and of one campaign', async (t) => {
  const server = await startServer(t);
  const { app, runtime } = server;
  const account = await openAccount(server);
  const { headers, campaignId } = account;
  const dashboard = (query = '') => ask(app, `GET /api/v1/analytics/dashboard${query}`, { headers });
  await keep(runtime.db.sql, account, [
    { status: 'completed', seconds: 100, at: '2024-01-10T10:00:00Z', campaignId },
    { status: 'completed', seconds: 200, at: '2024-01-10T23:59:00Z' },
    { status: 'busy', at: '2024-01-10T12:00:00Z', campaignId },
    { status: 'voicemail', seconds: 40, at: '2024-01-12T00:00:00Z', campaignId },
  ]);
  const first = await dashboard('?dateFrom=2024-01-10&dateTo=2024-01-12');
  t.same(first.body, {
    success: true,
    data: {
      overview: { totalCalls: 4, successfulCalls: 2, averageDuration: 150, conversionRate: 50 },
      trends: {
        calls: [
          { date: '2024-01-10', count: 3 },
          { date: '2024-01-11', count: 0 },
          { date: '2024-01-12', count: 1 },
        ],
        conversions: [
          { date: '2024-01-10', rate: 66.7 },
          { date: '2024-01-12', rate: 0 },
        ],
      },
    },
  });
  t.same((await dashboard(`?dateFrom=2024-01-10&dateTo=2024-01-12&campaignId=campaign_${campaignId}`)).body.data, {
    overview: { totalCalls: 3, successfulCalls: 1, averageDuration: 100, conversionRate: 33.3 },
    trends: {
      calls: [
        { date: '2024-01-10', count: 2 },
        { date: '2024-01-11', count: 0 },
        { date: '2024-01-12', count: 1 },
      ],
      conversions: [
        { date: '2024-01-10', rate: 50 },
        { date: '2024-01-12', rate: 0 },
      ],
    },
  });
  t.match((await dashboard('?dateFrom=2024-01-11&dateTo=2024-01-11')).body.data, {
    overview: { totalCalls: 0, averageDuration: 0, conversionRate: 0 },
    trends: { calls: [{ date: '2024-01-11', count: 0 }], conversions: [] },
  });
  t.same((await dashboard()).body.data.overview.totalCalls, 0, 'of the last 30 days');

  t.equal((await dashboard('?dateFrom=2024-01-10&dateTo=2024-01-12')).headers['x-cache'], 'HIT');
  for (const bad of [
    'period=decade',
    'campaignId=x',
    'dateFrom=x',
    'dateFrom=2024-01-02&dateTo=2024-01-01',
    'dateFrom=2999-01-01',
    'dateFrom=1990-01-01',
  ]) {
    t.match(await dashboard(`?${bad}`), { status: 400, body: { error: { code: 'VALIDATION_ERROR' } } }, bad);
  }
  const stranger = await openAccount(server);
  const theirs = await ask(app, `GET /api/v1/analytics/dashboard?campaignId=campaign_${campaignId}`, { headers: stranger.headers });
  t.match(theirs, { status: 404, body: { error: { code: 'RESOURCE_NOT_FOUND' } } });
  const nothing = await ask(app, 'GET /api/v1/analytics/dashboard?dateFrom=2024-01-10&dateTo=2024-01-12', { headers: stranger.headers });
  t.equal(nothing.body.data.overview.totalCalls, 0);
  t.equal((await ask(app, 'GET /api/v1/analytics/dashboard')).status, 401);
});

t.test('periods end today, on the clocks of the account', async (t) => {
  const server = await startServer(t);
  const account = await openAccount(server, 'Pacific/Auckland');
  const { tenantId, campaignId } = account;
  // in Auckland, 13 hours ahead, it is the morning of the second of March
  const now = new Date('2026-03-01T20:00:00Z');
  await keep(server.runtime.db.sql, account, [
    { status: 'completed', seconds: 10, at: '2026-03-01T10:59:59Z', campaignId },
    { status: 'busy', at: '2026-03-01T11:00:00Z', campaignId },
    { status: 'busy', at: '2026-02-23T11:00:00Z' },
    { status: 'busy', at: '2026-02-22T11:00:00Z' },
    { status: 'busy', at: '2025-03-02T10:59:59Z' },
  ]);
  const query = { tenantId, campaignId: undefined, dateFrom: undefined, dateTo: undefined };
  const found = async (period: 'day' | 'week' | 'month' | 'year') => {
    const { totalCalls, days } = await analytics(server.runtime, { ...query, period }, now);
    t.equal(
      days.reduce((sum, day) => sum + day.calls, 0),
      totalCalls,
      `${period}: the days add up to the whole`,
    );
    return [totalCalls, days.length, days[0]?.date, days.at(-1)?.date];
  };
  t.same(await found('day'), [1, 1, '2026-03-02', '2026-03-02']);
  t.same(await found('week'), [3, 7, '2026-02-24', '2026-03-02']);
  t.same(await found('month'), [4, 30, '2026-02-01', '2026-03-02']);
  t.same(await found('year'), [4, 365, '2025-03-03', '2026-03-02']);
  const ofCampaign = await analytics(server.runtime, { ...query, campaignId, period: 'day' }, now);
  t.match(ofCampaign, { totalCalls: 2, days: [{ date: '2026-03-01', calls: 2, completed: 1 }] }, 'a campaign’s days are UTC days');
});

t.test('a period is so many days, whatever the clocks do', async (t) => {
  t.same(daysOfPeriod('day', Date.parse('2025-03-30T12:00:00Z'), 'Europe/Berlin'), { first: '2025-03-30', last: '2025-03-30' });
  t.same(daysOfPeriod('week', Date.parse('2025-11-05T04:30:00Z'), 'America/New_York'), { first: '2025-10-29', last: '2025-11-04' });
  t.same(daysOfPeriod('month', Date.parse('2024-03-01T00:00:00Z'), 'UTC'), { first: '2024-02-01', last: '2024-03-01' });
});
