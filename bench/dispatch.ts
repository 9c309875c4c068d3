/**
 * One pass of the dispatcher (performance §f) while ever more calls wait for a later time: 10 k, 100 k and 1 M, then 10 k
 * again. Measured are a pass that admits 100 due calls and one that finds none. Goal: with 1 M no more than 1.5 times the
 * time with 10 k.
 *
 *   tsx bench/dispatch.ts [--passes 30] [--due 100] [--most 1000000]     DATABASE_URL, REDIS_URL: servers to use instead of own ones
 */
import { destination, pino } from 'pino';
import { parseConfig } from '../core/config.ts';
import type { Sql } from '../db/client.ts';
import { dispatchDue } from '../service/dispatch.ts';
import { openRuntime, type Runtime } from '../service/runtime.ts';
import { median, option, say } from './harness.ts';
import { removeMeasured, seedExact, seedWaiting } from './schedule.ts';
import { seedTenants } from './seed.ts';
import { withDatabase, withRedis } from './stores.ts';

interface Figures {
  waiting: number;
  /** milliseconds of a pass */
  busy: number;
  idle: number;
}

const TENANTS = 20;
const WARM_UP = 5;
const GOAL = 1.5;

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}

async function measure(runtime: Runtime, waiting: number, passes: number, due: number): Promise<Figures> {
  const { sql } = runtime.db;
  await sql`truncate calls, capacity_leases cascade`;
  await seedWaiting(sql, waiting);
  const busy: number[] = [];
  const idle: number[] = [];
  for (let pass = -WARM_UP; pass < passes; pass++) {
    await seedExact(sql, { count: due, firstInMs: -due, everyMs: 1 });
    const full = await timed(() => dispatchDue(runtime));
    if (full.result.admitted !== due) throw new Error(`A pass admitted ${full.result.admitted} of ${due} due calls`);
    await removeMeasured(sql);
    const empty = await timed(() => dispatchDue(runtime));
    if (empty.result.admitted !== 0) throw new Error(`A pass admitted ${empty.result.admitted} calls that were not due`);
    if (pass >= 0) {
      busy.push(full.ms);
      idle.push(empty.ms);
    }
  }
  const figures = { waiting, busy: median(busy), idle: median(idle) };
  say(
    `dispatch, ${waiting.toLocaleString('en-US')} waiting: a pass with ${due} due ${figures.busy.toFixed(1)} ms, with none ${figures.idle.toFixed(2)} ms`,
  );
  return figures;
}

async function run(databaseUrl: string, redisUrl: string | undefined): Promise<void> {
  const [passes, due, most] = [option('passes', 30), option('due', 100), option('most', 1_000_000)];
  const config = parseConfig({
    DATABASE_URL: databaseUrl,
    CARRIER: 'null',
    CARRIER_MAX_CALLS: '100000',
    QUEUE_PREFIX: `{bench_${process.pid}}`,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  });
  const runtime = openRuntime(config, pino({ level: 'info' }, destination('/dev/null')), 'bench');
  try {
    await prepare(runtime.db.sql);
    const least = most / 100;
    const sizes = [least, most / 10, most, least];
    const all: Figures[] = [];
    for (const waiting of sizes) all.push(await measure(runtime, waiting, passes, due));
    const of = (waiting: number, pass: 'busy' | 'idle') => median(all.filter((f) => f.waiting === waiting).map((f) => f[pass]));
    for (const pass of ['busy', 'idle'] as const) {
      const ratio = of(most, pass) / of(least, pass);
      const name = `dispatch, ${pass} pass, ${most.toLocaleString('en-US')} / ${least.toLocaleString('en-US')} waiting`;
      say(`${name}: ratio ${ratio.toFixed(2)} (goal ≤ ${GOAL}): ${ratio <= GOAL ? 'met' : 'not met'}`);
      say(JSON.stringify({ name, unit: 'ms', ours: of(most, pass), bound: of(least, pass), ratio, goal: GOAL, met: ratio <= GOAL }));
    }
  } finally {
    await runtime.close();
  }
}

async function prepare(sql: Sql): Promise<void> {
  await seedTenants(sql, TENANTS);
}

await withDatabase(async (databaseUrl) => {
  const onRedis = await withRedis(async (redisUrl) => {
    await run(databaseUrl, redisUrl);
    return true;
  });
  if (!onRedis) await run(databaseUrl, undefined);
});
