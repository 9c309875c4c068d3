import { type Call, hasEnded } from '../engine.ts';
import { type Fields, single } from './order.ts';
import { type Line, stamp } from './present.ts';
import { refusal, type Refusal } from './refusal.ts';

const RANGE = /^gte:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d);lte:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/;

/** One page of calls that are over, newest first: https://developer.exotel.com/api/call-details-bulk */
export function pageOf(calls: ReadonlyArray<{ call: Call; line: Line }>, query: Fields, path: string) {
  const pageSize = Number(single(query['PageSize']) ?? 50);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 100) return refusal(400, 'Invalid parameter: PageSize');
  const dates = single(query['DateCreated']);
  const [, from = '', to = '9'] = RANGE.exec(dates ?? '') ?? [];
  if (dates !== undefined && from === '') return refusal(400, 'Invalid parameter: DateCreated');
  const numbers = single(query['From'])?.split(',');
  const direction = single(query['Direction']);
  const found = calls.filter(
    ({ call, line }) =>
      hasEnded(call) &&
      stamp(call.createdAt) >= from &&
      stamp(call.createdAt) <= to &&
      (numbers === undefined || numbers.includes(line.party)) &&
      (direction === undefined || line.direction === direction),
  );
  const after = single(query['After']);
  const start = after === undefined ? 0 : found.findIndex(({ call }) => call.id === after) + 1;
  const shown = found.slice(start, start + pageSize);
  const next = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, single(value) ?? '']));
  next.set('After', shown.at(-1)?.call.id ?? '');
  const isLast = start + shown.length >= found.length;
  return { shown, metadata: { Total: found.length, PageSize: pageSize, NextPageUri: isLast ? null : `${path}?${next.toString()}` } };
}

export type Page = Exclude<ReturnType<typeof pageOf>, Refusal>;
