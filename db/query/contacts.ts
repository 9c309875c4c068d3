import type { LeadStatus } from '../../core/contact/status.ts';
import type { Sql } from '../client.ts';
import type { contacts } from '../schema/index.ts';
import { countsOf, moveCounters } from './campaign-counters.ts';

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

const COLUMNS = `id, campaign_id as "campaignId", phone, name, first_name as "firstName", last_name as "lastName", email, timezone, status,
  attempts, last_contacted_at as "lastContactedAt", dial_state as "dialState", result, root_call_id as "rootCallId",
  custom_fields as "customFields", tags, created_at as "createdAt", updated_at as "updatedAt"`;

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
    select ${sql.unsafe(COLUMNS)} from made`;
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
    select ${sql.unsafe(COLUMNS)} from contacts where tenant_id = ${tenantId} and id = ${id} and deleted_at is null`;
  return row;
}

/** The same, for who changes it in this transaction. */
export async function lockContact(sql: Sql, tenantId: number, id: number): Promise<Contact | undefined> {
  const [row] = await sql<Contact[]>`
    select ${sql.unsafe(COLUMNS)} from contacts where tenant_id = ${tenantId} and id = ${id} and deleted_at is null for no key update`;
  return row;
}

/** Writes what is known of a locked contact. @throws what `isTaken` knows */
export async function updateContact(sql: Sql, tenantId: number, id: number, facts: Omit<ContactFacts, 'campaignId'>): Promise<Contact> {
  const [row] = await sql<Contact[]>`
    update contacts set phone = ${facts.phone}, name = ${facts.name}, first_name = ${facts.firstName}, last_name = ${facts.lastName},
           email = ${facts.email}, timezone = ${facts.timezone}, status = ${facts.status},
           custom_fields = ${JSON.stringify(facts.customFields)}::text::jsonb, tags = ${facts.tags as string[]}::text[], updated_at = now()
     where tenant_id = ${tenantId} and id = ${id} and deleted_at is null
    returning ${sql.unsafe(COLUMNS)}`;
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
             result = null, root_call_id = null, next_attempt_at = now(), reserved_by = null, reserved_until = null, updated_at = now()
        from old where c.id = old.id and (${campaignId}::bigint is null or exists (${campaignOf(sql, tenantId, campaignId)}))
      returning c.*
    ), counted as (${moveCounters(
      sql,
      sql`select campaign_id, ${countsOf(sql, sql`moved`)} from moved
          union all select campaign_id, -total as total, -completed as completed, -successful as successful
                      from (select old.campaign_id, ${countsOf(sql, sql`old`)} from old join moved using (id)) left_behind`,
    )})
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
       where tenant_id = ${tenantId} and id = ${seen.id} and deleted_at is null and dial_state = ${seen.dialState}
         and root_call_id is not distinct from ${seen.rootCallId}::bigint
         for no key update
    ), gone as (
      update contacts c set deleted_at = now(), dial_state = 'idle', reserved_by = null, reserved_until = null, updated_at = now()
        from old where c.id = old.id
      returning c.id
    ), counted as (${moveCounters(
      sql,
      sql`select campaign_id, -total as total, -completed as completed, -successful as successful from (select old.campaign_id, ${countsOf(sql, sql`old`)} from old join gone using (id)) counted`,
    )})
    select id from gone`;
  return gone.length > 0;
}
