import { badField } from '../errors.ts';
import { LAST_DAY_MS, MUST_BE_DATE_OR_TIME, parseInstant } from './parse.ts';
import { instantOf } from './zone.ts';

const DAY = /^\s*\d{4}-\d\d-\d\d\s*$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Both inclusive; undefined: open on that side. */
export interface Range {
  from: Date | undefined;
  to: Date | undefined;
}

/**
 * A range as a query gives it, in ISO 8601. What has no offset is local time in `zone`; an end without a time is all of its day.
 * `names` are the query's fields.
 * @throws AppError `validation` naming the date that is none, or the first when they are in the wrong order
 */
export function rangeOf(names: readonly [from: string, to: string], texts: readonly [string?, string?], zone: string): Range {
  const from = instant(names[0], texts[0], zone);
  const end = instant(names[1], texts[1], zone);
  const lastDay = DAY.test(texts[1] ?? '') ? texts[1]?.trim() : undefined;
  // rows know no finer moment than the millisecond
  const to = end && lastDay !== undefined ? new Date(Math.min(LAST_DAY_MS, instantOf(zone, Date.parse(lastDay) + DAY_MS) - 1)) : end;
  if (from && to && from > to) throw badField(names[0], `must not be after ${names[1]}`, 'query');
  return { from, to };
}

function instant(name: string, text: string | undefined, zone: string): Date | undefined {
  if (text === undefined) return undefined;
  // a plus sign in a query reads as a space: 2025-11-01T10:00:00+05:30
  const found = parseInstant(text.replace(/ (?=\d\d:?\d\d$)/, '+'), zone);
  if (!found) throw badField(name, MUST_BE_DATE_OR_TIME, 'query');
  return new Date(Math.min(LAST_DAY_MS, found.getTime()));
}
