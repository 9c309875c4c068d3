import type { LeadStatus } from '../../core/contact/status.ts';
import type { Sql } from '../client.ts';
import { recount } from './campaign-counters.ts';
import { isSuppressed } from './suppressions.ts';

/** Whose call it is that somebody says something of, and whom it was with. */
export interface TalkedCall {
  contactId: number | null;
  /** the person who talked; null: an AI agent */
  userId: number | null;
  isAnswered: boolean;
  /** of its campaign; null: it has none of its own */
  campaignZone: string | null;
}

export async function findTalkedCall(sql: Sql, tenantId: number, callId: number): Promise<TalkedCall | undefined> {
  const [row] = await sql<TalkedCall[]>`
    select c.contact_id as "contactId", a.user_id as "userId", c.answered_at is not null as "isAnswered", campaign.timezone as "campaignZone"
      from calls c join agents a on a.id = c.agent_id left join campaigns campaign on campaign.id = c.campaign_id
     where c.tenant_id = ${tenantId} and c.id = ${callId}`;
  return row;
}

/** What the person who talked makes of a call; a note is kept with it. */
export async function writeDisposition(
  sql: Sql,
  tenantId: number,
  callId: number,
  { disposition, note }: { disposition: string; note: string | undefined },
): Promise<Date> {
  const [row] = await sql<Array<{ updatedAt: Date }>>`
    update calls set disposition = ${disposition}, updated_at = now(),
           metadata = case when ${note !== undefined} then metadata || jsonb_build_object('note', ${note ?? ''}::text) else metadata end
     where tenant_id = ${tenantId} and id = ${callId} returning updated_at as "updatedAt"`;
  if (!row) throw new Error(`Call ${callId} is gone`);
  return row.updatedAt;
}

/**
 * The word for a contact follows what was made of its call. `callbackAt`: it waits again in its campaign, from that moment on, as
 * if it had not been dialed, and the campaign's counters know; a call of it that goes on is not waited for. Another call of it that
 * waits already is put off to that moment instead: there is never a second one beside it. Who does not want to be called stays
 * one who does not, and waits for nothing, as long as the number is on the list.
 */
export async function setContactStatus(
  sql: Sql,
  tenantId: number,
  contactId: number,
  { status, callbackAt }: { status: LeadStatus; callbackAt: Date | undefined },
): Promise<void> {
  await sql`
    with old as (
      select * from contacts where tenant_id = ${tenantId} and id = ${contactId} and deleted_at is null for no key update
    ), said as materialized (
      select ${callbackAt ?? null}::timestamptz as callback_at from old
       where ${status} = 'do_not_call' or old.status <> 'do_not_call' or not ${isSuppressed(sql, sql`old`)}
    ), open_call as materialized (
      select c.id, c.status from calls c join old on c.contact_id = old.id
       where c.status in ('scheduled', 'queued', 'dialing', 'unknown', 'ringing') or c.retry_open
    ), put_off as (
      update calls c set due_at = said.callback_at, scheduled_for = said.callback_at, held_until = null, updated_at = now()
        from open_call o, said where c.id = o.id and c.status = 'scheduled' and said.callback_at is not null
    ), waits as (
      select id, callback_at, callback_at is not null and campaign_id is not null and not exists (select from open_call) as again from old, said
    ), moved as (
      update contacts k
         set status = ${status}, dial_state = case when waits.again then 'waiting' else k.dial_state end,
             result = case when waits.again then null else k.result end, root_call_id = case when waits.again then null else k.root_call_id end,
             next_attempt_at = case when waits.again then waits.callback_at else k.next_attempt_at end,
             awaits_opening = k.awaits_opening and not waits.again, updated_at = now()
        from waits where k.id = waits.id
      returning k.*
    ), counted as (${recount(sql)})
    select from moved`;
}
