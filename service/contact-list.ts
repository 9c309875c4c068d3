import {
  type ContactFilter,
  type ContactOrder,
  countContacts,
  listContacts,
  listContactsAfter,
  type ListedContact,
} from '../db/query/contact-list.ts';
import { openListTotals } from './list-totals.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

const totals = ofRuntime(({ db }) => openListTotals<ContactFilter>((filter, most) => countContacts(db.sql, filter, most)));

/** A page of a tenant's contacts, and how many there are of the filter's. */
export async function pageOfContacts(
  runtime: Runtime,
  filter: ContactFilter,
  order: ContactOrder,
  page: { limit: number; offset: number },
): Promise<{ rows: ListedContact[]; total: number }> {
  const rows = await listContacts(runtime.db.sql, filter, order, page);
  return { rows, total: await totals(runtime)(filter, { rows: rows.length, ...page }) };
}

/** The newest contacts, or those after a place in that order; costs the same however far in the list it is. */
export async function contactsAfter(
  runtime: Runtime,
  filter: ContactFilter,
  after: { at: Date; id: number } | undefined,
  limit: number,
): Promise<{ rows: ListedContact[]; hasMore: boolean; total: number }> {
  const rows = await listContactsAfter(runtime.db.sql, filter, after, limit + 1);
  // only the first page tells the total by itself
  const read = after ? { rows: limit, limit, offset: 0 } : { rows: rows.length, limit: limit + 1, offset: 0 };
  const total = await totals(runtime)(filter, read);
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit, total };
}
