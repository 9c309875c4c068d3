import type { Sql } from '../client.ts';
import { isReachable, isUntaken } from './free-people.ts';

/** The leg of a call that waits for somebody. */
export interface WaitingLeg {
  callId: number;
  token: string;
}

export interface SearchLimits {
  /** how long somebody is looked for, from the first look */
  withinMs: number;
  /** to how many people a call is put through, one after the other */
  mostBridges: number;
  /** when the watchdog asks about the call next */
  checkSeconds: number;
}

export interface Look {
  taken: boolean;
  /** until when another look makes sense; 0: it is over */
  leftMs: number;
}

/**
 * One look for somebody to take a call that has been answered: the person who waits for just this call, else, while there is
 * time, the one of its campaign who has been free the longest. Call and person are bound together in this statement, with the person's
 * history; a second one for the same call waits for the first and finds nothing left to do. Undefined: somebody has it already,
 * it was given up, or it is over.
 */
export async function takePerson(sql: Sql, { callId, token }: WaitingLeg, limits: SearchLimits): Promise<Look | undefined> {
  const [row] = await sql<Look[]>`
    with call as materialized (
      select c.id, c.tenant_id, c.campaign_id, c.agent_id,
             case when c.bridges < ${limits.mostBridges} then coalesce(c.connect_by, now() + ${limits.withinMs} * interval '1 millisecond') else now() end as until
        from calls c
       where c.id = ${callId} and c.status = 'in_progress' and c.claim_token = ${token}::uuid and ${isUntaken(sql, sql`c`)}
         for update
    ), reserved as (
      select a.id from agents a join call on a.tenant_id = call.tenant_id and a.current_call_id = call.id where a.kind = 'human'
    ), free as (
      select a.id from agents a join call on a.tenant_id = call.tenant_id
       where call.until > now() and not exists (select from reserved)
         and ${isReachable(sql, sql`a`)}
         and (a.id = call.agent_id or exists (select from campaign_agents m where m.campaign_id = call.campaign_id and m.agent_id = a.id))
       order by a.state_since, a.id limit 1 for update of a skip locked
    ), bound as (
      update agents a set state = 'on_call', state_since = now(), current_call_id = call.id, next_state = null, wrap_up_until = null, updated_at = now()
        from call, free where a.id = free.id
      returning a.id, a.tenant_id, call.id as call_id
    ), noted as (
      insert into agent_states (tenant_id, agent_id, state, call_id) select tenant_id, id, 'on_call', call_id from bound
    ), person as (
      select id from reserved union all select id from bound
    ), moved as (
      update calls c set agent_id = coalesce(person.id, c.agent_id), bridges = c.bridges + case when person.id is null then 0 else 1 end,
             bridged_at = case when person.id is not null then now() end, connect_by = call.until,
             check_at = now() + ${limits.checkSeconds} * interval '1 second', updated_at = now()
        from call left join person on true where c.id = call.id
      returning person.id is not null as taken, call.until
    )
    select taken, greatest(0, extract(epoch from until - now()) * 1000)::float8 as "leftMs" from moved`;
  return row;
}

/** Nobody could be found in time. False when somebody has taken the call after all, or it is over. */
export async function giveUp(sql: Sql, { callId, token }: WaitingLeg): Promise<boolean> {
  const rows = await sql`
    update calls c set abandoned_at = now(), updated_at = now()
     where id = ${callId} and status = 'in_progress' and claim_token = ${token}::uuid and ${isUntaken(sql, sql`c`)}
    returning id`;
  return rows.length > 0;
}

/**
 * The connection number `bridge` of a call came to nothing: its person leaves it, `paused` for the reason given where they did not
 * pick up, and the call looks for somebody again. A connection that is over already is left alone.
 */
export async function undoBridge(
  sql: Sql,
  { callId, token }: WaitingLeg,
  bridge: number,
  pausedBecause: string | undefined,
): Promise<void> {
  await sql`
    with call as materialized (
      select c.id, c.agent_id, campaign.agent_id as whose from calls c left join campaigns campaign on campaign.id = c.campaign_id
       where c.id = ${callId} and c.status = 'in_progress' and c.claim_token = ${token}::uuid and c.bridges = ${bridge} and c.bridged_at is not null
         for update of c
    ), freed as (
      update agents a
         set state = case when ${pausedBecause !== undefined} then coalesce(nullif(a.next_state, 'available'), 'paused') else coalesce(a.next_state, 'available') end, state_since = now(),
             next_state = null, current_call_id = null, updated_at = now()
        from call where a.current_call_id = call.id
      returning a.id, a.tenant_id, a.state, call.id as call_id
    ), noted as (
      insert into agent_states (tenant_id, agent_id, state, reason, call_id) select tenant_id, id, state, ${pausedBecause ?? null}, call_id from freed
    )
    update calls c set bridged_at = null, agent_id = coalesce(call.whose, c.agent_id), updated_at = now() from call where c.id = call.id`;
}

/** How a call stands that was answered for people. */
export interface Standing {
  tenantId: number;
  tenantName: string;
  isTalking: boolean;
  bridges: number;
  isBridged: boolean;
  isAbandoned: boolean;
  abandonMessage: string | null;
  fromNumber: string | null;
  personId: number | null;
  sipUsername: string | null;
  sipPasswordEncrypted: string | null;
}

export async function readStanding(sql: Sql, { callId, token }: WaitingLeg): Promise<Standing | undefined> {
  const [row] = await sql<Standing[]>`
    select c.tenant_id as "tenantId", t.name as "tenantName", c.status = 'in_progress' as "isTalking", c.bridges, c.bridged_at is not null as "isBridged",
           c.abandoned_at is not null as "isAbandoned", campaign.abandon_message as "abandonMessage", c.from_number as "fromNumber",
           a.id as "personId", a.sip_username as "sipUsername", a.sip_password_encrypted as "sipPasswordEncrypted"
      from calls c join tenants t on t.id = c.tenant_id
      left join campaigns campaign on campaign.id = c.campaign_id
      left join agents a on a.current_call_id = c.id
     where c.id = ${callId} and c.claim_token = ${token}::uuid`;
  return row;
}
