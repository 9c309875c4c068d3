import { badField } from '../errors.ts';
import type { Range } from './range.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
export const MAX_EXPORT_DAYS = 30;

/**
 * The range of a file (contract: dashboard, "30-day range limit"): the last 30 days unless it is said otherwise, a missing end
 * is now, a missing beginning 30 days before the end. An end that was given as a day is all of it, which comes on top:
 * 1 to 31 January are 30 days.
 * @throws AppError `validation` naming the query field `from` when it is longer: a file that ends early looks as if it were whole
 */
export function exportRange(asked: Range, nowMs: number): { from: Date; to: Date } {
  const to = asked.to ?? new Date(nowMs);
  const isWholeDay = (to.getTime() + 1) % DAY_MS === 0;
  const endMs = isWholeDay ? to.getTime() + 1 - DAY_MS : to.getTime();
  const earliestMs = endMs - MAX_EXPORT_DAYS * DAY_MS;
  const from = asked.from ?? new Date(earliestMs);
  if (from.getTime() < earliestMs) throw badField('from', `must not be more than ${MAX_EXPORT_DAYS} days before to`, 'query');
  if (from > to) throw badField('from', 'must not be after to', 'query');
  return { from, to };
}
