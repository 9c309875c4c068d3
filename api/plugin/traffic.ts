import { ofRuntime } from '../../service/of-runtime.ts';

const WINDOW_SECONDS = 60;
/** Times are told apart for as many of the last requests; beyond that only their number counts. */
const TIMED = 2048;

/** What one process answered in the last minute. */
export interface TrafficFigures {
  requests: number;
  perSecond: number;
  /** percent of them that were a fault of ours: 5xx */
  errorRate: number;
  /** milliseconds; null when nobody asked anything */
  average: number | null;
  p95: number | null;
}

export interface Traffic {
  /** One answered request. */
  note(durationMs: number, status: number): void;
  read(): TrafficFigures;
}

/** The traffic of a runtime's servers. */
export const trafficOf = ofRuntime(() => openTraffic(() => performance.now()));

/** Counts by the second, in a ring of a minute. `now` is in milliseconds. */
export function openTraffic(now: () => number): Traffic {
  const seconds = Array.from({ length: WINDOW_SECONDS }, () => ({ second: -1, requests: 0, errors: 0 }));
  const timed: Array<{ atMs: number; durationMs: number }> = [];
  let next = 0;

  return {
    note(durationMs, status) {
      const second = Math.floor(now() / 1000);
      const slot = seconds[second % WINDOW_SECONDS];
      if (!slot) return;
      if (slot.second !== second) Object.assign(slot, { second, requests: 0, errors: 0 });
      slot.requests++;
      if (status >= 500) slot.errors++;
      timed[next] = { atMs: now(), durationMs };
      next = (next + 1) % TIMED;
    },
    read() {
      const nowMs = now();
      const since = Math.floor(nowMs / 1000) - WINDOW_SECONDS;
      const recent = seconds.filter(({ second }) => second > since);
      const requests = recent.reduce((sum, slot) => sum + slot.requests, 0);
      const errors = recent.reduce((sum, slot) => sum + slot.errors, 0);
      const durations = timed
        .filter(({ atMs }) => atMs > nowMs - WINDOW_SECONDS * 1000)
        .map(({ durationMs }) => durationMs)
        .sort((a, b) => a - b);
      return {
        requests,
        perSecond: tenths(requests / WINDOW_SECONDS),
        errorRate: requests === 0 ? 0 : tenths((errors / requests) * 100),
        average: durations.length === 0 ? null : tenths(durations.reduce((sum, ms) => sum + ms, 0) / durations.length),
        p95: durations.length === 0 ? null : tenths(durations[Math.ceil(durations.length * 0.95) - 1] ?? 0),
      };
    },
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
