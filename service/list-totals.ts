/** Up to here a total is counted anew every time; it costs a tenth of a millisecond. */
const EXACT_UP_TO = 1000;
const REMEMBERED_MS = 5000;
const REMEMBERED_MAX = 1000;

/** How many rows a filter finds, given the page that was read of it. */
export type ListTotal<F> = (filter: F, read: { rows: number; limit: number; offset: number }) => Promise<number>;

/**
 * Totals for paged lists that stay cheap: exact up to a thousand, beyond that exact within the last five seconds. A page
 * that is not full tells the total by itself. `count` counts no further than `most`.
 */
export function openListTotals<F>(count: (filter: F, most?: number) => Promise<number>): ListTotal<F> {
  const known = new Map<string, { total: Promise<number>; untilMs: number }>();
  return async (filter, { rows, limit, offset }) => {
    if (rows < limit && (rows > 0 || offset === 0)) return offset + rows;
    const key = JSON.stringify(filter);
    const remembered = known.get(key);
    if (remembered && remembered.untilMs > Date.now()) return Math.max(await remembered.total, offset + rows);
    const capped = await count(filter, EXACT_UP_TO + 1);
    if (capped <= EXACT_UP_TO) return capped;
    const total = count(filter);
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(key, { total, untilMs: Date.now() + REMEMBERED_MS });
    total.catch(() => known.delete(key));
    return total;
  };
}
