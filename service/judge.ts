import type { Config } from '../core/config.ts';
import {
  type CampaignFacts,
  type Cap,
  CARRIER_WIDE,
  gate,
  type GateFacts,
  LATER,
  type StoredVerdict,
  storedVerdict,
  type Verdict,
  WHY,
  type Why,
} from '../core/gate.ts';
import { type FreePeople, readFreePeople } from '../db/query/free-people.ts';
import { type Candidate, countInFlight, type InFlight, peekCandidate, readCandidates } from '../db/query/gate-facts.ts';
import { type Pace, readPace } from '../db/query/pace.ts';
import { drop, type Dropped, putBack, type Waiting } from '../db/query/verdicts.ts';
import type { Sql } from '../db/client.ts';
import { hoursFor } from './hours.ts';
import type { Runtime } from './runtime.ts';

export interface Admitted {
  candidate: Candidate;
  verdict: StoredVerdict;
  /** when the carrier's pace lets it start */
  startAt: Date;
}

export interface Judged {
  admitted: Admitted[];
  /** calls that only the carrier, or a moment, keeps back, which stay as they are, and until when */
  held: Map<number, Date>;
  /** when the carrier's next call may start after these */
  nextStartAt: Date;
  /** the same of campaigns that pause between calls */
  nextCallAts: Map<number, Date>;
}

/** What takes places under the caps, as far as it bears on the calls that are asked about. */
interface Taken {
  inFlight: InFlight;
  people: Map<number, FreePeople>;
  nextCallAts: Map<number, Date>;
}

/** Where the gate is asked, and about which calls. */
export interface Question {
  at: 'dispatch' | 'claim';
  callIds: readonly number[];
  /** a call that is due so soon is judged as at that moment */
  aheadMs: number;
  /** no more than these are admitted, and what comes behind them is not asked about */
  places?: number;
}

/** A call that is this close to its time is not sent away for it. */
const MOMENT_MS = 1000;
/** A claim takes a while; one that begins this long before the call is due has it ready in time. */
export const CLAIM_AHEAD_MS = 50;

/**
 * Locks the calls that still wait there and asks the gate about each in turn: an admitted call takes its place under the
 * caps, its hold on the credit and its turn in the carrier's pace (one start every `stepMs`) before the next is asked. A call
 * may be a little ahead of its time, and is judged as at that time. Those that must wait or never ring are written
 * back in the same transaction; the admitted and the held ones are the caller's.
 */
export async function judge(
  sql: Sql,
  runtime: Runtime,
  { at, callIds, aheadMs, places = Infinity }: Question,
  pace: Pace & { stepMs: number },
): Promise<Judged> {
  const { config, metrics } = runtime;
  // in this order: a call that ends in between has its hold and its charge counted, not neither
  const [inFlight, people, candidates] = await Promise.all([
    countInFlight(sql, config.CARRIER, callIds, at === 'dispatch'),
    readFreePeople(sql, callIds, at === 'dispatch'),
    readCandidates(sql, config.CARRIER, callIds, at === 'dispatch' ? 'scheduled' : 'queued'),
  ]);
  const taken: Taken = { inFlight, people, nextCallAts: new Map() };
  const numbers = new Set<string>();
  let nextStartMs = pace.nextStartAt.getTime();
  const admitted: Admitted[] = [];
  const held: Judged['held'] = new Map();
  const waiting: Waiting[] = [];
  const dropped: Dropped[] = [];

  for (const candidate of candidates) {
    if (admitted.length >= places) break;
    const earlyMs = candidate.dueAt.getTime() - pace.now.getTime();
    // somebody else has just sent it away until later
    if (at === 'dispatch' && earlyMs > aheadMs) continue;
    const now = earlyMs > 0 && earlyMs <= aheadMs ? candidate.dueAt : pace.now;
    const startMs = Math.max(nextStartMs, now.getTime());
    const facts = await factsOf(runtime, candidate, taken, { ...pace, nextStartAt: new Date(startMs) });
    const verdict = gate({ ...facts, numberLive: facts.numberLive || numbers.has(candidate.to) }, now);
    const stored = storedVerdict(verdict, pace.now);
    metrics.verdicts.inc({ at, answer: verdict.answer, why: verdict.answer === 'dial' ? '' : verdict.why });
    if (verdict.answer === 'dial') {
      admitted.push({ candidate, verdict: stored, startAt: new Date(startMs) });
      numbers.add(candidate.to);
      take(taken, candidate, startMs);
      nextStartMs = startMs + pace.stepMs;
    } else if (verdict.answer === 'drop') {
      dropped.push({ callId: candidate.callId, reason: `Not dialed: ${WHY[verdict.why]}`, verdict: stored });
    } else if (staysInLine(verdict, now)) held.set(candidate.callId, verdict.until);
    else if (at === 'claim' || !CAPS.includes(verdict.why))
      waiting.push({ callId: candidate.callId, verdict: stored, ...comesBack(verdict) });
  }
  await putBack(sql, waiting);
  await drop(sql, dropped);
  return { admitted, held, nextStartAt: new Date(nextStartMs), nextCallAts: taken.nextCallAts };
}

/** What the gate would say of a waiting call now; changes and locks nothing. Undefined when the call does not wait. */
export async function askGate(runtime: Runtime, callId: number): Promise<{ verdict: Verdict; askedAt: Date } | undefined> {
  const { config, db } = runtime;
  const [pace, inFlight, people] = await Promise.all([
    readPace(db.sql, config.CARRIER),
    countInFlight(db.sql, config.CARRIER, [callId], false),
    readFreePeople(db.sql, [callId], false),
  ]);
  const candidate = await peekCandidate(db.sql, config.CARRIER, callId);
  if (!candidate) return undefined;
  const taken = { inFlight, people, nextCallAts: new Map<number, Date>() };
  return { verdict: gate(await factsOf(runtime, candidate, taken, pace), pace.now), askedAt: pace.now };
}

function staysInLine({ why, until }: Extract<Verdict, { answer: 'wait' }>, now: Date): boolean {
  return CARRIER_WIDE.includes(why) || (why === 'not_due' && until.getTime() - now.getTime() <= MOMENT_MS);
}

/** The dispatcher sees by itself when a tenant or a campaign has room again, so who waits for that just stands in line. */
const CAPS: readonly Why[] = ['tenant_cap', 'campaign_cap', 'no_free_person'];

/** By the clock a call is due later; for anything else it waits in line, passed over for a while. */
function comesBack({ why, until }: Extract<Verdict, { answer: 'wait' }>): Pick<Waiting, 'dueAt' | 'heldUntil'> {
  if (LATER.includes(why)) return { dueAt: until, heldUntil: undefined };
  return { dueAt: undefined, heldUntil: CAPS.includes(why) ? undefined : until };
}

async function factsOf({ config }: Runtime, candidate: Candidate, taken: Taken, pace: Pace): Promise<GateFacts> {
  const { inFlight } = taken;
  const { tenantId, balance, hold, autoRefill, dueAt, hours, to } = candidate;
  return {
    ...candidate.facts,
    campaign: campaignOf(config, candidate, taken),
    dueAt,
    hours: hours && (await hoursFor(hours, to)),
    credit: { balance, held: inFlight.held.get(tenantId) ?? 0, needed: hold, autoRefill },
    tenantCap: { live: inFlight.tenants.get(tenantId) ?? 0, max: candidate.tenantMaxCalls ?? config.TENANT_MAX_CALLS },
    campaignCap: campaignCapOf(candidate, inFlight),
    agentCap: agentCapOf(candidate, inFlight),
    peopleCap: peopleCapOf(candidate, taken),
    carrierCap: { live: inFlight.carrier, max: config.CARRIER_MAX_CALLS },
    paceOpensAt: pace.nextStartAt,
    carrierPausedUntil: pace.pausedUntil,
  };
}

function campaignCapOf({ campaignId, campaignMaxCalls }: Candidate, inFlight: InFlight): Cap | undefined {
  if (campaignId === undefined || campaignMaxCalls === undefined) return undefined;
  return { live: inFlight.campaigns.get(campaignId) ?? 0, max: campaignMaxCalls };
}

function agentCapOf({ agentId, agentMaxCalls }: Candidate, inFlight: InFlight): Cap | undefined {
  return agentMaxCalls === undefined ? undefined : { live: inFlight.agents.get(agentId) ?? 0, max: agentMaxCalls };
}

function peopleCapOf({ campaignId, hasPerson }: Candidate, { people }: Taken): Cap | undefined {
  const found = hasPerson || campaignId === undefined ? undefined : people.get(campaignId);
  return found && { live: found.unbridged, max: Math.max(0, found.free + found.overdial) };
}

function campaignOf(config: Config, { campaign, campaignId }: Candidate, { nextCallAts }: Taken): CampaignFacts | undefined {
  if (!campaign || campaignId === undefined) return undefined;
  const nextCallAt = nextCallAts.get(campaignId) ?? campaign.nextCallAt;
  return { ...campaign, nextCallAt, approvalRequired: config.CAMPAIGN_APPROVAL === 'required' };
}

/** An admitted call takes its places before the next is asked about. */
function take({ inFlight, people, nextCallAts }: Taken, candidate: Candidate, startMs: number): void {
  const { tenantId, campaignId, agentId, hold, callDelayMs, hasPerson } = candidate;
  inFlight.carrier += 1;
  add(inFlight.tenants, tenantId, 1);
  add(inFlight.held, tenantId, hold);
  add(inFlight.agents, agentId, 1);
  if (campaignId === undefined) return;
  add(inFlight.campaigns, campaignId, 1);
  if (callDelayMs > 0) nextCallAts.set(campaignId, new Date(startMs + callDelayMs));
  if (hasPerson) return;
  for (const sharing of people.get(campaignId)?.sharing ?? []) {
    const others = people.get(sharing);
    if (others) others.unbridged += 1;
  }
}

function add(sums: Map<number, number>, key: number, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
