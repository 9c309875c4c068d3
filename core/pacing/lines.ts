import type { PacingFacts } from './facts.ts';
import { answeredBy, talkOverWithin } from './measure.ts';
import { addChance, atLeast, normalBelow } from './odds.ts';

/** Who answers waits so long for a person before the call counts as abandoned (47 CFR 64.1200(a)(7)). */
export const PATIENCE_MS = 2000;
/** How far ahead the odds are looked at. */
const AHEAD_MS = [2, 4, 6, 8, 10, 13, 16, 20, 25, 30].map((seconds) => seconds * 1000);
/** Beyond so many lines or people a normal distribution stands for their count. */
const EXACT_UP_TO = 30;

/** The odds at one moment ahead. */
interface Outlook {
  /** chance that a line dialed now has been answered by then */
  answered: number;
  /** chance that one dialed now and answered by then would find nobody, with so many further lines dialed now */
  nobody: (further: number) => number;
}

/**
 * The largest number of unbridged lines of which the last one's callee, if they answer, finds nobody with a chance of at most
 * `risk`. The chance is that of as many answers of other lines as there are people by then, each counted by how long it rings,
 * talks or wraps up, at the worst moment of the time that a line may ring.
 */
export function linesWithin(facts: PacingFacts, risk: number, most: number, nowMs: number): number {
  const outlooks = AHEAD_MS.map((ms) => outlookAt(facts, nowMs, ms));
  const lines = facts.ringingSinceMs.length + facts.waiting + facts.machines;
  const isRisky = (further: number) => outlooks.some(({ answered, nobody }) => answered * nobody(further) > risk);
  if (isRisky(0)) return Math.max(0, lines - 1);
  let low = 0;
  let high = 1;
  while (lines + high < most && !isRisky(high)) {
    low = high;
    high *= 2;
  }
  high = Math.min(high, most - lines);
  // `low` further lines are within the risk, `high` may not be; the answer is one more than the last that stands before it
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (isRisky(middle)) high = middle;
    else low = middle;
  }
  return Math.min(most, lines + low + 1);
}

function outlookAt(facts: PacingFacts, nowMs: number, aheadMs: number): Outlook {
  const { answerRate, answerRateSd, answeredWithin, talksBeyond } = facts.measured;
  const byMs = nowMs + aheadMs + PATIENCE_MS;
  let sure = facts.free - facts.waiting;
  for (const untilMs of facts.wrapUpUntilMs) if (untilMs <= byMs) sure += 1;
  const freedMs = aheadMs + PATIENCE_MS - facts.wrapUpMs;
  const freed = freedMs > 0 ? facts.talkingSinceMs.map((sinceMs) => talkOverWithin(talksBeyond, nowMs - sinceMs, freedMs)) : [];
  const answered = answeredBy(answeredWithin, aheadMs);
  const chances = facts.ringingSinceMs.map((sinceMs) => {
    const before = answeredBy(answeredWithin, nowMs - sinceMs);
    const by = answeredBy(answeredWithin, nowMs - sinceMs + aheadMs);
    return (answerRate * (by - before)) / (1 - answerRate * before);
  });
  const fresh = answerRate * answered;
  const unsure = answerRateSd / answerRate;
  const isMany = chances.length > EXACT_UP_TO || facts.people > EXACT_UP_TO;
  return { answered, nobody: isMany ? roughly(chances, fresh, sure, freed, unsure) : exactly(chances, fresh, sure, freed) };
}

function exactly(chances: readonly number[], fresh: number, sure: number, freed: readonly number[]): Outlook['nobody'] {
  const counts = [1];
  for (const chance of chances) addChance(counts, chance);
  const others = [1];
  for (const chance of freed) addChance(others, chance);
  const more = [counts];
  return (further) => {
    for (let known = more.length; known <= further; known += 1) {
      const next = [...(more[known - 1] ?? counts)];
      addChance(next, fresh);
      more.push(next);
    }
    return atLeast(more[further] ?? counts, others, sure);
  };
}

function roughly(chances: readonly number[], fresh: number, sure: number, freed: readonly number[], unsure: number): Outlook['nobody'] {
  let mean = -sure;
  let variance = 0;
  let expected = 0;
  for (const chance of chances) {
    expected += chance;
    variance += chance * (1 - chance);
  }
  for (const chance of freed) {
    mean -= chance;
    variance += chance * (1 - chance);
  }
  return (further) => {
    const answers = expected + further * fresh;
    const sd = Math.sqrt(variance + further * fresh * (1 - fresh) + (answers * unsure) ** 2) + 1e-9;
    // the count is whole: half a call is taken off
    return normalBelow((mean + answers + 0.5) / sd);
  };
}
