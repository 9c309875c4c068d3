import fc from 'fast-check';
import t from 'tap';
import { Temporal } from 'temporal-polyfill';
import { PRESETS, presetNames, presetOf } from '../../core/time/presets.ts';
import { type CallingHours, DEFAULT_HOURS, EVERY_DAY, type Hours, isOpen, nextOpen, type Window } from '../../core/time/window.ts';
import { offsetMs } from '../../core/time/zone.ts';
import { holds } from './holds.ts';

// the oracle here is Temporal, which shares nothing with the code but the IANA database

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const iso = (ms: number | Date | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const zoned = (ms: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);

function reads(hours: Hours, zone: string, ms: number): boolean {
  const wall = zoned(ms, zone);
  const today = wall.toPlainDate();
  const yesterday = today.subtract({ days: 1 });
  const clock = wall.toPlainTime().toString({ smallestUnit: 'minute' });
  const begins = (window: Window, day: Temporal.PlainDate) =>
    window.days.includes(day.dayOfWeek) && !hours.holidays.includes(day.toString());
  if (hours.holidays.includes(today.toString())) return false;
  return hours.windows.some((window) => {
    const overMidnight = window.end <= window.start;
    if (begins(window, today) && clock >= window.start && (overMidnight || clock < window.end)) return true;
    return overMidnight && begins(window, yesterday) && clock < window.end;
  });
}

const opens = (hours: Hours, ms: number) => hours.zones.every((zone) => reads(hours, zone, ms));

/** The first open moment, step by step; every clock and every offset is a multiple of the step. */
function walk(hours: Hours, fromMs: number, untilMs: number, stepMs: number): number | undefined {
  if (opens(hours, fromMs)) return fromMs;
  for (let ms = Math.floor(fromMs / stepMs) * stepMs + stepMs; ms < untilMs; ms += stepMs) {
    if (opens(hours, ms)) return ms;
  }
  return undefined;
}

const STEADY = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Tokyo', 'Pacific/Kiritimati', 'America/Phoenix'];
const CHANGING = [
  ...['America/New_York', 'America/Los_Angeles', 'America/St_Johns', 'America/Santiago', 'Europe/London', 'Europe/Lisbon'],
  ...['Australia/Sydney', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Asia/Beirut', 'Africa/Casablanca', 'America/Havana'],
];
/** The moments from 2024 to 2027 at which clocks change. */
const CHANGES = CHANGING.flatMap((zone) => {
  const moments: Array<{ zone: string; ms: number }> = [];
  let at = zoned(Date.UTC(2024, 0, 1), zone).getTimeZoneTransition('next');
  for (; at && at.year < 2028; at = at.getTimeZoneTransition('next')) moments.push({ zone, ms: at.epochMilliseconds });
  return moments;
});
const anyZone = fc.constantFrom(...STEADY, ...CHANGING);

const clocks = (stepMinutes: number) =>
  fc.integer({ min: 0, max: 24 * (60 / stepMinutes) - 1 }).map((step) => iso(step * stepMinutes * MINUTE)?.slice(11, 16) ?? '');
const windowsOf = (clock: fc.Arbitrary<string>, mostWindows: number): fc.Arbitrary<CallingHours> =>
  fc.array(
    fc.record({
      days: fc.subarray([...EVERY_DAY], { minLength: 1 }),
      start: clock,
      end: fc.oneof({ weight: 9, arbitrary: clock }, { weight: 1, arbitrary: fc.constant('24:00') }),
    }),
    { minLength: 1, maxLength: mostWindows },
  );

/** Hours and a moment around a clock change, in its zone and sometimes one or two more. */
const nearChange = (windows: fc.Arbitrary<CallingHours>, withinMs: number) =>
  fc.constantFrom(...CHANGES).chain(({ zone, ms }) =>
    fc.record({
      zones: fc.array(anyZone, { maxLength: 2 }).map((others) => [zone, ...others]),
      windows,
      holidays: fc.subarray([-1, 0, 1, 2].map((day) => iso(ms + day * DAY)?.slice(0, 10) ?? '')),
      fromMs: fc.integer({ min: ms - withinMs, max: ms + withinMs }),
    }),
  );

function agrees(hours: Hours, fromMs: number, forMs: number, stepMs: number): boolean {
  const expected = walk(hours, fromMs, fromMs + forMs, stepMs);
  const found = nextOpen(hours, new Date(fromMs))?.getTime();
  if (isOpen(hours, new Date(fromMs)) !== (expected === fromMs)) return false;
  return expected === undefined ? found === undefined || found >= fromMs + forMs : found === expected;
}

t.test('isOpen and nextOpen agree with Temporal, quarter by quarter for days around clock changes', async (t) => {
  holds(
    t,
    fc.property(nearChange(windowsOf(clocks(15), 3), 36 * HOUR), ({ fromMs, ...hours }) => agrees(hours, fromMs, 4 * DAY, QUARTER)),
    { numRuns: 150 },
  );
});

t.test('and minute by minute for the hours around them, with windows that begin and end at any minute', async (t) => {
  holds(
    t,
    fc.property(nearChange(windowsOf(clocks(1), 2), 4 * HOUR), ({ fromMs, ...hours }) => agrees(hours, fromMs, 8 * HOUR, MINUTE)),
    { numRuns: 60 },
  );
});

t.test('what is found is open, nothing before it is, however far off', async (t) => {
  const anyCase = fc.record({
    zones: fc.array(anyZone, { minLength: 1, maxLength: 4 }),
    windows: windowsOf(clocks(15), 1),
    fromMs: fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2027, 0, 1) }),
    // up to six weeks without a working day
    shutDays: fc.integer({ min: 0, max: 42 }),
    places: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 20, maxLength: 20 }),
  });
  let far = 0;
  holds(
    t,
    fc.property(anyCase, ({ zones, windows, fromMs, shutDays, places }) => {
      const holidays = Array.from({ length: shutDays }, (_, day) => iso(fromMs + day * DAY)?.slice(0, 10) ?? '');
      const hours = { zones, windows, holidays };
      const found = nextOpen(hours, new Date(fromMs))?.getTime();
      if (found !== undefined && found - fromMs > WEEK) far++;
      if (found !== undefined && (!opens(hours, found) || !isOpen(hours, new Date(found)))) return false;
      if (found === fromMs) return true;
      if (found !== undefined && opens(hours, found - 1)) return false;
      return places.every((place) => !opens(hours, fromMs + Math.floor(place * ((found ?? fromMs + 366 * DAY) - fromMs))));
    }),
    { numRuns: 200 },
  );
  t.ok(far > 10, 'many of them were more than a week off');
});

t.test('offsets are those of Temporal', async (t) => {
  const anyMoment = fc.oneof(
    fc.integer({ min: 0, max: Date.UTC(2040, 0, 1) }),
    fc.tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -HOUR, max: HOUR })).map(([{ ms }, offset]) => ms + offset),
  );
  holds(
    t,
    fc.property(anyZone, anyMoment, (zone, ms) => {
      // kept by half hours: the rules of the seventies changed at other moments, and had seconds
      const halfHour = Math.floor(ms / (30 * MINUTE)) * 30 * MINUTE;
      return offsetMs(zone, ms) === zoned(halfHour, zone).offsetNanoseconds / 1e6;
    }),
    { numRuns: 500 },
  );
});

t.test('no zone changes its clocks twice within a week, which the search takes for granted', async (t) => {
  const near: string[] = [];
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    let before = -Infinity;
    let at = zoned(Date.UTC(2023, 0, 1), zone).getTimeZoneTransition('next');
    for (; at && at.year < 2030; at = at.getTimeZoneTransition('next')) {
      if (at.epochMilliseconds - before <= WEEK) near.push(`${zone} ${at.toString()}`);
      before = at.epochMilliseconds;
    }
  }
  t.same(near, []);
});

t.test('every zone × edge of the window × kind of day', async (t) => {
  const windows = [{ days: [1, 2, 3, 4, 5, 6], start: '09:00', end: '18:00' }];
  const everyDay = [{ days: EVERY_DAY, start: '09:00', end: '18:00' }];
  const zones = [...STEADY, ...CHANGING];
  let changes = 0;
  for (const zone of zones) {
    const moment = (day: string, time: string) => Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone).epochMilliseconds;
    const edges = (day: string, hours: Hours, expected: { open: boolean; next: string }) => {
      const [opening, closing] = [moment(day, '09:00'), moment(day, '18:00')];
      const next = moment(expected.next, '09:00');
      const first = expected.open ? opening : next;
      const rows: Array<[what: string, ms: number, open: boolean, next: number]> = [
        ['opening − 1 s', opening - SECOND, false, first],
        ['opening', opening, expected.open, first],
        ['closing − 1 s', closing - SECOND, expected.open, expected.open ? closing - SECOND : next],
        ['closing', closing, false, next],
      ];
      for (const [what, ms, open, opensAt] of rows) {
        t.equal(isOpen(hours, new Date(ms)), open, `${zone} ${day} ${what}`);
        t.equal(iso(nextOpen(hours, new Date(ms))), iso(opensAt), `${zone} ${day} ${what}, next`);
      }
    };
    const plain = { zones: [zone], windows, holidays: [] };
    edges('2025-06-11', plain, { open: true, next: '2025-06-12' });
    edges('2025-06-15', plain, { open: false, next: '2025-06-16' });
    edges('2025-12-25', { ...plain, holidays: ['2025-12-25', '2025-12-26'] }, { open: false, next: '2025-12-27' });
    for (const { ms } of CHANGES.filter((change) => change.zone === zone)) {
      changes++;
      const day = zoned(ms, zone).toPlainDate();
      for (const first of [day.subtract({ days: 1 }), day]) {
        edges(first.toString(), { ...plain, windows: everyDay }, { open: true, next: first.add({ days: 1 }).toString() });
      }
    }
  }
  t.ok(changes >= 12 * 8, 'both directions, of every zone that has them, for four years');
});

t.test('all the zones that a number may be in must be open', async (t) => {
  const next = (hours: Hours, from: string) => iso(nextOpen(hours, new Date(from)));
  const toll = { windows: PRESETS.us.windows, zones: ['America/New_York', 'America/Denver', 'Pacific/Honolulu'], holidays: [] };
  t.equal(next(toll, '2025-06-11T12:00:00Z'), '2025-06-11T18:00:00.000Z', 'opens with Honolulu');
  t.notOk(isOpen(toll, new Date('2025-06-12T01:00:00Z')), 'shuts with New York');
  const russia = ['Europe/Kaliningrad', 'Europe/Moscow', 'Asia/Yekaterinburg', 'Asia/Kamchatka'];
  t.equal(next({ windows: DEFAULT_HOURS, zones: russia, holidays: [] }, '2025-06-11T00:00:00Z'), undefined, 'openings that never overlap');
  const seasonal = {
    windows: [{ days: EVERY_DAY, start: '09:00', end: '14:00' }],
    zones: ['Europe/London', 'America/New_York'],
    holidays: [],
  };
  t.equal(next(seasonal, '2025-01-10T00:00:00Z'), '2025-03-09T13:00:00.000Z', 'or only for the weeks in which one has changed its clocks');
  t.equal(next(seasonal, '2025-03-30T00:00:00Z'), '2025-10-26T13:00:00.000Z');
  const started = performance.now();
  const never = { windows: [{ days: EVERY_DAY, start: '09:00', end: '10:00' }], zones: [...STEADY, ...CHANGING], holidays: [] };
  t.equal(next(never, '2025-01-01T00:00:00Z'), undefined);
  t.ok(performance.now() - started < 1000, 'known soon');
});

t.test('presets are hours that open, with their source', async (t) => {
  t.same(presetNames, ['us', 'in']);
  for (const name of presetNames) {
    const { version, date, source, description } = PRESETS[name];
    t.ok(version >= 1 && source.length > 5 && description.length > 5, name);
    t.equal(Temporal.PlainDate.from(date).toString(), date);
    t.match(presetOf(name), { name, version });
  }
  t.equal(presetOf('gone'), undefined);
  t.equal(presetOf(null), undefined);
  const edges: Array<[zone: string, windows: CallingHours, time: string, open: boolean]> = [
    ['America/Chicago', PRESETS.us.windows, '2025-06-15T07:59:59', false],
    ['America/Chicago', PRESETS.us.windows, '2025-06-15T08:00:00', true],
    ['America/Chicago', PRESETS.us.windows, '2025-06-15T20:59:59', true],
    ['America/Chicago', PRESETS.us.windows, '2025-06-15T21:00:00', false],
    ['Asia/Kolkata', PRESETS.in.windows, '2025-06-15T08:59:59', false],
    ['Asia/Kolkata', PRESETS.in.windows, '2025-06-15T09:00:00', true],
    ['Asia/Kolkata', PRESETS.in.windows, '2025-06-15T20:59:59', true],
    ['Asia/Kolkata', PRESETS.in.windows, '2025-06-15T21:00:00', false],
  ];
  for (const [zone, windows, time, open] of edges) {
    const at = new Date(Temporal.PlainDateTime.from(time).toZonedDateTime(zone).epochMilliseconds);
    t.equal(isOpen({ windows, zones: [zone], holidays: [] }, at), open, `${zone} ${time}`);
  }
});
