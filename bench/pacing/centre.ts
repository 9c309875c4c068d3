/** One shift of a call centre, from event to event: people, lines, and a rule that says how many lines may ring. */
import type { RecentDial } from '../../core/pacing.ts';
import { type Random, seededRandom } from '../../test/faults/random.ts';
import { type Agenda, openAgenda } from './agenda.ts';
import { drawFate, exponential, type Fate } from './draw.ts';
import type { Scenario } from './scenario.ts';

/** Moments are seconds since the shift began. */
export interface Person {
  state: 'away' | 'free' | 'talking' | 'wrap_up';
  since: number;
  /** when the wrap-up ends by itself, as far as anybody knows */
  until: number;
  breakAt: number;
}

export interface Line {
  dial: RecentDial;
  fate: Fate;
  state: 'ringing' | 'waiting' | 'bridged' | 'over';
}

/** What a rule sees. */
export interface Centre {
  scenario: Scenario;
  now: number;
  people: Person[];
  /** dialed and neither over nor bridged */
  unbridged: Set<Line>;
  free: number;
  talking: number;
  answered: number;
  abandoned: number;
}

export interface Rule {
  /** told once a second */
  tick(centre: Centre): void;
  /** a dial was made: whoever wants to learn keeps it, its answer and its talk are written into it */
  dialed?(dial: RecentDial): void;
  /** how many unbridged lines there may be now */
  lines(centre: Centre): number;
}

export interface Shift {
  answered: number;
  abandoned: number;
  /** the highest share of abandoned calls at any moment of the shift after the first hundred answers */
  worstShare: number;
  talkHours: number;
  /** signed in and not on a break */
  agentHours: number;
}

type Happening =
  | { type: 'tick' }
  | { type: 'arrive' | 'ready' | 'hang_up' | 'leave'; person: Person; line?: Line }
  | { type: 'answer' | 'lapse' | 'give_up'; line: Line };

const HOUR = 3600;
/** Shares of fewer answers say little. */
const TELLING = 100;

export function runShift(scenario: Scenario, seed: number, rule: Rule): Shift {
  const life = seededRandom(seed);
  const dials = seededRandom(seed ^ 0x5bd1e995);
  const agenda = openAgenda<Happening>();
  const people = Array.from({ length: scenario.agents }, (): Person => ({ state: 'away', since: 0, until: 0, breakAt: Infinity }));
  const centre: Centre = { scenario, now: 0, people, unbridged: new Set(), free: 0, talking: 0, answered: 0, abandoned: 0 };
  const shift: Shift = { answered: 0, abandoned: 0, worstShare: 0, talkHours: 0, agentHours: 0 };
  const end = scenario.shiftHours * HOUR;
  // people sign in during the first ten minutes
  for (const person of people) agenda.add(life() * 600, { type: 'arrive', person });
  agenda.add(1, { type: 'tick' });
  for (let next = agenda.next(); next; next = agenda.next()) {
    centre.now = next.at;
    happen(centre, next.what, agenda, life, shift);
    if (next.what.type === 'tick') {
      rule.tick(centre);
      if (centre.now < end) agenda.add(centre.now + 1, { type: 'tick' });
    }
    if (centre.now < end) dial(centre, rule, dials, agenda);
  }
  return { ...shift, answered: centre.answered, abandoned: centre.abandoned };
}

function dial(centre: Centre, rule: Rule, random: Random, agenda: Agenda<Happening>): void {
  const most = rule.lines(centre);
  while (centre.unbridged.size < most) {
    const fate = drawFate(random, centre.scenario, centre.now / HOUR);
    const line: Line = { dial: { dialedAtMs: centre.now * 1000 }, fate, state: 'ringing' };
    centre.unbridged.add(line);
    rule.dialed?.(line.dial);
    if (fate.answeredAfter !== undefined) agenda.add(centre.now + fate.answeredAfter, { type: 'answer', line });
    else agenda.add(centre.now + fate.overAfter, { type: 'lapse', line });
  }
}

function happen(centre: Centre, what: Happening, agenda: Agenda<Happening>, life: Random, shift: Shift): void {
  switch (what.type) {
    case 'tick':
      return;
    case 'arrive':
      what.person.breakAt = centre.now + exponential(life, centre.scenario.breaks.everyHours * HOUR);
      shift.agentHours -= centre.now / HOUR;
      agenda.add(what.person.breakAt, { type: 'leave', person: what.person });
      return beFree(centre, what.person, agenda);
    case 'ready':
      if (centre.now < what.person.breakAt) return beFree(centre, what.person, agenda);
      return goAway(centre, what.person, agenda, shift);
    case 'leave':
      // who talks or wraps up finishes first
      if (what.person.state === 'free') goAway(centre, what.person, agenda, shift);
      return;
    case 'hang_up':
      centre.talking -= 1;
      shift.talkHours += (centre.now - what.person.since) / HOUR;
      if (what.line) what.line.dial.talkedMs = (centre.now - what.person.since) * 1000;
      set(centre, what.person, 'wrap_up');
      what.person.until = centre.now + centre.scenario.wrapUp.seconds;
      agenda.add(centre.now + (what.line?.fate.wrapUp ?? 0), { type: 'ready', person: what.person });
      return;
    case 'answer':
      centre.answered += 1;
      what.line.dial.answeredAtMs = centre.now * 1000;
      what.line.state = 'waiting';
      if (centre.free > 0) return bridge(centre, longestFree(centre), what.line, agenda);
      agenda.add(centre.now + what.line.fate.patience, { type: 'give_up', line: what.line });
      return;
    case 'give_up':
      if (what.line.state !== 'waiting') return;
      over(centre, what.line);
      centre.abandoned += 1;
      if (centre.answered >= TELLING) shift.worstShare = Math.max(shift.worstShare, centre.abandoned / centre.answered);
      return;
    case 'lapse':
      what.line.dial.lapsedAtMs = centre.now * 1000;
      return over(centre, what.line);
  }
}

function set(centre: Centre, person: Person, state: Person['state']): void {
  if (person.state === 'free') centre.free -= 1;
  if (state === 'free') centre.free += 1;
  person.state = state;
  person.since = centre.now;
}

function beFree(centre: Centre, person: Person, agenda: Agenda<Happening>): void {
  set(centre, person, 'free');
  for (const line of centre.unbridged) if (line.state === 'waiting') return bridge(centre, person, line, agenda);
}

/** At the end of the shift nobody comes back, and who is left is there until the last talk is over. */
function goAway(centre: Centre, person: Person, agenda: Agenda<Happening>, shift: Shift): void {
  const end = centre.scenario.shiftHours * HOUR;
  shift.agentHours += Math.min(centre.now, end) / HOUR;
  set(centre, person, 'away');
  const backAt = centre.now + centre.scenario.breaks.minutes * 60;
  if (backAt < end) agenda.add(backAt, { type: 'arrive', person });
}

function longestFree(centre: Centre): Person {
  let found: Person | undefined;
  for (const person of centre.people) if (person.state === 'free' && (!found || person.since < found.since)) found = person;
  if (!found) throw new Error('Nobody is free');
  return found;
}

function bridge(centre: Centre, person: Person, line: Line, agenda: Agenda<Happening>): void {
  line.state = 'bridged';
  centre.unbridged.delete(line);
  set(centre, person, 'talking');
  centre.talking += 1;
  agenda.add(centre.now + line.fate.talk, { type: 'hang_up', person, line });
}

function over(centre: Centre, line: Line): void {
  line.state = 'over';
  centre.unbridged.delete(line);
}
