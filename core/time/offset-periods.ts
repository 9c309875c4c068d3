import { changeBetween, offsetsOf } from './zone.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A stretch of time in which nobody changes a zone's clocks; half-open, in epoch milliseconds. */
export interface OffsetPeriod {
  fromMs: number;
  beforeMs: number;
  /** how far the clocks are ahead of UTC */
  offsetMs: number;
}

/**
 * A stretch of time, cut where a zone's clocks are changed: within each part local time is UTC and a constant, which a database can add.
 * None when the stretch is empty. @throws RangeError for an unknown zone
 */
export function offsetPeriods(zone: string, fromMs: number, beforeMs: number): OffsetPeriod[] {
  const offsetAt = offsetsOf(zone);
  const periods: OffsetPeriod[] = [];
  let current: OffsetPeriod = { fromMs, beforeMs, offsetMs: offsetAt(fromMs) };
  // no zone has changed its clocks there and back within a day
  for (let ms = fromMs; ms < beforeMs; ms += DAY_MS) {
    const nextMs = Math.min(ms + DAY_MS, beforeMs);
    const offset = offsetAt(nextMs);
    if (offset === current.offsetMs) continue;
    const changeMs = changeBetween(zone, ms, nextMs);
    periods.push({ ...current, beforeMs: changeMs });
    current = { fromMs: changeMs, beforeMs, offsetMs: offset };
  }
  return [...periods, current].filter((period) => period.fromMs < period.beforeMs);
}
