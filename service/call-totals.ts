import { type CallFilter, countCalls } from '../db/query/call-list.ts';
import type { Runtime } from './runtime.ts';

/** Up to here a total is counted anew every time; it costs a millisecond. */
const EXACT_UP_TO = 10_000;
const REMEMBERED_MS = 10_000;
const REMEMBERED_MAX = 1000;

/** How many calls a filter finds, given the page that was read of it. */
export type CallTotal = (filter: CallFilter, read: { rows: number; limit: number; offset: number }) => Promise<number>;

/**
 * Totals for paged lists that stay cheap: exact up to 10,000, beyond that exact within the last ten seconds. A page that
 * is not full tells the total by itself.
 */
export function openCallTotals(runtime: Runtime): CallTotal {
  const known = new Map<string, { total: number; untilMs: number }>();
  return async (filter, { rows, limit, offset }) => {
    if (rows < limit && (rows > 0 || offset === 0)) return offset + rows;
    const key = JSON.stringify(filter);
    const remembered = known.get(key);
    if (remembered && remembered.untilMs > Date.now()) return Math.max(remembered.total, offset + rows);
    const capped = await countCalls(runtime.db.sql, filter, EXACT_UP_TO + 1);
    if (capped <= EXACT_UP_TO) return capped;
    const total = await countCalls(runtime.db.sql, filter);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(key, { total, untilMs: Date.now() + REMEMBERED_MS });
    return total;
  };
}
