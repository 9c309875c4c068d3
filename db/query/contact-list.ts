import { toE164 } from '../../core/phone.ts';
import type { LeadStatus } from '../../core/contact/status.ts';
import type { Sql } from '../client.ts';
import type { Contact } from './contacts.ts';

export interface ContactFilter {
  tenantId: number;
  campaignId: number | undefined;
  status: LeadStatus | undefined;
  /** all of them; empty: any contact */
  tags: readonly string[];
  /** a part of the name, the number or the e-mail address */
  search: string | undefined;
}

/** What a list may be sorted by; `createdAt` walks an index. */
export const CONTACT_SORTS = ['createdAt', 'updatedAt', 'name', 'status', 'attempts', 'lastContactedAt'] as const;

export interface ContactOrder {
  by: (typeof CONTACT_SORTS)[number];
  descending: boolean;
}

export type ListedContact = Omit<Contact, 'rootCallId'>;

const COLUMNS = `c.id, c.campaign_id as "campaignId", c.phone, c.name, c.first_name as "firstName", c.last_name as "lastName", c.email, c.timezone,
  c.status, c.attempts, c.last_contacted_at as "lastContactedAt", c.dial_state as "dialState", c.result, c.custom_fields as "customFields",
  c.tags, c.created_at as "createdAt", c.updated_at as "updatedAt"`;

const COLUMN: Record<ContactOrder['by'], string> = {
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  name: 'lower(name)',
  status: 'status',
  attempts: 'attempts',
  lastContactedAt: 'last_contacted_at',
};

/** A page of a tenant's contacts; equal ones in the order of their making. The ids are found first, so that what is skipped is not read whole. */
export async function listContacts(
  sql: Sql,
  filter: ContactFilter,
  { by, descending }: ContactOrder,
  page: { limit: number; offset: number },
): Promise<ListedContact[]> {
  const direction = descending ? 'desc' : 'asc';
  // the column is one of ours, never a client's text; empty ones come last, as in the index
  const nulls = by === 'createdAt' ? '' : ' nulls last';
  const order = `${COLUMN[by]} ${direction}${nulls}, id ${direction}`;
  return sql<ListedContact[]>`
    select ${sql.unsafe(COLUMNS)} from (
      select id, row_number() over () as place from (
        select id from contacts where ${found(sql, filter)} order by ${sql.unsafe(order)} limit ${page.limit} offset ${page.offset}
      ) picked
    ) listed join contacts c on c.id = listed.id order by listed.place`;
}

/** The newest contacts of a filter, or those that come after a place in that order. */
export async function listContactsAfter(
  sql: Sql,
  filter: ContactFilter,
  after: { at: Date; id: number } | undefined,
  limit: number,
): Promise<ListedContact[]> {
  return sql<ListedContact[]>`
    select ${sql.unsafe(COLUMNS)} from contacts c
     where ${found(sql, filter)} ${after ? sql`and (c.created_at, c.id) < (${after.at}::timestamptz, ${after.id}::bigint)` : sql``}
     order by c.created_at desc, c.id desc limit ${limit}`;
}

/** How many contacts a filter finds, counting no further than `most`. */
export async function countContacts(sql: Sql, filter: ContactFilter, most?: number): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`
    select count(*) as total from (select from contacts where ${found(sql, filter)} limit ${most ?? null}) counted`;
  return row?.total ?? 0;
}

function found(sql: Sql, { tenantId, campaignId, status, tags, search }: ContactFilter) {
  return sql`
    tenant_id = ${tenantId} and deleted_at is null
    ${campaignId === undefined ? sql`` : sql`and campaign_id = ${campaignId}`}
    ${status === undefined ? sql`` : sql`and status = ${status}`}
    ${tags.length === 0 ? sql`` : sql`and tags @> ${tags as string[]}::text[]`}
    ${search === undefined ? sql`` : matching(sql, search)}`;
}

/** A whole number is found by its index; anything else is looked for in every contact that the other filters leave. */
function matching(sql: Sql, search: string) {
  // a plus sign in a query reads as a space
  const phone = toE164(search) ?? toE164(search.replace(/^ /, '+'));
  if (phone !== undefined) return sql`and phone = ${phone}`;
  const like = `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`;
  return sql`and (name ilike ${like} or phone like ${like} or email ilike ${like})`;
}
