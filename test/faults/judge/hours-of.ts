import { DEFAULT_HOURS, type Hours } from '../../../core/time/window.ts';
import type { Facts } from './case.ts';

/**
 * The hours that bind a call, when the evidence tells them for certain: the account says `all`, or it is a retry or a
 * campaign's, and the call names its zone. Undefined: none, or not certain.
 */
export function hoursOf({ row, tenant, campaign }: Facts): Hours | undefined {
  if (row.timezone === null || (tenant.hoursPolicy !== 'all' && row.retryAttempt === 0 && !campaign)) return undefined;
  return { windows: campaign?.hours ?? tenant.hours ?? DEFAULT_HOURS, zones: [row.timezone], holidays: [] };
}
