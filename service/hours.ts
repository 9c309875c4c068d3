import type { Hours } from '../core/time/window.ts';
import { isZone } from '../core/time/zone.ts';
import type { HoursRule } from '../db/query/hours-rule.ts';
import { zonesOfNumber } from './number-zones.ts';

/** Clocks, not places: who writes them, as the default of a request, does not tell where the callee is. */
const NOWHERE = /^(etc\/)?(utc|uct|zulu|universal)$/i;

/**
 * The calling hours of one callee: in the zone of the contact or the call, else in all zones that the number may be in,
 * else in the campaign's or the tenant's (DESIGN §4). A zone that this runtime does not know is none.
 */
export async function hoursFor(rule: HoursRule, e164: string): Promise<Hours> {
  const { windows, holidays } = rule;
  if (rule.zone !== undefined && !NOWHERE.test(rule.zone) && isZone(rule.zone)) return { windows, holidays, zones: [rule.zone] };
  const zones = await zonesOfNumber(e164);
  return { windows, holidays, zones: zones.length > 0 ? zones : [isZone(rule.fallbackZone) ? rule.fallbackZone : 'UTC'] };
}
