import { countSuppressions, type SuppressionFilter } from '../db/query/suppressions.ts';
import { remember } from './remember.ts';
import type { Runtime } from './runtime.ts';

/** Up to here a total is counted anew every time. */
const EXACT_UP_TO = 1000;
const REMEMBERED_MS = 5000;

/** Totals of the do-not-call list that stay cheap: exact up to a thousand, beyond that exact within the last five seconds. */
export function openSuppressionTotals({ db: { sql } }: Pick<Runtime, 'db'>): (filter: SuppressionFilter) => Promise<number> {
  const counted = remember((key: string) => countSuppressions(sql, JSON.parse(key) as SuppressionFilter), REMEMBERED_MS, Date.now);
  return async (filter) => {
    const capped = await countSuppressions(sql, filter, EXACT_UP_TO + 1);
    return capped <= EXACT_UP_TO ? capped : counted(JSON.stringify(filter));
  };
}
