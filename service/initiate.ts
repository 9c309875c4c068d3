import { AppError, badField } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import { MUST_BE_TIME, parseInstant } from '../core/time/parse.ts';
import { brokenUnique } from '../db/client.ts';
import { type CallRecord, findRecord } from '../db/query/call-records.ts';
import { moveContact } from '../db/query/contacts.ts';
import { type Callable, hasActiveFlow, insertInitiated, lockCallable } from '../db/query/initiated.ts';
import { noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { madeBefore, noteMade, type Once } from './idempotency.ts';
import { straightPlaces } from './queue-depth.ts';
import { hintQueue } from './queue-hints.ts';
import type { Runtime } from './runtime.ts';
import { zoneOf } from './tenant-zone.ts';

export interface InitiateInput {
  contactId: number;
  campaignId: number;
  /** default: the campaign's */
  flowId: number | undefined;
  /** ISO 8601; without an offset it is local time of the account; default, and when it is over: now */
  scheduledAt: string | undefined;
}

/**
 * Has a campaign call one of its contacts because a person wants it, now or at a moment of their own. The call is one of the
 * campaign's in every way: the contact is in line behind it, the campaign's rules hold for it and for its retries. A contact
 * without a campaign joins this one. `once`: of a request that is executed once under its key.
 * @throws AppError `validation` naming the field; `conflict` saying what stands in the way
 */
export async function initiateCall(runtime: Runtime, who: Principal, input: InitiateInput, once?: Once): Promise<CallRecord> {
  const { db, config } = runtime;
  const { tenantId, userId } = who;
  const { contactId, campaignId, flowId, scheduledAt } = input;
  const madeId = madeBefore(once);
  if (madeId !== undefined) return recordOf(runtime, tenantId, madeId);
  const at = scheduledAt === undefined ? undefined : parseInstant(scheduledAt, await zoneOf(runtime, tenantId));
  if (scheduledAt !== undefined && !at) throw badField('scheduledAt', MUST_BE_TIME);
  const call = await db.sql.begin(async (sql) => {
    const { contact, campaign } = await lockCallable(sql, tenantId, contactId, campaignId);
    if (!contact) throw badField('contactId', 'does not name a contact of this account');
    if (!campaign) throw badField('campaignId', 'does not name a campaign of this account');
    if (flowId !== undefined && !(await hasActiveFlow(sql, tenantId, flowId)))
      throw badField('flowId', 'does not name an active flow of this account');
    const why = whyNot({ contact, campaign }, campaignId);
    if (why !== undefined) throw new AppError('conflict', why);
    if (contact.campaignId === null) await moveContact(sql, tenantId, contactId, campaignId, contact.phone).catch(asConflict);
    const made = await insertInitiated(sql, { tenantId, contactId, createdBy: userId, flowId, at }, straightPlaces(config));
    await noteMade(sql, once, made.id);
    return made;
  });
  failpoint('call_inserted');
  if (call.status === 'queued') hintQueue(runtime, { callId: call.id, queueRound: call.queueRound, priority: call.priority });
  await Promise.all((['calls', 'contacts', 'campaigns'] as const).map((subject) => noteChange(runtime, tenantId, subject)));
  return recordOf(runtime, tenantId, call.id);
}

async function recordOf({ db }: Runtime, tenantId: number, callId: number): Promise<CallRecord> {
  const record = await findRecord(db.sql, tenantId, callId);
  if (!record) throw new Error('A call that was written is not there');
  return record;
}

/** What stands in the way of this very call, in words a person reads; undefined: nothing. */
function whyNot({ contact, campaign }: Callable, campaignId: number): string | undefined {
  if (contact.campaignId !== null && contact.campaignId !== campaignId) return 'The contact belongs to another campaign';
  if (contact.isSuppressed) return 'The number is on the do-not-call list';
  if (contact.status === 'do_not_call') return 'The contact does not want to be called';
  if (contact.status === 'not_interested') return 'The contact is not interested';
  if (contact.isOpen) return 'A call of this contact is under way or waits already';
  if (contact.isReserved) return 'Somebody looks at this contact and may be about to call';
  if (campaign.kind === 'inbound') return 'The campaign takes calls and makes none';
  if (campaign.status !== 'active') return `The campaign is ${campaign.status}: only an active one calls`;
  if (campaign.isOver) return 'The end of the campaign has come';
  if (campaign.approval === 'rejected') return 'The campaign was rejected';
  if (!campaign.hasAgent) return 'The campaign has no agent that is switched on';
  return undefined;
}

function asConflict(error: unknown): never {
  if (brokenUnique(error) === 'contacts_campaign_phone')
    throw new AppError('conflict', 'The campaign has a contact with this number already');
  throw error;
}
