import { offsetsOf } from './zone.ts';

const MINUTE_MS = 60_000;

/**
 * What statistics are kept by. Every clock in use is ahead of UTC, or behind it, by whole quarters of an hour, so that the hours
 * and days of any zone are made of slots.
 */
export const SLOT_MS = 15 * MINUTE_MS;

/** The slot that an instant lies in, by its beginning; both in epoch milliseconds. */
export function slotOf(instantMs: number): number {
  return Math.floor(instantMs / SLOT_MS) * SLOT_MS;
}

/** The calendar day of an instant on the zone's clocks, as YYYY-MM-DD. @throws RangeError for an unknown zone */
export function dayOf(zone: string, instantMs: number): string {
  return new Date(instantMs + offsetsOf(zone)(instantMs)).toISOString().slice(0, 10);
}
