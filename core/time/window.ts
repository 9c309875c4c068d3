import { changeBetween, offsetMs, offsetsOf } from './zone.ts';

/** When calls may ring, in the callee's own time. `end` at or before `start` reaches over midnight. Half-open: `end` is shut. */
export interface Window {
  /** Monday 1 … Sunday 7 */
  days: readonly number[];
  /** HH:MM */
  start: string;
  /** HH:MM; 24:00 is the end of the day */
  end: string;
}

export type CallingHours = readonly Window[];

export interface Hours {
  windows: CallingHours;
  /** every zone the callee may be in: all of them must be open */
  zones: readonly string[];
  /** YYYY-MM-DD days, in the callee's zone, on which nothing rings, also not what reaches over midnight */
  holidays: readonly string[];
}

export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** 9:00–18:00 on every day (DESIGN §4). */
export const DEFAULT_HOURS: CallingHours = [{ days: EVERY_DAY, start: '09:00', end: '18:00' }];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_DAYS = 7;
/** A year and a day: whatever opens at all opens within it, and the search is bounded. */
const SEARCH_DAYS = 366;

/** True when every zone's clocks show an open time. @throws RangeError for an unknown zone */
export function isOpen(hours: Hours, at: Date): boolean {
  const ms = at.getTime();
  const plan = planOf(hours);
  return hours.zones.every((zone) => {
    const localMs = ms + offsetMs(zone, ms);
    return nextReading(plan, localMs, 1) === localMs;
  });
}

/**
 * `at` itself when open, else the next moment when every zone is open; undefined when there is none within a year.
 * @throws RangeError for an unknown zone
 */
export function nextOpen(hours: Hours, at: Date): Date | undefined {
  const { zones } = hours;
  const plan = planOf(hours);
  let ms = at.getTime();
  const lastMs = ms + SEARCH_DAYS * DAY_MS;
  // around the zones, until all of them in a row are open at the same moment
  for (let agreed = 0; agreed < zones.length;) {
    for (const zone of zones) {
      const opens = opensAt(plan, zone, ms, lastMs);
      if (opens === undefined) return undefined;
      agreed = opens === ms ? agreed + 1 : 1;
      ms = opens;
    }
  }
  return ms === at.getTime() ? at : new Date(ms);
}

/** The first moment from `fromMs` to `lastMs` at which one zone's clocks show an open time. */
function opensAt(plan: Plan, zone: string, fromMs: number, lastMs: number): number | undefined {
  const offsetAt = offsetsOf(zone);
  let ms = fromMs;
  while (ms <= lastMs) {
    const offset = offsetAt(ms);
    const localMs = ms + offset;
    const opens = nextReading(plan, localMs, WEEK_DAYS);
    if (opens === localMs) return ms;
    // no zone changes its clocks twice within a week
    const next = (opens ?? (Math.floor(localMs / DAY_MS) + WEEK_DAYS) * DAY_MS) - offset;
    const change = offsetAt(next) === offset ? Infinity : changeBetween(zone, ms, next);
    if (opens !== undefined && next < change) return next <= lastMs ? next : undefined;
    // from a change on, the clocks show other times than those that were looked through
    ms = Math.min(next, change);
  }
  return undefined;
}

/** The first open local time at or after one, on its day or the days after it, as clocks that do not change show it. */
function nextReading({ week, shut }: Plan, localMs: number, days: number): number | undefined {
  const today = Math.floor(localMs / DAY_MS);
  for (let day = today; day < today + days; day++) {
    if (shut?.has(day)) continue;
    const fromMs = localMs - day * DAY_MS;
    let best: number | undefined;
    for (const { startMs, endMs, sinceYesterday } of week[weekday(day)] ?? []) {
      if (endMs <= fromMs || (sinceYesterday && shut?.has(day - 1))) continue;
      const opensMs = startMs > fromMs ? startMs : fromMs;
      if (best === undefined || opensMs < best) best = opensMs;
    }
    if (best !== undefined) return day * DAY_MS + best;
  }
  return undefined;
}

/** A part of a window that lies within one day, in milliseconds since its midnight. */
interface Span {
  startMs: number;
  endMs: number;
  /** the rest of a window that began the day before */
  sinceYesterday: boolean;
}

/** Hours in the form that is quick to ask. */
interface Plan {
  /** by weekday, what is open on it */
  week: ReadonlyArray<readonly Span[]>;
  /** holidays, as days since the epoch */
  shut: ReadonlySet<number> | undefined;
}

function planOf({ windows, holidays }: Hours): Plan {
  return { week: weekOf(windows), shut: holidays.length > 0 ? daysOf(holidays) : undefined };
}

/** Monday is 1, as in `Window.days`; the epoch began on a Thursday. */
function weekday(day: number): number {
  const sinceMonday = (day + 3) % WEEK_DAYS;
  return (sinceMonday < 0 ? sinceMonday + WEEK_DAYS : sinceMonday) + 1;
}

const weeks = new WeakMap<CallingHours, ReadonlyArray<readonly Span[]>>();
const holidayDays = new WeakMap<readonly string[], ReadonlySet<number>>();

function weekOf(windows: CallingHours): ReadonlyArray<readonly Span[]> {
  const known = weeks.get(windows);
  if (known) return known;
  const week: Span[][] = Array.from({ length: WEEK_DAYS + 1 }, () => []);
  for (const { days, start, end } of windows) {
    const startMs = minutesOf(start) * MINUTE_MS;
    const endMs = minutesOf(end) * MINUTE_MS;
    for (const day of days) {
      week[day]?.push({ startMs, endMs: endMs > startMs ? endMs : DAY_MS, sinceYesterday: false });
      if (endMs <= startMs) week[(day % WEEK_DAYS) + 1]?.push({ startMs: 0, endMs, sinceYesterday: true });
    }
  }
  weeks.set(windows, week);
  return week;
}

function daysOf(dates: readonly string[]): ReadonlySet<number> {
  const known = holidayDays.get(dates);
  if (known) return known;
  const days = new Set(dates.map((date) => Date.parse(date) / DAY_MS));
  holidayDays.set(dates, days);
  return days;
}

/** `HH:MM` → minutes since midnight. */
export function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}
