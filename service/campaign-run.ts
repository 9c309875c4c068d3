import { contactsNeeded } from '../core/feed.ts';
import { nextOpen } from '../core/time/window.ts';
import type { Sql } from '../db/client.ts';
import { endUndialed, postpone, putInLine, readWaiting, recallPostponed, type WaitingContact } from '../db/query/campaign-feed.ts';
import {
  completeCampaign,
  findBusyCampaigns,
  findLeftOvers,
  noteRecalled,
  readRunning,
  releaseParked,
  type RunningCampaign,
  takeBackCalls,
  takeCampaign,
} from '../db/query/campaign-run.ts';
import { hoursRuleOf } from '../db/query/hours-rule.ts';
import { completedEvent } from './campaign-progress.ts';
import { noteSoon } from './changes.ts';
import { settle } from './campaign-settle.ts';
import { failpoint } from './failpoint.ts';
import { hoursFor } from './hours.ts';
import type { Runtime } from './runtime.ts';
import { emit } from './webhooks.ts';

/** Contacts that one pass looks at for one campaign, and how many at a time: between them other work has its turn. */
const LOOK = 2000;
const BATCH = 250;
const TAKE_BACK = 1000;
const RECALL = 5000;

export interface CampaignPass {
  /** contacts that became calls */
  fed: number;
  /** there may be more to do at once */
  more: boolean;
}

/**
 * One pass of the campaign engine: contacts learn what became of their calls, campaigns with nothing left to dial complete
 * themselves, and those that run get as many contacts in line as they need. Any number may run at once: a campaign is fed by
 * one of them at a time. `now`: the database's clock, unless given; only the calling hours are judged by it.
 */
export async function runCampaignPass(runtime: Runtime, now?: Date): Promise<CampaignPass> {
  const settled = await settle(runtime);
  let fed = 0;
  let more = settled.more;
  for (const campaignId of await findBusyCampaigns(runtime.db.sql)) {
    try {
      const pass = await runCampaign(runtime, campaignId, now);
      fed += pass.fed;
      more ||= pass.more;
    } catch (error) {
      runtime.log.error({ err: error, campaignId }, 'this pass of a campaign failed; the next comes soon');
    }
  }
  return { fed, more };
}

interface Feeding extends CampaignPass {
  /** contacts that were looked at: what is in line of them, or what keeps them out, has changed */
  looked: number;
  tenantId?: number;
}

const NOTHING: Feeding = { fed: 0, more: false, looked: 0 };

async function runCampaign(runtime: Runtime, campaignId: number, now?: Date): Promise<CampaignPass> {
  const { db, log } = runtime;
  const { pass, completed } = await db.sql.begin(async (sql) => {
    if (!(await takeCampaign(sql, campaignId))) return { pass: NOTHING };
    const campaign = await readRunning(sql, campaignId);
    if (!campaign) return { pass: NOTHING };
    if (campaign.hasNothingLeft || (campaign.endsAt && campaign.endsAt <= campaign.now)) {
      const completed = await completeCampaign(sql, campaignId);
      if (completed) await emit(sql, completedEvent(completed));
      return { pass: NOTHING, completed };
    }
    if (!mayFeed(runtime, campaign)) return { pass: NOTHING };
    if (campaign.hasParked) await releaseParked(sql, campaignId);
    const recalling = await recall(sql, campaign);
    const { tenantId } = campaign;
    return {
      pass: recalling ?? { ...(await feed(sql, campaign, contactsNeeded(lineOf(runtime, campaign)), now ?? campaign.now)), tenantId },
    };
  });
  if (completed) {
    failpoint('campaign_completed');
    log.info({ campaignId }, 'campaign completed');
    await clearCampaign(runtime, campaignId);
    noteSoon(runtime, completed.tenantId, ['campaigns', 'contacts', 'calls']);
  }
  if (pass.fed > 0) failpoint('campaign_fed');
  if (pass.looked > 0 && pass.tenantId !== undefined) noteSoon(runtime, pass.tenantId, ['campaigns', 'contacts', 'calls']);
  return pass;
}

/** In preview a person asks for each contact. An AI agent that is switched off dials nobody; where people talk the others do. */
function mayFeed({ config }: Runtime, c: RunningCampaign): boolean {
  const isApproved = c.approval === 'approved' || (c.approval === 'pending' && config.CAMPAIGN_APPROVAL === 'off');
  const hasAgent = c.agentActive || c.agentKind === 'human';
  return (
    c.kind !== 'inbound' && c.dialingMode !== 'preview' && isApproved && (!c.startsAt || c.startsAt <= c.now) && hasAgent && c.tenantActive
  );
}

function lineOf({ config }: Runtime, c: RunningCampaign): Parameters<typeof contactsNeeded>[0] {
  const isStaffed = c.agentKind === 'human';
  return {
    people: isStaffed ? { free: c.free, overdial: c.overdial, unbridged: c.unbridged } : undefined,
    caps: [c.maxCalls, isStaffed ? null : c.agentMaxCalls, c.tenantMaxCalls ?? config.TENANT_MAX_CALLS],
    ahead: c.ahead,
    stocked: c.stocked,
    isSpaced: !isStaffed && c.callDelaySeconds > 0,
  };
}

/** The hours have changed: who waits for an opening stands in line again, before anybody else is looked at. */
async function recall(sql: Sql, { id, hoursChangedAt }: RunningCampaign): Promise<Feeding | undefined> {
  if (!hoursChangedAt) return undefined;
  if ((await recallPostponed(sql, id, RECALL)) === RECALL) return { ...NOTHING, more: true };
  await noteRecalled(sql, id, hoursChangedAt);
  return undefined;
}

/**
 * Looks through the contacts whose turn it is until enough are in line. Who may not be called at this hour gets a later turn, and who
 * may never be called is done with, so that nobody is looked at over and over.
 */
async function feed(sql: Sql, campaign: RunningCampaign, need: number, now: Date): Promise<Feeding> {
  let fed = 0;
  let looked = 0;
  while (fed < need && looked < LOOK) {
    const contacts = await readWaiting(sql, campaign, BATCH);
    if (contacts.length === 0) return { fed, more: false, looked };
    looked += contacts.length;
    const { open, later, never } = await sortOut(campaign, contacts, need - fed, now);
    await postpone(sql, later);
    await endUndialed(sql, never);
    fed += (await putInLine(sql, campaign, open)).length;
  }
  return { fed, more: fed < need, looked };
}

interface Sorted {
  open: number[];
  later: Array<{ id: number; until: Date }>;
  never: Array<{ id: number; result: string }>;
}

async function sortOut(campaign: RunningCampaign, contacts: readonly WaitingContact[], most: number, now: Date): Promise<Sorted> {
  const sorted: Sorted = { open: [], later: [], never: [] };
  for (const contact of contacts) {
    if (sorted.open.length >= most) break;
    const { id } = contact;
    const bar = barOf(contact);
    const opens = bar ? undefined : nextOpen(await hoursFor(hoursRuleOf({ ...campaign, zone: contact.timezone }), contact.phone), now);
    if (!opens) sorted.never.push({ id, result: bar ?? 'never_open' });
    else if (opens > now) sorted.later.push({ id, until: opens });
    else sorted.open.push(id);
  }
  return sorted;
}

/** Words that people keep of a contact, and that forbid a call. */
const BARRED: readonly string[] = ['do_not_call', 'not_interested'];

/** Why a contact is never dialed, whatever the hour. The gate asks again about the do-not-call list. */
export function barOf({ suppressed, status }: Pick<WaitingContact, 'suppressed' | 'status'>): string | undefined {
  if (suppressed) return 'suppressed';
  return BARRED.includes(status) ? status : undefined;
}

/** Cancels what of a campaign that is over, or deleted, still waits to be dialed; its contacts wait on. */
export async function clearCampaign({ db }: Runtime, campaignId: number): Promise<number> {
  let cleared = 0;
  for (;;) {
    const taken = await takeBackCalls(db.sql, campaignId, 'its campaign is over', TAKE_BACK);
    cleared += taken;
    if (taken < TAKE_BACK) return cleared;
  }
}

/** The same of all campaigns, for those whose clearing was cut short. Answers how many calls. */
export async function clearLeftOvers(runtime: Runtime): Promise<number> {
  let cleared = 0;
  for (const campaignId of await findLeftOvers(runtime.db.sql)) cleared += await clearCampaign(runtime, campaignId);
  return cleared;
}
