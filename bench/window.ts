/**
 * What asking for the next open moment costs, against the least it can: one Monday-to-Friday window in plain arithmetic over
 * `Intl` offsets that are kept by zone and half hour. 20,000 instants of a year in five zones, everything warm.
 *
 *   tsx bench/window.ts [--rounds 15] [--passes 20]
 */
import { type CallingHours, nextOpen } from '../core/time/window.ts';
import { compare, option } from './harness.ts';

const ZONES = ['America/New_York', 'America/Los_Angeles', 'Europe/London', 'Asia/Kolkata', 'Australia/Sydney'];
const OPENS_MINUTE = 9 * 60;
const ENDS_MINUTE = 18 * 60;
const WORKDAYS: CallingHours = [{ days: [1, 2, 3, 4, 5], start: '09:00', end: '18:00' }];
const INSTANTS = 20_000;

const MINUTE_MS = 60_000;
const HALF_HOUR_MS = 30 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

interface Zone {
  format: Intl.DateTimeFormat;
  offsets: Map<number, number>;
}

function openZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return { format, offsets: new Map() };
}

function offsetOf({ format, offsets }: Zone, ms: number): number {
  const halfHour = Math.floor(ms / HALF_HOUR_MS);
  const known = offsets.get(halfHour);
  if (known !== undefined) return known;
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(format.format(ms)) ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  offsets.set(halfHour, offset);
  return offset;
}

/** The floor: right where clocks change at night and the hours are by day, as here. */
function floorNext(zone: Zone, ms: number): number {
  const localMs = ms + offsetOf(zone, ms);
  let day = Math.floor(localMs / DAY_MS);
  const minute = (localMs - day * DAY_MS) / MINUTE_MS;
  // the epoch began on a Thursday: 0 is Monday
  let weekday = (day + 3) % 7;
  if (weekday < 5 && minute >= OPENS_MINUTE && minute < ENDS_MINUTE) return ms;
  if (weekday > 4 || minute >= ENDS_MINUTE) {
    do {
      day++;
      weekday = (weekday + 1) % 7;
    } while (weekday > 4);
  }
  const opensLocalMs = day * DAY_MS + OPENS_MINUTE * MINUTE_MS;
  return opensLocalMs - offsetOf(zone, opensLocalMs - (localMs - ms));
}

const year = Date.UTC(2025, 0, 1);
// a stride that hits all times of the day and of the year alike
const instants = Array.from({ length: INSTANTS }, (_, index) => year + ((index * 7_919_993_000) % (365 * DAY_MS)));
const asked = instants.map((ms, index) => {
  const zone = ZONES[index % ZONES.length] ?? 'UTC';
  return { ms, at: new Date(ms), hours: { windows: WORKDAYS, zones: [zone], holidays: [] } };
});
const zones = ZONES.map(openZone);
const floors = instants.map((ms, index) => ({ ms, zone: zones[index % zones.length] ?? openZone('UTC') }));

const ours = () => asked.map(({ hours, at }) => nextOpen(hours, at)?.getTime());
const floor = () => floors.map(({ zone, ms }) => floorNext(zone, ms));

const [mine, theirs] = [ours(), floor()];
const wrong = mine.findIndex((ms, index) => ms !== theirs[index]);
if (wrong >= 0) throw new Error(`The two do not agree on ${asked[wrong]?.at.toISOString()} in ${asked[wrong]?.hours.zones[0]}`);

const passes = option('passes', 20);
/** By the processor's time, not the clock's: both are pure arithmetic, and other processes take turns with them. */
const perSecond = (run: () => unknown) => async () => {
  const before = process.cpuUsage();
  for (let pass = 0; pass < passes; pass++) run();
  const { user, system } = process.cpuUsage(before);
  return (passes * INSTANTS * 1_000_000) / (user + system);
};
await perSecond(ours)();
await perSecond(floor)();
await compare({
  name: 'window',
  unit: 'calls/CPU s',
  goal: 0.33,
  rounds: option('rounds', 15),
  ours: perSecond(ours),
  bound: perSecond(floor),
});
