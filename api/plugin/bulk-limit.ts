import type { Api } from './api.ts';
import { type Limit, MINUTE_MS } from './limits.ts';

const BULK = { max: 50, windowMs: MINUTE_MS };
const limitOf = new WeakMap<Api, Limit>();

/**
 * The limit on what changes many things at once: 50 a minute and user over all such routes (contract: omnivox "Bulk operations").
 * As `onRequest` of a guarded route, beside the limit of its scope; its headers are the ones that the answer tells.
 */
export function bulkLimit(api: Api): Limit {
  const known = limitOf.get(api);
  if (known) return known;
  const limit = api.limits.perUser('bulk', BULK);
  limitOf.set(api, limit);
  return limit;
}
