import { stretchesOf, wallTime } from './zone.ts';

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

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** 9:00–18:00 on every day (DESIGN §4). */
export const DEFAULT_HOURS: CallingHours = [{ days: EVERY_DAY, start: '09:00', end: '18:00' }];

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
/** A year and a day: whatever opens at all opens within it, and the search is bounded. */
const SEARCH_DAYS = 366;

/** True when every zone's clocks show an open time. */
export function isOpen(hours: Hours, at: Date): boolean {
  return hours.zones.every((zone) => opensAt(hours, zone, at.getTime()) === at.getTime());
}

/** `at` itself when open, else the next moment when every zone is open; undefined when there is none within a year. */
export function nextOpen(hours: Hours, at: Date): Date | undefined {
  let candidate = at.getTime();
  const last = candidate + SEARCH_DAYS * DAY_MS;
  while (candidate <= last) {
    let moved = candidate;
    for (const zone of hours.zones) {
      const opens = opensAt(hours, zone, moved);
      if (opens === undefined) return undefined;
      moved = opens;
    }
    if (moved === candidate) return new Date(candidate);
    candidate = moved;
  }
  return undefined;
}

/** The first open moment at or after an instant in one zone. */
function opensAt(hours: Hours, zone: string, fromMs: number): number | undefined {
  const wall = wallTime(zone, fromMs);
  const today = Date.UTC(wall.year, wall.month - 1, wall.day);
  let best: number | undefined;
  // yesterday's windows may reach over midnight into today; with the clocks put back, also later than today's
  for (let offset = -1; offset <= SEARCH_DAYS && (best === undefined || offset <= 0); offset++) {
    best = earliest(spansOf(hours, zone, today + offset * DAY_MS), fromMs, best);
  }
  return best;
}

function earliest(spans: ReadonlyArray<readonly [number, number]>, fromMs: number, known: number | undefined): number | undefined {
  let best = known;
  for (const [start, end] of spans) {
    if (end <= fromMs) continue;
    const opens = Math.max(start, fromMs);
    if (best === undefined || opens < best) best = opens;
  }
  return best;
}

/** The instants between which the windows that begin on a local day are open. */
function spansOf(hours: Hours, zone: string, localDayMs: number): Array<readonly [number, number]> {
  if (isHoliday(hours, localDayMs)) return [];
  const weekday = new Date(localDayMs).getUTCDay() || 7;
  return hours.windows
    .filter((window) => window.days.includes(weekday))
    .flatMap((window) => {
      const start = minutesOf(window.start);
      const end = minutesOf(window.end);
      const overMidnight = isHoliday(hours, localDayMs + DAY_MS) ? 0 : end;
      const endMinutes = end > start ? end : DAY_MINUTES + overMidnight;
      return stretchesOf(zone, localDayMs + start * MINUTE_MS, localDayMs + endMinutes * MINUTE_MS);
    });
}

function isHoliday(hours: Hours, localDayMs: number): boolean {
  return hours.holidays.length > 0 && hours.holidays.includes(new Date(localDayMs).toISOString().slice(0, 10));
}

/** `HH:MM` → minutes since midnight. */
export function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}
