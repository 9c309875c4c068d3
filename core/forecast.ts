import { type Hours, nextOpen } from './time/window.ts';

/** What a campaign's dials cost in time: measured, or assumed until there is something to measure. */
export interface Experience {
  isMeasured: boolean;
  /** of dials, answered by a person */
  answerRate: number;
  /** of an answered call */
  talkSeconds: number;
  /** of a dial, in the account's money */
  costPerDial: number;
}

/** What holds until enough dials have ended. */
export const ASSUMED = { answerRate: 0.4, talkSeconds: 60 };
/** From so many ended dials on, what was measured is believed. */
export const MEASURED_FROM = 30;

const RING_SECONDS = 20;
const WRAP_UP_SECONDS = 10;

export interface ForecastFacts {
  /** contacts whose dialing is not over */
  contacts: number;
  /** dials in all for one contact */
  maxAttempts: number;
  experience: Experience;
  /** who talks: people, each one call after the other, or an AI agent with so many calls at once */
  talkers: { kind: 'people'; signedIn: number } | { kind: 'ai'; lines: number };
  /** call starts per second that the carrier and the campaign's pause between calls allow */
  startsPerSecond: number;
  balance: number;
  autoRefill: boolean;
  /** who has the same calling hours, and how many they are among all; who is never open is not forecast */
  turns: ReadonlyArray<{ hours: Hours; people: number }>;
}

export interface Forecast {
  dials: number;
  dialsPerHour: number;
  /** undefined: never, as things stand */
  finishAt: Date | undefined;
  cost: number;
  /** contacts that the balance pays for; undefined: it refills itself */
  coveredContacts: number | undefined;
}

/** When a campaign will be through and what it will cost, if everything stays as it is and its first dial may begin at `from`. */
export function forecast(facts: ForecastFacts, from: Date): Forecast {
  const { contacts, maxAttempts, experience, balance, autoRefill, turns } = facts;
  const { answerRate, costPerDial } = experience;
  // each dial but the last is followed by another unless somebody answered
  const dialsPerContact = answerRate > 0 ? (1 - (1 - answerRate) ** maxAttempts) / answerRate : maxAttempts;
  const dials = Math.round(contacts * dialsPerContact);
  const perSecond = dialsPerSecond(facts);
  const costPerContact = costPerDial * dialsPerContact;
  return {
    dials,
    dialsPerHour: Math.round(perSecond * 3600),
    finishAt: dials === 0 ? from : perSecond > 0 ? afterOpenTime(turns, from, dials / perSecond) : undefined,
    cost: Math.round(dials * costPerDial * 100) / 100,
    coveredContacts: autoRefill ? undefined : costPerContact > 0 ? Math.max(0, Math.floor(balance / costPerContact)) : contacts,
  };
}

function dialsPerSecond({ talkers, experience: { answerRate, talkSeconds }, startsPerSecond }: ForecastFacts): number {
  if (talkers.kind === 'ai') return Math.min(startsPerSecond, talkers.lines / (RING_SECONDS + answerRate * talkSeconds));
  const secondsPerDial = RING_SECONDS + answerRate * (talkSeconds + WRAP_UP_SECONDS);
  return Math.min(startsPerSecond, talkers.signedIn / secondsPerDial);
}

const STEP_MS = 15 * 60 * 1000;
const YEAR_MS = 366 * 24 * 60 * 60 * 1000;
/** Openings looked up for one forecast, some tenths of a second at most; what lies beyond goes on at the pace until then. */
const MOST_LOOKS = 20_000;

/**
 * The moment when so many seconds of dialing are done, each of `turns` having its share in its own hours, and those that are open
 * together dividing the time between them; undefined: never, or not within a year of open time.
 */
function afterOpenTime(turns: ForecastFacts['turns'], from: Date, seconds: number): Date | undefined {
  const opening = turns.filter(({ hours }) => nextOpen(hours, from) !== undefined);
  const people = sumOf(opening.map((turn) => turn.people));
  const wholeMs = seconds * 1000;
  if (people === 0 || wholeMs > YEAR_MS) return undefined;
  let left = opening.map((turn) => ({ hours: turn.hours, leftMs: Math.ceil((wholeMs * turn.people) / people), opensMs: -Infinity }));
  let atMs = from.getTime();
  for (let looks = 0; left.length > 0 && looks < MOST_LOOKS;) {
    const unknown = left.filter(({ opensMs }) => opensMs < atMs);
    for (const turn of unknown) turn.opensMs = nextOpen(turn.hours, new Date(atMs))?.getTime() ?? Infinity;
    looks += unknown.length;
    atMs = Math.min(...left.map(({ opensMs }) => opensMs));
    if (atMs === Infinity) return undefined;
    const open = left.filter(({ opensMs }) => opensMs === atMs);
    const openMs = sumOf(open.map(({ leftMs }) => leftMs));
    const spentMs = Math.min(STEP_MS, openMs);
    for (const turn of open) turn.leftMs -= (spentMs * turn.leftMs) / openMs;
    left = left.filter(({ leftMs }) => leftMs >= 1);
    atMs += Math.ceil(spentMs);
  }
  const doneMs = wholeMs - sumOf(left.map(({ leftMs }) => leftMs));
  return new Date(from.getTime() + ((atMs - from.getTime()) * wholeMs) / doneMs);
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
