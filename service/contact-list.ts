import { type ContactFilter, type ContactOrder, countContacts, listContacts, type ListedContact } from '../db/query/contact-list.ts';
import { openListTotals } from './list-totals.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

/** How many contacts a filter finds; all surfaces remember together. */
export const totalOfContacts = ofRuntime(({ db }) => openListTotals<ContactFilter>((filter, most) => countContacts(db.sql, filter, most)));

/** A page of a tenant's contacts, and how many there are of the filter's. */
export async function pageOfContacts(
  runtime: Runtime,
  filter: ContactFilter,
  order: ContactOrder,
  page: { limit: number; offset: number },
): Promise<{ rows: ListedContact[]; total: number }> {
  const rows = await listContacts(runtime.db.sql, filter, order, page);
  return { rows, total: await totalOfContacts(runtime)(filter, { rows: rows.length, ...page }) };
}
