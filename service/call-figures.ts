import { OUTCOMES, type Outcome } from '../core/call.ts';
import type { Range } from '../core/time/range.ts';
import { countByHour, SLOT_MS, slotOf } from '../core/time/slot.ts';
import { sumBySlot, sumByStatus, sumTopAgents, type SlotRange, type StatusSum } from '../db/query/figures.ts';
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
 * What became of the calls that ended within a range, which is widened to whole quarters of an hour and, for the list of agents, to
 * whole UTC days: that is what the roll-ups know. Calls that were cancelled are not among them. `agentId` null: nobody's.
 */
export async function callFigures(
  { db: { sql } }: Runtime,
  filter: { tenantId: number; agentId: number | undefined | null; zone: string } & Range,
): Promise<Figures> {
  const { tenantId, agentId, zone, from, to } = filter;
  if (agentId === null) return { ...sums([]), byHour: [], topAgents: [] };
  const wanted = { tenantId, agentId, ...slotsWithin({ from, to }) };
  const days = { firstDay: from?.toISOString().slice(0, 10), lastDay: to?.toISOString().slice(0, 10) };
  const [statuses, slots, top] = await Promise.all([
    sumByStatus(sql, wanted),
    sumBySlot(sql, wanted),
    sumTopAgents(sql, { tenantId, agentId, ...days }, TOP_AGENTS),
  ]);
  return {
    ...sums(statuses),
    byHour: countByHour(
      zone,
      slots.map(({ slot, calls }) => ({ slotMs: slot.getTime(), count: calls })),
    ),
    topAgents: top.map(({ agentId: id, name, calls, completed }) => ({
      agentId: id,
      name,
      total: calls,
      successRate: percent(completed, calls),
    })),
  };
}

/** The quarters of an hour that a range touches. */
export function slotsWithin({ from, to }: Range): SlotRange {
  return {
    from: from && new Date(slotOf(from.getTime())),
    before: to && new Date(slotOf(to.getTime()) + SLOT_MS),
  };
}

/** To one decimal; 0 of nothing. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

/** Totals of what `sumByStatus` found. */
export function sums(statuses: readonly StatusSum[]): Omit<Figures, 'byHour' | 'topAgents'> {
  const callsOf = (outcome: Outcome) => statuses.find(({ status }) => status === outcome)?.calls ?? 0;
  const byOutcome = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, callsOf(outcome)])) as Record<Outcome, number>;
  const total = OUTCOMES.reduce((sum, outcome) => sum + byOutcome[outcome], 0);
  const answered = byOutcome.completed;
  const totalSeconds = statuses.find(({ status }) => status === 'completed')?.durationSeconds ?? 0;
  const averageSeconds = answered === 0 ? 0 : Math.round(totalSeconds / answered);
  return { total, answered, averageSeconds, totalSeconds, successRate: percent(answered, total), byOutcome };
}
