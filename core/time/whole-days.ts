const DAY_MS = 24 * 60 * 60 * 1000;

/** Half-open; undefined: open on that side. */
export interface HalfOpen {
  from: Date | undefined;
  before: Date | undefined;
}

/** A stretch of time as the whole UTC days in it (YYYY-MM-DD, half-open, undefined: open) and what is left at its ends. */
export interface DaysAndEnds {
  /** no whole day lies in it when the two are equal */
  firstDay: string | undefined;
  beforeDay: string | undefined;
  ends: Array<{ from: Date; before: Date }>;
}

export function wholeDays({ from, before }: HalfOpen): DaysAndEnds {
  const firstMs = from && Math.ceil(from.getTime() / DAY_MS) * DAY_MS;
  const beforeMs = before && Math.floor(before.getTime() / DAY_MS) * DAY_MS;
  // it does not reach from one midnight to another
  if (from && before && firstMs !== undefined && beforeMs !== undefined && beforeMs <= firstMs) {
    return { firstDay: dayOf(firstMs), beforeDay: dayOf(firstMs), ends: from < before ? [{ from, before }] : [] };
  }
  const ends = [
    ...(from && firstMs !== undefined ? [{ from, before: new Date(firstMs) }] : []),
    ...(before && beforeMs !== undefined ? [{ from: new Date(beforeMs), before }] : []),
  ];
  return {
    firstDay: firstMs === undefined ? undefined : dayOf(firstMs),
    beforeDay: beforeMs === undefined ? undefined : dayOf(beforeMs),
    ends: ends.filter((end) => end.from < end.before),
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
