import { offsetsOf } from './zone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOURS = 24;

/**
 * What statistics are kept by. Every clock in use is ahead of UTC, or behind it, by whole quarters of an hour, so that the hours
 * and days of any zone are made of slots.
 */
export const SLOT_MS = 15 * MINUTE_MS;

/** The slot that an instant lies in, by its beginning; both in epoch milliseconds. */
export function slotOf(instantMs: number): number {
  return Math.floor(instantMs / SLOT_MS) * SLOT_MS;
}

export interface SlotCount {
  slotMs: number;
  count: number;
}

/**
 * How much fell into each hour of the day (0–23) on the zone's clocks, hours without anything left out. An hour that comes twice on
 * a day of a clock change is one hour here.
 * @throws RangeError for an unknown zone
 */
export function countByHour(zone: string, slots: readonly SlotCount[]): Array<{ hour: number; count: number }> {
  const offsetAt = offsetsOf(zone);
  const counts = new Array<number>(HOURS).fill(0);
  for (const { slotMs, count } of slots) {
    const hour = Math.floor((slotMs + offsetAt(slotMs)) / HOUR_MS) % HOURS;
    counts[hour] = (counts[hour] ?? 0) + count;
  }
  return counts.flatMap((count, hour) => (count === 0 ? [] : [{ hour, count }]));
}

/** The calendar day of an instant on the zone's clocks, as YYYY-MM-DD. @throws RangeError for an unknown zone */
export function dayOf(zone: string, instantMs: number): string {
  return new Date(instantMs + offsetsOf(zone)(instantMs)).toISOString().slice(0, 10);
}
