import { FIRST_STATE, measure, type Measured, pace, type PacingFacts, type RecentDial, type Tally } from '../../core/pacing.ts';
import type { Centre, Rule } from './centre.ts';
import { vicidial } from './vicidial.ts';

/** Makes a rule for one campaign: its shifts follow each other, so a rule may remember. */
export interface Contender {
  name: string;
  open(): { shift(): Rule };
}

/** No more lines than this for each person, whoever paces. */
export const MOST_LINES = 8;
const REMEMBERED = 600;
/** The curves change slowly, and cost the most. */
const MEASURE_EVERY = 3;

export const CONTENDERS: readonly Contender[] = [
  { name: 'ours', open: ours },
  stateless('progressive', (centre) => centre.free),
  ...[1.5, 2, 3].map((ratio) => stateless(`ratio ${ratio}`, (centre) => Math.round(ratio * centre.free))),
  ...(['hard', 'average', 'tapered'] as const).map((method) => ({
    name: `VICIdial ${method}`,
    open: () => ({ shift: () => vicidial(method, MOST_LINES) }),
  })),
];

function stateless(name: string, lines: Rule['lines']): Contender {
  return { name, open: () => ({ shift: () => ({ tick: () => undefined, lines }) }) };
}

function ours(): ReturnType<Contender['open']> {
  let state = FIRST_STATE;
  let days = 0;
  let before: Tally = { answered: 0, abandoned: 0 };
  const recent: RecentDial[] = [];
  return {
    shift() {
      days += 1;
      let overdial = 0;
      let measured: Measured | undefined;
      let measureAt = 0;
      let last: Tally = { answered: 0, abandoned: 0 };
      const past = { answered: before.answered, abandoned: before.abandoned };
      // dials of an earlier shift were made before this one began
      for (const dial of recent) {
        dial.dialedAtMs -= DAY_MS;
        if (dial.answeredAtMs !== undefined) dial.answeredAtMs -= DAY_MS;
        if (dial.lapsedAtMs !== undefined) dial.lapsedAtMs -= DAY_MS;
      }
      return {
        tick(centre) {
          if (!measured || centre.now >= measureAt) {
            measured = measure(recent, talkingSince(centre), centre.now * 1000);
            measureAt = centre.now + MEASURE_EVERY;
          }
          const answer = pace(factsOf(centre, measured, past, days), state, centre.now * 1000);
          ({ state, overdial } = answer);
          last = { answered: centre.answered, abandoned: centre.abandoned };
          before = { answered: past.answered + last.answered, abandoned: past.abandoned + last.abandoned };
        },
        dialed(dial) {
          recent.push(dial);
          if (recent.length > 1.2 * REMEMBERED) recent.splice(0, recent.length - REMEMBERED);
        },
        lines: (centre) => centre.free + overdial,
      };
    },
  };
}

const DAY_MS = 24 * 3600 * 1000;

function talkingSince(centre: Centre): number[] {
  const since: number[] = [];
  for (const person of centre.people) if (person.state === 'talking') since.push(person.since * 1000);
  return since;
}

function factsOf(centre: Centre, measured: Measured, past: Tally, day: number): PacingFacts {
  const wrapUpUntilMs: number[] = [];
  let people = 0;
  for (const person of centre.people) {
    if (person.state !== 'away') people += 1;
    if (person.state === 'wrap_up') wrapUpUntilMs.push(person.until * 1000);
  }
  const ringingSinceMs: number[] = [];
  for (const line of centre.unbridged) if (line.state === 'ringing') ringingSinceMs.push(line.dial.dialedAtMs);
  const today = { answered: centre.answered, abandoned: centre.abandoned };
  return {
    free: centre.free,
    people,
    talkingSinceMs: talkingSince(centre),
    wrapUpUntilMs,
    wrapUpMs: centre.scenario.wrapUp.seconds * 1000,
    ringingSinceMs,
    waiting: centre.unbridged.size - ringingSinceMs.length,
    machines: 0,
    measured,
    day: String(day),
    today,
    month: { answered: past.answered + today.answered, abandoned: past.abandoned + today.abandoned },
    dialRatio: MOST_LINES,
  };
}
