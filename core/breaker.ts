/** So many requests in a row that a carrier does not take for reasons of its own are no accident. */
export const FAILING_AFTER = 5;
/** A failing carrier is tried with one call in this time until it takes one. */
export const PROBE_EVERY_MS = 2000;

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * How long a carrier is left alone after its n-th failure in a row: not at all up to `FAILING_AFTER`, then longer each
 * time, a quarter of a minute at most: one call that is asked back costs little, an idle fleet much. The circuit breaker of Nygard's "Release It!"; half-open it lets `PROBE_EVERY_MS` pass.
 */
export function breakerPauseMs(failures: number): number {
  if (failures < FAILING_AFTER) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - FAILING_AFTER));
}

/** The pace of a carrier, one start every `stepMs`, slowed down while it is being tried. */
export function probingStepMs(stepMs: number, failures: number): number {
  return failures < FAILING_AFTER ? stepMs : Math.max(stepMs, PROBE_EVERY_MS);
}
