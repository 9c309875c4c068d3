import { AppError, badField } from '../core/errors.ts';
import { beginningOf, daysAfter, daysOfPeriod, eachDay, type Period } from '../core/time/period.ts';
import { rangeOf } from '../core/time/range.ts';
import { dayOf } from '../core/time/slot.ts';
import { type CampaignDay, listCampaignDays, sumBySlot, sumByStatus } from '../db/query/figures.ts';
import { percent, slotsWithin, sums } from './call-figures.ts';
import type { Runtime } from './runtime.ts';
import { zoneOf } from './tenant-zone.ts';

export interface AnalyticsQuery {
  tenantId: number;
  /** whose calls are counted, a campaign's aside; undefined: everybody's, null: nobody's */
  agentId?: number | undefined | null;
  campaignId: number | undefined;
  /** default: month; dates win over it */
  period: Period | undefined;
  /** ISO 8601 */
  dateFrom: string | undefined;
  dateTo: string | undefined;
}

export interface Analytics {
  totalCalls: number;
  successfulCalls: number;
  averageSeconds: number;
  /** percent completed of all that ended, to one decimal; 0 while none has */
  conversionRate: number;
  /** every day of the range, in order */
  days: Array<{ date: string; calls: number; completed: number }>;
}

const MOST_DAYS = 3660;

/**
 * What became of calls, by day. An account's days are those of its zone, and a range is widened to whole quarters of an hour; a
 * campaign's days are UTC days, as its dials are counted by.
 * @throws AppError `validation` naming a date; `not_found`: no such campaign
 */
export async function analytics(runtime: Runtime, query: AnalyticsQuery, now = new Date()): Promise<Analytics> {
  return query.campaignId === undefined ? ofTenant(runtime, query, now) : ofCampaign(runtime, query, query.campaignId, now);
}

async function ofTenant(runtime: Runtime, query: AnalyticsQuery, now: Date): Promise<Analytics> {
  const { sql } = runtime.db;
  const zone = await zoneOf(runtime, query.tenantId);
  const { from, to, first, last } = spanOf(query, now, zone);
  const { tenantId, agentId } = query;
  const wanted = agentId === null ? undefined : { tenantId, agentId, ...slotsWithin({ from, to }) };
  const [statuses, slots] = wanted ? await Promise.all([sumByStatus(sql, wanted), sumBySlot(sql, wanted)]) : [[], []];
  const { total, answered, averageSeconds, successRate } = sums(statuses);
  const byDay = new Map(eachDay(first, last).map((date) => [date, { date, calls: 0, completed: 0 }]));
  for (const { slot, calls, completed } of slots) {
    const day = byDay.get(dayOf(zone, slot.getTime()));
    if (!day) continue;
    day.calls += calls;
    day.completed += completed;
  }
  return { totalCalls: total, successfulCalls: answered, averageSeconds, conversionRate: successRate, days: [...byDay.values()] };
}

async function ofCampaign({ db }: Runtime, query: AnalyticsQuery, campaignId: number, now: Date): Promise<Analytics> {
  const { first, last } = spanOf(query, now, 'UTC');
  const found = await listCampaignDays(db.sql, query.tenantId, campaignId, { first, last });
  if (!found) throw new AppError('not_found', 'Campaign not found');
  const sum = (of: (day: CampaignDay) => number) => found.reduce((total, day) => total + of(day), 0);
  const [totalCalls, successfulCalls, answered] = [sum((day) => day.dials), sum((day) => day.completed), sum((day) => day.answered)];
  const byDay = new Map(found.map(({ day, dials, completed }) => [day, { date: day, calls: dials, completed }]));
  return {
    totalCalls,
    successfulCalls,
    averageSeconds: answered === 0 ? 0 : Math.round(sum((day) => day.talkSeconds) / answered),
    conversionRate: percent(successfulCalls, totalCalls),
    days: eachDay(first, last).map((date) => byDay.get(date) ?? { date, calls: 0, completed: 0 }),
  };
}

/** The range that is asked for, and the days it touches: the dates where they are given, open ones a period before or until now. */
function spanOf({ period = 'month', dateFrom, dateTo }: AnalyticsQuery, now: Date, zone: string) {
  const given = rangeOf(['dateFrom', 'dateTo'], [dateFrom, dateTo], zone);
  const to = given.to ?? now;
  const from = given.from ?? beginningOf(daysOfPeriod(period, to.getTime(), zone).first, zone);
  if (from > to) throw badField('dateFrom', 'must not be in the future', 'query');
  const [first, last] = [dayOf(zone, from.getTime()), dayOf(zone, to.getTime())];
  if (daysAfter(first, MOST_DAYS) <= last) throw badField('dateFrom', `may lie at most ${MOST_DAYS} days before dateTo`, 'query');
  return { from, to, first, last };
}
