/** Up to here a total is counted anew every time; it costs a tenth of a millisecond. */
const EXACT_UP_TO = 1000;
const REMEMBERED_MS = 5000;
/** Who asks for an older one has it counted again for those who ask next, and does not wait. */
const YOUNG_MS = 3000;
const REMEMBERED_MAX = 1000;

/** How many rows a filter finds, given the page that was read of it. */
export type ListTotal<F> = (filter: F, read: { rows: number; limit: number; offset: number }) => Promise<number>;

interface Known {
  total: number;
  /** when it began to be counted */
  atMs: number;
}

/**
 * Totals for paged lists that stay cheap: exact up to a thousand, beyond that exact within the last five seconds. A page
 * that is not full tells the total by itself. `count` counts no further than `most`, and each filter once at a time.
 */
export function openListTotals<F>(count: (filter: F, most?: number) => Promise<number>): ListTotal<F> {
  const known = new Map<string, Known>();
  const counting = new Map<string, Promise<number>>();

  const countAll = (key: string, filter: F): Promise<number> => {
    const underWay = counting.get(key);
    if (underWay) return underWay;
    const atMs = Date.now();
    const total = count(filter).finally(() => counting.delete(key));
    counting.set(key, total);
    total.then(
      (rows) => {
        if (known.size >= REMEMBERED_MAX) known.clear();
        // a list that has become short is counted every time
        if (rows > EXACT_UP_TO) known.set(key, { total: rows, atMs });
        else known.delete(key);
      },
      // who waits for it is told; what is known stays so until it is too old
      () => undefined,
    );
    return total;
  };

  return async (filter, { rows, limit, offset }) => {
    if (rows < limit && (rows > 0 || offset === 0)) return offset + rows;
    const key = JSON.stringify(filter);
    const found = known.get(key);
    const ageMs = found ? Date.now() - found.atMs : Infinity;
    if (found && ageMs < REMEMBERED_MS) {
      if (ageMs >= YOUNG_MS) void countAll(key, filter);
      return Math.max(found.total, offset + rows);
    }
    if (!counting.has(key)) {
      const capped = await count(filter, EXACT_UP_TO + 1);
      if (capped <= EXACT_UP_TO) return capped;
    }
    return Math.max(await countAll(key, filter), offset + rows);
  };
}
