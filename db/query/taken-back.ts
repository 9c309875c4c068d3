import type { Sql } from '../client.ts';
import { countedColumns, rollUps } from './roll-ups.ts';
import { tellOfCalls } from './webhook-events.ts';

/**
 * CTEs that cancel the calls of `old` (`id`, `status`, `contact_id`), which nobody has begun to dial and the statement has locked. A contact
 * whose first call it was waits again, as if it had never been in line; one that was dialed before keeps how that ended.
 */
export function takenBack(sql: Sql, reason: string) {
  return sql`
    again as (
      update contacts k set dial_state = 'waiting', root_call_id = null, updated_at = now()
        from old where k.id = old.contact_id and k.root_call_id = old.id and k.dial_state = 'in_line'
      returning old.id
    ), moved as (
      update calls c set status = 'cancelled', ended_at = now(), due_at = null, held_until = null, queued_at = null, updated_at = now(),
             contact_settled = c.id in (select id from again)
        from old where c.id = old.id
      returning c.id, old.status as from_status, c as whole, ${countedColumns(sql)}
    ), ${tellOfCalls(sql, { ended: sql`true` })}, noted as (
      insert into call_events (call_id, type, from_status, to_status, detail)
      select id, 'cancel', from_status, 'cancelled', jsonb_build_object('reason', ${reason}::text) from moved
    ), ${rollUps(sql)}`;
}
