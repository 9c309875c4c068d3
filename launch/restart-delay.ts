/** A process that lived this long was well: its next death starts the count anew. */
const HEALTHY_MS = 30_000;
const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/**
 * How long to wait before a dead process is started again: at once in effect for a single death, up to ten seconds for one
 * that keeps dying. `previousDelayMs` is the wait before the life that just ended, undefined for its first.
 */
export function restartDelayMs(uptimeMs: number, previousDelayMs: number | undefined): number {
  if (previousDelayMs === undefined || uptimeMs >= HEALTHY_MS) return FIRST_MS;
  return Math.min(previousDelayMs * 2, LONGEST_MS);
}
