import type { Random } from '../../test/faults/random.ts';
import type { Scenario } from './scenario.ts';

/** What would become of a dial, drawn before it is known whether anybody is free. */
export interface Fate {
  /** seconds until a person answers; undefined: none does */
  answeredAfter: number | undefined;
  /** seconds until the line is over when nobody answers */
  overAfter: number;
  talk: number;
  wrapUp: number;
  /** seconds that the callee waits for a voice */
  patience: number;
}

const PATIENCE_SECONDS = 2;

/** Each dial takes as many draws, so that the nth dial of a day has the same fate whoever paces, but for the hour's answer rate. */
export function drawFate(random: Random, scenario: Scenario, hour: number): Fate {
  const { answerRates, ringSeconds, unanswered, talkSeconds, wrapUp, impatientShare } = scenario;
  const rate = answerRates[Math.min(Math.floor(hour), answerRates.length - 1)] ?? 0;
  const isAnswered = random() < rate;
  const ring = logNormal(random, ringSeconds);
  const hasFailed = random() < unanswered.failedShare;
  // carriers and mailboxes don't count alike
  const end = unanswered.ringSeconds * (0.9 + 0.2 * random());
  const talk = logNormal(random, talkSeconds);
  const readiness = random();
  const patience = random();
  return {
    answeredAfter: isAnswered ? Math.min(Math.max(ring, 1), end) : undefined,
    overAfter: hasFailed ? unanswered.failedSeconds : end,
    talk: Math.max(talk, 3),
    wrapUp: readiness < wrapUp.soonerShare ? (wrapUp.seconds * readiness) / wrapUp.soonerShare : wrapUp.seconds,
    patience: patience < impatientShare ? (PATIENCE_SECONDS * patience) / impatientShare : PATIENCE_SECONDS,
  };
}

export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}

function logNormal(random: Random, { median, spread }: { median: number; spread: number }): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(spread * normal);
}
