import { TERMINAL } from '../../core/call.ts';
import type { Sql } from '../client.ts';
import { takenBack } from './taken-back.ts';

/**
 * CTEs that let the people of ended calls go: to the state they asked for meanwhile, else to wrap up for as long as their
 * campaign's call delay, else to the next call. They stand in the `with` of the statement that ends the calls, whose CTE `moved`
 * has the `id` and the `campaign_id` of each. Who was given a call while it ended is not seen here, but by `releaseLost`.
 */
export function releasePeople(sql: Sql) {
  return sql`
    leaving as (
      select a.id, moved.id as call_id, coalesce(campaign.call_delay_seconds, 0) as delay
        from moved join agents a on a.current_call_id = moved.id left join campaigns campaign on campaign.id = moved.campaign_id
       order by a.id for update of a
    ), left_call as (
      update agents a
         set state = coalesce(a.next_state, case when leaving.delay > 0 then 'wrap_up' else 'available' end), state_since = now(),
             wrap_up_until = case when a.next_state is null and leaving.delay > 0 then now() + leaving.delay * interval '1 second' end,
             next_state = null, current_call_id = null, updated_at = now()
        from leaving where a.id = leaving.id
      returning a.id, a.tenant_id, a.state, leaving.call_id
    ), left_noted as (
      insert into agent_states (tenant_id, agent_id, state, call_id) select tenant_id, id, state, call_id from left_call
    )`;
}

/** Lets people go whose call is over, which its end did not see. Answers how many. */
export async function releaseLost(sql: Sql): Promise<number> {
  const rows = await sql`
    with moved as (
      select c.id, c.campaign_id from agents a join calls c on c.id = a.current_call_id
       where a.current_call_id is not null
         and c.status = any(${TERMINAL as string[]}::text[])
    ), ${releasePeople(sql)}
    select id from left_call`;
  return rows.length;
}

/** A preview's call that still is not on its way: what keeps it (the carrier, a cap) is not for its person to wait for. */
const RESERVED_SECONDS = 30;

/**
 * Takes calls back that people asked for in preview and that did not get on their way: the person is free, the lead waits again, and it
 * does not ring when there is nobody any more to talk. One that is being claimed at this moment is left alone.
 */
export async function giveUpPreviews(sql: Sql): Promise<Array<{ callId: number; tenantId: number }>> {
  return sql<Array<{ callId: number; tenantId: number }>>`
    with old as materialized (
      select c.id, c.status, c.contact_id from agents a join calls c on c.id = a.current_call_id
       where a.current_call_id is not null and c.status in ('scheduled', 'queued')
         and a.state_since < now() - ${RESERVED_SECONDS} * interval '1 second'
       order by c.id for update of c skip locked
    ), ${takenBack(sql, 'it could not be dialed in time for its person')}, ${releasePeople(sql)}
    select id as "callId", tenant_id as "tenantId" from moved`;
}

/** Who may not log in any more takes no calls either: out of line, or after the call they are on. Answers how many. */
export async function signOutInactive(sql: Sql): Promise<number> {
  const rows = await sql`
    with gone as (
      select a.id from agents a join users u on u.id = a.user_id
       where a.kind = 'human' and a.deleted_at is null and not u.is_active and a.current_call_id is null and a.state <> 'offline'
       order by a.id for update of a skip locked
    ), signed_out as (
      update agents a set state = 'offline', state_since = now(), wrap_up_until = null, updated_at = now() from gone where a.id = gone.id
      returning a.id, a.tenant_id, a.state
    )
    insert into agent_states (tenant_id, agent_id, state, reason) select tenant_id, id, state, 'user switched off' from signed_out returning id`;
  return rows.length;
}

/** Wrap-ups whose time is over: these people are free again. Answers how many. */
export async function endWrapUps(sql: Sql): Promise<number> {
  const rows = await sql`
    with over as (
      select id from agents where wrap_up_until <= now() and state = 'wrap_up' order by id for update skip locked
    ), freed as (
      update agents a set state = 'available', state_since = now(), wrap_up_until = null, updated_at = now() from over where a.id = over.id
      returning a.id, a.tenant_id
    )
    insert into agent_states (tenant_id, agent_id, state) select tenant_id, id, 'available' from freed returning id`;
  return rows.length;
}
