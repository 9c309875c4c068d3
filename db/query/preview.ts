import type { Sql } from '../client.ts';

/** Preview campaigns that run and that a person works for. */
export async function findPreviewCampaigns(sql: Sql, tenantId: number, agentId: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select c.id from campaign_agents m join campaigns c on c.id = m.campaign_id
     where m.tenant_id = ${tenantId} and m.agent_id = ${agentId} and c.status = 'active' and c.dialing_mode = 'preview' and c.deleted_at is null
     order by c.id`;
  return rows.map((row) => row.id);
}

/** One request of a person at a time. */
export async function lockPerson(sql: Sql, agentId: number): Promise<void> {
  await sql`select from agents where id = ${agentId} for no key update`;
}

export interface Reservation {
  contactId: number;
  reservedUntil: Date;
}

/** The lead that a person looks at already, for as long again. */
export async function renewReservation(sql: Sql, tenantId: number, agentId: number, forSeconds: number): Promise<Reservation | undefined> {
  const [row] = await sql<Reservation[]>`
    update contacts k set reserved_until = now() + ${forSeconds} * interval '1 second'
     where k.id = (select id from contacts where tenant_id = ${tenantId} and reserved_by = ${agentId} and reserved_until > now()
                      and dial_state = 'waiting' and deleted_at is null order by id limit 1)
    returning k.id as "contactId", k.reserved_until as "reservedUntil"`;
  return row;
}

/** Nobody else gets this lead for a while. The transaction has locked it. */
export async function reserve(sql: Sql, contactId: number, agentId: number, forSeconds: number): Promise<Reservation> {
  const [row] = await sql<Reservation[]>`
    update contacts set reserved_by = ${agentId}, reserved_until = now() + ${forSeconds} * interval '1 second'
     where id = ${contactId} returning id as "contactId", reserved_until as "reservedUntil"`;
  if (!row) throw new Error(`Contact ${contactId} was locked and is gone`);
  return row;
}

/** Locks a lead that a person looks at; undefined: they don't, or not any more. */
export async function lockReserved(
  sql: Sql,
  tenantId: number,
  contactId: number,
  agentId: number,
): Promise<{ campaignId: number } | undefined> {
  const [row] = await sql<Array<{ campaignId: number }>>`
    select campaign_id as "campaignId" from contacts
     where tenant_id = ${tenantId} and id = ${contactId} and reserved_by = ${agentId} and reserved_until > now() and dial_state = 'waiting'
       and deleted_at is null for no key update`;
  return row;
}

/** A person lets a lead go that they looked at; its turn comes again later. */
export async function skipLead(sql: Sql, contactId: number, againInSeconds: number): Promise<void> {
  await sql`
    update contacts set reserved_by = null, reserved_until = null, next_attempt_at = now() + ${againInSeconds} * interval '1 second',
           awaits_opening = false
     where id = ${contactId}`;
}

/** Binds a person to the call that they asked for, before it is dialed. False: they are on a call, or not signed in. */
export async function bindPerson(sql: Sql, tenantId: number, agentId: number, callId: number): Promise<boolean> {
  const rows = await sql`
    with bound as (
      update agents set state = 'on_call', state_since = now(), current_call_id = ${callId}, next_state = null, wrap_up_until = null, updated_at = now()
       where tenant_id = ${tenantId} and id = ${agentId} and current_call_id is null and state <> 'offline' and is_active and deleted_at is null
      returning id, tenant_id, state
    )
    insert into agent_states (tenant_id, agent_id, state, reason, call_id) select tenant_id, id, state, 'preview', ${callId} from bound returning id`;
  return rows.length > 0;
}

/**
 * Takes back a call that nobody has begun to dial, as if it had never been asked for: its person is available, and looks at
 * the lead again. False: it is on its way.
 */
export async function takeBack(sql: Sql, tenantId: number, callId: number, forSeconds: number): Promise<boolean> {
  const rows = await sql`
    with old as (
      select id, contact_id, agent_id from calls where tenant_id = ${tenantId} and id = ${callId} and status = 'scheduled' and claimed_at is null for update
    ), freed as (
      update agents a set state = 'available', state_since = now(), current_call_id = null, next_state = null, updated_at = now()
        from old where a.current_call_id = old.id
      returning a.id, a.tenant_id, a.state
    ), noted as (
      insert into agent_states (tenant_id, agent_id, state, reason) select tenant_id, id, state, 'not dialed' from freed
    ), waits as (
      update contacts k set dial_state = 'waiting', root_call_id = null, reserved_by = old.agent_id,
             reserved_until = now() + ${forSeconds} * interval '1 second', updated_at = now()
        from old where k.id = old.contact_id and k.root_call_id = old.id
    )
    delete from calls c using old where c.id = old.id returning c.id`;
  return rows.length > 0;
}
