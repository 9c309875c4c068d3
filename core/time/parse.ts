import { instantOf, isZone } from './zone.ts';

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

const FIRST_MS = 0;
/** What comes later has a year of five digits, which no ISO date in the database's words has. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** What comes later may have a year of five digits, whatever is added to it and whatever zone shows it. */
export const LAST_DAY_MS = Date.UTC(9999, 11, 30);

/** What `parseInstant` wants, to go after the name of a field. */
export const MUST_BE_TIME = 'must be an ISO 8601 timestamp from 1970 to 9999';
export const MUST_BE_DATE_OR_TIME = 'must be an ISO 8601 date or timestamp from 1970 to 9999';

/**
 * An ISO 8601 date or date-time as an instant from 1970 to 9999 (UTC). Without an offset it is local time in `zone`; a date
 * alone is its midnight there. Undefined for anything else, also for days and hours that do not exist (2025-02-30, 25:00).
 */
export function parseInstant(text: string, zone = 'UTC'): Date | undefined {
  const instant = readInstant(text, zone);
  return instant && instant.getTime() >= FIRST_MS && instant.getTime() <= LAST_MS ? instant : undefined;
}

function readInstant(text: string, zone: string): Date | undefined {
  const match = ISO.exec(text.trim());
  if (!match || !isZone(zone)) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const real = new Date(localMs);
  const exists = real.getUTCFullYear() === year && real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = match[8];
  if (offset === undefined) return new Date(instantOf(zone, localMs));
  if (offset.toUpperCase() === 'Z') return real;
  const [offsetHours, offsetMinutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  if (offsetHours > 15 || offsetMinutes > 59) return undefined;
  return new Date(localMs - (offset.startsWith('-') ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000);
}
