import fc from 'fast-check';
import t from 'tap';
import { offsetPeriods } from '../../core/time/offset-periods.ts';
import { parseInstant } from '../../core/time/parse.ts';
import { eachDay, groupOf } from '../../core/time/period.ts';
import { wholeDays } from '../../core/time/whole-days.ts';
import { DEFAULT_HOURS, type Hours, isOpen, minutesOf, nextOpen, type Window } from '../../core/time/window.ts';
import { instantOf, isZone, offsetMs, type WallTime, wallTime } from '../../core/time/zone.ts';
import { holds } from './holds.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at = (iso: string) => Date.parse(iso);
/** A local time as the epoch milliseconds that UTC clocks would show it at. */
const local = (text: string) => Date.parse(`${text}Z`);
const iso = (ms: number | Date | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().replace('.000Z', 'Z'));

/** Clocks that change: the moment, and the minutes ahead of UTC before and after (IANA tz database). */
const CHANGES: Array<{ zone: string; moment: string; before: number; after: number }> = [
  { zone: 'America/New_York', moment: '2025-03-09T07:00:00Z', before: -300, after: -240 },
  { zone: 'America/New_York', moment: '2025-11-02T06:00:00Z', before: -240, after: -300 },
  { zone: 'Europe/London', moment: '2025-03-30T01:00:00Z', before: 0, after: 60 },
  { zone: 'Europe/London', moment: '2025-10-26T01:00:00Z', before: 60, after: 0 },
  { zone: 'Australia/Lord_Howe', moment: '2025-10-04T15:30:00Z', before: 630, after: 660 },
  { zone: 'Australia/Lord_Howe', moment: '2025-04-05T15:00:00Z', before: 660, after: 630 },
  { zone: 'Pacific/Chatham', moment: '2025-09-27T14:00:00Z', before: 765, after: 825 },
  { zone: 'Pacific/Chatham', moment: '2025-04-05T14:00:00Z', before: 825, after: 765 },
  { zone: 'America/Santiago', moment: '2025-09-07T04:00:00Z', before: -240, after: -180 },
  { zone: 'Pacific/Apia', moment: '2011-12-30T10:00:00Z', before: -600, after: 840 },
];

const STEADY: Array<[zone: string, minutes: number]> = [
  ['UTC', 0],
  ['Asia/Kolkata', 330],
  ['Asia/Kathmandu', 345],
  ['Asia/Tokyo', 540],
  ['Pacific/Kiritimati', 840],
  ['America/Phoenix', -420],
];

const ZONES = [...new Set([...CHANGES.map(({ zone }) => zone), ...STEADY.map(([zone]) => zone)])];
const anyZone = fc.constantFrom(...ZONES);

t.test('zones that are and are not', async (t) => {
  for (const zone of [...ZONES, 'Etc/GMT+5', 'utc']) t.ok(isZone(zone), zone);
  for (const text of ['', 'Mars/Olympus', '+05:30', '-0500', 'Asia/Kolkata ', 'Asia/', '5', 'null']) t.notOk(isZone(text), `'${text}'`);
  t.throws(() => offsetMs('Mars/Olympus', 0), RangeError);
});

t.test('a zone is made once, however it is written; what only looks like one is none', async (t) => {
  const real = Intl.DateTimeFormat;
  let made = 0;
  Intl.DateTimeFormat = new Proxy(real, {
    construct(target, args) {
      made++;
      return Reflect.construct(target, args) as object;
    },
  });
  t.teardown(() => {
    Intl.DateTimeFormat = real;
  });
  const letters = [...'america/argentina/comodrivadavia'];
  for (let spelling = 0; spelling < 500; spelling++) {
    const zone = letters.map((letter, at) => ((spelling >> (at % 9)) & 1 ? letter.toUpperCase() : letter)).join('');
    t.equal(offsetMs(zone, at('2025-11-02T00:00:00Z')), -3 * HOUR);
    t.ok(isZone(zone));
  }
  t.equal(made, 1, 'one formatter for all of them');
  t.ok(isZone('asia/kolkata'));
  t.notOk(isZone('asia/\u212aolkata'), 'the Kelvin sign is a k in lower case only');
});

t.test('offsets: to the second around a change, for ever where nothing changes', async (t) => {
  for (const { zone, moment, before, after } of CHANGES) {
    t.equal(offsetMs(zone, at(moment) - SECOND), before * MINUTE, `${zone} before ${moment}`);
    t.equal(offsetMs(zone, at(moment)), after * MINUTE, `${zone} from ${moment}`);
  }
  for (const [zone, minutes] of STEADY) {
    for (const moment of ['2025-01-15T00:00:00Z', '2025-07-15T23:59:59Z', '2031-03-30T01:00:00Z']) {
      t.equal(offsetMs(zone, at(moment)), minutes * MINUTE, `${zone} ${moment}`);
    }
  }
});

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map(
  ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }),
  ]),
);

function wallTimeByIntl(zone: string, ms: number): WallTime {
  const parts = Object.fromEntries((formats.get(zone)?.formatToParts(ms) ?? []).map(({ type, value }) => [type, value]));
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    weekday: WEEKDAYS.indexOf(parts.weekday ?? '') + 1,
    minuteOfDay: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

/** Moments of thirty years, half of them within a day of a clock change. */
const anyMoment = fc.oneof(
  fc.integer({ min: at('2011-01-01T00:00:00Z'), max: at('2040-12-31T00:00:00Z') }),
  fc.tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -DAY, max: DAY })).map(([{ moment }, ms]) => at(moment) + ms),
);

t.test('wall clocks show what Intl says', async (t) => {
  holds(
    t,
    fc.property(anyZone, anyMoment, (zone, ms) => {
      const [ours, theirs] = [wallTime(zone, ms), wallTimeByIntl(zone, ms)];
      return Object.entries(theirs).every(([part, value]) => ours[part as keyof WallTime] === value);
    }),
    { numRuns: 1000 },
  );
});

t.test('from a local time to its instant', async (t) => {
  const cases: Array<[zone: string, localTime: string, instant: string, what: string]> = [
    ['Asia/Kolkata', '2025-11-02T10:00:00', '2025-11-02T04:30:00Z', 'an ordinary time'],
    ['Asia/Kathmandu', '2025-11-02T00:00:00', '2025-11-01T18:15:00Z', 'three quarters of an hour'],
    ['America/New_York', '2025-03-09T01:59:59', '2025-03-09T06:59:59Z', 'the last second before the gap'],
    ['America/New_York', '2025-03-09T02:30:00', '2025-03-09T07:30:00Z', 'in the gap: 03:30'],
    ['America/New_York', '2025-03-09T03:00:00', '2025-03-09T07:00:00Z', 'the first moment after the gap'],
    ['America/New_York', '2025-11-02T01:30:00', '2025-11-02T05:30:00Z', 'comes twice: the first'],
    ['America/New_York', '2025-11-02T02:00:00', '2025-11-02T07:00:00Z', 'after the overlap'],
    ['Europe/London', '2025-03-30T01:30:00', '2025-03-30T01:30:00Z', 'in the gap: 02:30'],
    ['Europe/London', '2025-10-26T01:30:00', '2025-10-26T00:30:00Z', 'comes twice: the first'],
    ['Australia/Lord_Howe', '2025-10-05T02:15:00', '2025-10-04T15:45:00Z', 'in a gap of half an hour: 02:45'],
    ['Australia/Lord_Howe', '2025-04-06T01:45:00', '2025-04-05T14:45:00Z', 'in an overlap of half an hour: the first'],
    ['Pacific/Chatham', '2025-09-28T03:00:00', '2025-09-27T14:15:00Z', 'in the gap: 04:00'],
    ['America/Santiago', '2025-09-07T00:00:00', '2025-09-07T04:00:00Z', 'a midnight that is skipped: 01:00'],
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00Z', 'on a day that never was: the next, same time'],
    ['Pacific/Apia', '2011-12-31T00:00:00', '2011-12-30T10:00:00Z', 'the first moment after it'],
    ['Pacific/Apia', '2011-12-29T23:59:59', '2011-12-30T09:59:59Z', 'the last second before it'],
  ];
  for (const [zone, localTime, instant, what] of cases)
    t.equal(iso(instantOf(zone, local(localTime))), instant, `${zone} ${localTime}, ${what}`);
});

t.test('what wall clocks show leads back to the instant, or to the first one that shows the same', async (t) => {
  holds(
    t,
    fc.property(anyZone, anyMoment, (zone, ms) => {
      const shown = ms + offsetMs(zone, ms);
      const back = instantOf(zone, shown);
      return back === ms || (back < ms && back + offsetMs(zone, back) === shown);
    }),
    { numRuns: 1000 },
  );
});

const hours = (zones: string[], windows: readonly Window[] = DEFAULT_HOURS, holidays: string[] = []): Hours => ({
  zones,
  windows,
  holidays,
});
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS = [1, 2, 3, 4, 5];
const window = (start: string, end: string, days: readonly number[] = EVERY_DAY): Window => ({ days, start, end });

t.test('a window is shut a second before it opens and at the second it ends', async (t) => {
  const kolkata = hours(['Asia/Kolkata']);
  const [opening, closing] = [at('2025-11-02T03:30:00Z'), at('2025-11-02T12:30:00Z')];
  const cases: Array<[ms: number, open: boolean, next: number]> = [
    [opening - SECOND, false, opening],
    [opening - 1, false, opening],
    [opening, true, opening],
    [opening + SECOND, true, opening + SECOND],
    [closing - SECOND, true, closing - SECOND],
    [closing - 1, true, closing - 1],
    [closing, false, opening + DAY],
    [closing + SECOND, false, opening + DAY],
  ];
  for (const [ms, open, next] of cases) {
    t.equal(isOpen(kolkata, new Date(ms)), open, `open at ${iso(ms)}`);
    t.equal(iso(nextOpen(kolkata, new Date(ms))), iso(next), `next after ${iso(ms)}`);
  }
});

t.test('when calling hours open next', async (t) => {
  const night = window('22:00', '06:00', [1]);
  const cases: Array<[what: string, hours: Hours, from: string, next: string | undefined]> = [
    [
      'Friday evening to Monday morning',
      hours(['UTC'], [window('09:00', '17:00', WORKDAYS)]),
      '2025-06-13T17:00:00Z',
      '2025-06-16T09:00:00Z',
    ],
    ['over midnight, before', hours(['UTC'], [night]), '2025-06-09T21:59:59Z', '2025-06-09T22:00:00Z'],
    ['over midnight, the next morning is open', hours(['UTC'], [night]), '2025-06-10T05:59:59Z', '2025-06-10T05:59:59Z'],
    ['over midnight, shut at its end', hours(['UTC'], [night]), '2025-06-10T06:00:00Z', '2025-06-16T22:00:00Z'],
    ['a full day until 24:00', hours(['UTC'], [window('00:00', '24:00', [2])]), '2025-06-10T23:59:59Z', '2025-06-10T23:59:59Z'],
    ['shut at 24:00', hours(['UTC'], [window('00:00', '24:00', [2])]), '2025-06-11T00:00:00Z', '2025-06-17T00:00:00Z'],
    ['the same time twice is a whole day', hours(['UTC'], [window('08:00', '08:00', [2])]), '2025-06-11T07:59:59Z', '2025-06-11T07:59:59Z'],
    [
      'two windows a day',
      hours(['UTC'], [window('14:00', '16:00'), window('09:00', '11:00')]),
      '2025-06-11T11:00:00Z',
      '2025-06-11T14:00:00Z',
    ],
    [
      'windows that overlap',
      hours(['UTC'], [window('09:00', '12:00'), window('11:00', '13:00')]),
      '2025-06-11T12:30:00Z',
      '2025-06-11T12:30:00Z',
    ],
    ['two zones, both open', hours(['America/New_York', 'America/Los_Angeles']), '2025-06-11T13:00:00Z', '2025-06-11T16:00:00Z'],
    ['two zones, one shut already', hours(['America/New_York', 'America/Los_Angeles']), '2025-06-11T22:00:00Z', '2025-06-12T16:00:00Z'],
    [
      'two zones that are never open together',
      hours(['Asia/Tokyo', 'America/New_York'], [window('09:00', '12:00')]),
      '2025-06-11T00:00:00Z',
      undefined,
    ],
    ['a holiday', hours(['Europe/London'], DEFAULT_HOURS, ['2025-12-25', '2025-12-26']), '2025-12-24T18:00:00Z', '2025-12-27T09:00:00Z'],
    [
      'a holiday is one in the zone of the callee',
      hours(['Asia/Tokyo'], DEFAULT_HOURS, ['2025-06-12']),
      '2025-06-11T23:00:00Z',
      '2025-06-13T00:00:00Z',
    ],
    ['a holiday ends what reaches into it', hours(['UTC'], [night], ['2025-06-10']), '2025-06-10T00:00:00Z', '2025-06-16T22:00:00Z'],
    ['but not the evening before', hours(['UTC'], [night], ['2025-06-10']), '2025-06-09T23:59:59Z', '2025-06-09T23:59:59Z'],
    [
      'every day a holiday but the last of a year',
      hours(['UTC'], DEFAULT_HOURS, daysFrom('2025-01-01', 365)),
      '2025-01-01T00:00:00Z',
      '2026-01-01T09:00:00Z',
    ],
    ['no windows', hours(['UTC'], []), '2025-06-11T12:00:00Z', undefined],
    ['no days', hours(['UTC'], [window('09:00', '18:00', [])]), '2025-06-11T12:00:00Z', undefined],
    ['nobody whose clock could object', hours([]), '2025-06-11T03:00:00Z', '2025-06-11T03:00:00Z'],
    ['spring: an hour earlier by UTC', hours(['America/New_York']), '2025-03-09T00:00:00Z', '2025-03-09T13:00:00Z'],
    ['autumn: an hour later by UTC', hours(['America/New_York']), '2025-11-02T00:00:00Z', '2025-11-02T14:00:00Z'],
    [
      'a window within the gap does not open that day',
      hours(['America/New_York'], [window('02:15', '02:45')]),
      '2025-03-09T05:00:00Z',
      '2025-03-10T06:15:00Z',
    ],
    [
      'nor does one from the very moment of the change on',
      hours(['America/New_York'], [window('02:00', '02:30')]),
      '2025-03-09T05:00:00Z',
      '2025-03-10T06:00:00Z',
    ],
    [
      'a window into the gap ends with it',
      hours(['America/New_York'], [window('01:30', '02:30')]),
      '2025-03-09T07:00:00Z',
      '2025-03-10T05:30:00Z',
    ],
    [
      'a window from the gap on opens behind it',
      hours(['America/New_York'], [window('02:30', '04:00')]),
      '2025-03-09T06:59:00Z',
      '2025-03-09T07:00:00Z',
    ],
    [
      'put back before its start, it is shut again',
      hours(['America/New_York'], [window('01:30', '03:00')]),
      '2025-11-02T06:00:00Z',
      '2025-11-02T06:30:00Z',
    ],
    [
      'open today, though yesterday’s window opens once more when the clocks are put back',
      hours(['America/New_York'], [window('01:15', '01:15', [6, 7])]),
      '2025-11-02T05:59:00Z',
      '2025-11-02T05:59:00Z',
    ],
    ['a day that never was', hours(['Pacific/Apia'], DEFAULT_HOURS), '2011-12-30T04:00:00Z', '2011-12-30T19:00:00Z'],
  ];
  for (const [what, given, from, next] of cases) t.equal(iso(nextOpen(given, new Date(from))), next, what);
});

function daysFrom(first: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => new Date(at(`${first}T00:00:00Z`) + index * DAY).toISOString().slice(0, 10));
}

t.test('hours that never open are known for it soon', async (t) => {
  const started = performance.now();
  const shut = hours(['Asia/Tokyo', 'America/New_York', 'Europe/London'], [window('09:00', '10:00')], daysFrom('2025-01-01', 200));
  t.equal(nextOpen(shut, new Date('2025-01-01T00:00:00Z')), undefined);
  t.equal(nextOpen(hours(['UTC'], DEFAULT_HOURS, daysFrom('2025-01-01', 400)), new Date('2025-01-01T00:00:00Z')), undefined);
  t.ok(performance.now() - started < 1000, 'within a second');
});

/** By wall clocks alone, as a person would: minute by minute, is it open in every zone? */
function walk(given: Hours, fromMs: number, minutes: number): number | undefined {
  for (let minute = 0; minute < minutes; minute++) {
    const ms = fromMs + minute * MINUTE;
    if (given.zones.every((zone) => isOpenByClock(given, wallTime(zone, ms)))) return ms;
  }
  return undefined;
}

function isOpenByClock(given: Hours, { year, month, day, minuteOfDay }: WallTime): boolean {
  const today = Date.UTC(year, month - 1, day);
  const begins = (window: Window, dayMs: number) => {
    return window.days.includes(new Date(dayMs).getUTCDay() || 7) && !given.holidays.includes(new Date(dayMs).toISOString().slice(0, 10));
  };
  if (given.holidays.includes(new Date(today).toISOString().slice(0, 10))) return false;
  return given.windows.some((window) => {
    const [start, end] = [minutesOf(window.start), minutesOf(window.end)];
    if (end > start) return begins(window, today) && minuteOfDay >= start && minuteOfDay < end;
    return (begins(window, today) && minuteOfDay >= start) || (begins(window, today - DAY) && minuteOfDay < end);
  });
}

const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => new Date(quarter * 15 * MINUTE).toISOString().slice(11, 16));
const anyWindow: fc.Arbitrary<Window> = fc.record({ days: fc.subarray(EVERY_DAY, { minLength: 2 }), start: clock, end: clock });
const anyCase = fc.constantFrom(...CHANGES).chain(({ zone, moment }) =>
  fc.record({
    zones: fc.oneof(fc.constant([zone]), fc.tuple(fc.constant(zone), anyZone)),
    windows: fc.array(anyWindow, { minLength: 1, maxLength: 3 }),
    holidays: fc.subarray([0, 1, 2].map((day) => new Date(at(moment) + day * DAY).toISOString().slice(0, 10))),
    fromMs: fc.integer({ min: -36 * 60, max: 36 * 60 }).map((minutes) => at(moment) + minutes * MINUTE),
  }),
);

t.test('nextOpen agrees with a walk from minute to minute, also on days when clocks change', async (t) => {
  const WALK_MINUTES = 3 * 24 * 60;
  holds(
    t,
    fc.property(anyCase, ({ fromMs, ...given }) => {
      const walked = walk(given, fromMs, WALK_MINUTES);
      const found = nextOpen(given, new Date(fromMs))?.getTime();
      if (walked === undefined) return found === undefined || found >= fromMs + WALK_MINUTES * MINUTE;
      return found === walked && isOpen(given, new Date(found)) && isOpen(given, new Date(fromMs)) === (walked === fromMs);
    }),
    { numRuns: 250 },
  );
});

t.test('instants as people write them', async (t) => {
  const cases: Array<[text: string, zone: string | undefined, instant: string | undefined]> = [
    ['2025-11-02T10:00:00Z', undefined, '2025-11-02T10:00:00Z'],
    ['2025-11-02t10:00:00z', undefined, '2025-11-02T10:00:00Z'],
    ['2025-11-02T10:00:00Z', 'Asia/Kolkata', '2025-11-02T10:00:00Z'],
    ['2025-11-02T10:00:00+05:30', 'America/New_York', '2025-11-02T04:30:00Z'],
    ['2025-11-02T10:00:00-0800', undefined, '2025-11-02T18:00:00Z'],
    ['2025-11-02T10:00:00', 'Asia/Kolkata', '2025-11-02T04:30:00Z'],
    ['2025-11-02 10:00', 'Asia/Kolkata', '2025-11-02T04:30:00Z'],
    ['2025-11-02', 'Asia/Kolkata', '2025-11-01T18:30:00Z'],
    ['2025-11-02', undefined, '2025-11-02T00:00:00Z'],
    [' 2025-11-02T10:00:00Z\n', undefined, '2025-11-02T10:00:00Z'],
    ['2025-11-02T10:00:00.5Z', undefined, '2025-11-02T10:00:00.500Z'],
    ['2025-11-02T10:00:00.123456789Z', undefined, '2025-11-02T10:00:00.123Z'],
    ['2025-03-09T02:30', 'America/New_York', '2025-03-09T07:30:00Z'],
    ['2025-11-02T01:30', 'America/New_York', '2025-11-02T05:30:00Z'],
    ['2024-02-29', undefined, '2024-02-29T00:00:00Z'],
    ['2025-02-29', undefined, undefined],
    ['1970-01-01T00:00:00Z', undefined, '1970-01-01T00:00:00Z'],
    ['1969-12-31T23:59:59Z', undefined, undefined],
    ['1970-01-01T00:00:00+05:30', undefined, undefined],
    ['1970-01-01', 'Asia/Kolkata', undefined],
    ['9999-12-31T23:59:59.999Z', undefined, '9999-12-31T23:59:59.999Z'],
    ['9999-12-31T23:59:59-12:00', undefined, undefined],
    ['9999-12-31T23:59:59', 'America/New_York', undefined],
    ['2025-02-30T10:00:00Z', undefined, undefined],
    ['2025-13-01', undefined, undefined],
    ['2025-00-10', undefined, undefined],
    ['2025-01-00', undefined, undefined],
    ['0050-01-01', undefined, undefined],
    ['2025-11-02T24:00:00Z', undefined, undefined],
    ['2025-11-02T25:00:00Z', undefined, undefined],
    ['2025-11-02T10:60:00Z', undefined, undefined],
    ['2025-11-02T10:00:60Z', undefined, undefined],
    ['2025-11-02T10:00:00+16:00', undefined, undefined],
    ['2025-11-02T10:00:00+05:60', undefined, undefined],
    ['2025-11-02T10Z', undefined, undefined],
    ['2025-11-02Z', undefined, undefined],
    ['2025-11-02T10:00:00', 'Mars/Olympus', undefined],
    ['2025-11-02T10:00:00Z; drop', undefined, undefined],
    ['20251102T100000Z', undefined, undefined],
    ['2.11.2025', undefined, undefined],
    ['tomorrow', undefined, undefined],
    ['1762077600000', undefined, undefined],
    ['', undefined, undefined],
  ];
  for (const [text, zone, instant] of cases) t.equal(iso(parseInstant(text, zone)), instant, `'${text.trim()}' in ${zone ?? 'no zone'}`);
});

t.test('an instant that was written is the one that is read', async (t) => {
  holds(
    t,
    fc.property(anyZone, anyMoment, (zone, ms) => parseInstant(new Date(ms).toISOString(), zone)?.getTime() === ms),
  );
});

t.test('time is cut where clocks change, and nowhere else', async (t) => {
  for (const { zone, moment, before, after } of CHANGES) {
    const [fromMs, changeMs, beforeMs] = [at(moment) - 40 * HOUR, at(moment), at(moment) + 7 * HOUR];
    t.same(
      offsetPeriods(zone, fromMs, beforeMs),
      [
        { fromMs, beforeMs: changeMs, offsetMs: before * MINUTE },
        { fromMs: changeMs, beforeMs, offsetMs: after * MINUTE },
      ],
      `${zone} ${moment}`,
    );
    t.same(offsetPeriods(zone, changeMs, beforeMs), [{ fromMs: changeMs, beforeMs, offsetMs: after * MINUTE }], 'from the change on');
    t.same(offsetPeriods(zone, fromMs, changeMs), [{ fromMs, beforeMs: changeMs, offsetMs: before * MINUTE }], 'up to it');
  }
  t.same(offsetPeriods('UTC', 5, 5), [], 'nothing of nothing');
  holds(
    t,
    fc.property(
      anyZone,
      anyMoment,
      fc.integer({ min: 1, max: 800 * DAY }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (zone, ms, length, part) => {
        const periods = offsetPeriods(zone, ms, ms + length);
        const inside = ms + Math.min(length - 1, Math.floor(length * part));
        const found = periods.filter(({ fromMs, beforeMs }) => fromMs <= inside && inside < beforeMs);
        const joined = periods.every(({ fromMs }, index) => fromMs === (periods[index - 1]?.beforeMs ?? ms));
        return joined && periods.at(-1)?.beforeMs === ms + length && found.length === 1 && found[0]?.offsetMs === offsetMs(zone, inside);
      },
    ),
  );
});

t.test('a stretch of time as whole days and what is left of it', async (t) => {
  const moment = (text: string | undefined) => (text === undefined ? undefined : new Date(`2025-11-${text}:00Z`));
  const cases: Array<[from: string | undefined, before: string | undefined, days: [string?, string?], ends: string[][]]> = [
    ['01T00:00', '03T00:00', ['01', '03'], []],
    [
      '01T23:45',
      '03T00:15',
      ['02', '03'],
      [
        ['01T23:45', '02T00:00'],
        ['03T00:00', '03T00:15'],
      ],
    ],
    ['01T10:00', '02T10:00', ['02', '02'], [['01T10:00', '02T10:00']]],
    ['01T10:00', '01T11:00', ['02', '02'], [['01T10:00', '01T11:00']]],
    ['01T00:00', '01T00:15', ['01', '01'], [['01T00:00', '01T00:15']]],
    ['01T10:00', '01T10:00', ['02', '02'], []],
    ['01T10:00', undefined, ['02', undefined], [['01T10:00', '02T00:00']]],
    [undefined, '02T10:00', [undefined, '02'], [['02T00:00', '02T10:00']]],
    [undefined, undefined, [undefined, undefined], []],
  ];
  for (const [from, before, [first, last], ends] of cases) {
    const found = wholeDays({ from: moment(from), before: moment(before) });
    const day = (text: string | undefined) => (text === undefined ? undefined : `2025-11-${text}`);
    t.same([found.firstDay, found.beforeDay], [day(first), day(last)], `${from} to ${before}`);
    t.same(
      found.ends,
      ends.map(([begins, over]) => ({ from: moment(begins), before: moment(over) })),
      `ends of ${from} to ${before}`,
    );
  }
});

t.test('weeks begin on Monday, months on the first', async (t) => {
  for (const day of eachDay('1969-12-20', '2026-01-10')) {
    const monday = groupOf(day, 'week');
    const behind = (Date.parse(day) - Date.parse(monday)) / DAY;
    if (new Date(monday).getUTCDay() !== 1 || behind < 0 || behind > 6) t.fail(`${day} in the week of ${monday}`);
  }
  t.same(
    ['2025-11-30', '2025-11-01'].map((day) => groupOf(day, 'month')),
    ['2025-11-01', '2025-11-01'],
  );
  t.equal(groupOf('2025-11-30', 'day'), '2025-11-30');
});
