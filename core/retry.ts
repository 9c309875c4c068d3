import type { Outcome } from './call.ts';
import { type AgentStanding, isAgentGone } from './gate.ts';
import { type Hours, nextOpen } from './time/window.ts';

/** The endings that may be tried again. */
export const RETRIED = ['no_answer', 'busy', 'failed', 'voicemail', 'abandoned'] as const satisfies readonly Outcome[];
export type RetriedOutcome = (typeof RETRIED)[number];

/** How often and after what pause an outcome is tried again. */
export interface RetryRule {
  /** dials in all, the first included */
  maxAttempts: number;
  /** from the end of the first attempt to the first retry */
  initialDelayMs: number;
  /** each further pause is this many times the one before */
  backoffMultiplier: number;
}

/** Without a rule an outcome is not tried again. */
export type RetryRules = Readonly<Partial<Record<RetriedOutcome, RetryRule>>>;

/** What holds until an agent's own rules say otherwise (contract: calling, Get Retry Configuration). */
export const DEFAULT_RULES = {
  no_answer: { maxAttempts: 3, initialDelayMs: 300_000, backoffMultiplier: 2 },
  busy: { maxAttempts: 2, initialDelayMs: 600_000, backoffMultiplier: 1.5 },
  failed: { maxAttempts: 2, initialDelayMs: 900_000, backoffMultiplier: 1.5 },
} as const satisfies RetryRules;

/** No pause is longer, whatever the multiplier makes of it. */
export const LONGEST_DELAY_MS = 30 * 24 * 60 * 60 * 1000;

/** What a rule may hold. */
export const RULE_BOUNDS = {
  maxAttempts: { minimum: 1, maximum: 100 },
  initialDelayMs: { minimum: 0, maximum: LONGEST_DELAY_MS },
  backoffMultiplier: { minimum: 1, maximum: 10 },
} as const;

/** Why an attempt is not followed by another. */
export type Stop = 'succeeded' | 'no_rule' | 'exhausted' | 'never_open' | 'cancelled' | Bar;

/** Why no further dial of a chain would ring. */
export type Bar = 'suppressed' | 'not_interested' | 'agent_inactive' | 'campaign_over';

export interface RetryFacts {
  /** how the attempt ended */
  outcome: Outcome;
  /** dials of the original call and all its retries so far */
  dials: number;
  endedAt: Date;
  rule: RetryRule | undefined;
  /** undefined: it may ring at any time */
  hours?: Hours;
}

/**
 * What follows an attempt: the moment of the next dial or the reason why there is none (DESIGN §4 "Retry"). The pause before
 * retry k is `initialDelay × multiplier^(k−1)`, at most LONGEST_DELAY_MS, then moved into the calling hours.
 */
export function planRetry({ outcome, dials, endedAt, rule, hours }: RetryFacts): { at: Date } | { stop: Stop } {
  if (outcome === 'completed') return { stop: 'succeeded' };
  if (!rule) return { stop: 'no_rule' };
  if (dials >= rule.maxAttempts) return { stop: 'exhausted' };
  const delayMs = Math.min(Math.round(rule.initialDelayMs * rule.backoffMultiplier ** (dials - 1)), LONGEST_DELAY_MS);
  return atOpening(new Date(endedAt.getTime() + delayMs), hours);
}

/** A moment moved into the calling hours. */
export function atOpening(at: Date, hours: Hours | undefined): { at: Date } | { stop: 'never_open' } {
  const opens = hours ? nextOpen(hours, at) : at;
  return opens ? { at: opens } : { stop: 'never_open' };
}

/** What forbids every further dial of a chain, whoever asks for it: the gate would only drop the new row. */
export function barOf(facts: {
  suppressed: boolean;
  notInterested: boolean;
  agent: AgentStanding;
  campaign: { status: string } | undefined;
}): Bar | undefined {
  if (facts.suppressed) return 'suppressed';
  if (facts.notInterested) return 'not_interested';
  if (isAgentGone(facts)) return 'agent_inactive';
  return facts.campaign?.status === 'completed' ? 'campaign_over' : undefined;
}

/**
 * The rule for one ending: the agent's, with the campaign's settings over it. A campaign's interval is the same before each
 * retry. It makes no ending one that is tried again.
 */
export function ruleFor(
  outcome: Outcome,
  rules: RetryRules,
  campaign: { maxAttempts: number; retryIntervalMinutes: number | undefined } | undefined,
): RetryRule | undefined {
  const rule = outcome === 'completed' ? undefined : rules[outcome];
  if (!rule || !campaign) return rule;
  const { maxAttempts, retryIntervalMinutes } = campaign;
  if (retryIntervalMinutes === undefined) return { ...rule, maxAttempts };
  return { maxAttempts, initialDelayMs: retryIntervalMinutes * 60_000, backoffMultiplier: 1 };
}

/**
 * Changes what is given and keeps the rest: of the rule that stands, else of the documented default; a first rule for
 * voicemail or abandoned calls starts from that of unanswered ones.
 */
export function changeRules(rules: RetryRules, changes: Partial<Record<RetriedOutcome, Partial<RetryRule>>>): RetryRules {
  const changed: Partial<Record<RetriedOutcome, RetryRule>> = { ...rules };
  for (const outcome of RETRIED) {
    if (changes[outcome]) changed[outcome] = { ...(changed[outcome] ?? DEFAULT_RULES.no_answer), ...changes[outcome] };
  }
  return changed;
}
