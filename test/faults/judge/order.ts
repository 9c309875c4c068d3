import { type Case, type Facts, groupBy } from './case.ts';
import type { Violation } from './violation.ts';

/** A job that a dead worker held is given out again after this long: its call says nothing about order. */
const HELD_MS = 4000;
/** Fewer than this of a kind measure nothing. */
const ENOUGH = 8;
/** 0: order by chance; about 0.5: strict order of three kinds. */
const LEAST_LEAD = 0.1;

/**
 * Promise 4, I8: of the calls that one file made due at one moment, the urgent ones were claimed before the patient ones,
 * by their mean place. Calls that a fault held or that were put back are left out.
 */
export function judgeOrder({ evidence, calls }: Case): Violation[] {
  return evidence.promised.imports.flatMap((file) => {
    const rows = [...calls.values()].filter(
      (facts) => facts.row.importId === file.importId && facts.row.originalCallId === null && isUndisturbed(facts, file.dueAtMs),
    );
    rows.sort((a, b) => (a.row.claimedAtMs ?? 0) - (b.row.claimedAtMs ?? 0));
    const places = groupBy(
      rows.map(({ row }, place) => ({ priority: row.priority, place: place / rows.length })),
      ({ priority }) => priority,
    );
    const [high = [], low = []] = [places.get(1), places.get(3)];
    if (high.length < ENOUGH || low.length < ENOUGH) return [];
    const lead = mean(low.map(({ place }) => place)) - mean(high.map(({ place }) => place));
    if (lead >= LEAST_LEAD) return [];
    const detail = `${high.length} urgent and ${low.length} patient calls of one moment rang in no order (lead ${lead.toFixed(2)})`;
    return [{ rule: 'I8' as const, promise: 4 as const, detail }];
  });
}

function isUndisturbed({ row, events, claimsMs }: Facts, dueAtMs: number): boolean {
  if (row.queueRound !== 1 || row.refusals > 0 || claimsMs.length !== 1 || row.createdAtMs > dueAtMs) return false;
  if (events.some(({ type }) => type === 'wait' || type === 'refuse' || type === 'revive')) return false;
  const queuedMs = events.find(({ type }) => type === 'enqueue')?.atMs;
  const [claimMs] = claimsMs;
  // it may have been put into the queue ahead of its time, to sleep there
  return queuedMs !== undefined && claimMs !== undefined && claimMs - Math.max(queuedMs, dueAtMs) <= HELD_MS;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
