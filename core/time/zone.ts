const HALF_HOUR_MS = 30 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Over all zones: some 10 MB. */
const CACHED_HALF_HOURS = 100_000;
/** More than there are names in the IANA database, so that only a flood of names could reach it. */
const CACHED_ZONES = 1000;
const NAME = /^[A-Za-z][A-Za-z0-9_+/-]*$/;

/** A moment as the wall clocks of a zone show it. `weekday`: Monday 1 … Sunday 7. */
export interface WallTime {
  year: number;
  month: number;
  day: number;
  weekday: number;
  minuteOfDay: number;
}

interface ZoneClock {
  offsetAt: (instantMs: number) => number;
  /** offset in ms, by half hours since the epoch: no rule in force changes clocks at another moment */
  offsets: Map<number, number>;
}

/** By lower-case name: `Intl` ignores case, and a formatter costs 30 kB. */
const clocks = new Map<string, ZoneClock>();
/** As people spell them, for a look-up without a check. */
const spellings = new Map<string, ZoneClock>();
let cachedHalfHours = 0;

/** True for an IANA name this runtime knows, in any case, such as `Asia/Kolkata`. Offsets such as `+05:30` are not zones. */
export function isZone(name: string): boolean {
  return clockOf(name) !== undefined;
}

/**
 * How far the zone's clocks are ahead of UTC at an instant, in milliseconds.
 * @throws RangeError for an unknown zone
 */
export function offsetMs(zone: string, instantMs: number): number {
  return offsetsOf(zone)(instantMs);
}

/** `offsetMs` of one zone, for who asks more than once. @throws RangeError for an unknown zone */
export function offsetsOf(zone: string): (instantMs: number) => number {
  const clock = clockOf(zone);
  if (!clock) throw new RangeError(`Unknown time zone: ${zone}`);
  return clock.offsetAt;
}

/** What the zone's wall clocks show at an instant. */
export function wallTime(zone: string, instantMs: number): WallTime {
  const local = new Date(instantMs + offsetMs(zone, instantMs));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay() || 7,
    minuteOfDay: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

/**
 * The instant at which a zone's clocks show a local time, given as the epoch milliseconds that UTC clocks would show
 * it at. A time that is skipped by a clock change becomes the moment after the gap (02:30 → 03:30); one that comes
 * twice is the first of the two.
 */
export function instantOf(zone: string, localMs: number): number {
  const before = offsetMs(zone, localMs - DAY_MS);
  const after = offsetMs(zone, localMs + DAY_MS);
  const early = localMs - Math.max(before, after);
  if (early + offsetMs(zone, early) === localMs) return early;
  const late = localMs - Math.min(before, after);
  if (late + offsetMs(zone, late) === localMs) return late;
  // skipped: read with the offset before the gap, it falls behind the gap
  return localMs - before;
}

/** The instant, within (fromMs, toMs], from which a zone's clocks are changed, when they change once between two instants. */
export function changeBetween(zone: string, fromMs: number, toMs: number): number {
  const before = offsetMs(zone, fromMs);
  let low = Math.floor(fromMs / HALF_HOUR_MS);
  let high = Math.ceil(toMs / HALF_HOUR_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle * HALF_HOUR_MS) === before) low = middle;
    else high = middle;
  }
  return high * HALF_HOUR_MS;
}

function cachedOffset(format: Intl.DateTimeFormat, offsets: Map<number, number>, instantMs: number): number {
  const halfHour = Math.floor(instantMs / HALF_HOUR_MS);
  const cached = offsets.get(halfHour);
  if (cached !== undefined) return cached;
  const offset = readOffset(format, halfHour * HALF_HOUR_MS);
  if (cachedHalfHours >= CACHED_HALF_HOURS) forgetOffsets();
  offsets.set(halfHour, offset);
  cachedHalfHours++;
  return offset;
}

function forgetOffsets(): void {
  for (const { offsets } of clocks.values()) offsets.clear();
  cachedHalfHours = 0;
}

function clockOf(zone: string): ZoneClock | undefined {
  const spelled = spellings.get(zone);
  if (spelled) return spelled;
  // not ASCII, it may be equal to a zone in lower case only
  if (!NAME.test(zone)) return undefined;
  const clock = clocks.get(zone.toLowerCase()) ?? makeClock(zone);
  if (!clock) return undefined;
  if (spellings.size >= CACHED_ZONES) spellings.clear();
  spellings.set(zone, clock);
  return clock;
}

function makeClock(zone: string): ZoneClock | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const offsets = new Map<number, number>();
    const clock = { offsetAt: (instantMs: number) => cachedOffset(format, offsets, instantMs), offsets };
    if (clocks.size >= CACHED_ZONES) {
      forgetOffsets();
      clocks.clear();
      spellings.clear();
    }
    clocks.set(zone.toLowerCase(), clock);
    return clock;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readOffset(format: Intl.DateTimeFormat, instantMs: number): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(instantMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / 1000) * 1000;
}
