import { type Hours, isOpen, nextOpen } from './time/window.ts';

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
  hours: Hours;
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
  const { contacts, maxAttempts, experience, balance, autoRefill, hours } = facts;
  const { answerRate, costPerDial } = experience;
  // each dial but the last is followed by another unless somebody answered
  const dialsPerContact = answerRate > 0 ? (1 - (1 - answerRate) ** maxAttempts) / answerRate : maxAttempts;
  const dials = Math.round(contacts * dialsPerContact);
  const perSecond = dialsPerSecond(facts);
  const costPerContact = costPerDial * dialsPerContact;
  return {
    dials,
    dialsPerHour: Math.round(perSecond * 3600),
    finishAt: dials === 0 ? from : perSecond > 0 ? afterOpenTime(hours, from, dials / perSecond) : undefined,
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
const MOST_STEPS = 4 * 24 * 366;

/** The moment when so many seconds of open calling hours have gone by; undefined: not within a year. */
function afterOpenTime(hours: Hours, from: Date, seconds: number): Date | undefined {
  let at = nextOpen(hours, from);
  let leftMs = seconds * 1000;
  for (let steps = 0; at && steps < MOST_STEPS; steps++) {
    if (leftMs <= STEP_MS) return new Date(at.getTime() + leftMs);
    leftMs -= STEP_MS;
    const next: Date = new Date(at.getTime() + STEP_MS);
    at = isOpen(hours, next) ? next : nextOpen(hours, next);
  }
  return undefined;
}
