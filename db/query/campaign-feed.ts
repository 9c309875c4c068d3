import type { Sql } from '../client.ts';
import { countsOf, moveCounters } from './campaign-counters.ts';

/** A contact whose turn it may be. */
export interface WaitingContact {
  id: number;
  phone: string;
  /** its own; null: its number tells */
  timezone: string | null;
  suppressed: boolean;
  /** the word that people keep of it */
  status: string;
}

/**
 * The contacts of a campaign whose turn it is, in the order of dialing: by priority, then the longest (or the shortest) waiting first.
 * They are locked; those that somebody else holds, or looks at in preview, are left out.
 */
export async function readWaiting(
  sql: Sql,
  campaign: { id: number; tenantId: number; contactOrder: 'oldest_first' | 'newest_first' },
  limit: number,
): Promise<WaitingContact[]> {
  const direction = campaign.contactOrder === 'oldest_first' ? sql`asc` : sql`desc`;
  return sql<WaitingContact[]>`
    select k.id, k.phone, k.timezone, k.status,
           exists (select from suppressions x where x.phone = k.phone and x.released_at is null
                    and coalesce(x.tenant_id, 0) in (${campaign.tenantId}, 0)) as suppressed
      from (values (1), (2), (3)) p(priority),
           lateral (select id, phone, timezone, status, next_attempt_at from contacts
                     where campaign_id = ${campaign.id} and priority = p.priority and dial_state = 'waiting' and next_attempt_at <= now()
                       and deleted_at is null and (reserved_until is null or reserved_until < now())
                     order by next_attempt_at ${direction}, id ${direction} limit ${limit} for no key update skip locked) k
     order by p.priority, k.next_attempt_at ${direction}, k.id ${direction} limit ${limit}`;
}

/** Contacts that the calling hours keep waiting: their turn comes at the opening. */
export async function postpone(sql: Sql, waiting: ReadonlyArray<{ id: number; until: Date }>): Promise<void> {
  if (waiting.length === 0) return;
  await sql`
    update contacts k set next_attempt_at = asked.until, awaits_opening = true
      from unnest(${waiting.map((w) => w.id)}::bigint[], ${waiting.map((w) => w.until.toISOString())}::timestamptz[]) as asked(id, until)
     where k.id = asked.id and k.dial_state = 'waiting'`;
}

/**
 * The hours have changed: contacts and calls of a campaign that wait for an opening are looked at anew. Answers how many contacts; fewer
 * than `limit`: that was all.
 */
export async function recallPostponed(sql: Sql, campaignId: number, limit: number): Promise<number> {
  const [row] = await sql<Array<{ recalled: number }>>`
    with postponed as materialized (
      select k.id from (values (1), (2), (3)) p(priority), lateral (
        select id from contacts where campaign_id = ${campaignId} and priority = p.priority and dial_state = 'waiting' and next_attempt_at > now()
           and awaits_opening limit ${limit} for no key update skip locked) k
       limit ${limit}
    ), recalled as (
      -- kept to the millisecond, it must not be rounded into the future
      update contacts k set next_attempt_at = date_trunc('milliseconds', now()), awaits_opening = false from postponed where k.id = postponed.id
    ), due_again as (
      update calls set due_at = now() where id in (
        select id from calls where campaign_id = ${campaignId} and status = 'scheduled' and due_at > now() and verdict->>'why' = 'outside_hours'
           for update skip locked)
    )
    select count(*) as recalled from postponed`;
  return row?.recalled ?? 0;
}

/** Contacts that will never be dialed, with the reason; the campaign's counters move with them. */
export async function endUndialed(sql: Sql, ended: ReadonlyArray<{ id: number; result: string }>): Promise<void> {
  if (ended.length === 0) return;
  await sql`
    with moved as (
      update contacts k set dial_state = 'done', result = asked.result, updated_at = now()
        from unnest(${ended.map((e) => e.id)}::bigint[], ${ended.map((e) => e.result)}::text[]) as asked(id, result)
       where k.id = asked.id and k.dial_state = 'waiting'
      returning k.*
    ), counted as (
      ${moveCounters(sql, sql`select campaign_id, 0 as total, completed, successful from moved, lateral (select ${countsOf(sql, sql`moved`)}) counts`)}
    )
    select from moved`;
}

/**
 * Makes a call of each contact that still waits, due now, and puts the contact in line behind it, in one statement. Answers the calls'
 * ids in the order of asking. `agentId`: whose calls they are, when not the campaign's own agent's.
 */
export async function putInLine(
  sql: Sql,
  campaign: { id: number; tenantId: number },
  contactIds: readonly number[],
  agentId?: number,
): Promise<number[]> {
  if (contactIds.length === 0) return [];
  const rows = await sql<Array<{ id: number }>>`
    with asked as materialized (
      select t.place, k.id, k.phone, k.timezone, k.priority, k.campaign_id, k.tenant_id
        from unnest(${contactIds as number[]}::bigint[]) with ordinality as t(id, place)
        join contacts k on k.id = t.id
       where k.tenant_id = ${campaign.tenantId} and k.campaign_id = ${campaign.id} and k.dial_state = 'waiting' and k.deleted_at is null
         for no key update of k
    ), made as (
      insert into calls (tenant_id, agent_id, to_number, timezone, priority, campaign_id, contact_id, flow_id, created_by, status, scheduled_for, due_at)
      select asked.tenant_id, coalesce(${agentId ?? null}::bigint, c.agent_id), asked.phone, asked.timezone, asked.priority, c.id, asked.id,
             c.flow_id, c.created_by, 'scheduled', now(), now()
        from asked join campaigns c on c.id = asked.campaign_id order by asked.place
      returning id, contact_id
    ), lined as (
      update contacts k set dial_state = 'in_line', result = null, root_call_id = made.id, awaits_opening = false, reserved_by = null,
             reserved_until = null, updated_at = now()
        from made where k.id = made.contact_id
    )
    select made.id from made join asked on asked.id = made.contact_id order by asked.place`;
  return rows.map((row) => row.id);
}
