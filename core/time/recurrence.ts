import { LAST_DAY_MS } from './parse.ts';
import { minutesOf } from './window.ts';
import { instantOf, offsetMs } from './zone.ts';

export const PATTERNS = ['daily', 'weekly', 'monthly'] as const;
export type Pattern = (typeof PATTERNS)[number];

/** On which days something comes back, and when by the wall clocks of its zone. */
export interface Recurrence {
  pattern: Pattern;
  /** HH:MM */
  time: string;
  /** IANA name */
  timezone: string;
  /** YYYY-MM-DD: the first day, and with it the weekday or the day of the month of all others */
  startDate: string;
  /** YYYY-MM-DD, inclusive; null: it never ends */
  endDate: string | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DAYS_APART = { daily: 1, weekly: 7 };

/**
 * The first run after an instant, strictly; undefined when there is none. A month without the day has its run on its last
 * one. Each day of the pattern has one run, also when the clocks change: a time that is skipped comes as much later as the
 * clocks jump, one that comes twice is the first of the two (`instantOf`).
 * @throws RangeError for an unknown zone
 */
export function nextRun(rule: Recurrence, after: Date): Date | undefined {
  // yesterday's may still be ahead: clocks can be put forward over midnight, and it comes later than its day
  for (let place = Math.max(0, placeOf(rule, localDay(rule.timezone, after)) - 1); ; place++) {
    const dayMs = dayAt(rule, place);
    if (dayMs > lastDay(rule)) return undefined;
    const runMs = runOn(rule, dayMs);
    if (runMs > after.getTime()) return new Date(runMs);
  }
}

/** The last run at or before an instant; undefined when there was none. @throws RangeError for an unknown zone */
export function lastRun(rule: Recurrence, at: Date): Date | undefined {
  // tomorrow's may be over already: clocks can be put back over midnight
  for (let place = placeOf(rule, Math.min(localDay(rule.timezone, at), lastDay(rule))) + 1; place >= 0; place--) {
    const dayMs = dayAt(rule, place);
    const runMs = runOn(rule, dayMs);
    if (dayMs <= lastDay(rule) && runMs <= at.getTime()) return new Date(runMs);
  }
  return undefined;
}

/**
 * The run to make of a rule whose next one is at or before `until`, and the one after it. Of several, because some were
 * missed, it is the latest; a next run that was moved off the pattern counts as it is.
 */
export function takeRun(rule: Recurrence, nextRunAt: Date, until: Date): { at: Date; next: Date | undefined } {
  const latest = lastRun(rule, until);
  const at = latest && latest > nextRunAt ? latest : nextRunAt;
  return { at, next: nextRun(rule, at) };
}

/** The day that the wall clocks of a zone show, as YYYY-MM-DD. */
export function localDate(zone: string, at: Date): string {
  return new Date(localDay(zone, at)).toISOString().slice(0, 10);
}

// Days are the epoch milliseconds at which UTC clocks show their midnight.

function localDay(zone: string, at: Date): number {
  const localMs = at.getTime() + offsetMs(zone, at.getTime());
  return Math.floor(localMs / DAY_MS) * DAY_MS;
}

function lastDay({ endDate }: Recurrence): number {
  return endDate === null ? LAST_DAY_MS : Math.min(Date.parse(endDate), LAST_DAY_MS);
}

/** The place of the run of a day in the row of all runs, or a little later; negative before the first. */
function placeOf({ pattern, startDate }: Recurrence, dayMs: number): number {
  const start = new Date(startDate);
  if (pattern !== 'monthly') return Math.floor((dayMs - start.getTime()) / (DAYS_APART[pattern] * DAY_MS));
  const day = new Date(dayMs);
  return (day.getUTCFullYear() - start.getUTCFullYear()) * 12 + day.getUTCMonth() - start.getUTCMonth();
}

function dayAt({ pattern, startDate }: Recurrence, place: number): number {
  const start = new Date(startDate);
  if (pattern !== 'monthly') return start.getTime() + place * DAYS_APART[pattern] * DAY_MS;
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + place];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(start.getUTCDate(), lastOfMonth));
}

function runOn({ time, timezone }: Recurrence, dayMs: number): number {
  return instantOf(timezone, dayMs + minutesOf(time) * MINUTE_MS);
}
