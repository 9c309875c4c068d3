import type { PendingQuery, Row } from 'postgres';
import { toE164 } from '../../core/phone.ts';
import type { LeadStatus } from '../../core/contact/status.ts';
import type { Sql } from '../client.ts';
import { type Contact, contactColumns } from './contacts.ts';

export interface ContactFilter {
  tenantId: number;
  campaignId: number | undefined;
  status: LeadStatus | undefined;
  /** all of them; empty: any contact */
  tags: readonly string[];
  /** a part of the name, the number or the e-mail address */
  search: string | undefined;
}

/** What a list may be sorted by; each walks an index. */
export const CONTACT_SORTS = ['createdAt', 'updatedAt', 'name', 'status', 'attempts', 'lastContactedAt'] as const;

export interface ContactOrder {
  by: (typeof CONTACT_SORTS)[number];
  descending: boolean;
}

export type ListedContact = Contact;

type Fragment = PendingQuery<Row[]>;

interface Page {
  limit: number;
  offset: number;
}

/** Contacts that are looked through, in the order of the list, for what may be in many of them or in none. */
const LOOK = 20_000;

/** A page of a tenant's contacts; those without what it is sorted by come last, equal ones in the order of their making. */
export async function listContacts(sql: Sql, filter: ContactFilter, order: ContactOrder, page: Page): Promise<ListedContact[]> {
  return pick(sql, filter, plainly(sql, filter), order, page);
}

/** The newest contacts of a filter, or those that come after a place in that order. */
export async function listContactsAfter(
  sql: Sql,
  filter: ContactFilter,
  after: { at: Date; id: number } | undefined,
  limit: number,
): Promise<ListedContact[]> {
  const behind = after ? sql`and (created_at, id) < (${after.at}::timestamptz, ${after.id}::bigint)` : sql``;
  return pick(sql, filter, sql`${plainly(sql, filter)} ${behind}`, { by: 'createdAt', descending: true }, { limit, offset: 0 });
}

async function pick(sql: Sql, filter: ContactFilter, plain: Fragment, order: ContactOrder, page: Page): Promise<ListedContact[]> {
  const most = page.limit + page.offset;
  const rare = rarely(sql, filter);
  if (!rare) return read(sql, sorted(sql, sql`contacts`, plain, order, most), page);
  const looked = await read(sql, sql`select id from (${sorted(sql, sql`contacts`, plain, order, LOOK)}) looked where ${rare}`, page);
  if (looked.length === page.limit) return looked;
  // it is in few of these: its index finds them when it is in few of all
  const both = sql`${plain} and ${rare}`;
  if ((await countContacts(sql, filter, LOOK + 1)) > LOOK) return read(sql, sorted(sql, sql`contacts`, both, order, most), page);
  return read(
    sql,
    sorted(sql, sql`few`, sql`true`, order, most),
    page,
    sql`with few as materialized (select * from contacts where ${both})`,
  );
}

/** How many contacts a filter finds, counting no further than `most`. Of all of a campaign's, or of all there are, the counters tell. */
export async function countContacts(sql: Sql, filter: ContactFilter, most?: number): Promise<number> {
  const { tenantId, campaignId, status } = filter;
  const plain = plainly(sql, filter);
  const rare = rarely(sql, filter);
  const [row] =
    rare || status !== undefined || phoneOf(filter) !== undefined
      ? await sql<Array<{ total: number }>>`
          select count(*) as total from (select from contacts where ${plain} ${rare ? sql`and ${rare}` : sql``} limit ${most ?? null}) counted`
      : await sql<Array<{ total: number }>>`
          select least((select coalesce(sum(total_contacts), 0) from campaigns
                         where tenant_id = ${tenantId} ${campaignId === undefined ? sql`` : sql`and id = ${campaignId}`})
                 ${campaignId === undefined ? sql`+ (select count(*) from contacts where tenant_id = ${tenantId} and campaign_id is null and deleted_at is null)` : sql``},
                 ${most ?? null}::bigint)::bigint as total`;
  return row?.total ?? 0;
}

/** The ids are found first, so that what is skipped is not read whole. */
function read(sql: Sql, from: Fragment, { limit, offset }: Page, having: Fragment = sql``): Promise<ListedContact[]> {
  return sql<ListedContact[]>`
    ${having} select ${contactColumns(sql)}
      from (select id, row_number() over () as place from (${from} limit ${limit} offset ${offset}) picked) listed
      join contacts c on c.id = listed.id order by listed.place`;
}

const KEY: Record<ContactOrder['by'], { key: string; mayBeEmpty: boolean }> = {
  createdAt: { key: 'created_at', mayBeEmpty: false },
  updatedAt: { key: 'updated_at', mayBeEmpty: false },
  name: { key: 'lower(name)', mayBeEmpty: true },
  status: { key: 'status', mayBeEmpty: false },
  attempts: { key: 'attempts', mayBeEmpty: false },
  lastContactedAt: { key: 'last_contacted_at', mayBeEmpty: true },
};

/** The first `most` in an order that an index has; it has the empty ones on one side only, so these are read by themselves. */
function sorted(sql: Sql, from: Fragment, where: Fragment, { by, descending }: ContactOrder, most: number): Fragment {
  // the key is one of ours, never a client's text
  const { key: text, mayBeEmpty } = KEY[by];
  const key = sql.unsafe(text);
  const [onward, back] = descending ? [sql`desc`, sql`asc`] : [sql`asc`, sql`desc`];
  const order = by === 'status' ? sql`key ${onward}, created_at ${back}, id ${back}` : sql`key ${onward}, id ${onward}`;
  const part = (empty: boolean) => sql`
    (select id, created_at, name, phone, email, tags, ${empty}::boolean as empty, ${key} as key from ${from}
      where ${where} ${mayBeEmpty ? sql`and ${key} is ${empty ? sql`null` : sql`not null`}` : sql``} order by ${order} limit ${most})`;
  return mayBeEmpty
    ? sql`select * from (${part(false)} union all ${part(true)}) parts order by empty, ${order}`
    : sql`select * from ${part(false)} part order by ${order}`;
}

/** What an index of contacts walks along. */
function plainly(sql: Sql, filter: ContactFilter): Fragment {
  const { tenantId, campaignId, status } = filter;
  const phone = phoneOf(filter);
  return sql`
    tenant_id = ${tenantId} and deleted_at is null
    ${campaignId === undefined ? sql`` : sql`and campaign_id = ${campaignId}`}
    ${status === undefined ? sql`` : sql`and status = ${status}`}
    ${phone === undefined ? sql`` : sql`and phone = ${phone}`}`;
}

/** What has an index of its own, without any order. */
function rarely(sql: Sql, filter: ContactFilter): Fragment | undefined {
  const { tags, search } = filter;
  const text = search === undefined || phoneOf(filter) !== undefined ? undefined : search.trim();
  if (text === undefined && tags.length === 0) return undefined;
  return sql`true ${tags.length === 0 ? sql`` : sql`and tags @> ${tags as string[]}::text[]`}
    ${text === undefined ? sql`` : containing(sql, text)}`;
}

/** A whole number in a search. */
function phoneOf({ search }: ContactFilter): string | undefined {
  // a plus sign in a query reads as a space
  return search === undefined ? undefined : (toE164(search) ?? toE164(search.replace(/^ /, '+')));
}

/** In one of the three texts. The index has them in one, where a text may also be found across two of them, by three characters of a word. */
function containing(sql: Sql, text: string): Fragment {
  const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const indexed = /[\p{L}\p{N}]{3}/u.test(text)
    ? sql`and coalesce(name, '') || ' ' || phone || ' ' || coalesce(email, '') ilike ${like}`
    : sql``;
  return sql`${indexed} and (name ilike ${like} or phone like ${like} or email ilike ${like})`;
}
