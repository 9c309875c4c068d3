import type { CallStatus } from './call.ts';
import { LIVE } from './call.ts';
import { type StoredVerdict, type Verdict, WHY } from './gate.ts';

/** Reasons beside the gate's own. */
export const MORE_REASONS = {
  carrier_refused: 'the carrier refused it',
  in_line: 'nothing holds it back, it is in line',
  inbound: 'it is a call that came in',
  unscheduled: 'nobody has scheduled it yet: its import was made without autoSchedule',
} as const;

export type Reason = keyof typeof WHY | keyof typeof MORE_REASONS;
export const REASONS = [...Object.keys(WHY), ...Object.keys(MORE_REASONS)] as Reason[];

export const DECISIONS = ['dialed', 'waiting', 'not_dialed', 'cancelled'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What a call's row tells about its being dialed. */
export interface WhyFacts {
  direction: 'outbound' | 'inbound';
  status: CallStatus;
  verdict: StoredVerdict | null;
  dueAt: Date | null;
  heldUntil: Date | null;
  /** why it failed, was dropped or is unknown, in words a person reads */
  failureReason: string | null;
  retryOpen: boolean;
  /** the step by which it failed, `end` being the carrier's own word, and the status it was in; null: it did not fail */
  failedBy: 'fail' | 'end' | null;
  failedFrom: CallStatus | null;
  /** when its next attempt, a row of its own, is to ring; null: there is none that still waits */
  nextRetryAt: Date | null;
}

/** What the gate said when it was asked just now. */
export interface Asked {
  verdict: Verdict;
  askedAt: Date;
}

export interface Explanation {
  decision: Decision;
  reason: Reason | null;
  /** one sentence for a person */
  message: string;
  /** when it, or its retry, is looked at next; null: nothing more is tried as things stand */
  nextTryAt: Date | null;
  /** when the gate was last asked */
  askedAt: Date | null;
}

const ENDS: Partial<Record<CallStatus, string>> = {
  dialing: 'It is being dialed: the carrier is asked for it right now.',
  ringing: 'It was dialed and is ringing.',
  in_progress: 'It was dialed and answered, and is in progress.',
  completed: 'It was dialed, answered and completed.',
  no_answer: 'It was dialed and nobody answered.',
  busy: 'It was dialed and the line was busy.',
  voicemail: 'It was dialed and an answering machine took it.',
  abandoned: 'It was dialed and answered, and given up because no agent was free.',
};

/**
 * Why a call was or was not dialed, and when it is tried next (DESIGN §3, the gate's stored answer). `live` is the gate's
 * answer of this moment, for a call that still waits; without one its last stored answer has to do.
 */
export function explain(call: WhyFacts, live: Asked | undefined, now: Date): Explanation {
  const askedAt = live?.askedAt ?? (call.verdict ? new Date(call.verdict.at) : null);
  if (call.direction === 'inbound') return { ...told('not_dialed', 'inbound', `Not dialed: ${sentenceOf('inbound')}.`), askedAt: null };
  if (call.status === 'cancelled') return { ...told('cancelled', null, 'It was cancelled before it was dialed.'), askedAt };
  if (call.status === 'unscheduled') return { ...told('waiting', 'unscheduled', waitsFor('unscheduled')), askedAt };
  if (call.status === 'scheduled' || call.status === 'queued') return { ...waiting(call, live?.verdict, now), askedAt };
  return { ...followedUp(call, begun(call)), askedAt };
}

function waiting(call: WhyFacts, verdict: Verdict | undefined, now: Date): Omit<Explanation, 'askedAt'> {
  const dueAt = call.dueAt ?? now;
  if (verdict?.answer === 'drop') {
    const at = later(dueAt, call.heldUntil ?? now);
    return {
      ...told('waiting', verdict.why, `It waits and, as things stand, will not be dialed: ${WHY[verdict.why]}.`),
      nextTryAt: later(at, now),
    };
  }
  const last = call.verdict?.answer === 'wait' && call.verdict.why ? { why: call.verdict.why, untilMs: untilMs(call.verdict) } : undefined;
  let why: Reason = verdict?.answer === 'wait' ? verdict.why : 'in_line';
  let until = verdict?.answer === 'wait' ? verdict.until : now;
  if (dueAt > now && dueAt >= until) {
    until = dueAt;
    // a rule moved the row to this moment: that its time has not come is true and says nothing
    why = last?.untilMs === dueAt.getTime() ? last.why : 'not_due';
  }
  if (call.heldUntil && call.heldUntil > now && call.heldUntil > until) {
    until = call.heldUntil;
    why = last?.why ?? why;
  }
  return { ...told('waiting', why, waitsFor(why)), nextTryAt: later(until, now) };
}

/** The carrier was asked, or the call ended before. */
function begun(call: WhyFacts): Omit<Explanation, 'askedAt'> {
  const because = call.failureReason ? ` ${sentence(call.failureReason)}` : '';
  if (call.status === 'unknown')
    return told('dialed', null, `The carrier was asked to place it and gave no clear answer; it is asked what became of it.${because}`);
  if (call.status !== 'failed') return told('dialed', null, `${ENDS[call.status] ?? 'It was dialed.'}${because}`);
  if (call.verdict?.answer === 'drop' && call.verdict.why) {
    const why = call.verdict.why;
    return told('not_dialed', why, call.failureReason ? sentence(call.failureReason) : `Not dialed: ${sentenceOf(why)}.`);
  }
  if (call.failedBy === 'end') return told('dialed', null, `It was dialed and failed.${because}`);
  if (call.failedFrom === 'dialing') return told('not_dialed', 'carrier_refused', because.trim() || 'The carrier refused the call.');
  if (call.failedFrom === null || !LIVE.includes(call.failedFrom))
    return told('not_dialed', null, because.trim() || 'It failed before it was dialed.');
  // nobody could tell what became of it
  return told('dialed', null, `It was dialed and failed.${because}`);
}

/** What comes after an attempt that ended without success. */
function followedUp(call: WhyFacts, ended: Omit<Explanation, 'askedAt'>): Omit<Explanation, 'askedAt'> {
  if (call.retryOpen) return { ...ended, message: `${ended.message} Whether it is tried again is being decided.` };
  if (call.nextRetryAt) return { ...ended, message: `${ended.message} It is tried again.`, nextTryAt: call.nextRetryAt };
  return ended;
}

function told(decision: Decision, reason: Reason | null, message: string): Omit<Explanation, 'askedAt'> {
  return { decision, reason, message, nextTryAt: null };
}

function waitsFor(reason: Reason): string {
  return reason === 'in_line' ? 'It is in line and dialed next: nothing holds it back.' : `It is not dialed yet: ${sentenceOf(reason)}.`;
}

/** A reason in words, to go after a colon. */
export function sentenceOf(reason: Reason): string {
  return reason in WHY ? WHY[reason as keyof typeof WHY] : MORE_REASONS[reason as keyof typeof MORE_REASONS];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function untilMs(verdict: StoredVerdict): number | undefined {
  return verdict.until === undefined ? undefined : Date.parse(verdict.until);
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
