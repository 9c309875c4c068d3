import type { LeadStatus } from '../../core/contact/status.ts';
import type { Sql } from '../client.ts';
import type { contacts } from '../schema/index.ts';
import { countsOf, moveCounters, recount } from './campaign-counters.ts';
import { isSuppressed } from './suppressions.ts';

type Row = typeof contacts.$inferSelect;

export type Contact = Pick<
  Row,
  | 'id'
  | 'campaignId'
  | 'phone'
  | 'name'
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'timezone'
  | 'attempts'
  | 'lastContactedAt'
  | 'dialState'
  | 'result'
  | 'rootCallId'
  | 'customFields'
  | 'tags'
  | 'createdAt'
  | 'updatedAt'
> & { status: LeadStatus };

/** What a contact `c` shows. One that waits in a campaign which was deleted waits for nothing: it is idle, as one of no campaign is. */
export function contactColumns(sql: Sql) {
  return sql`c.id, c.campaign_id as "campaignId", c.phone, c.name, c.first_name as "firstName", c.last_name as "lastName", c.email, c.timezone,
    c.status, c.attempts, c.last_contacted_at as "lastContactedAt", c.result, c.root_call_id as "rootCallId",
    case when c.dial_state = 'waiting' and exists (select from campaigns over where over.id = c.campaign_id and over.deleted_at is not null)
         then 'idle' else c.dial_state end as "dialState",
    c.custom_fields as "customFields", c.tags, c.created_at as "createdAt", c.updated_at as "updatedAt"`;
}

/** What a person says of a contact. */
export interface ContactFacts {
  /** E.164 */
  phone: string;
  name: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  timezone: string | null;
  status: LeadStatus;
  customFields: Record<string, unknown>;
  tags: readonly string[];
  campaignId: number | null;
}

/**
 * Writes a contact; one of a campaign waits for its first dial, and its campaign counts it in the same statement.
 * Undefined: the tenant has no such campaign. @throws what `isTaken` knows when the campaign has the number already
 */
export async function insertContact(sql: Sql, tenantId: number, given: ContactFacts): Promise<Contact | undefined> {
  const [row] = await sql<Contact[]>`
    with made as (
      insert into contacts (tenant_id, campaign_id, phone, name, first_name, last_name, email, timezone, status, custom_fields, tags, dial_state)
      select ${tenantId}, ${given.campaignId}::bigint, ${given.phone}, ${given.name}, ${given.firstName}, ${given.lastName}, ${given.email},
             ${given.timezone}, ${given.status}, ${JSON.stringify(given.customFields)}::text::jsonb, ${given.tags as string[]}::text[],
             case when ${given.campaignId}::bigint is null then 'idle' else 'waiting' end
       where ${given.campaignId}::bigint is null or exists (${campaignOf(sql, tenantId, given.campaignId)})
      returning *
    ), counted as (${moveCounters(sql, sql`select campaign_id, ${countsOf(sql, sql`made`)} from made`)})
    select ${contactColumns(sql)} from made c`;
  return row;
}

/** A tenant's campaign, if it is there. */
function campaignOf(sql: Sql, tenantId: number, campaignId: number | null) {
  return sql`select from campaigns where id = ${campaignId}::bigint and tenant_id = ${tenantId} and deleted_at is null`;
}

export async function hasCampaign(sql: Sql, tenantId: number, campaignId: number): Promise<boolean> {
  return (await sql`${campaignOf(sql, tenantId, campaignId)}`).length > 0;
}

export async function findContact(sql: Sql, tenantId: number, id: number): Promise<Contact | undefined> {
  const [row] = await sql<Contact[]>`
    select ${contactColumns(sql)} from contacts c where tenant_id = ${tenantId} and id = ${id} and deleted_at is null`;
  return row;
}

/** Those of the contacts that are there, in the order of their ids. */
export async function findContacts(sql: Sql, tenantId: number, ids: readonly number[]): Promise<Contact[]> {
  return sql<Contact[]>`
    select ${contactColumns(sql)} from contacts c
     where tenant_id = ${tenantId} and id = any(${ids as number[]}::bigint[]) and deleted_at is null order by id`;
}

/** Locks one contact, for who changes it in this transaction. */
export async function lockContact(sql: Sql, tenantId: number, id: number): Promise<Contact | undefined> {
  const [row] = await sql<Contact[]>`
    select ${contactColumns(sql)} from contacts c where tenant_id = ${tenantId} and id = ${id} and deleted_at is null for no key update`;
  return row;
}

/** Whether a number may not be called, by its tenant's word or the platform's. */
export async function isOnTheList(sql: Sql, tenantId: number, phone: string): Promise<boolean> {
  const [row] = await sql<Array<{ listed: boolean }>>`
    select ${isSuppressed(sql, sql`number`)} as listed from (select ${tenantId}::bigint as tenant_id, ${phone}::text as phone) number`;
  return row?.listed ?? false;
}

/** Writes what is known of a locked contact. @throws what `isTaken` knows */
export async function updateContact(sql: Sql, tenantId: number, id: number, facts: Omit<ContactFacts, 'campaignId'>): Promise<Contact> {
  const [row] = await sql<Contact[]>`
    update contacts c set phone = ${facts.phone}, name = ${facts.name}, first_name = ${facts.firstName}, last_name = ${facts.lastName},
           email = ${facts.email}, timezone = ${facts.timezone}, status = ${facts.status},
           custom_fields = ${JSON.stringify(facts.customFields)}::text::jsonb, tags = ${facts.tags as string[]}::text[], updated_at = now()
     where tenant_id = ${tenantId} and id = ${id} and deleted_at is null
    returning ${contactColumns(sql)}`;
  if (!row) throw new Error(`Contact ${id} was locked and is gone`);
  return row;
}

/**
 * Moves a locked contact, with its number as it will be, to another campaign or to none; the campaigns' counters go with it. It waits there as if it were
 * new. False: the tenant has no such campaign. @throws what `isTaken` knows
 */
export async function moveContact(sql: Sql, tenantId: number, id: number, campaignId: number | null, phone: string): Promise<boolean> {
  const moved = await sql`
    with old as (
      select * from contacts where tenant_id = ${tenantId} and id = ${id} and deleted_at is null
    ), moved as (
      update contacts c set campaign_id = ${campaignId}::bigint, phone = ${phone}, dial_state = case when ${campaignId}::bigint is null then 'idle' else 'waiting' end,
             result = null, root_call_id = null, next_attempt_at = now(), awaits_opening = false, reserved_by = null, reserved_until = null, updated_at = now()
        from old where c.id = old.id and (${campaignId}::bigint is null or exists (${campaignOf(sql, tenantId, campaignId)}))
      returning c.*
    ), counted as (${recount(sql)})
    select id from moved`;
  return moved.length > 0;
}

/**
 * Marks a contact as deleted, if it still stands as `seen`, and takes it out of its campaign's counters. The row stays for
 * the history of its calls. False: it has moved on, or is gone.
 */
export async function deleteContact(sql: Sql, tenantId: number, seen: Pick<Contact, 'id' | 'dialState' | 'rootCallId'>): Promise<boolean> {
  const gone = await sql`
    with old as (
      select * from contacts
       where tenant_id = ${tenantId} and id = ${seen.id} and deleted_at is null
         and (dial_state = 'in_line') = ${seen.dialState === 'in_line'} and root_call_id is not distinct from ${seen.rootCallId}::bigint
         for no key update
    ), moved as (
      update contacts c set deleted_at = now(), dial_state = 'idle', reserved_by = null, reserved_until = null, updated_at = now()
        from old where c.id = old.id
      returning c.*
    ), counted as (${recount(sql)})
    select id from moved`;
  return gone.length > 0;
}
