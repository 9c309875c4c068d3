import { DEFAULT_HOURS, type Hours } from '../../../core/time/window.ts';
import type { Facts } from './case.ts';

/**
 * The hours that bind a call, when the evidence tells them for certain: the account says `all`, or it is a retry, and the
 * call names its zone. Undefined: none, or not certain.
 */
export function hoursOf({ row, tenant }: Facts): Hours | undefined {
  if (row.timezone === null || (tenant.hoursPolicy !== 'all' && row.retryAttempt === 0)) return undefined;
  return { windows: tenant.hours ?? DEFAULT_HOURS, zones: [row.timezone], holidays: [] };
}
