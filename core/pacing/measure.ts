/** One of the last dials of a campaign, over or not. */
export interface RecentDial {
  dialedAtMs: number;
  /** when a person answered */
  answeredAtMs?: number;
  /** when the line was over without an answer of a person */
  lapsedAtMs?: number;
  /** how long a person of ours talked with them */
  talkedMs?: number;
}

/** What the recent dials teach. */
export interface Measured {
  /** the share of dials that a person answers, rather too high than too low */
  answerRate: number;
  /** how far off it may be: one standard deviation */
  answerRateSd: number;
  /** share of answers that have come within so many whole seconds of the dial; the last is 1 */
  answeredWithin: Float64Array;
  /** chance that a line that has rung for so many whole seconds is over, unanswered, within the next one */
  lapses: Float64Array;
  /** share of talks that are longer than so many steps of `TALK_STEP_MS` */
  talksBeyond: Float64Array;
}

/** Nobody rings longer. */
export const LONGEST_RING_SECONDS = 60;

const RUNG_OUT_MS = 30_000;
/** Before anything is known: every third dial is answered, as sure as ten dials make it. */
const RATE_PRIOR = { answered: 4, dials: 10 };
/** Dials that tell of a change soon, and that tell the rate exactly. */
const SHORT = 50;
const LONG = 600;
/** Before anything is known: most answers come within 6 to 14 seconds. */
const RING_PRIOR = { seconds: [4, 6, 8, 9, 10, 11, 12, 14, 17, 22], weight: 1 };
/** Before anything is known: talks end after 90 seconds, as sure as five of them make it. */
const TALK_PRIOR = { ms: 90_000, talks: 5 };
export const TALK_STEP_MS = 5000;
/** Longer talks end as those of this length do. */
const TALK_STEPS = 120;

/** What the recent dials, oldest first, and the talks that go on teach (pure; what still rings counts by how long it has rung). */
export function measure(recent: readonly RecentDial[], talkingSinceMs: readonly number[], nowMs: number): Measured {
  const answeredWithin = ringCurve(recent, nowMs);
  const { mean, sd } = answerRate(recent, answeredWithin, nowMs);
  return {
    answerRate: mean,
    answerRateSd: sd,
    answeredWithin,
    lapses: lapseCurve(recent, nowMs),
    talksBeyond: talkCurve(recent, talkingSinceMs, nowMs),
  };
}

/** The share of answers that come within `ms` of the dial. */
export function answeredBy(curve: Float64Array, ms: number): number {
  if (ms <= 0) return 0;
  const seconds = ms / 1000;
  const whole = Math.floor(seconds);
  if (whole >= LONGEST_RING_SECONDS) return 1;
  const before = curve[whole] ?? 0;
  return before + ((curve[whole + 1] ?? 1) - before) * (seconds - whole);
}

/** Of dials that have rung out: of younger ones only the quick answers have come. */
function ringCurve(recent: readonly RecentDial[], nowMs: number): Float64Array {
  const curve = new Float64Array(LONGEST_RING_SECONDS + 1);
  const count = (seconds: number, weight: number) => {
    const second = Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_RING_SECONDS);
    curve[second] = (curve[second] ?? 0) + weight;
  };
  for (const seconds of RING_PRIOR.seconds) count(seconds, RING_PRIOR.weight);
  for (const { dialedAtMs, answeredAtMs } of recent) {
    if (answeredAtMs !== undefined && nowMs - dialedAtMs > RUNG_OUT_MS) count((answeredAtMs - dialedAtMs) / 1000, 1);
  }
  for (let second = 1; second < curve.length; second += 1) curve[second] = (curve[second] ?? 0) + (curve[second - 1] ?? 0);
  const total = curve[LONGEST_RING_SECONDS] ?? 1;
  return curve.map((sum) => sum / total);
}

function lapseCurve(recent: readonly RecentDial[], nowMs: number): Float64Array {
  const lapsed = new Float64Array(LONGEST_RING_SECONDS + 1);
  const over = new Float64Array(LONGEST_RING_SECONDS + 1);
  for (const { dialedAtMs, answeredAtMs, lapsedAtMs } of recent) {
    const ms = (answeredAtMs ?? lapsedAtMs ?? nowMs) - dialedAtMs;
    const second = Math.min(LONGEST_RING_SECONDS, Math.max(0, Math.floor(ms / 1000)));
    over[second] = (over[second] ?? 0) + 1;
    if (lapsedAtMs !== undefined) lapsed[second] = (lapsed[second] ?? 0) + 1;
  }
  let ringing = recent.length;
  return lapsed.map((count, second) => {
    const share = ringing > 0 ? count / ringing : 0;
    ringing -= over[second] ?? 0;
    return share;
  });
}

/** The share of talks, of those that have lasted `talkedMs`, that are over `ms` later. */
export function talkOverWithin(curve: Float64Array, talkedMs: number, ms: number): number {
  if (ms <= 0) return 0;
  return 1 - beyond(curve, talkedMs + ms) / beyond(curve, talkedMs);
}

function beyond(curve: Float64Array, ms: number): number {
  const steps = Math.max(0, ms) / TALK_STEP_MS;
  const whole = Math.floor(steps);
  if (whole >= TALK_STEPS) {
    const last = curve[TALK_STEPS] ?? 0;
    return last * (last / (curve[TALK_STEPS - 1] ?? 1)) ** (steps - TALK_STEPS);
  }
  const before = curve[whole] ?? 1;
  return before + ((curve[whole + 1] ?? 0) - before) * (steps - whole);
}

/** Kaplan and Meier's: a talk that goes on counts as far as it has come, so that short ones don't speak for all. */
function talkCurve(recent: readonly RecentDial[], talkingSinceMs: readonly number[], nowMs: number): Float64Array {
  const ended = new Float64Array(TALK_STEPS);
  const left = new Float64Array(TALK_STEPS);
  const stepOf = (ms: number) => Math.min(TALK_STEPS - 1, Math.max(0, Math.floor(ms / TALK_STEP_MS)));
  for (const { talkedMs } of recent) {
    if (talkedMs === undefined) continue;
    const step = stepOf(talkedMs);
    ended[step] = (ended[step] ?? 0) + 1;
    left[step] = (left[step] ?? 0) + 1;
  }
  for (const sinceMs of talkingSinceMs) {
    const step = stepOf(nowMs - sinceMs);
    left[step] = (left[step] ?? 0) + 1;
  }
  const curve = new Float64Array(TALK_STEPS + 1);
  const usual = TALK_STEP_MS / TALK_PRIOR.ms;
  let talking = 0;
  for (const count of left) talking += count;
  curve[0] = 1;
  for (let step = 0; step < TALK_STEPS; step += 1) {
    const over = ((ended[step] ?? 0) + TALK_PRIOR.talks * usual) / (talking + TALK_PRIOR.talks);
    curve[step + 1] = (curve[step] ?? 0) * (1 - Math.min(over, 0.95));
    talking -= left[step] ?? 0;
  }
  return curve;
}

/**
 * The rate over many dials, drawn to that over the last few as far as these speak clearly against it: so a change shows after
 * some tens of dials, and chance alone moves it little. A dial that has rung for a while counts as far as its answer should
 * have come.
 */
function answerRate(recent: readonly RecentDial[], curve: Float64Array, nowMs: number): Estimate {
  let answered = 0;
  let dials = 0;
  let short: Estimate | undefined;
  for (let index = recent.length - 1; index >= 0 && dials < LONG; index -= 1) {
    const dial = recent[index];
    if (!dial) continue;
    dials += answeredBy(curve, nowMs - dial.dialedAtMs);
    if (dial.answeredAtMs !== undefined) answered += 1;
    if (!short && dials >= SHORT) short = estimate(answered, dials);
  }
  const long = estimate(answered, dials);
  short ??= long;
  const mean = Math.min(Math.max(long.mean, short.mean - DRAWN_UP * short.sd), short.mean + DRAWN_DOWN * short.sd);
  return { mean: Math.min(0.99, mean), sd: mean === long.mean ? long.sd : short.sd };
}
/** A rise costs abandoned calls, a fall costs only time: so the first is believed sooner. */
const DRAWN_UP = 1;
const DRAWN_DOWN = 1.5;

interface Estimate {
  mean: number;
  sd: number;
}

function estimate(answered: number, dials: number): Estimate {
  const n = dials + RATE_PRIOR.dials;
  const mean = Math.min(1, (answered + RATE_PRIOR.answered) / n);
  return { mean, sd: Math.sqrt((mean * (1 - mean)) / n) };
}
