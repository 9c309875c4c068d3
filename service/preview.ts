import { AppError } from '../core/errors.ts';
import { type Verdict, WHY } from '../core/gate.ts';
import type { Principal } from '../core/principal.ts';
import { nextOpen } from '../core/time/window.ts';
import type { Sql } from '../db/client.ts';
import { findRequested } from '../db/query/call-request.ts';
import { endUndialed, postpone, putInLine, readWaiting } from '../db/query/campaign-feed.ts';
import { readRunning, type RunningCampaign } from '../db/query/campaign-run.ts';
import { type Contact, findContact } from '../db/query/contacts.ts';
import { hoursRuleOf } from '../db/query/hours-rule.ts';
import type { Person } from '../db/query/people.ts';
import {
  bindPerson,
  findPreviewCampaigns,
  lockPerson,
  lockReserved,
  renewReservation,
  type Reservation,
  reserve,
  skipLead,
  takeBack,
} from '../db/query/preview.ts';
import { barOf } from './campaign-run.ts';
import { noteChange } from './changes.ts';
import { hoursFor } from './hours.ts';
import { madeBefore, noteMade, type Once } from './idempotency.ts';
import { askGate } from './judge.ts';
import { personOf } from './people.ts';
import type { Runtime } from './runtime.ts';

const RESERVED_SECONDS = 5 * 60;
const SKIPPED_SECONDS = 15 * 60;
/** A call that has to wait longer than this is not worth a person's time on the line. */
const PATIENCE_MS = 10_000;
const LOOK = 20;
const MOST_LOOKS = 25;

export interface ReservedLead extends Contact {
  reservedUntil: Date;
}

/**
 * The next lead of the preview campaigns that whoever asks works for, or of one of them: theirs for five minutes. Asked again, the one
 * that they look at already. @throws AppError `not_found` when there is none, or they are no agent
 */
export async function nextLead(rt: Runtime, who: Principal, campaignId: number | undefined): Promise<ReservedLead> {
  const person = await personOf(rt, who, 'me');
  const { reserved, ended } = await rt.db.sql.begin(async (sql): Promise<Look> => {
    await lockPerson(sql, person.id);
    const renewed = await renewReservation(sql, who.tenantId, person.id, RESERVED_SECONDS);
    if (renewed) return { reserved: renewed, ended: 0 };
    let ended = 0;
    for (const id of await findPreviewCampaigns(sql, who.tenantId, person.id)) {
      const campaign = campaignId === undefined || campaignId === id ? await readRunning(sql, id) : undefined;
      const look = campaign && mayRun(rt, campaign) ? await reserveNext(sql, campaign, person) : undefined;
      ended += look?.ended ?? 0;
      if (look?.reserved) return { ...look, ended };
    }
    return { reserved: undefined, ended };
  });
  if (ended > 0) await Promise.all([noteChange(rt, who.tenantId, 'contacts'), noteChange(rt, who.tenantId, 'campaigns')]);
  const contact = reserved && (await findContact(rt.db.sql, who.tenantId, reserved.contactId));
  if (!contact) throw new AppError('not_found', 'No lead waits for a preview');
  return { ...contact, reservedUntil: reserved.reservedUntil };
}

function mayRun({ config }: Runtime, { approval, startsAt, endsAt, tenantActive, now }: RunningCampaign): boolean {
  const isApproved = approval === 'approved' || (approval === 'pending' && config.CAMPAIGN_APPROVAL === 'off');
  return isApproved && tenantActive && (!startsAt || startsAt <= now) && (!endsAt || now < endsAt);
}

interface Look {
  reserved: Reservation | undefined;
  /** leads that it found to be done with */
  ended: number;
}

/** In the order of dialing. Who may not be called at this hour gets a later turn, and who may never be called is done with. */
async function reserveNext(sql: Sql, campaign: RunningCampaign, { id: agentId }: Person): Promise<Look> {
  let ended = 0;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const contacts = await readWaiting(sql, campaign, LOOK);
    if (contacts.length === 0) break;
    for (const contact of contacts) {
      const { id } = contact;
      const bar = barOf(contact);
      const rule = hoursRuleOf({ ...campaign, zone: contact.timezone });
      const opens = bar ? undefined : nextOpen(await hoursFor(rule, contact.phone), campaign.now);
      if (opens && opens <= campaign.now) return { reserved: await reserve(sql, id, agentId, RESERVED_SECONDS), ended };
      if (opens) {
        await postpone(sql, [{ id, until: opens }]);
        continue;
      }
      await endUndialed(sql, [{ id, result: bar ?? 'never_open' }]);
      ended++;
    }
  }
  return { reserved: undefined, ended };
}

/**
 * Dials the lead that a person looks at, for them: from now on they are on that call, and nobody else takes it. `once`: of a request that
 * is executed once under its key.
 * @throws AppError `conflict` when they don't look at it any more, are not ready, or it may not be dialed now
 */
export async function dialLead(rt: Runtime, who: Principal, contactId: number | undefined, once?: Once): Promise<{ callId: number }> {
  const person = await personOf(rt, who, 'me');
  const { sql } = rt.db;
  const makeCall = async (tx: Sql) => {
    const { campaignId } = await lockLead(tx, who, contactId, person);
    const [made] = await putInLine(tx, { id: campaignId, tenantId: who.tenantId }, contactId === undefined ? [] : [contactId], person.id);
    if (made === undefined) throw new AppError('conflict', 'This lead is not yours to dial');
    if (!(await bindPerson(tx, who.tenantId, person.id, made))) throw new AppError('conflict', 'You are on a call, or not signed in');
    await noteMade(tx, once, made);
    return made;
  };
  const callId = madeBefore(once) ?? (await sql.begin(makeCall));
  const asked = await askGate(rt, callId);
  const refusal = asked && refusalOf(asked.verdict, asked.askedAt);
  if (refusal !== undefined && (await takeBack(sql, who.tenantId, callId, RESERVED_SECONDS)))
    throw new AppError('conflict', `Not dialed: ${refusal}`);
  // another execution of the request was told no and has taken it back, before this one asked the gate or since
  if ((!asked || refusal !== undefined) && !(await findRequested(sql, who.tenantId, callId)))
    throw new AppError('conflict', 'Not dialed: when it was asked for, it could not be');
  await noteChange(rt, who.tenantId, 'contacts');
  await noteChange(rt, who.tenantId, 'calls');
  return { callId };
}

/** Lets the lead go that a person looks at; its turn comes again in a quarter of an hour. @throws AppError `conflict` when they don't */
export async function skip(rt: Runtime, who: Principal, contactId: number | undefined): Promise<void> {
  const person = await personOf(rt, who, 'me');
  await rt.db.sql.begin(async (sql) => {
    await lockLead(sql, who, contactId, person);
    if (contactId !== undefined) await skipLead(sql, contactId, SKIPPED_SECONDS);
  });
}

async function lockLead(sql: Sql, { tenantId }: Principal, contactId: number | undefined, { id }: Person): Promise<{ campaignId: number }> {
  const lead = contactId === undefined ? undefined : await findContact(sql, tenantId, contactId);
  if (!lead) throw new AppError('not_found', 'Lead not found');
  const locked = await lockReserved(sql, tenantId, lead.id, id);
  if (!locked) throw new AppError('conflict', 'You do not look at this lead, or not any more: ask for the next one');
  return locked;
}

function refusalOf(verdict: Verdict, askedAt: Date): string | undefined {
  if (verdict.answer === 'drop') return WHY[verdict.why];
  return verdict.answer === 'wait' && verdict.until.getTime() - askedAt.getTime() > PATIENCE_MS ? WHY[verdict.why] : undefined;
}
