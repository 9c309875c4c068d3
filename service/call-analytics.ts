import { OUTCOMES, type Outcome } from '../core/call.ts';
import { AppError, badField } from '../core/errors.ts';
import { daysBetween, eachDay, type Group, groupOf } from '../core/time/period.ts';
import { rangeOf } from '../core/time/range.ts';
import { dayOf } from '../core/time/slot.ts';
import { wholeDays } from '../core/time/whole-days.ts';
import { type ChargeSum, findAgentName, sumByAgent, sumCharges, sumOfAgent } from '../db/query/figures.ts';
import { MOST_DAYS, readDays } from './analytics.ts';
import { percent, slotsWithin, sums } from './call-figures.ts';
import type { Runtime } from './runtime.ts';
import { zoneOf } from './tenant-zone.ts';

/** ISO 8601, both inclusive; without an offset local time of the account, and an end without a time is all of its day. */
export interface Dates {
  startDate: string;
  endDate: string;
}

export interface CallAnalytics {
  total: number;
  successful: number;
  failed: number;
  /** percent completed of all that ended, to one decimal; 0 while none has */
  successRate: number;
  /** of completed calls */
  averageSeconds: number;
  byOutcome: Record<Outcome, number>;
  /** every day, week or month that the range touches, by its first day, in order */
  groups: Array<{ date: string; calls: number; successRate: number }>;
}

/**
 * What became of the calls that ended within a range, by days, weeks or months of the account's zone (calling.md "Analytics"). The range
 * is widened to whole quarters of an hour. Calls that were cancelled are none. `agentId` undefined: everybody's, null: nobody's.
 * @throws AppError `validation` naming a date; `not_found`: no such agent
 */
export async function callAnalytics(
  runtime: Runtime,
  { tenantId, agentId, group, ...dates }: { tenantId: number; agentId: number | undefined | null; group: Group } & Dates,
): Promise<CallAnalytics> {
  if (typeof agentId === 'number') await nameOf(runtime, tenantId, agentId);
  const { zone, from, to } = await spanOf(runtime, tenantId, dates);
  const days = agentId === null ? [] : await readDays(runtime, { tenantId, agentId }, { from, to }, zone);
  const { total, answered, successRate, averageSeconds, byOutcome } = sums(days);
  const wanted = eachDay(dayOf(zone, from.getTime()), dayOf(zone, to.getTime())).map((day) => groupOf(day, group));
  const groups = new Map(wanted.map((date) => [date, { calls: 0, completed: 0 }]));
  for (const { day, status, calls } of days) {
    const entry = groups.get(groupOf(day, group));
    if (!entry) continue;
    entry.calls += calls;
    if (status === 'completed') entry.completed += calls;
  }
  return {
    ...{ total, successful: answered, failed: total - answered, successRate, averageSeconds, byOutcome },
    groups: [...groups].map(([date, { calls, completed }]) => ({ date, calls, successRate: percent(completed, calls) })),
  };
}

export interface AgentAnalytics {
  name: string;
  total: number;
  successRate: number;
  averageSeconds: number;
  /** percent of all that ended at an answering machine */
  voicemailRate: number;
  /** percent completed of the retries among them; 0 while there is none */
  retrySuccessRate: number;
  /** the most frequent first */
  failures: Array<{ reason: Outcome; count: number }>;
}

/** How one agent did, whether it is still there or not. @throws AppError `validation` naming a date; `not_found`: no such agent */
export async function agentAnalytics(
  runtime: Runtime,
  { tenantId, agentId, ...dates }: { tenantId: number; agentId: number } & Dates,
): Promise<AgentAnalytics> {
  const name = await nameOf(runtime, tenantId, agentId);
  const range = wholeDays(slotsWithin(await spanOf(runtime, tenantId, dates)));
  const statuses = await sumOfAgent(runtime.db.sql, { tenantId, agentId }, range);
  const { total, successRate, averageSeconds, byOutcome } = sums(statuses);
  const retried = statuses.find(({ status }) => status === 'completed')?.retries ?? 0;
  const failures = OUTCOMES.filter((reason) => reason !== 'completed' && byOutcome[reason] > 0);
  return {
    ...{ name, total, successRate, averageSeconds },
    voicemailRate: percent(byOutcome.voicemail, total),
    retrySuccessRate: percent(
      retried,
      statuses.reduce((sum, { retries }) => sum + retries, 0),
    ),
    failures: failures.map((reason) => ({ reason, count: byOutcome[reason] })).sort((a, b) => b.count - a.count),
  };
}

/** In the account's money, to a millionth. */
export interface CostAnalytics {
  total: number;
  /** of all calls that ended; 0 while none has */
  perCall: number;
  byComponent: Record<ChargeSum['component'], number>;
  /** the part of the phone companies, by their names */
  byCarrier: Record<string, number>;
  /** the costliest first */
  byAgent: Array<{ agentId: number; name: string; total: number; calls: number }>;
}

/** More have no place in one answer. */
export const MOST_AGENTS = 1000;

/** What calls that ended within a range were charged. @throws AppError `validation` naming a date */
export async function costAnalytics(runtime: Runtime, { tenantId, ...dates }: { tenantId: number } & Dates): Promise<CostAnalytics> {
  const { sql } = runtime.db;
  const slots = slotsWithin(await spanOf(runtime, tenantId, dates));
  const [charges, agents] = await Promise.all([
    sumCharges(sql, tenantId, slots),
    sumByAgent(sql, { tenantId, agentId: undefined }, wholeDays(slots), { most: 'cost', limit: MOST_AGENTS }),
  ]);
  const of = (component: ChargeSum['component']) => sumOf(charges.filter((charge) => charge.component === component));
  const calls = agents[0]?.callsOfAll ?? 0;
  const total = sumOf(charges);
  const byCarrier = charges.filter(({ component }) => component === 'carrier').map(({ carrier, amount }) => [carrier, Number(amount)]);
  return {
    total,
    perCall: calls === 0 ? 0 : Math.round((total / calls) * MILLION) / MILLION,
    byComponent: { stt: of('stt'), llm: of('llm'), tts: of('tts'), carrier: of('carrier') },
    byCarrier: Object.fromEntries(byCarrier) as Record<string, number>,
    byAgent: agents.map(({ agentId, name, cost, calls: own }) => ({ agentId, name, total: Number(cost), calls: own })),
  };
}

const MILLION = 1_000_000;

/** In whole millionths, which floats add up exactly. */
function sumOf(charges: readonly ChargeSum[]): number {
  return charges.reduce((sum, { amount }) => sum + Math.round(Number(amount) * MILLION), 0) / MILLION;
}

async function nameOf({ db }: Runtime, tenantId: number, agentId: number): Promise<string> {
  const name = await findAgentName(db.sql, tenantId, agentId);
  if (name === undefined) throw new AppError('not_found', 'There is no such agent');
  return name;
}

async function spanOf(runtime: Runtime, tenantId: number, { startDate, endDate }: Dates) {
  const zone = await zoneOf(runtime, tenantId);
  const { from, to } = rangeOf(['startDate', 'endDate'], [startDate, endDate], zone);
  if (!from || !to) throw new Error('A range of given dates has both');
  if (daysBetween(dayOf(zone, from.getTime()), dayOf(zone, to.getTime())) >= MOST_DAYS)
    throw badField('startDate', `may lie at most ${MOST_DAYS} days before endDate`, 'query');
  return { zone, from, to };
}
