/** What the world is like in which a rule has to pace. */
export interface Scenario {
  name: string;
  agents: number;
  /** the chance that a person answers a dial, by the hour of the shift; the last stands for all that follow */
  answerRates: readonly number[];
  shiftHours: number;
  /** lognormal: half of the talks are shorter; `spread` is the standard deviation of the logarithm */
  talkSeconds: { median: number; spread: number };
  /** how long a person takes at most after a talk, and the share of times that they are ready sooner */
  wrapUp: { seconds: number; soonerShare: number };
  /** lognormal, until a person answers */
  ringSeconds: { median: number; spread: number };
  /** unanswered lines ring so long; a share fails at once (busy, no such number) */
  unanswered: { ringSeconds: number; failedShare: number; failedSeconds: number };
  /** share of callees who hang up within the two seconds in which nobody speaks */
  impatientShare: number;
  /** a person takes a break after so many hours of work on average, and comes back after so many minutes */
  breaks: { everyHours: number; minutes: number };
}

const USUAL = {
  shiftHours: 8,
  talkSeconds: { median: 80, spread: 0.9 },
  wrapUp: { seconds: 15, soonerShare: 0.4 },
  ringSeconds: { median: 9, spread: 0.45 },
  unanswered: { ringSeconds: 25, failedShare: 0.12, failedSeconds: 3 },
  impatientShare: 0.1,
  breaks: { everyHours: 2, minutes: 10 },
};

/** By half a shift of its own each: early nobody is at home, at noon many are, and each change comes from one call to the next. */
const CHANGING = [0.15, 0.6, 0.25, 0.5, 0.1, 0.4, 0.6, 0.2];

const RATES: Array<[name: string, rates: readonly number[]]> = [
  ['15 %', [0.15]],
  ['30 %', [0.3]],
  ['60 %', [0.6]],
  ['10–60 %', CHANGING],
];

/** 3, 10, 30 and 100 people, each with few, some, many and ever-changing answers. */
export const SCENARIOS: readonly Scenario[] = [3, 10, 30, 100].flatMap((agents) =>
  RATES.map(([name, answerRates]) => ({ name: `${agents} people, ${name} answer`, agents, answerRates, ...USUAL })),
);
