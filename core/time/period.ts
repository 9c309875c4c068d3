import { dayOf } from './slot.ts';
import { instantOf } from './zone.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Days that a period has, today included. */
const DAYS = { day: 1, week: 7, month: 30, year: 365 } as const;

export type Period = keyof typeof DAYS;
export const PERIODS = Object.keys(DAYS) as Period[];

/** The days of a period that ends today, in a zone: both are calendar days (YYYY-MM-DD). */
export function daysOfPeriod(period: Period, nowMs: number, zone: string): { first: string; last: string } {
  const last = dayOf(zone, nowMs);
  return { first: daysAfter(last, 1 - DAYS[period]), last };
}

/** The calendar day so many days after another, or before it. */
export function daysAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days later one calendar day is than another. */
export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);
}

/** Every calendar day from the first to the last; none when they are in the wrong order. */
export function eachDay(first: string, last: string): string[] {
  const count = daysBetween(first, last) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => daysAfter(first, index));
}

/** When a calendar day begins on a zone's clocks; where that moment is skipped, the first one after the gap. */
export function beginningOf(day: string, zone: string): Date {
  return new Date(instantOf(zone, Date.parse(day)));
}

export const GROUPS = ['day', 'week', 'month'] as const;
export type Group = (typeof GROUPS)[number];

/** The first calendar day of the week (Monday, ISO 8601) or month that a day lies in. */
export function groupOf(day: string, group: Group): string {
  if (group === 'month') return `${day.slice(0, 7)}-01`;
  return group === 'week' ? daysAfter(day, -((new Date(day).getUTCDay() + 6) % 7)) : day;
}
