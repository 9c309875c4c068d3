/**
 * Predictive pacing (DESIGN §4): how many lines may ring at once so that people talk as much as they can and, of the calls
 * that are answered, no more than 3 % find nobody within two seconds, on every day and over every 30 days (47 CFR 64.1200(a)(7)).
 */
import type { PacingFacts, Tally } from './pacing/facts.ts';
import { linesWithin } from './pacing/lines.ts';

export type { PacingFacts, Tally } from './pacing/facts.ts';
export type { RecentDial } from './pacing/measure.ts';
export { type Measured, measure } from './pacing/measure.ts';

/** What one look leaves to the next. */
export interface PacingState {
  /** the chance of finding nobody that one more line may have: learned, so that the cap is used and not passed */
  risk: number;
  /** what `risk` has learned from */
  seen: Tally & { day: string };
}

export interface Pace {
  /** lines beyond one for each free person */
  overdial: number;
  /** how many more calls could be abandoned now, by what may be spent of the day and of the month; below nought: too many were */
  allowance: number;
  state: PacingState;
}

/** Of the calls answered, so many may be abandoned. */
export const ABANDON_CAP = 0.03;
/** What may be spent, and what is aimed at: the room is for a burst, and for people who leave while a line rings for them. */
const SPEND = 0.029;
const AIM = 0.028;
/** One abandoned call lowers the risk by this share; as many answers as allow for one raise it as much. */
const LEARNING = 0.08;
/** At the least risk so few calls are abandoned that their share falls. */
const RISK = { first: 0.04, least: 0.01, most: 0.6 };
/** So many answers have to be known before anything is risked. */
const KNOWN_ANSWERS = 34;
/** These calls of the allowance are never spent, one at first and two after so many answers; below so many more the risk is taken in part. */
const KEPT_BACK = { first: 1, most: 2, afterAnswers: 300 };
const PLENTY = 2.5;

export const FIRST_STATE: PacingState = { risk: RISK.first, seen: { day: '', answered: 0, abandoned: 0 } };

/**
 * Answers for the next second. Until enough calls were answered today for one to be abandoned it is progressive, and again
 * whenever the allowance is used up; in between it takes the most lines within the learned risk. Never below 0, and never more
 * lines than `dialRatio` for each person. Ask again within a second or so: lines that end until then are not replaced unseen.
 */
export function pace(facts: PacingFacts, state: PacingState, nowMs: number): Pace {
  const next = learn(state, facts);
  const allowance = Math.min(allowanceOf(facts.today), allowanceOf(facts.month));
  const ceiling = facts.free + Math.floor((facts.dialRatio - 1) * facts.people);
  // the last call of the allowance is for what nobody can foresee
  const untouched = facts.today.abandoned > 0 ? KEPT_BACK.first : 0;
  if (allowance <= untouched || facts.month.answered < KNOWN_ANSWERS || ceiling <= facts.free)
    return { overdial: 0, allowance, state: next };
  const part = Math.min(1, Math.max(0, (allowance - keptBack(facts.today.answered)) / PLENTY));
  const lines = linesWithin(facts, RISK.least + part * (next.risk - RISK.least), ceiling, nowMs);
  return { overdial: Math.max(0, Math.round(lines - endingSoon(facts, nowMs)) - facts.free), allowance, state: next };
}

/** What was stored, read back; the first state when it is none. */
export function readState(stored: Record<string, unknown> | null): PacingState {
  const { risk, seen } = stored ?? {};
  if (typeof risk !== 'number' || typeof seen !== 'object' || seen === null) return FIRST_STATE;
  const { day, answered, abandoned } = seen as Record<string, unknown>;
  if (typeof day !== 'string' || typeof answered !== 'number' || typeof abandoned !== 'number') return FIRST_STATE;
  return { risk: within(risk), seen: { day, answered, abandoned } };
}

function allowanceOf({ answered, abandoned }: Tally): number {
  return SPEND * answered - abandoned;
}

function keptBack(answered: number): number {
  const { first, most, afterAnswers } = KEPT_BACK;
  return first + (most - first) * Math.min(1, answered / afterAnswers);
}

/** Learns from what came since the last look of the same day, or since the day began. */
function learn({ risk, seen }: PacingState, { day, today }: PacingFacts): PacingState {
  const before = seen.day === day ? seen : { answered: 0, abandoned: 0 };
  const saved = AIM * (today.answered - before.answered) - (today.abandoned - before.abandoned);
  return { risk: within(risk * Math.exp(LEARNING * saved)), seen: { day, ...today } };
}

function within(risk: number): number {
  return Math.min(RISK.most, Math.max(RISK.least, risk));
}

/**
 * How many lines are expected to end unanswered before the next look. They were worth little and a new one is worth much, so
 * each is replaced only when it is seen to be gone: a hundred that were dialed together end together.
 */
function endingSoon({ ringingSinceMs, measured }: PacingFacts, nowMs: number): number {
  return ringingSinceMs.reduce((sum, sinceMs) => sum + (measured.lapses[Math.round((nowMs - sinceMs) / 1000)] ?? 0), 0);
}
