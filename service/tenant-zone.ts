import { isZone } from '../core/time/zone.ts';
import { readTenantZone } from '../db/query/schedules.ts';
import type { Runtime } from './runtime.ts';

/** The zone whose days and hours a tenant's figures are in. */
export async function zoneOf({ db }: Runtime, tenantId: number): Promise<string> {
  const zone = await readTenantZone(db.sql, tenantId);
  return zone !== undefined && isZone(zone) ? zone : 'UTC';
}
