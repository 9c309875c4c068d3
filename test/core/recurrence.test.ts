import fc from 'fast-check';
import t from 'tap';
import { Temporal } from 'temporal-polyfill';
import { lastRun, localDate, nextRun, PATTERNS, type Recurrence, takeRun } from '../../core/time/recurrence.ts';
import { holds } from './holds.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const iso = (at: Date | undefined) => at?.toISOString().replace(':00.000Z', 'Z');
const rule = (given: Partial<Recurrence> = {}): Recurrence => ({
  pattern: 'daily',
  time: '10:00',
  timezone: 'UTC',
  startDate: '2025-01-01',
  endDate: null,
  ...given,
});

/** The next `count` runs after an instant. */
function runs(given: Recurrence, after: string, count: number): string[] {
  const found: string[] = [];
  for (let at = nextRun(given, new Date(after)); at && found.length < count; at = nextRun(given, at)) found.push(iso(at) ?? '');
  return found;
}

t.test('runs by hand', async (t) => {
  const cases: Array<[what: string, rule: Recurrence, after: string, runs: string[]]> = [
    [
      'daily, in a zone of half hours',
      rule({ timezone: 'Asia/Kolkata', startDate: '2025-11-01' }),
      '2025-11-01T04:29:59.999Z',
      ['2025-11-01T04:30Z', '2025-11-02T04:30Z'],
    ],
    ['strictly after', rule(), '2025-01-05T10:00:00Z', ['2025-01-06T10:00Z']],
    ['not before its start', rule({ startDate: '2031-05-05' }), '2025-01-01T00:00:00Z', ['2031-05-05T10:00Z']],
    ['a start long ago', rule({ startDate: '1970-01-01' }), '2025-06-01T10:00:01Z', ['2025-06-02T10:00Z']],
    ['its last day included', rule({ endDate: '2025-01-02' }), '2024-12-01T00:00:00Z', ['2025-01-01T10:00Z', '2025-01-02T10:00Z']],
    ['over', rule({ endDate: '2025-01-02' }), '2025-01-02T10:00:00Z', []],
    ['never', rule({ pattern: 'weekly', startDate: '2025-01-01', endDate: '2024-12-31' }), '2020-01-01T00:00:00Z', []],
    ['before the year 10000', rule({ startDate: '9999-12-29' }), '2025-01-01T00:00:00Z', ['9999-12-29T10:00Z', '9999-12-30T10:00Z']],
    [
      'weekly, on the weekday of its start in its own zone',
      rule({ pattern: 'weekly', time: '08:00', timezone: 'Asia/Tokyo', startDate: '2025-06-02' }),
      '2025-06-03T00:00:00Z',
      ['2025-06-08T23:00Z', '2025-06-15T23:00Z'],
    ],
    [
      'the 31st, clipped, and back to the 31st',
      rule({ pattern: 'monthly', startDate: '2025-01-31' }),
      '2025-01-31T10:00:00Z',
      ['2025-02-28T10:00Z', '2025-03-31T10:00Z', '2025-04-30T10:00Z', '2025-05-31T10:00Z'],
    ],
    [
      'the 30th in a leap year',
      rule({ pattern: 'monthly', startDate: '2027-12-30' }),
      '2028-01-30T10:00:00Z',
      ['2028-02-29T10:00Z', '2028-03-30T10:00Z'],
    ],
    [
      'the 29th from a 29 February, over a century that is no leap year',
      rule({ pattern: 'monthly', startDate: '2096-02-29' }),
      '2100-01-29T10:00:00Z',
      ['2100-02-28T10:00Z', '2100-03-29T10:00Z'],
    ],
    [
      'a clipped day is the inclusive end',
      rule({ pattern: 'monthly', startDate: '2025-01-31', endDate: '2025-04-30' }),
      '2025-03-31T10:00:00Z',
      ['2025-04-30T10:00Z'],
    ],
    [
      'the day before the clipped one is not',
      rule({ pattern: 'monthly', startDate: '2025-01-31', endDate: '2025-04-29' }),
      '2025-03-31T10:00:00Z',
      [],
    ],
    [
      'skipped: 03:30 that day, 02:30 on the next',
      rule({ timezone: 'America/New_York', time: '02:30' }),
      '2025-03-08T08:00:00Z',
      ['2025-03-09T07:30Z', '2025-03-10T06:30Z'],
    ],
    [
      'twice: the first only',
      rule({ timezone: 'America/New_York', time: '01:30' }),
      '2025-11-01T06:00:00Z',
      ['2025-11-02T05:30Z', '2025-11-03T06:30Z'],
    ],
    ['between the two: tomorrow', rule({ timezone: 'America/New_York', time: '01:30' }), '2025-11-02T05:45:00Z', ['2025-11-03T06:30Z']],
    [
      'a day that never was, daily: it has no run of its own',
      rule({ timezone: 'Pacific/Apia', time: '23:30', startDate: '2011-12-01' }),
      '2011-12-29T00:00:00Z',
      ['2011-12-29T09:30Z', '2011-12-30T09:30Z', '2011-12-31T09:30Z', '2012-01-01T09:30Z'],
    ],
    [
      'a day that never was, weekly: the day after',
      rule({ pattern: 'weekly', timezone: 'Pacific/Apia', startDate: '2011-12-23' }),
      '2011-12-24T00:00:00Z',
      ['2011-12-30T20:00Z', '2012-01-05T20:00Z'],
    ],
    [
      'skipped over midnight: half an hour into the next day, which keeps its own',
      rule({ timezone: 'America/Nuuk', time: '23:30', startDate: '2024-03-01' }),
      '2024-03-30T12:00:00Z',
      ['2024-03-31T01:30Z', '2024-04-01T00:30Z'],
    ],
    [
      'and asked for in that half hour',
      rule({ timezone: 'America/Nuuk', time: '23:30', startDate: '2024-03-01' }),
      '2024-03-31T01:10:00Z',
      ['2024-03-31T01:30Z'],
    ],
    [
      'put back over midnight: it is yesterday again, and today’s run is over',
      rule({ timezone: 'America/St_Johns', time: '00:00', startDate: '2008-10-01' }),
      '2008-11-02T02:45:00Z',
      ['2008-11-03T03:30Z'],
    ],
  ];
  for (const [what, given, after, expected] of cases) t.strictSame(runs(given, after, expected.length || 1), expected, what);
  t.throws(() => nextRun(rule({ timezone: 'Mars/Olympus' }), new Date()), RangeError);
});

t.test('the last run', async (t) => {
  const monthly = rule({ pattern: 'monthly', startDate: '2025-01-31', endDate: '2025-04-30' });
  const cases: Array<[what: string, rule: Recurrence, at: string, run: string | undefined]> = [
    ['at its very moment', rule(), '2025-01-05T10:00:00Z', '2025-01-05T10:00Z'],
    ['a moment before', rule(), '2025-01-05T09:59:59.999Z', '2025-01-04T10:00Z'],
    ['none yet', rule(), '2025-01-01T09:59:59Z', undefined],
    ['long over', monthly, '2031-01-01T00:00:00Z', '2025-04-30T10:00Z'],
    ['never', rule({ endDate: '2024-12-31' }), '2031-01-01T00:00:00Z', undefined],
    ['early in a month', monthly, '2025-03-01T00:00:00Z', '2025-02-28T10:00Z'],
    [
      'put back over midnight, today’s is the last',
      rule({ timezone: 'America/St_Johns', time: '00:00', startDate: '2008-10-01' }),
      '2008-11-02T02:45:00Z',
      '2008-11-02T02:30Z',
    ],
  ];
  for (const [what, given, at, run] of cases) t.equal(iso(lastRun(given, new Date(at))), run, what);
});

t.test('which run is made of those that are due', async (t) => {
  const cases: Array<[what: string, rule: Recurrence, nextRunAt: string, until: string, at: string, next: string | undefined]> = [
    ['the only one', rule(), '2025-01-05T10:00Z', '2025-01-05T10:00:30Z', '2025-01-05T10:00Z', '2025-01-06T10:00Z'],
    ['at the very moment', rule(), '2025-01-05T10:00Z', '2025-01-05T10:00:00Z', '2025-01-05T10:00Z', '2025-01-06T10:00Z'],
    ['ten missed: the latest', rule(), '2025-01-05T10:00Z', '2025-01-15T09:00:00Z', '2025-01-14T10:00Z', '2025-01-15T10:00Z'],
    ['the last was missed', rule({ endDate: '2025-01-07' }), '2025-01-05T10:00Z', '2025-03-01T00:00:00Z', '2025-01-07T10:00Z', undefined],
    ['moved by hand', rule(), '2025-01-05T11:17Z', '2025-01-05T11:17:01Z', '2025-01-05T11:17Z', '2025-01-06T10:00Z'],
  ];
  for (const [what, given, nextRunAt, until, at, next] of cases) {
    const taken = takeRun(given, new Date(nextRunAt), new Date(until));
    t.strictSame({ at: iso(taken.at), next: iso(taken.next) }, { at, next }, what);
  }
});

t.test('the day that the clocks of a zone show', async (t) => {
  t.equal(localDate('Asia/Kolkata', new Date('2025-11-01T18:30:00Z')), '2025-11-02');
  t.equal(localDate('America/New_York', new Date('2025-11-02T03:59:59Z')), '2025-11-01');
  t.equal(localDate('Pacific/Apia', new Date('2011-12-30T10:00:00Z')), '2011-12-31');
});

/** Zones with a day near a change of their clocks, and one that never changes them. */
const PLACES: Array<[zone: string, day: string]> = [
  ['America/New_York', '2025-03-09'],
  ['America/New_York', '2025-11-02'],
  ['Europe/London', '2025-03-30'],
  ['Europe/London', '2025-10-26'],
  ['Australia/Lord_Howe', '2025-10-05'],
  ['Australia/Lord_Howe', '2025-04-06'],
  ['Pacific/Apia', '2011-12-30'],
  ['America/Nuuk', '2024-03-31'],
  ['America/St_Johns', '2008-11-02'],
  ['Asia/Kathmandu', '2024-02-29'],
];

const anyCase = fc.record({
  place: fc.constantFrom(...PLACES),
  pattern: fc.constantFrom(...PATTERNS),
  time: fc.constantFrom('00:00', '00:30', '01:30', '01:45', '02:00', '02:30', '03:00', '12:00', '23:30', '23:59'),
  startDays: fc.integer({ min: -70, max: 5 }),
  lengthDays: fc.option(fc.integer({ min: 0, max: 90 })),
  atMinutes: fc.integer({ min: -40 * 24 * 60, max: 40 * 24 * 60 }),
});

/** The rule, the instant, and every run within it as Temporal reads calendars and clocks. */
function caseOf({
  place: [timezone, day],
  pattern,
  time,
  startDays,
  lengthDays,
  atMinutes,
}: typeof anyCase extends fc.Arbitrary<infer C> ? C : never) {
  const start = Temporal.PlainDate.from(day).add({ days: startDays });
  const end = lengthDays === null ? null : start.add({ days: lengthDays });
  const unit = { daily: 'days', weekly: 'weeks', monthly: 'months' }[pattern];
  const expected = new Set<number>();
  for (let n = 0; n < 200; n++) {
    const date = start.add({ [unit]: n });
    if (date.since(start).days > 200 || (end && Temporal.PlainDate.compare(date, end) > 0)) break;
    expected.add(date.toZonedDateTime({ timeZone: timezone, plainTime: time }).epochMilliseconds);
  }
  const at = new Date(Date.parse(day) + atMinutes * MINUTE);
  return {
    given: rule({ pattern, time, timezone, startDate: start.toString(), endDate: end?.toString() ?? null }),
    at,
    expected: [...expected],
  };
}

t.test('next and last run agree with a calendar walked by Temporal', async (t) => {
  holds(
    t,
    fc.property(anyCase, (drawn) => {
      const { given, at, expected } = caseOf(drawn);
      const next = expected.find((ms) => ms > at.getTime());
      const last = expected.findLast((ms) => ms <= at.getTime());
      return nextRun(given, at)?.getTime() === next && lastRun(given, at)?.getTime() === last;
    }),
    { numRuns: 600 },
  );
});

t.test('run after run, each day of the pattern comes once, a day or more apart', async (t) => {
  holds(
    t,
    fc.property(anyCase, (drawn) => {
      const { given, expected } = caseOf({ ...drawn, lengthDays: drawn.lengthDays ?? 60 });
      const found: number[] = [];
      for (let at = nextRun(given, new Date(0)); at; at = nextRun(given, at)) found.push(at.getTime());
      // a night of clock changes may take two hours of a day, not more
      const apart = found.every((ms, index) => index === 0 || ms - (found[index - 1] ?? 0) >= DAY - 120 * MINUTE);
      return apart && found.length === expected.length && found.every((ms, index) => ms === expected[index]);
    }),
    { numRuns: 200 },
  );
});
