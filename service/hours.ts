import type { Hours } from '../core/time/window.ts';
import type { HoursRule } from '../db/query/gate-facts.ts';
import { zonesOfNumber } from './number-zones.ts';

/**
 * The calling hours of one callee: in the zone of the contact or the call, else in all zones that the number may be in,
 * else in the campaign's or the tenant's (DESIGN §4).
 */
export async function hoursFor(rule: HoursRule, e164: string): Promise<Hours> {
  const { windows, holidays } = rule;
  if (rule.zone !== undefined) return { windows, holidays, zones: [rule.zone] };
  const zones = await zonesOfNumber(e164);
  return { windows, holidays, zones: zones.length > 0 ? zones : [rule.fallbackZone] };
}
