import type { Priority } from '../../core/priority.ts';
import type { Sql } from '../client.ts';
import { recount } from './campaign-counters.ts';

/** What decides whether a campaign may call one of its contacts right now, because a person wants it. */
export interface Callable {
  contact: {
    phone: string;
    campaignId: number | null;
    status: string;
    /** somebody looks at it in preview */
    isReserved: boolean;
    /** a call of it is on its way, or waits, or may be tried again */
    isOpen: boolean;
    isSuppressed: boolean;
  };
  campaign: {
    kind: 'outbound' | 'inbound' | 'predictive';
    status: 'draft' | 'active' | 'paused' | 'completed';
    approval: 'pending' | 'approved' | 'rejected';
    isOver: boolean;
    /** it has an agent who is switched on */
    hasAgent: boolean;
  };
}

/** Locks a contact of a tenant until the transaction ends, and reads it beside a campaign; null: there is none. */
export async function lockCallable(
  sql: Sql,
  tenantId: number,
  contactId: number,
  campaignId: number,
): Promise<{ contact: Callable['contact'] | null; campaign: Callable['campaign'] | null }> {
  await sql`select from contacts where tenant_id = ${tenantId} and id = ${contactId} for no key update`;
  const [contact] = await sql<Array<Callable['contact']>>`
    select k.phone, k.campaign_id as "campaignId", k.status, coalesce(k.reserved_until > now(), false) as "isReserved",
           k.dial_state = 'in_line' or exists (
             select from calls c where c.contact_id = k.id and (c.ended_at is null or c.retry_open)) as "isOpen",
           exists (select from suppressions x where x.phone = k.phone and x.released_at is null
                    and coalesce(x.tenant_id, 0) in (k.tenant_id, 0)) as "isSuppressed"
      from contacts k where k.tenant_id = ${tenantId} and k.id = ${contactId} and k.deleted_at is null`;
  const [campaign] = await sql<Array<Callable['campaign']>>`
    select c.kind, c.status, c.approval, coalesce(c.ends_at <= now(), false) as "isOver",
           coalesce(a.is_active and a.deleted_at is null, false) as "hasAgent"
      from campaigns c left join agents a on a.id = c.agent_id
     where c.tenant_id = ${tenantId} and c.id = ${campaignId} and c.deleted_at is null`;
  return { contact: contact ?? null, campaign: campaign ?? null };
}

export async function hasActiveFlow(sql: Sql, tenantId: number, flowId: number): Promise<boolean> {
  return (await sql`select from flows where tenant_id = ${tenantId} and id = ${flowId} and is_active and deleted_at is null`).length > 0;
}

export interface Initiation {
  tenantId: number;
  contactId: number;
  createdBy: number;
  /** undefined: the campaign's */
  flowId: number | undefined;
  /** undefined: now */
  at: Date | undefined;
}

export interface InitiatedCall {
  id: number;
  status: 'scheduled' | 'queued';
  queueRound: number;
  priority: Priority;
}

/**
 * Makes a call of a contact that its campaign may call, which the transaction has locked, and puts the contact in line behind it; the
 * campaign's counters move along. One that is due goes straight into the queue while that holds fewer than `straightPlaces` and
 * its tenant has nothing as urgent waiting; else the dispatcher gives it its turn.
 */
export async function insertInitiated(sql: Sql, given: Initiation, straightPlaces: number): Promise<InitiatedCall> {
  const [row] = await sql<InitiatedCall[]>`
    with old as materialized (
      select k.* from contacts k where k.tenant_id = ${given.tenantId} and k.id = ${given.contactId}
    ), asked as materialized (
      select coalesce(${given.at ?? null}::timestamptz, now()) as at, ${given.at ?? null}::timestamptz is null or ${given.at ?? null}::timestamptz <= now() as due
    ), place as materialized (
      select asked.due and (select count(*) from (select from calls where status = 'queued' limit ${straightPlaces}) queued) < ${straightPlaces}
             and not exists (select from (values (1), (2), (3)) p(priority), lateral (
                   select from calls c where c.tenant_id = old.tenant_id and c.priority = p.priority and c.status = 'scheduled'
                      and c.held_until is null and c.due_at <= now() limit 1) waiting
                   where p.priority <= old.priority) as straight
        from asked, old
    ), made as (
      insert into calls (tenant_id, agent_id, to_number, timezone, priority, campaign_id, contact_id, flow_id, created_by, scheduled_for, due_at,
                         status, queued_at, queue_round)
      select old.tenant_id, c.agent_id, old.phone, old.timezone, old.priority, c.id, old.id, coalesce(${given.flowId ?? null}::bigint, c.flow_id),
             ${given.createdBy}::bigint, asked.at, greatest(asked.at, now()), case when place.straight then 'queued' else 'scheduled' end,
             case when place.straight then now() end, case when place.straight then 1 else 0 end
        from old join campaigns c on c.id = old.campaign_id, asked, place
      returning id, status, queue_round, priority, contact_id
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status) select id, 'enqueue', 'scheduled', 'queued' from made where status = 'queued'
    ), moved as (
      update contacts k set dial_state = 'in_line', result = null, root_call_id = made.id, reserved_by = null, reserved_until = null, updated_at = now()
        from made where k.id = made.contact_id
      returning k.*
    ), counted as (${recount(sql)})
    select id, status, queue_round as "queueRound", priority from made`;
  if (!row) throw new Error('An insert without a row');
  return row;
}
