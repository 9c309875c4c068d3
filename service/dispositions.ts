import type { LeadStatus } from '../core/contact/status.ts';
import { AppError, badField } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import { MUST_BE_TIME, parseInstant } from '../core/time/parse.ts';
import { type Sql, withDeadlockRetry } from '../db/client.ts';
import { findContact } from '../db/query/contacts.ts';
import { findTalkedCall, setContactStatus, writeDisposition } from '../db/query/dispositions.ts';
import { noteChange } from './changes.ts';
import { suppressCallee } from './do-not-call.ts';
import { leadUpdated } from './lead-event.ts';
import type { Runtime } from './runtime.ts';
import { zoneOf } from './tenant-zone.ts';
import { emit } from './webhooks.ts';

/** What can be made of a call: each is the word for its lead, too. */
export const DISPOSITIONS = [
  'contacted',
  'interested',
  'not_interested',
  'callback',
  'do_not_call',
] as const satisfies readonly LeadStatus[];
export type Disposition = (typeof DISPOSITIONS)[number];

export interface DispositionInput {
  disposition: Disposition;
  note: string | undefined;
  /** ISO 8601; without an offset it is local time in the zone of the call's campaign, else of the account; only of a callback */
  callbackAt: string | undefined;
}

/**
 * What the person who talked makes of a call, also while they talk: kept with the call and its lead. `do_not_call` puts the number on
 * the list first; a `callback` with a time lets the lead wait for that moment.
 * @throws AppError `not_found`, `forbidden` for somebody else's call, `conflict` when nobody answered, `validation`
 */
export async function disposeOf(
  rt: Runtime,
  who: Principal,
  callId: number | undefined,
  input: DispositionInput,
  now = new Date(),
): Promise<Date> {
  const { disposition, note } = input;
  const call = callId === undefined ? undefined : await findTalkedCall(rt.db.sql, who.tenantId, callId);
  if (callId === undefined || !call) throw new AppError('not_found', 'Call not found');
  if (who.role === 'agent' && call.userId !== who.userId) throw new AppError('forbidden', 'This call was somebody else’s');
  if (!call.isAnswered) throw new AppError('conflict', 'Nobody has answered this call');
  const callbackAt = callbackOf(input, call.campaignZone ?? (await zoneOf(rt, who.tenantId)), now);
  if (disposition === 'do_not_call') await suppressCallee(rt, callId, 'agent');
  const { contactId } = call;
  const write = async (sql: Sql) => {
    // leads before their calls, as those who settle them do
    if (contactId !== null) await setContactStatus(sql, who.tenantId, contactId, { status: disposition, callbackAt });
    const at = await writeDisposition(sql, who.tenantId, callId, { disposition, note });
    const contact = contactId === null ? undefined : await findContact(sql, who.tenantId, contactId);
    if (contact) await emit(sql, leadUpdated(who.tenantId, contact));
    return at;
  };
  const updatedAt = await withDeadlockRetry(() => rt.db.sql.begin(write));
  await noteChange(rt, who.tenantId, 'calls');
  await noteChange(rt, who.tenantId, 'contacts');
  if (callbackAt) await noteChange(rt, who.tenantId, 'campaigns');
  return updatedAt;
}

function callbackOf({ disposition, callbackAt }: DispositionInput, zone: string, now: Date): Date | undefined {
  if (callbackAt === undefined) return undefined;
  if (disposition !== 'callback') throw badField('callbackAt', 'is only for the disposition callback');
  const at = parseInstant(callbackAt, zone);
  if (!at) throw badField('callbackAt', MUST_BE_TIME);
  if (at <= now) throw badField('callbackAt', 'must be in the future');
  return at;
}
