import fc from 'fast-check';
import t from 'tap';
import { runShift } from '../../bench/pacing/centre.ts';
import { CONTENDERS } from '../../bench/pacing/rules.ts';
import { type Scenario, SCENARIOS } from '../../bench/pacing/scenario.ts';
import { ABANDON_CAP, FIRST_STATE, measure, pace, type PacingFacts, readState, type RecentDial } from '../../core/pacing.ts';
import { answeredBy, talkOverWithin } from '../../core/pacing/measure.ts';
import { addChance, atLeast, normalBelow } from '../../core/pacing/odds.ts';

const SECOND = 1000;
const NOW = 1_000_000 * SECOND;

/** One dial every other second, the last just now; of ten so many are answered after ten seconds, and talked with for two minutes. */
function dials(count: number, answeredOfTen: number, untilMs = NOW): RecentDial[] {
  return Array.from({ length: count }, (_, index) => {
    const dialedAtMs = untilMs - (count - 1 - index) * 2 * SECOND;
    const isAnswered = (index * 7) % 10 < answeredOfTen;
    const at = (ms: number) => (dialedAtMs + ms <= untilMs ? dialedAtMs + ms : undefined);
    if (!isAnswered) return { dialedAtMs, lapsedAtMs: at(25 * SECOND) };
    return { dialedAtMs, answeredAtMs: at(10 * SECOND), talkedMs: at(130 * SECOND) && 120 * SECOND };
  });
}

const STEADY = measure(dials(600, 3), [], NOW);

/** Ten people, three of them free, three of ten dials answered, and a day that has gone well so far. */
const FACTS: PacingFacts = {
  free: 3,
  people: 10,
  talkingSinceMs: Array.from({ length: 8 }, (_, index) => NOW - index * 10 * SECOND),
  wrapUpUntilMs: [NOW + 60 * SECOND],
  wrapUpMs: 60 * SECOND,
  ringingSinceMs: [],
  waiting: 0,
  machines: 0,
  measured: STEADY,
  day: '2025-06-11',
  today: { answered: 500, abandoned: 5 },
  month: { answered: 9000, abandoned: 200 },
  dialRatio: 5,
};
const STATE = { risk: 0.1, seen: { day: '2025-06-11', answered: 500, abandoned: 5 } };
const overdial = (change: Partial<PacingFacts> = {}) => pace({ ...FACTS, ...change }, STATE, NOW).overdial;

const ago = (mostSeconds: number) => fc.integer({ min: 0, max: mostSeconds }).map((seconds) => NOW - seconds * SECOND);
const anyFacts = fc.record<Partial<PacingFacts>>({
  free: fc.integer({ min: 0, max: 40 }),
  people: fc.integer({ min: 40, max: 120 }),
  talkingSinceMs: fc.array(ago(300), { maxLength: 40 }),
  wrapUpUntilMs: fc.array(
    ago(0).map((ms) => ms + 7 * SECOND),
    { maxLength: 5 },
  ),
  wrapUpMs: fc.integer({ min: 0, max: 30 }).map((seconds) => seconds * SECOND),
  ringingSinceMs: fc.array(ago(30), { maxLength: 60 }),
  waiting: fc.integer({ min: 0, max: 4 }),
  machines: fc.integer({ min: 0, max: 4 }),
  measured: fc.integer({ min: 1, max: 9 }).map((ofTen) => measure(dials(300, ofTen), [], NOW)),
  dialRatio: fc.double({ min: 1, max: 10, noNaN: true }),
});
const anySmallFacts = anyFacts.map((facts) => ({ ...facts, people: 8, free: Math.min(facts.free ?? 0, 8) }));

t.test('a person who is free soon is worth a line before', async (t) => {
  t.ok(overdial() > 0, 'three of ten answer: three lines for three people are too few');
  t.ok(overdial({ wrapUpUntilMs: [NOW + 3 * SECOND] }) > overdial(), 'a wrap-up that ends before anybody answers');
  t.ok(overdial({ free: 0, wrapUpUntilMs: [NOW] }) > 0, 'nobody is free yet');
  t.equal(overdial({ free: 0, people: 1, talkingSinceMs: [NOW], wrapUpUntilMs: [] }), 0, 'nobody will be');
  t.ok(overdial({ measured: measure(dials(600, 1), [], NOW) }) > overdial(), 'fewer answer');
  t.ok(overdial({ measured: measure(dials(600, 8), [], NOW) }) < overdial(), 'more answer');
});

t.test('it starts with one line for each free person, until enough is known, and goes on carefully', async (t) => {
  const cold = { ...FACTS, measured: measure([], [], NOW), today: { answered: 0, abandoned: 0 }, month: { answered: 0, abandoned: 0 } };
  t.equal(pace(cold, FIRST_STATE, NOW).overdial, 0, 'the first minute of all');
  const today = { answered: 33, abandoned: 0 };
  t.equal(overdial({ today, month: today }), 0, 'the first minutes of a campaign');
  t.equal(overdial({ today: { answered: 33, abandoned: 1 } }), 0, 'early on one abandoned call is too many');
  t.ok(overdial({ today }) <= overdial(), 'the first minutes of a day');
  t.ok(overdial({ today: { answered: 200, abandoned: 0 }, month: { answered: 200, abandoned: 0 } }) > 0);
});

t.test('near the cap it dials less, beyond it progressively', async (t) => {
  const with500 = (abandoned: number) => overdial({ today: { answered: 500, abandoned } });
  const answers = [0, 11, 12, 13, 14, 15, 40].map(with500);
  t.strictSame(
    answers,
    [...answers].sort((a, b) => b - a),
    'never more',
  );
  t.ok((answers[2] ?? 0) < (answers[0] ?? 0));
  t.equal(with500(15), 0, '3 %');
  t.equal(overdial({ month: { answered: 9000, abandoned: 270 } }), 0, 'the month counts as well');
});

t.test('the risk is learned: answers raise it, abandoned calls lower it, a new day goes on with it', async (t) => {
  const after = (day: string, answered: number, abandoned: number) =>
    pace({ ...FACTS, day, today: { answered, abandoned } }, STATE, NOW).state.risk;
  t.equal(after(FACTS.day, 500, 5), STATE.risk, 'nothing new');
  t.ok(after(FACTS.day, 520, 5) > STATE.risk);
  t.ok(after(FACTS.day, 520, 6) < STATE.risk);
  t.equal(after('2025-06-12', 0, 0), STATE.risk);
  const { state } = pace({ ...FACTS, today: { answered: 520, abandoned: 6 } }, STATE, NOW);
  t.strictSame(pace({ ...FACTS, today: { answered: 520, abandoned: 6 } }, state, NOW).state, state, 'each call is learned from once');
});

t.test('never below nought, never more lines than the ratio allows, and progressive with a ratio of 1', async (t) => {
  const check = (change: Partial<PacingFacts>) => {
    const facts = { ...FACTS, ...change };
    const answer = overdial(change);
    if (!Number.isInteger(answer) || answer < 0) return false;
    return facts.dialRatio < 1.01 ? answer === 0 : facts.free + answer <= Math.max(facts.free, facts.dialRatio * facts.people);
  };
  t.doesNotThrow(() => fc.assert(fc.property(anyFacts, check), { numRuns: 300, seed: 1 }));
  t.doesNotThrow(() => fc.assert(fc.property(anySmallFacts, check), { numRuns: 300, seed: 2 }));
  t.equal(overdial({ dialRatio: 1 }), 0);
});

t.test('one more free person never means fewer lines', async (t) => {
  const check = (facts: Partial<PacingFacts>) => {
    const free = facts.free ?? 0;
    return free + 1 + overdial({ ...facts, free: free + 1 }) >= free + overdial(facts);
  };
  t.doesNotThrow(() => fc.assert(fc.property(anyFacts, check), { numRuns: 300, seed: 3 }));
  t.doesNotThrow(() => fc.assert(fc.property(anySmallFacts, check), { numRuns: 300, seed: 4 }));
});

t.test('lines that are about to end are not replaced unseen', async (t) => {
  const young = Array.from({ length: 6 }, () => NOW - 15 * SECOND);
  const old = Array.from({ length: 6 }, () => NOW - 25 * SECOND);
  t.ok(overdial({ ringingSinceMs: old }) <= overdial({ ringingSinceMs: young }));
  const lines = 3 + overdial({ ringingSinceMs: old });
  t.ok(lines - old.length <= 3 + overdial() - old.length, 'six of them gone make no room for six new ones');
});

t.test('what the dials teach', async (t) => {
  t.ok(Math.abs(STEADY.answerRate - 0.3) < 0.02, `three of ten: ${STEADY.answerRate}`);
  t.ok(answeredBy(STEADY.answeredWithin, 8 * SECOND) < 0.1);
  t.ok(answeredBy(STEADY.answeredWithin, 11 * SECOND) > 0.9);
  t.equal(answeredBy(STEADY.answeredWithin, 999 * SECOND), 1);
  t.ok(talkOverWithin(STEADY.talksBeyond, 0, 60 * SECOND) < 0.2, 'a talk that has just begun');
  t.ok(talkOverWithin(STEADY.talksBeyond, 118 * SECOND, 10 * SECOND) > 0.7, 'one that has lasted two minutes');
  t.ok((STEADY.lapses[25] ?? 0) > 0.9 && (STEADY.lapses[20] ?? 1) === 0, 'who does not answer rings for 25 seconds');

  const risen = measure([...dials(400, 1, NOW - 120 * SECOND), ...dials(60, 8)], [], NOW);
  t.ok(risen.answerRate > 0.6, `a rise shows after sixty dials: ${risen.answerRate}`);
  const fallen = measure([...dials(400, 8, NOW - 120 * SECOND), ...dials(60, 1)], [], NOW);
  t.ok(fallen.answerRate < 0.3, `and a fall: ${fallen.answerRate}`);

  const ringing = Array.from({ length: 200 }, () => ({ dialedAtMs: NOW - SECOND }));
  t.ok(measure([...dials(300, 3, NOW - SECOND), ...ringing], [], NOW).answerRate > 0.25, 'what has just been dialed is not unanswered');
  const long = Array.from({ length: 50 }, () => NOW - 600 * SECOND);
  const short = dials(60, 10).map((dial) => ({ ...dial, talkedMs: 5 * SECOND }));
  const talks = (since: number[]) => talkOverWithin(measure(short, since, NOW).talksBeyond, 20 * SECOND, 20 * SECOND);
  t.ok(talks(long) < talks([]), 'talks that go on speak against the short ones that are over');
});

t.test('what was stored comes back, and what is none of it does not', async (t) => {
  t.strictSame(readState(JSON.parse(JSON.stringify({ ...STATE, atMs: 5 }))), STATE);
  for (const junk of [null, {}, { risk: 'much' }, { risk: 0.1, seen: null }, { risk: 0.1, seen: { day: 1 } }]) {
    t.strictSame(readState(junk), FIRST_STATE);
  }
});

t.test('odds', async (t) => {
  const counts = [1];
  for (const p of [0.2, 0.5, 0.7]) addChance(counts, p);
  t.strictSame(
    counts.map((chance) => chance.toFixed(4)),
    ['0.1200', '0.4300', '0.3800', '0.0700'],
  );
  t.equal(atLeast(counts, [1], 2).toFixed(4), '0.4500');
  t.equal(atLeast(counts, [0.5, 0.5], 1).toFixed(4), (0.5 * 0.88 + 0.5 * 0.45).toFixed(4), 'against a count of others');
  t.equal(atLeast(counts, [1], -1).toFixed(4), '1.0000');
  t.equal(normalBelow(1.96).toFixed(4), '0.9750');
  t.equal(normalBelow(-1).toFixed(4), '0.1587');
});

/** Talk hours for each hour of an agent, and the worst share of abandoned calls of any day. */
function days(scenario: Scenario, name: string, count: number): { talk: number; worst: number } {
  const campaign = CONTENDERS.find((contender) => contender.name === name)?.open();
  if (!campaign) throw new Error(`no rule ${name}`);
  const shifts = Array.from({ length: count }, (_, day) => runShift(scenario, 11 + day, campaign.shift()));
  const sum = (of: (shift: (typeof shifts)[number]) => number) => shifts.reduce((total, shift) => total + of(shift), 0);
  return {
    talk: sum(({ talkHours }) => talkHours) / sum(({ agentHours }) => agentHours),
    worst: Math.max(...shifts.map(({ answered, abandoned }) => abandoned / answered)),
  };
}

t.test('in a simulated call centre no day is over the cap, and people talk more than without prediction', async (t) => {
  for (const [name, gain] of [
    ['3 people, 15 % answer', 1.15],
    ['10 people, 10–60 % answer', 1.1],
    ['30 people, 60 % answer', 1.04],
  ] as const) {
    const scenario = SCENARIOS.find((one) => one.name === name);
    if (!scenario) throw new Error(`no scenario ${name}`);
    const half = { ...scenario, shiftHours: 4 };
    const [ours, progressive] = [days(half, 'ours', 2), days(half, 'progressive', 2)];
    t.ok(ours.worst <= ABANDON_CAP, `${name}: ${ours.worst} on the worst day`);
    t.ok(ours.talk > gain * progressive.talk, `${name}: ${ours.talk} against ${progressive.talk}`);
  }
});
