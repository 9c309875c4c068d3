/** What the two campaigns of a run are to be, drawn with the rest of its plan. Moments are ms from its start. */
import type { AskedState } from '../../service/people.ts';
import { between, mostlySmall, pick, type Random, whole } from './random.ts';

export interface PlannedLead {
  to: string;
  /** where its callee lives it is night all the while */
  isShut: boolean;
  askMs: number;
  /** what is said of it later: it is to be called no more */
  parting: { how: 'deleted' | 'not_interested'; askMs: number } | undefined;
}

export interface PlannedLeads {
  /** uploads, each with all of its rows */
  files: Array<{ askMs: number; leads: PlannedLead[] }>;
  /** one request each */
  singles: PlannedLead[];
}

/** What somebody's phone does, by the name that it has (sandbox/twilio/dial.ts). */
export const STAFF = ['fred', 'gina', 'hugo', 'noanswer-ida', 'busy-jack'] as const;
export const WORKING_PHONES = 3;

export interface CampaignPlan {
  ai: PlannedLeads & { maxAttempts: number; pauseMs: number; resumeMs: number };
  people: PlannedLeads & { maxAttempts: number; shifts: Array<Array<{ askMs: number; state: AskedState }>>; allInMs: number };
}

const AI_SHARE = 0.12;
const PEOPLE_SHARE = 0.08;
const LEAST_LEADS = 10;
const AI_ENDINGS = ['0001', '0001', '0002', '0002', '0003', '0004', '0005', '0005', '0006', '0009'];
const PEOPLE_ENDINGS = ['0001', '0002', '0003', '0004', '0006', '0006', '0006', '0006', '0009'];
/** In one upload, of so many leads one is asleep. */
const SHUT_EVERY = 6;
/** Only those whose phones do not work are there for so long: who answers meanwhile finds nobody. */
const BAD_START = { leastMs: 4000, share: 0.25 };
const SHIFT_MS = 4000;
const STATES: readonly AskedState[] = ['available', 'available', 'available', 'paused', 'offline'];

/** Draws both; `number` makes a number that nobody else has. */
export function planCampaigns(given: { random: Random; calls: number; overMs: number; number: (ending: string) => string }): CampaignPlan {
  return { ai: planAi(given), people: planPeople(given) };
}

/** A file at once, single leads while it runs, a second file right before the pause, so that somebody waits in it. */
function planAi({ random, calls, overMs, number }: Parameters<typeof planCampaigns>[0]): CampaignPlan['ai'] {
  const leads = Math.max(LEAST_LEADS, Math.round(calls * AI_SHARE));
  const [pauseMs, resumeMs] = [overMs * 0.3, overMs * 0.52];
  const lead = (askMs: number, isShut = false, parting?: PlannedLead['parting']): PlannedLead => {
    return { to: number(pick(random, AI_ENDINGS)), isShut, askMs, parting };
  };
  const file = (askMs: number, share: number) => ({
    askMs,
    leads: Array.from({ length: Math.round(leads * share) }, (_, n) => lead(askMs, n % SHUT_EVERY === 0)),
  });
  const inPauseMs = between(random, 0.2, 0.5) * (resumeMs - pauseMs);
  const singles = Array.from({ length: Math.round(leads * 0.2) }, () => lead(between(random, 0.12, 0.6) * overMs));
  // waiting for the end of the pause, and then not called after all
  singles.push(lead(pauseMs + inPauseMs, false, { how: 'not_interested', askMs: pauseMs + inPauseMs * 1.3 }));
  singles.push(lead(pauseMs + inPauseMs, false, { how: 'deleted', askMs: pauseMs + inPauseMs * 1.3 }));
  // somewhere in their lives
  for (const how of ['deleted', 'not_interested'] as const) {
    const askMs = pauseMs * between(random, 0.5, 0.9);
    singles.push(lead(askMs, false, { how, askMs: askMs + mostlySmall(random, 0, 4000) }));
  }
  return { files: [file(overMs * 0.08, 0.35), file(pauseMs - 80, 0.35)], singles, maxAttempts: whole(random, 2, 3), pauseMs, resumeMs };
}

/** Nobody sleeps, so that it completes itself; who talks comes and goes. */
function planPeople({ random, calls, overMs, number }: Parameters<typeof planCampaigns>[0]): CampaignPlan['people'] {
  const leads = Math.max(LEAST_LEADS, Math.round(calls * PEOPLE_SHARE));
  const lead = (askMs: number): PlannedLead => ({ to: number(pick(random, PEOPLE_ENDINGS)), isShut: false, askMs, parting: undefined });
  const startMs = overMs * 0.08;
  const goodStartMs = startMs + Math.max(BAD_START.leastMs, overMs * BAD_START.share);
  const allInMs = Math.max(overMs * 0.85, goodStartMs);
  const shifts = STAFF.map((_, person) => {
    const works = person < WORKING_PHONES;
    const first = { askMs: works ? goodStartMs : 0, state: 'available' as const };
    const later: Array<{ askMs: number; state: AskedState }> = [];
    for (let askMs = first.askMs + SHIFT_MS; askMs < allInMs; askMs += SHIFT_MS * between(random, 0.3, 1.2)) {
      later.push({ askMs, state: works ? pick(random, STATES) : 'available' });
    }
    return [first, ...later];
  });
  return {
    files: [{ askMs: startMs, leads: Array.from({ length: Math.round(leads * 0.6) }, () => lead(startMs)) }],
    singles: Array.from({ length: Math.round(leads * 0.4) }, () => lead(between(random, 0.1, 0.8) * overMs)),
    maxAttempts: 2,
    shifts,
    allInMs,
  };
}
