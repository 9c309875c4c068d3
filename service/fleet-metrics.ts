import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';
import { COUNTED_UP_TO, countMoving, countProcesses, readBacklog, readCarriers } from '../db/query/fleet.ts';
import { QUEUE_NAMES } from '../queue/catalog.ts';
import type { Runtime } from './runtime.ts';

/** Whoever scrapes again within this time, another server of a pair for example, sees the same. */
const REMEMBERED_MS = 5000;
/** Well below the ten seconds that Prometheus waits. */
const PATIENCE_MS = 2000;
/** Three missed heartbeats. */
const ALIVE_SECONDS = 60;
const ROLES = ['api', 'worker', 'scheduler'] as const;
const MOVING = ['queued', 'dialing', 'unknown', 'ringing', 'in_progress'] as const;

/** Gauges that are read from one store together: all of them or none. */
interface Part {
  store: string;
  registry: Registry;
  refresh(): Promise<void>;
}

/**
 * What the fleet has, from its rows and queues, in Prometheus' text form; at most five seconds old. Whoever asks any api
 * process gets the same. What can't be read within two seconds is left out, and `dialfleet_fleet_scrape_ok` is 0.
 * `now` is in milliseconds.
 */
export function openFleetMetrics(runtime: Runtime, now: () => number = () => performance.now()): () => Promise<string> {
  const registry = new Registry();
  const ok = gauge(registry, 'fleet_scrape_ok', 'Whether everything about the fleet could be read: 1, or 0 when something is missing here');
  const parts = [rowsPart(runtime), queuesPart(runtime)].map((part) => remembered(runtime, part, now));
  return async () => {
    const texts = await Promise.all(parts.map((text) => text()));
    ok.set(texts.includes(undefined) ? 0 : 1);
    return [await registry.metrics(), ...texts].join('');
  };
}

function rowsPart({ db: { sql }, config }: Runtime): Part {
  const registry = new Registry();
  const upTo = `, counted up to ${COUNTED_UP_TO}`;
  const moving = gauge(registry, 'calls', 'Calls in the queue and in flight, by status', 'status');
  const due = gauge(registry, 'due_calls', `Calls that may ring now and wait for the dispatcher${upTo}`);
  const oldestDue = gauge(registry, 'oldest_due_seconds', 'Dispatch lag: since when the oldest of them is due');
  const held = gauge(registry, 'held_calls', `Calls passed over for a while, for a busy number or a refusal${upTo}`);
  const unknown = gauge(registry, 'unknown_calls_oldest_seconds', 'Since the claim of the oldest call whose placing is in doubt');
  const retries = gauge(registry, 'retries_pending', `Retries that are to be dialed${upTo}`);
  const openRetry = gauge(registry, 'retries_open_oldest_seconds', 'Since the oldest attempt ended whose retry is undecided');
  const schedules = gauge(registry, 'schedules_active', `Recurring schedules with a run to come${upTo}`);
  const leases = gauge(registry, 'leases', 'Places under the cap of a carrier that calls in flight hold', 'carrier');
  const limit = gauge(registry, 'lease_limit', 'How many places a carrier has', 'carrier');
  const paused = gauge(registry, 'carrier_paused', 'Whether nothing is dialed over a carrier just now', 'carrier');
  const failures = gauge(registry, 'carrier_failures', 'Requests in a row that a carrier failed to take', 'carrier');
  const processes = gauge(registry, 'processes', 'Processes with a heartbeat in the last minute, by role', 'role');

  async function refresh(): Promise<void> {
    // one after the other: monitoring never takes more than one of the pool's connections
    const calls = await countMoving(sql);
    const backlog = await readBacklog(sql);
    const carriers = await readCarriers(sql);
    const alive = await countProcesses(sql, ROLES, ALIVE_SECONDS);
    for (const status of MOVING) moving.set({ status }, calls.find((row) => row.status === status)?.calls ?? 0);
    unknown.set(age(calls.find((row) => row.status === 'unknown')?.oldestSeconds));
    due.set(backlog.due);
    oldestDue.set(age(backlog.oldestDueSeconds));
    held.set(backlog.held);
    retries.set(backlog.retriesPending);
    openRetry.set(age(backlog.oldestOpenRetrySeconds));
    schedules.set(backlog.schedulesActive);
    limit.set({ carrier: config.CARRIER }, config.CARRIER_MAX_CALLS);
    for (const byCarrier of [leases, paused, failures]) byCarrier.reset();
    const unused = { carrier: config.CARRIER, leases: 0, paused: false, failures: 0 };
    for (const { carrier, ...state } of [unused, ...carriers]) {
      leases.set({ carrier }, state.leases);
      paused.set({ carrier }, state.paused ? 1 : 0);
      failures.set({ carrier }, state.failures);
    }
    for (const { role, processes: running } of alive) processes.set({ role }, running);
  }
  return { store: 'database', registry, refresh };
}

function queuesPart({ producer }: Runtime): Part {
  const registry = new Registry();
  const jobs = gauge(registry, 'queue_jobs', 'Jobs by queue and state (waiting, delayed, active, failed)', 'queue', 'state');

  async function refresh(): Promise<void> {
    const counts = await Promise.all(QUEUE_NAMES.map(async (queue) => ({ queue, states: await producer.counts(queue) })));
    for (const { queue, states } of counts) {
      for (const [state, count] of Object.entries<number>({ ...states })) jobs.set({ queue, state }, count);
    }
  }
  return { store: 'queues', registry, refresh };
}

/** The part's text; undefined when it can't be had. One refresh at a time, so a store that hangs is not asked again and again. */
function remembered({ log }: Runtime, { store, registry, refresh }: Part, now: () => number): () => Promise<string | undefined> {
  let freshUntilMs = -Infinity;
  let underWay: Promise<void> | undefined;

  async function renew(): Promise<void> {
    try {
      await refresh();
      freshUntilMs = now() + REMEMBERED_MS;
    } finally {
      underWay = undefined;
    }
  }
  return async () => {
    try {
      if (now() >= freshUntilMs) await withPatience((underWay ??= renew()));
      return await registry.metrics();
    } catch (error) {
      log.warn({ err: error, store }, 'metrics of the fleet could not be read');
      return undefined;
    }
  };
}

async function withPatience(work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: done.signal }).then(() => {
    throw new Error(`no answer within ${PATIENCE_MS} ms`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

/** Nothing waits: nothing has waited for long. A clock that was set back makes no age negative. */
function age(seconds: number | null | undefined): number {
  return Math.max(0, seconds ?? 0);
}

function gauge<L extends string>(registry: Registry, name: string, help: string, ...labelNames: L[]): Gauge<L> {
  return new Gauge({ name: `dialfleet_${name}`, help, labelNames, registers: [registry] });
}
