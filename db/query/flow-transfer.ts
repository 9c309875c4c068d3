import type { Sql } from '../client.ts';
import type { WaitingLeg } from './bridge.ts';
import { isReachable } from './free-people.ts';
import { releasePeople } from './people-release.ts';

/**
 * Sets a free person aside for a call in a flow: the one asked for, else the longest waiting of its campaign, else of its tenant.
 * Nobody, when nobody is free, or when somebody has the call already. `takePerson` binds the two; the end of an earlier talk of the
 * same flow is no hindrance.
 */
export async function reservePerson(sql: Sql, { callId, token }: WaitingLeg, agentId: number | undefined): Promise<void> {
  await sql`
    with call as materialized (
      select id, tenant_id, campaign_id from calls
       where id = ${callId} and status = 'in_progress' and claim_token = ${token}::uuid for update
    ), free as (
      select a.id from agents a join call on a.tenant_id = call.tenant_id
       where ${isReachable(sql, sql`a`)}
         and not exists (select from agents other where other.current_call_id = call.id)
         and case when ${agentId ?? null}::bigint is not null then a.id = ${agentId ?? null}::bigint
                  when call.campaign_id is null then true
                  else exists (select from campaign_agents m where m.campaign_id = call.campaign_id and m.agent_id = a.id) end
       order by a.state_since, a.id limit 1 for update of a skip locked
    ), bound as (
      update agents a set state = 'on_call', state_since = now(), current_call_id = call.id, next_state = null, wrap_up_until = null,
                          updated_at = now()
        from call, free where a.id = free.id
      returning a.id, a.tenant_id, call.id as call_id
    ), untaken as (
      update calls c set bridged_at = null from bound where c.id = bound.call_id and c.bridged_at is not null
    )
    insert into agent_states (tenant_id, agent_id, state, call_id) select tenant_id, id, 'on_call', call_id from bound`;
}

/** The call of a transfer that nobody took is its agent's again. One that has ended was counted with whom it was. */
export async function giveBack(sql: Sql, { callId, token }: WaitingLeg, agentId: number): Promise<void> {
  await sql`
    update calls set agent_id = ${agentId}, updated_at = now()
     where id = ${callId} and status = 'in_progress' and claim_token = ${token}::uuid and bridged_at is null and agent_id <> ${agentId}`;
}

/** The person has talked and the flow goes on without them. */
export async function releaseTalker(sql: Sql, { callId, token }: WaitingLeg): Promise<void> {
  await sql`
    with moved as (
      select id, campaign_id from calls where id = ${callId} and status = 'in_progress' and claim_token = ${token}::uuid
    ), ${releasePeople(sql)}
    select id from left_call`;
}
