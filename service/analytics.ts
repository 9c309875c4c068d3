import { AppError, badField } from '../core/errors.ts';
import { offsetPeriods } from '../core/time/offset-periods.ts';
import { beginningOf, daysAfter, daysBetween, daysOfPeriod, eachDay, type Period } from '../core/time/period.ts';
import { rangeOf } from '../core/time/range.ts';
import { dayOf } from '../core/time/slot.ts';
import { type CampaignDay, type FigureOwner, listCampaignDays, type StatusSum, sumByLocalDay } from '../db/query/figures.ts';
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

/** That a range may have. */
export const MOST_DAYS = 3660;

/**
 * What became of calls, by day. An account's days are those of its zone, and a range is widened to whole quarters of an hour; a
 * campaign's days are UTC days, as its dials are counted by.
 * @throws AppError `validation` naming a date; `not_found`: no such campaign
 */
export async function analytics(runtime: Runtime, query: AnalyticsQuery, now = new Date()): Promise<Analytics> {
  return query.campaignId === undefined ? ofTenant(runtime, query, now) : ofCampaign(runtime, query, query.campaignId, now);
}

async function ofTenant(runtime: Runtime, query: AnalyticsQuery, now: Date): Promise<Analytics> {
  const zone = await zoneOf(runtime, query.tenantId);
  const { from, to, first, last } = spanOf(query, now, zone);
  const { tenantId, agentId } = query;
  const found = agentId === null ? [] : await readDays(runtime, { tenantId, agentId }, { from, to }, zone);
  const { total, answered, averageSeconds, successRate } = sums(found);
  const byDay = new Map(eachDay(first, last).map((date) => [date, { date, calls: 0, completed: 0 }]));
  for (const { day, status, calls } of found) {
    const entry = byDay.get(day);
    if (!entry) continue;
    entry.calls += calls;
    if (status === 'completed') entry.completed += calls;
  }
  return { totalCalls: total, successfulCalls: answered, averageSeconds, conversionRate: successRate, days: [...byDay.values()] };
}

/** Calls that ended within a range, widened to whole quarters of an hour, by the zone's day (YYYY-MM-DD) and by how; in no order. */
export async function readDays(
  { db: { sql } }: Runtime,
  owner: FigureOwner,
  range: { from: Date; to: Date },
  zone: string,
): Promise<Array<StatusSum & { day: string }>> {
  const { from, before } = slotsWithin(range);
  const rows = await sumByLocalDay(sql, owner, offsetPeriods(zone, from.getTime(), before.getTime()));
  return rows.map(({ at, ...sum }) => ({ ...sum, day: daysAfter('1970-01-01', at) }));
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
  if (daysBetween(first, last) >= MOST_DAYS) throw badField('dateFrom', `may lie at most ${MOST_DAYS} days before dateTo`, 'query');
  return { from, to, first, last };
}
