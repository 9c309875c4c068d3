import { AppError } from '../core/errors.ts';
import { ASSUMED, type Experience, type Forecast, forecast, type ForecastFacts, MEASURED_FROM } from '../core/forecast.ts';
import { looksAssigned } from '../core/phone-validity.ts';
import { nextOpen } from '../core/time/window.ts';
import { type CampaignOutlook, readOutlook, sampleWaiting, type SampledContact, sampleZones } from '../db/query/campaign-facts.ts';
import type { CampaignRow } from '../db/query/campaigns.ts';
import { hoursRuleOf } from '../db/query/hours-rule.ts';
import { barOf } from './campaign-run.ts';
import { hoursFor } from './hours.ts';
import { campaignOf } from './campaigns.ts';
import type { Runtime } from './runtime.ts';

/** Contacts that a preflight looks at one by one; of more it takes about so many, and each counts for several. */
const SAMPLE = 2000;
/** Contacts whose zones a forecast looks at; a progress is asked for often. */
const ZONES_SAMPLE = 1000;

export interface Preflight {
  waiting: number;
  /** contacts looked at; fewer than `waiting`: the counts below are estimates */
  looked: number;
  /** how many will not be dialed, or not now, and why; a contact counts once, for the first that applies */
  skipped: {
    suppressed: number;
    /** people said not to call, or not interested */
    refused: number;
    neverOpen: number;
    /** the number belongs to no block that a country has assigned: it is dialed, and likely fails */
    unassigned: number;
    /** another active campaign of the account is at it too: it is dialed by both */
    duplicate: number;
    /** dialed when their hours open */
    outsideHours: number;
  };
  /** why nothing would be dialed at all just now */
  obstacles: string[];
  forecast: Forecast & { experience: Experience };
}

/** Looks ahead without changing anything. @throws AppError `not_found` */
export async function preflight(runtime: Runtime, tenantId: number, id: number | undefined): Promise<Preflight> {
  const { campaign, outlook } = await read(runtime, tenantId, id);
  const { waiting, sample } = await sampleWaiting(runtime.db.sql, tenantId, campaign.id, SAMPLE);
  const counts: Preflight['skipped'] = { suppressed: 0, refused: 0, neverOpen: 0, unassigned: 0, duplicate: 0, outsideHours: 0 };
  let first = outlook.inLine > 0 ? outlook.now : undefined;
  for (const contact of sample) {
    const { why, opens } = await skipOf(outlook, contact);
    if (why) counts[why] += 1;
    if (opens && (!first || opens < first)) first = opens;
  }
  const scale = sample.length === 0 ? 0 : waiting / sample.length;
  const skipped = Object.fromEntries(Object.entries(counts).map(([why, n]) => [why, Math.round(n * scale)])) as Preflight['skipped'];
  const dialable = waiting + outlook.inLine - skipped.suppressed - skipped.refused - skipped.neverOpen;
  return {
    waiting,
    looked: sample.length,
    skipped,
    obstacles: obstaclesOf(runtime, campaign, outlook),
    forecast: await lookAhead(runtime, campaign, outlook, dialable, first),
  };
}

/** Why a contact is not dialed, or not now, and from when on it may be. */
async function skipOf(outlook: CampaignOutlook, contact: SampledContact): Promise<{ why?: keyof Preflight['skipped']; opens?: Date }> {
  if (contact.suppressed) return { why: 'suppressed' };
  if (barOf(contact)) return { why: 'refused' };
  const opens = nextOpen(await hoursFor(hoursRuleOf({ ...outlook, zone: contact.timezone }), contact.phone), outlook.now);
  if (!opens) return { why: 'neverOpen' };
  if (!looksAssigned(contact.phone)) return { why: 'unassigned', opens };
  if (contact.duplicate) return { why: 'duplicate', opens };
  return opens > outlook.now ? { why: 'outsideHours', opens } : { opens };
}

export interface Progress {
  campaign: CampaignRow;
  waiting: number;
  inLine: number;
  calls: { live: number; due: number; later: number };
  /** ended dials of the last 30 days */
  dials: Pick<CampaignOutlook, 'dials' | 'answered' | 'abandoned' | 'completed'> & { averageTalkSeconds: number };
  people: { signedIn: number; available: number };
  /** why nothing is dialed just now */
  obstacles: string[];
  forecast: Forecast & { experience: Experience };
}

/** How far a campaign is. @throws AppError `not_found` */
export async function progress(runtime: Runtime, tenantId: number, id: number | undefined): Promise<Progress> {
  const { campaign, outlook } = await read(runtime, tenantId, id);
  const { dials, answered, abandoned, completed, talkSeconds, inLine, live, due, later, signedIn, free } = outlook;
  const left = leftOf(campaign);
  return {
    campaign,
    waiting: left - inLine,
    inLine,
    calls: { live, due, later },
    dials: { dials, answered, abandoned, completed, averageTalkSeconds: answered === 0 ? 0 : Math.round(talkSeconds / answered) },
    people: { signedIn, available: free },
    obstacles: obstaclesOf(runtime, campaign, outlook),
    forecast: await lookAhead(runtime, campaign, outlook, left, laterOf(outlook)),
  };
}

/** Whose dialing is not over. */
const leftOf = ({ totalContacts, completedContacts }: CampaignRow) => totalContacts - completedContacts;

async function read({ db }: Runtime, tenantId: number, id: number | undefined) {
  const campaign = await campaignOf({ db }, tenantId, id);
  const outlook = await readOutlook(db.sql, tenantId, campaign.id);
  if (!outlook) throw new AppError('not_found', 'Campaign not found');
  return { campaign, outlook };
}

function obstaclesOf({ config }: Runtime, campaign: CampaignRow, o: CampaignOutlook): string[] {
  const { status, approval, kind, startsAt, agentId, agentKind } = campaign;
  const isPeople = agentKind === 'human';
  const later = laterOf(o);
  const found: Array<[boolean, string]> = [
    [status !== 'active', `it is ${status}`],
    [approval === 'rejected', 'the administrator has rejected it'],
    [approval === 'pending' && config.CAMPAIGN_APPROVAL === 'required', 'the administrator has not approved it yet'],
    [kind === 'inbound', 'it only takes calls'],
    [startsAt !== null && startsAt > o.now, 'its start date has not come'],
    [!o.tenantActive, 'the account is suspended'],
    [agentId === null, 'it has no agent'],
    [agentId !== null && !isPeople && !o.agentActive, 'its agent is switched off'],
    [isPeople && o.signedIn === 0, 'nobody who works for it is signed in'],
    [isPeople && o.signedIn > 0 && o.free === 0, 'nobody who works for it is free'],
    [
      status === 'active' && later !== undefined,
      `all who still wait are outside their calling hours; the first is dialed from ${later?.toISOString()}`,
    ],
    [!o.autoRefill && o.balance <= 0, 'the account has no credit'],
  ];
  return found.flatMap(([isSo, why]) => (isSo ? [why] : []));
}

/** When the first contact's hours open, if nobody may be dialed before. */
function laterOf({ nextContactAt, now, due, live }: CampaignOutlook): Date | undefined {
  return nextContactAt !== null && nextContactAt > now && due + live === 0 ? nextContactAt : undefined;
}

async function lookAhead(
  { config, db }: Runtime,
  campaign: CampaignRow,
  o: CampaignOutlook,
  contacts: number,
  first: Date = o.now,
): Promise<Progress['forecast']> {
  const experience = experienceOf(o);
  const lines = Math.min(
    campaign.maxCalls ?? Infinity,
    o.agentMaxCalls ?? Infinity,
    o.tenantMaxCalls ?? config.TENANT_MAX_CALLS,
    config.CARRIER_MAX_CALLS,
  );
  const isPeople = campaign.agentKind === 'human';
  const spaced = isPeople || campaign.callDelaySeconds === 0 ? Infinity : 1 / campaign.callDelaySeconds;
  const facts = {
    contacts,
    maxAttempts: campaign.maxAttempts,
    experience,
    talkers: isPeople ? { kind: 'people' as const, signedIn: o.signedIn } : { kind: 'ai' as const, lines },
    startsPerSecond: Math.min(config.CARRIER_CALLS_PER_SECOND, spaced),
    balance: o.balance,
    autoRefill: o.autoRefill,
    turns: await turnsOf(o, await sampleZones(db.sql, campaign.tenantId, campaign.id, { left: leftOf(campaign), most: ZONES_SAMPLE })),
  };
  const from = Math.max(first.getTime(), campaign.startsAt?.getTime() ?? 0, o.now.getTime());
  return { ...forecast(facts, new Date(from)), experience };
}

/** Who of a sample has the same calling hours, each in the zones of its own. */
async function turnsOf(o: CampaignOutlook, sample: ReadonlyArray<Pick<SampledContact, 'phone' | 'timezone'>>) {
  const turns = new Map<string, ForecastFacts['turns'][number]>();
  for (const { phone, timezone } of sample) {
    const hours = await hoursFor(hoursRuleOf({ ...o, zone: timezone }), phone);
    const zones = hours.zones.join();
    turns.set(zones, { hours, people: (turns.get(zones)?.people ?? 0) + 1 });
  }
  return [...turns.values()];
}

function experienceOf(o: CampaignOutlook): Experience {
  const isMeasured = o.dials >= MEASURED_FROM && o.answered > 0;
  const answerRate = isMeasured ? o.answered / o.dials : ASSUMED.answerRate;
  const talkSeconds = isMeasured ? o.talkSeconds / o.answered : ASSUMED.talkSeconds;
  const assumedCost = answerRate * Math.ceil(talkSeconds / 60) * o.minutePrice;
  return { isMeasured, answerRate, talkSeconds, costPerDial: o.agentCalls >= MEASURED_FROM ? o.agentCost / o.agentCalls : assumedCost };
}
