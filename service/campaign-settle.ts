import { lockSettling, settleContacts, type SettledContact } from '../db/query/campaign-settle.ts';
import type { Sql } from '../db/client.ts';
import { findContacts } from '../db/query/contacts.ts';
import { whoListens } from '../db/query/webhook-events.ts';
import { noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { leadUpdated } from './lead-event.ts';
import type { Runtime } from './runtime.ts';
import { emit } from './webhooks.ts';

const BATCH = 500;

/** Tells contacts and their campaigns of calls that have ended, also where the campaign is paused, over or deleted. */
export async function settle(runtime: Runtime): Promise<{ settled: SettledContact[]; more: boolean }> {
  const found = await runtime.db.sql.begin(async (sql) => {
    if (!(await lockSettling(sql))) return undefined;
    const settling = await settleContacts(sql, BATCH);
    await tell(sql, settling.settled);
    return settling;
  });
  if (!found) return { settled: [], more: false };
  if (found.settled.length > 0) failpoint('contacts_settled');
  for (const tenantId of new Set(found.settled.map((contact) => contact.tenantId))) {
    await noteChange(runtime, tenantId, 'contacts');
    await noteChange(runtime, tenantId, 'campaigns');
  }
  return { settled: found.settled, more: found.calls >= BATCH };
}

/** A lead whose dialing is over, or whose word has changed, is news. */
async function tell(sql: Sql, settled: readonly SettledContact[]): Promise<void> {
  const news = settled.filter(({ isOver, isChanged }) => isOver || isChanged);
  if (news.length === 0) return;
  for (const tenantId of await whoListens(sql, [...new Set(news.map((contact) => contact.tenantId))], 'lead.updated')) {
    const ids = news.filter((contact) => contact.tenantId === tenantId).map(({ contactId }) => contactId);
    const contacts = await findContacts(sql, tenantId, ids);
    await emit(sql, ...contacts.map((contact) => leadUpdated(tenantId, contact)));
  }
}
