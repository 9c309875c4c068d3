import { type CallFilter, countCalls } from '../db/query/call-list.ts';
import type { Runtime } from './runtime.ts';

/** Up to here a total is counted anew every time; it costs a tenth of a millisecond. */
const EXACT_UP_TO = 1000;
const REMEMBERED_MS = 5000;
const REMEMBERED_MAX = 1000;

/** How many calls a filter finds, given the page that was read of it. */
export type CallTotal = (filter: CallFilter, read: { rows: number; limit: number; offset: number }) => Promise<number>;

/**
 * Totals for paged lists that stay cheap: exact up to a thousand, beyond that exact within the last five seconds. A page
 * that is not full tells the total by itself.
 */
export function openCallTotals(runtime: Runtime): CallTotal {
  const known = new Map<string, { total: Promise<number>; untilMs: number }>();
  return async (filter, { rows, limit, offset }) => {
    if (rows < limit && (rows > 0 || offset === 0)) return offset + rows;
    const key = JSON.stringify(filter);
    const remembered = known.get(key);
    if (remembered && remembered.untilMs > Date.now()) return Math.max(await remembered.total, offset + rows);
    const capped = await countCalls(runtime.db.sql, filter, EXACT_UP_TO + 1);
    if (capped <= EXACT_UP_TO) return capped;
    const total = countCalls(runtime.db.sql, filter);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(key, { total, untilMs: Date.now() + REMEMBERED_MS });
    total.catch(() => known.delete(key));
    return total;
  };
}
