/** What a run says about itself. */
import { FAILPOINTS } from '../../service/failpoint.ts';
import type { SeedReport } from './run.ts';

const MOST_SHOWN = 20;

const listed = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** One line for a seed, and one for each violation. */
export function lineOf(report: SeedReport): string {
  const { seed, backend, injected, faults, calls, rings, seconds, quietAfterSeconds, violations, exits } = report;
  const byGroup = new Map<string, number>();
  for (const [kind, count] of faults) {
    const group = kind.split('.')[0] ?? kind;
    byGroup.set(group, (byGroup.get(group) ?? 0) + count);
  }
  const times = `${seconds.toFixed(0)} s, quiet after ${quietAfterSeconds.toFixed(1)} s`;
  const line = `seed ${seed} ${backend}: ${injected} faults (${listed(byGroup)}), ${calls} calls, ${rings} rings, ${times}, ${violations.length} violations`;
  const ends = exits.length === 0 ? [] : [`  ended by themselves: ${exits.join('; ')}`];
  const shown = violations.slice(0, MOST_SHOWN).map(({ rule, promise, callId, detail }) => {
    const where = [rule, promise === undefined ? '' : `promise ${promise}`, callId === undefined ? '' : `call ${callId}`];
    return `  ✗ ${where.filter(Boolean).join(', ')}: ${detail}`;
  });
  const more = violations.length > MOST_SHOWN ? [`  … and ${violations.length - MOST_SHOWN} more`] : [];
  return [line, ...ends, ...shown, ...more].join('\n');
}

/** All seeds together: what was injected, and which failpoints never did anything. */
export function summaryOf(reports: readonly SeedReport[], failed: number): string {
  const faults = total(reports.map((report) => report.faults));
  const failpoints = total(reports.map((report) => report.failpoints));
  const never = FAILPOINTS.filter((name) => !failpoints.has(name));
  const injected = reports.reduce((sum, report) => sum + report.injected, 0);
  const perBackend = total(reports.map(({ backend, injected: count }) => new Map([[backend, count]])));
  return [
    `${reports.length} seeds, ${injected} faults (${listed(perBackend)}), ${failed} runs with violations`,
    `by kind: ${listed(faults)}`,
    `by failpoint: ${listed(failpoints) || 'none'}${never.length > 0 ? `; never: ${never.join(', ')}` : ''}`,
  ].join('\n');
}

function total(maps: ReadonlyArray<ReadonlyMap<string, number>>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const map of maps) for (const [name, count] of map) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}
