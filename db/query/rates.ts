import type { Sql } from '../client.ts';

/** What the first minute of a call costs by the components that are paid by time; for a select from calls `c`. */
export function firstMinutePrice(sql: Sql) {
  return sql`(select coalesce(sum(r.price), 0) from (
      select distinct on (component) unit, price from rates
       where tenant_id in (0, c.tenant_id) order by component, tenant_id desc) r
     where r.unit in ('started_minute', 'minute'))`;
}
