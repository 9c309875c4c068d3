import { type ContactResult, listResultsAfter, type ResultPlace } from '../db/query/campaign-results.ts';
import type { Runtime } from './runtime.ts';

const BATCH = 1000;

/**
 * Every contact of a campaign with what became of it, in the order in which they came, a batch of a thousand at a time. Each
 * batch is a statement of its own: a reader who takes an hour holds no snapshot, and sees later contacts as they are by then.
 * The campaign must be known to be the tenant's.
 */
export async function* campaignResults(
  { db }: Pick<Runtime, 'db'>,
  where: { tenantId: number; campaignId: number },
  batch = BATCH,
): AsyncGenerator<ContactResult[]> {
  let after: ResultPlace | undefined;
  for (;;) {
    const rows = await listResultsAfter(db.sql, where, after, batch);
    if (rows.length > 0) yield rows;
    if (rows.length < batch) return;
    after = rows.at(-1);
  }
}
