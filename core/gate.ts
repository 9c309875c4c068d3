import type { Hours } from './time/window.ts';
import { nextOpen } from './time/window.ts';

/** Why a call is not dialed now. Each has one sentence in `WHY`. */
export const WHY = {
  not_due: 'its time has not come',
  suppressed: 'the number is on the do-not-call list',
  tenant_inactive: 'the account is suspended',
  not_interested: 'its contact is not interested',
  agent_inactive: 'its agent is switched off or deleted',
  campaign_not_running: 'its campaign is not running',
  agent_off: 'its agent is switched off',
  campaign_rejected: 'its campaign was rejected, and waits until an administrator approves it',
  outside_hours: 'it is outside the calling hours',
  never_open: 'its calling hours never open, or never in all the zones that its number may be in: give it a zone of its own',
  no_credit: 'the account has no credit that is not spoken for',
  number_busy: 'the line to this number is taken just now',
  tenant_cap: 'the account has as many calls in flight as it may',
  campaign_cap: 'the campaign has as many calls in flight as it may',
  agent_cap: 'its agent has as many calls in flight as it may',
  no_free_person: 'nobody of its campaign is free to talk',
  call_delay: 'its campaign pauses between calls',
  carrier_cap: 'the carrier has as many calls in flight as it may',
  carrier_pace: 'the carrier takes no more call starts per second',
  carrier_paused: 'the carrier is paused because it fails',
} as const;

export type Why = keyof typeof WHY;

/** Where a call's agent stands. For people of a campaign `peopleCap` tells who can take it, and one who is off is no hindrance. */
export type AgentStanding = 'on' | 'off' | 'deleted';

/**
 * Whether an agent's standing ends its calls for good. One that is switched off may come back, and a campaign's calls wait for that as
 * they do for a paused campaign; one that is deleted never does, and who waited for it would be in line for ever.
 */
export function isAgentGone({ agent, campaign }: { agent: AgentStanding; campaign: unknown }): boolean {
  return agent === 'deleted' || (agent === 'off' && campaign === undefined);
}

/** Reasons that stop every call of a carrier alike: who asks may as well stay in line. */
export const CARRIER_WIDE: readonly Why[] = ['carrier_cap', 'carrier_pace', 'carrier_paused'];

/** Reasons of the clock: the call is due later. With any other it keeps its place in line. */
export const LATER: readonly Why[] = ['not_due', 'outside_hours'];

export type Verdict = { answer: 'dial' } | { answer: 'wait'; why: Why; until: Date } | { answer: 'drop'; why: Why };

/** A verdict as it is kept on the row, so that "why was this (not) called?" has an answer. */
export interface StoredVerdict {
  answer: Verdict['answer'];
  why?: Why | 'carrier_refused';
  until?: string;
  at: string;
}

export interface Cap {
  live: number;
  max: number;
}

export interface CampaignFacts {
  status: string;
  approval: string;
  approvalRequired: boolean;
  startsAt: Date | undefined;
  endsAt: Date | undefined;
  /** when its next call may start, where it pauses between calls */
  nextCallAt: Date | undefined;
}

/** All that the gate looks at. What does not apply is undefined. */
export interface GateFacts {
  dueAt: Date;
  tenantActive: boolean;
  agent: AgentStanding;
  campaign: CampaignFacts | undefined;
  suppressed: boolean;
  /** its campaign's contact has said so, or somebody has for them */
  notInterested: boolean;
  /** undefined: this call may ring at its time (DESIGN §4 "Calling hours") */
  hours: Hours | undefined;
  /** in the account's money: the balance, what calls in flight hold of it, and what this call's first minute costs */
  credit: { balance: number; held: number; needed: number; autoRefill: boolean };
  /** some tenant's call to this number is in flight: a busy line, and a riddle for whoever asks the carrier by number */
  numberLive: boolean;
  tenantCap: Cap;
  campaignCap: Cap | undefined;
  /** of an AI agent that may hold only so many calls at once */
  agentCap: Cap | undefined;
  /** calls that ring or wait for somebody, and how many there may be: one for each free person and what the pacer adds */
  peopleCap: Cap | undefined;
  carrierCap: Cap;
  /** when the carrier's pace lets the next call start */
  paceOpensAt: Date;
  carrierPausedUntil: Date | undefined;
}

const SECOND = 1000;
/** How long a full cap, a busy number, an empty account keep a call waiting before it asks again. */
const ASK_AGAIN_MS = { cap: 1 * SECOND, number: 5 * SECOND, spokenFor: 5 * SECOND, credit: 60 * SECOND, campaign: 60 * SECOND };
/** A worker holds a call this long for its turn at the carrier; beyond it the call goes back into the row. */
export const PACE_PATIENCE_MS = 1 * SECOND;

/**
 * May this call be dialed now? Final reasons first, then the longest waits, then the caps, which others may free any
 * moment (order: reliability_security §2.7).
 */
export function gate(facts: GateFacts, now: Date): Verdict {
  if (facts.suppressed) return { answer: 'drop', why: 'suppressed' };
  if (facts.notInterested) return { answer: 'drop', why: 'not_interested' };
  if (isAgentGone(facts)) return { answer: 'drop', why: 'agent_inactive' };
  if (facts.dueAt > now) return { answer: 'wait', why: 'not_due', until: facts.dueAt };
  const later = (why: Why, ms: number): Verdict => ({ answer: 'wait', why, until: new Date(now.getTime() + ms) });
  if (!facts.tenantActive) return later('tenant_inactive', ASK_AGAIN_MS.campaign);
  // an administrator may change their mind, and nobody's contacts are lost by it
  if (facts.campaign?.approval === 'rejected') return later('campaign_rejected', ASK_AGAIN_MS.campaign);
  if (facts.campaign && !mayRun(facts.campaign, now)) return later('campaign_not_running', ASK_AGAIN_MS.campaign);
  if (facts.agent === 'off') return later('agent_off', ASK_AGAIN_MS.campaign);
  if (facts.hours) {
    // it rings when its turn comes, not when it is asked about
    const startsAt = facts.paceOpensAt > now ? facts.paceOpensAt : now;
    const opens = nextOpen(facts.hours, startsAt);
    if (!opens) return { answer: 'drop', why: 'never_open' };
    if (opens > startsAt) return { answer: 'wait', why: 'outside_hours', until: opens };
  }
  const { balance, held, needed, autoRefill } = facts.credit;
  if (!autoRefill && !covers(balance - held, needed)) {
    return later('no_credit', covers(balance, needed) ? ASK_AGAIN_MS.spokenFor : ASK_AGAIN_MS.credit);
  }
  if (facts.numberLive) return later('number_busy', ASK_AGAIN_MS.number);
  if (isFull(facts.tenantCap)) return later('tenant_cap', ASK_AGAIN_MS.cap);
  if (facts.campaignCap && isFull(facts.campaignCap)) return later('campaign_cap', ASK_AGAIN_MS.cap);
  if (facts.agentCap && isFull(facts.agentCap)) return later('agent_cap', ASK_AGAIN_MS.cap);
  if (facts.peopleCap && isFull(facts.peopleCap)) return later('no_free_person', ASK_AGAIN_MS.cap);
  const nextCallAt = facts.campaign?.nextCallAt;
  if (nextCallAt && nextCallAt > now) return { answer: 'wait', why: 'call_delay', until: nextCallAt };
  if (isFull(facts.carrierCap)) return later('carrier_cap', ASK_AGAIN_MS.cap);
  if (facts.carrierPausedUntil && facts.carrierPausedUntil > now) {
    return { answer: 'wait', why: 'carrier_paused', until: facts.carrierPausedUntil };
  }
  if (facts.paceOpensAt.getTime() - now.getTime() > PACE_PATIENCE_MS) {
    return { answer: 'wait', why: 'carrier_pace', until: facts.paceOpensAt };
  }
  return { answer: 'dial' };
}

function mayRun({ status, approval, approvalRequired, startsAt, endsAt }: CampaignFacts, now: Date): boolean {
  const isOpen = (!startsAt || startsAt <= now) && (!endsAt || now < endsAt);
  return status === 'active' && isOpen && (!approvalRequired || approval === 'approved');
}

function covers(credit: number, needed: number): boolean {
  return credit > 0 && credit >= needed;
}

function isFull(cap: Cap): boolean {
  return cap.live >= cap.max;
}

/** The verdict in the form that is kept. */
export function storedVerdict(verdict: Verdict, now: Date): StoredVerdict {
  if (verdict.answer === 'dial') return { answer: 'dial', at: now.toISOString() };
  const stored: StoredVerdict = { answer: verdict.answer, why: verdict.why, at: now.toISOString() };
  return verdict.answer === 'wait' ? { ...stored, until: verdict.until.toISOString() } : stored;
}
