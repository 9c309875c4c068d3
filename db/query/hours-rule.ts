import { type CallingHours, DEFAULT_HOURS } from '../../core/time/window.ts';
import type { Sql } from '../client.ts';

/** The calling hours that a call is held to, before it is known where its number is. */
export interface HoursRule {
  windows: CallingHours;
  /** YYYY-MM-DD */
  holidays: readonly string[];
  /** the contact's or the call's own zone */
  zone: string | undefined;
  /** the campaign's or the tenant's, for a number that tells none */
  fallbackZone: string;
}

/** What `hoursColumns` reads. */
export interface HoursColumns {
  campaignHours: CallingHours | null;
  tenantHours: CallingHours | null;
  holidays: string[];
  zone: string | null;
  fallbackZone: string;
}

/** For a select from calls `c`, tenants `t`, campaigns `campaign`, contacts `contact`. */
export function hoursColumns(sql: Sql) {
  return sql`campaign.calling_hours as "campaignHours", t.calling_hours as "tenantHours", t.holidays::text[] as holidays,
    coalesce(contact.timezone, c.timezone) as zone, coalesce(campaign.timezone, t.timezone) as "fallbackZone"`;
}

/** Windows of the campaign, else of the tenant, else 9:00–18:00 (DESIGN §4). */
export function hoursRuleOf({ campaignHours, tenantHours, holidays, zone, fallbackZone }: HoursColumns): HoursRule {
  return { windows: campaignHours ?? tenantHours ?? DEFAULT_HOURS, holidays, zone: zone ?? undefined, fallbackZone };
}
