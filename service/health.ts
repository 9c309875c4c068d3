import { hostname } from 'node:os';
import { beat, uptimePercent as readUptime } from '../db/query/heartbeats.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

const BEAT_MS = 20_000;
const UPTIME_DAYS = 30;
/** Three missed beats: from then on the fleet does not count this process any more (`fleet-metrics.ts`). */
const LONGEST_SILENCE_MS = 60_000;

/** When this process last said that it is alive, of its `performance.now()`. */
const lastBeatOf = ofRuntime((): { atMs: number } => ({ atMs: -Infinity }));

/** Says every few seconds that this process is alive, from now until the runtime closes. A missed beat is only logged. */
export async function startHeartbeat(runtime: Runtime, role: string): Promise<void> {
  const heart = { processId: runtime.processId, role, host: hostname(), pid: process.pid, startedAt: new Date() };
  const pulse = () =>
    beat(runtime.db.sql, heart).then(
      () => {
        lastBeatOf(runtime).atMs = performance.now();
      },
      (error: unknown) => runtime.log.warn({ err: error }, 'heartbeat missed'),
    );
  await pulse();
  let last = Promise.resolve();
  const timer = setInterval(() => {
    last = pulse();
  }, BEAT_MS);
  timer.unref();
  runtime.onClose(async () => {
    clearInterval(timer);
    await last;
  });
}

/** Percent of the last 30 days, or since the first recorded minute, in which an api process was up; undefined before that. */
export function uptimePercent(runtime: Runtime): Promise<number | undefined> {
  return readUptime(runtime.db.sql, 'api', UPTIME_DAYS);
}

export type Health = 'healthy' | 'unhealthy';

const PATIENCE_MS = 2000;

/** Can the database answer a statement now? Waits two seconds at most. */
export function databaseHealth(runtime: Runtime): Promise<Health> {
  return healthOf(runtime.db.sql`select 1`);
}

/** Can the queues' store answer now? It is the database itself when no Redis is configured. */
export function queueHealth(runtime: Runtime): Promise<Health> {
  return healthOf(runtime.producer.ping());
}

/** Did this process tell of itself in the last minute? */
export function heartbeatHealth(runtime: Runtime): Health {
  return performance.now() - lastBeatOf(runtime).atMs < LONGEST_SILENCE_MS ? 'healthy' : 'unhealthy';
}

/** What a process needs for its work, and whether it has all of it. */
export interface Readiness {
  status: 'ok' | 'unavailable';
  database: Health;
  queue: Health;
  /** of processes that others see only by it */
  heartbeat?: Health;
}

/**
 * Can this process do its work now? Other than being alive, which is that it answers at all: one that is not ready gets no
 * requests, one that is not alive is started again. Waits two seconds at most.
 */
export async function readiness(runtime: Runtime, { heartbeat = false } = {}): Promise<Readiness> {
  const [database, queue] = await Promise.all([databaseHealth(runtime), queueHealth(runtime)]);
  const parts = { database, queue, ...(heartbeat && { heartbeat: heartbeatHealth(runtime) }) };
  return { status: Object.values(parts).includes('unhealthy') ? 'unavailable' : 'ok', ...parts };
}

async function healthOf(answer: PromiseLike<unknown>): Promise<Health> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Health>((resolve) => {
    timer = setTimeout(() => resolve('unhealthy'), PATIENCE_MS);
  });
  const asked = answer.then(
    (): Health => 'healthy',
    (): Health => 'unhealthy',
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
