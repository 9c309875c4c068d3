/**
 * How late a call is (performance §b, P4): from the moment it was due to the request at the carrier, by the carrier's own
 * log, at 100 calls a second with 100,000 others scheduled around them; hours open, caps free. Scheduler, worker and carrier
 * are processes of their own. The bound: bare delayed BullMQ jobs at the same rate on the same store, from due to the start
 * of the job. Goals: p99 within 36 ms on Redis and ≤ 3 times the bound, within 250 ms on PostgreSQL.
 *
 *   tsx bench/lateness.ts [--rounds 3] [--seconds 10] [--rate 100] [--waiting 100000]     DATABASE_URL, REDIS_URL: servers to use
 */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type IQueueBackend, type JobProgress, Queue, Worker } from 'bullmq';
import { parseConfig } from '../core/config.ts';
import { openDb, type Sql } from '../db/client.ts';
import { openQueueBackend, type Role } from '../queue/connection.ts';
import { type Carrier, fleetEnv, startCarrier, startProgram } from './fleet.ts';
import { inChild, measureAsChild, median, option, say } from './harness.ts';
import { removeMeasured, seedExact, seedWaiting } from './schedule.ts';
import { seedTenants } from './seed.ts';
import { withDatabase, withRedis } from './stores.ts';

interface Load {
  calls: number;
  everyMs: number;
  /** the first ones, which only warm up */
  warmUp: number;
}

interface Task extends Load {
  env: Record<string, string>;
}

interface BareJob {
  dueMs: number;
}

const TENANTS = 20;
const WARM_UP_SECONDS = 5;
/** Between the moment that rows or jobs are written and the first one's time. */
const LEAD_MS = 3000;
const PATIENCE_MS = 60_000;
/** Clocks read in two processes agree to the millisecond. */
const EARLY_MS = -1;
const GOAL = { ratio: 3, redisMs: 36, postgresMs: 250 };

/** The bound: milliseconds from due to the start of each bare job. */
async function bareLateness({ env, calls, everyMs, warmUp }: Task): Promise<number[]> {
  const config = parseConfig(env);
  const backend = openQueueBackend(config);
  await backend.reachable();
  const queue = new Queue<BareJob, void, string, BareJob, void, string, IQueueBackend, Role>(
    'bare',
    { connection: 'producer', prefix: backend.prefix, defaultJobOptions: { removeOnComplete: true } },
    backend.factory,
  );
  const late: number[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const worker = new Worker<BareJob, void, string, IQueueBackend, JobProgress, Role>(
    'bare',
    async (job) => {
      late.push(performance.timeOrigin + performance.now() - job.data.dueMs);
      if (late.length === calls) finish();
    },
    { connection: 'consumer', prefix: backend.prefix, concurrency: config.WORKER_CONCURRENCY },
    backend.factory,
  );
  const firstMs = Date.now() + LEAD_MS;
  await queue.addBulk(
    Array.from({ length: calls }, (_, n) => {
      const dueMs = firstMs + n * everyMs;
      return { name: 'bare', data: { dueMs }, opts: { delay: dueMs - Date.now() } };
    }),
  );
  await finished;
  await worker.close();
  await queue.close();
  await backend.close();
  return late.slice(warmUp);
}

/** Ours: milliseconds from due to the request at the carrier, of each call. @throws when one is dialed twice, early or never */
async function ourLateness(sql: Sql, carrier: Carrier, { env, calls, everyMs, warmUp }: Task): Promise<number[]> {
  await removeMeasured(sql);
  await fetch(`${carrier.url}/log`, { method: 'DELETE' });
  const worker = await startProgram('worker', env);
  const scheduler = await startProgram('scheduler', env);
  try {
    const dueMs = await seedExact(sql, { count: calls, firstInMs: LEAD_MS, everyMs });
    // looking at the log meanwhile would take time from those that are measured
    await pause(LEAD_MS + calls * everyMs);
    const asked = await carrier.asked(calls, PATIENCE_MS);
    if (asked.length !== calls) throw new Error(`${calls} calls, but the carrier was asked ${asked.length} times`);
    const late = asked.map(({ to, atMs }) => ({ lateMs: atMs - (dueMs.get(to) ?? NaN), dueMs: dueMs.get(to) ?? NaN }));
    const early = late.filter(({ lateMs }) => !(lateMs >= EARLY_MS)).length;
    if (early > 0) throw new Error(`${early} calls were dialed before their time`);
    late.sort((a, b) => a.dueMs - b.dueMs);
    return late.slice(warmUp).map(({ lateMs }) => lateMs);
  } finally {
    await scheduler.stop();
    await worker.stop();
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

async function measure(name: string, sql: Sql, task: Task, carrier: Carrier, rounds: number): Promise<{ p99: number; ratio: number }> {
  const p50s: number[] = [];
  const p99s: number[] = [];
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const sides = { ours: [] as number[], bound: [] as number[] };
    for (const side of round % 2 === 1 ? (['ours', 'bound'] as const) : (['bound', 'ours'] as const)) {
      sides[side] =
        side === 'ours' ? await ourLateness(sql, carrier, task) : await inChild<Task, number[]>(fileURLToPath(import.meta.url), task);
    }
    const [p99, boundP99] = [percentile(sides.ours, 0.99), percentile(sides.bound, 0.99)];
    p50s.push(percentile(sides.ours, 0.5));
    p99s.push(p99);
    ratios.push(p99 / boundP99);
    const figures = (values: number[]) =>
      `p50 ${percentile(values, 0.5).toFixed(1)}, p99 ${percentile(values, 0.99).toFixed(1)}, most ${Math.max(...values).toFixed(1)} ms`;
    say(`${name}  round ${round}: ours ${figures(sides.ours)}; bound ${figures(sides.bound)}; ratio of p99 ${(p99 / boundP99).toFixed(2)}`);
  }
  const figures = { name, unit: 'ms', p50: median(p50s), p99: median(p99s), ratio: median(ratios) };
  say(JSON.stringify(figures));
  return figures;
}

function verdict(name: string, value: string, goal: string, met: boolean): void {
  say(`${name}: ${value} (goal ≤ ${goal}): ${met ? 'met' : 'not met'}`);
}

async function main(): Promise<void> {
  const [rounds, seconds, rate, waiting] = [option('rounds', 3), option('seconds', 10), option('rate', 100), option('waiting', 100_000)];
  const load = { calls: (seconds + WARM_UP_SECONDS) * rate, everyMs: 1000 / rate, warmUp: WARM_UP_SECONDS * rate };
  await withDatabase(async (databaseUrl) => {
    const { sql, close } = openDb(databaseUrl, { max: 1, name: 'bench' });
    const carrier = await startCarrier();
    try {
      await seedTenants(sql, TENANTS);
      await seedWaiting(sql, waiting);
      const on = (name: string, redisUrl?: string) =>
        measure(name, sql, { ...load, env: fleetEnv(databaseUrl, carrier.url, redisUrl) }, carrier, rounds);
      const redis = await withRedis((url) => on('lateness on Redis', url));
      if (redis) {
        verdict('lateness on Redis, p99', `${redis.p99.toFixed(1)} ms`, `${GOAL.redisMs} ms`, redis.p99 <= GOAL.redisMs);
        verdict('lateness on Redis, p99 / bare BullMQ', redis.ratio.toFixed(2), String(GOAL.ratio), redis.ratio <= GOAL.ratio);
      } else say('lateness on Redis: no redis-server on this machine, left out');
      const postgres = await on('lateness on PostgreSQL');
      verdict('lateness on PostgreSQL, p99', `${postgres.p99.toFixed(1)} ms`, `${GOAL.postgresMs} ms`, postgres.p99 <= GOAL.postgresMs);
    } finally {
      await carrier.stop();
      await close();
    }
  });
}

if (!(await measureAsChild(bareLateness))) await main();
