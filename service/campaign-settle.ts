import { lockSettling, settleContacts, type SettledContact } from '../db/query/campaign-settle.ts';
import { noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import type { Runtime } from './runtime.ts';

const BATCH = 500;

/** Tells contacts and their campaigns of calls that have ended, also where the campaign is paused, over or deleted. */
export async function settle(runtime: Runtime): Promise<{ settled: SettledContact[]; more: boolean }> {
  const found = await runtime.db.sql.begin(async (sql) => ((await lockSettling(sql)) ? settleContacts(sql, BATCH) : undefined));
  if (!found || found.settled.length === 0) return { settled: [], more: false };
  failpoint('contacts_settled');
  for (const tenantId of new Set(found.settled.map((contact) => contact.tenantId))) {
    await noteChange(runtime, tenantId, 'contacts');
    await noteChange(runtime, tenantId, 'campaigns');
  }
  return { settled: found.settled, more: found.looked >= BATCH };
}
