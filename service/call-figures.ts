import { OUTCOMES, type Outcome } from '../core/call.ts';
import { offsetPeriods } from '../core/time/offset-periods.ts';
import type { Range } from '../core/time/range.ts';
import { SLOT_MS, slotOf } from '../core/time/slot.ts';
import { wholeDays } from '../core/time/whole-days.ts';
import { type FigureOwner, findSlotBounds, type SlotRange, type StatusSum, sumByAgent, sumByLocalHour } from '../db/query/figures.ts';
import type { Runtime } from './runtime.ts';

const TOP_AGENTS = 5;

export interface Figures {
  total: number;
  answered: number;
  /** of answered calls; 0 while there is none */
  averageSeconds: number;
  totalSeconds: number;
  /** percent answered of all, to one decimal; 0 while there is none */
  successRate: number;
  byOutcome: Record<Outcome, number>;
  /** on the zone's clocks */
  byHour: Array<{ hour: number; count: number }>;
  topAgents: Array<{ agentId: number; name: string; total: number; successRate: number }>;
}

/**
 * What became of the calls that ended within a range, which is widened to whole quarters of an hour: that is what the roll-ups know.
 * Calls that were cancelled are not among them. `agentId` null: nobody's.
 */
export async function callFigures(
  { db: { sql } }: Runtime,
  filter: { tenantId: number; agentId: number | undefined | null; zone: string } & Range,
): Promise<Figures> {
  const { tenantId, agentId, zone, from, to } = filter;
  if (agentId === null) return { ...sums([]), byHour: [], topAgents: [] };
  const owner = { tenantId, agentId };
  const slots = slotsWithin({ from, to });
  const [hours, top] = await Promise.all([
    sumsByHour(sql, owner, slots, zone),
    sumByAgent(sql, owner, wholeDays(slots), { most: 'calls', limit: TOP_AGENTS }),
  ]);
  const byHour = new Map<number, number>();
  for (const { at, calls } of hours) byHour.set(at, (byHour.get(at) ?? 0) + calls);
  return {
    ...sums(hours),
    byHour: [...byHour].map(([hour, count]) => ({ hour, count })).sort((a, b) => a.hour - b.hour),
    topAgents: top.map(({ agentId: id, name, calls, completed }) => ({
      agentId: id,
      name,
      total: calls,
      successRate: percent(completed, calls),
    })),
  };
}

async function sumsByHour(sql: Runtime['db']['sql'], owner: FigureOwner, { from, before }: SlotRange, zone: string) {
  const bounds = await findSlotBounds(sql, owner);
  if (!bounds) return [];
  // a range of centuries has no more hours than there are calls in
  const first = Math.max(bounds.first.getTime(), from?.getTime() ?? 0);
  const end = Math.min(bounds.last.getTime() + SLOT_MS, before?.getTime() ?? Infinity);
  return first < end ? sumByLocalHour(sql, owner, offsetPeriods(zone, first, end)) : [];
}

/** The quarters of an hour that a range touches, one at least. One that ends as a quarter begins does not touch it, so that it shares none with the one that begins there. */
export function slotsWithin(range: { from: Date; to: Date }): { from: Date; before: Date };
export function slotsWithin(range: Range): SlotRange;
export function slotsWithin({ from, to }: Range): SlotRange {
  const first = from && slotOf(from.getTime());
  const before = to && Math.max(slotOf(to.getTime() - 1), first ?? -Infinity) + SLOT_MS;
  return { from: first === undefined ? undefined : new Date(first), before: before === undefined ? undefined : new Date(before) };
}

/** To one decimal; 0 of nothing. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

/** Totals of sums by status; a status may come more than once. */
export function sums(statuses: readonly StatusSum[]): Omit<Figures, 'byHour' | 'topAgents'> {
  const of = (outcome: Outcome) => statuses.filter(({ status }) => status === outcome);
  const callsOf = (outcome: Outcome) => of(outcome).reduce((sum, { calls }) => sum + calls, 0);
  const byOutcome = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, callsOf(outcome)])) as Record<Outcome, number>;
  const total = OUTCOMES.reduce((sum, outcome) => sum + byOutcome[outcome], 0);
  const answered = byOutcome.completed;
  const totalSeconds = of('completed').reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const averageSeconds = answered === 0 ? 0 : Math.round(totalSeconds / answered);
  return { total, answered, averageSeconds, totalSeconds, successRate: percent(answered, total), byOutcome };
}
