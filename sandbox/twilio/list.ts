import type { Call } from '../engine.ts';
import { type Refusal, refusal } from './errors.ts';
import { type Fields, single } from './order.ts';
import { STATUS } from './resource.ts';

export interface Page {
  calls: Call[];
  page: number;
  pageSize: number;
  start: number;
  firstUri: string;
  nextUri: string | null;
  previousUri: string | null;
}

/**
 * One page of calls, newest first, filtered as Twilio does. A page goes on behind the last call of the one before
 * (`PageToken`), so calls that come in meanwhile are not shown twice.
 */
export function pageOf(calls: readonly Call[], query: Fields, path: string): Page | Refusal {
  const pageSize = Number(single(query['PageSize']) ?? 50);
  const page = Number(single(query['Page']) ?? 0);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) return refusal(400, 20001, 'PageSize must be from 1 to 1000');
  if (!Number.isInteger(page) || page < 0) return refusal(400, 20001, 'Page must be 0 or more');
  const times = (['StartTime', 'StartTime<', 'StartTime>'] as const).map((name) => Date.parse(single(query[name]) ?? '1970-01-01'));
  if (times.some(Number.isNaN)) return refusal(400, 20001, 'StartTime must be a date');
  const found = calls.filter((call) => matches(call, query));
  const after = single(query['PageToken'])?.slice(2);
  const start = after === undefined ? page * pageSize : found.findIndex((call) => call.id === after) + 1;
  const shown = found.slice(start, start + pageSize);
  const last = shown.at(-1);
  const uri = (n: number, token?: string) => {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (!name.startsWith('Page')) next.set(name, single(value) ?? '');
    next.set('PageSize', String(pageSize));
    next.set('Page', String(n));
    if (token) next.set('PageToken', token);
    return `${path}?${next.toString()}`;
  };
  return {
    calls: shown,
    page,
    pageSize,
    start,
    firstUri: uri(0),
    nextUri: last && start + shown.length < found.length ? uri(page + 1, `PA${last.id}`) : null,
    previousUri: page > 0 ? uri(page - 1) : null,
  };
}

function matches(call: Call, query: Fields): boolean {
  const asked = (name: string) => single(query[name]) || undefined;
  const from = asked('From');
  const status = asked('Status');
  const [on, before, notBefore] = [asked('StartTime'), asked('StartTime<'), asked('StartTime>')];
  // a call that was not dialed yet has no start time, so no filter by it fits
  const startMs = call.dialedAt ? Math.floor(call.dialedAt.getTime() / 1000) * 1000 : NaN;
  return (
    (from === undefined || call.from === from) &&
    (status === undefined || STATUS[call.state] === status) &&
    (on === undefined || call.dialedAt?.toISOString().slice(0, 10) === on.slice(0, 10)) &&
    (before === undefined || startMs < Date.parse(before)) &&
    (notBefore === undefined || startMs >= Date.parse(notBefore))
  );
}
