/**
 * A worker's throughput (performance §c, P3): the real processor of the `calls` queue with the carrier that answers at once
 * and every gate (calling hours, do-not-call, caps, credit, pace), against a bare BullMQ job that makes one claiming UPDATE
 * and one finishing statement (UPDATE and event) on the same tables. Goal ≥ 0.7. Each side is a process of its own; the
 * first tenth of the calls only warms up. Afterwards every call must have ended exactly once.
 *
 *   tsx bench/worker.ts [--calls 10000] [--rounds 3]     DATABASE_URL, REDIS_URL: servers to use instead of own ones
 */
import { fileURLToPath } from 'node:url';
import { type IQueueBackend, type JobProgress, Queue, Worker } from 'bullmq';
import { destination, pino } from 'pino';
import { type Config, parseConfig } from '../core/config.ts';
import { openDb, type Sql } from '../db/client.ts';
import { openQueueBackend, type Role } from '../queue/connection.ts';
import { runConsumers } from '../queue/consumer.ts';
import { enqueueCalls } from '../service/queue-hints.ts';
import { openRuntime } from '../service/runtime.ts';
import { processors } from '../worker/processors.ts';
import { compare, inChild, measureAsChild, option } from './harness.ts';
import { seedQueued, seedTenants } from './seed.ts';
import { withDatabase, withRedis } from './stores.ts';

/** `lean`: the bound on a table of four columns and one index, for scale */
type Way = 'ours' | 'bound' | 'lean';

interface Task {
  way: Way;
  calls: number;
  env: Record<string, string>;
}

interface Progress {
  /** to be called after every call */
  tick(): void;
  /** calls a second, after the last one */
  rate: Promise<number>;
}

interface BareJob {
  callId: number;
}

const TENANTS = 20;
const CONCURRENCY = 32;
const GRACE_MS = 5000;

const quiet = () => pino({ level: 'info' }, destination('/dev/null'));

function progressOf(calls: number): Progress {
  const warmUp = Math.floor(calls / 10);
  let done = 0;
  let startedAt = 0;
  let finish: (rate: number) => void = () => undefined;
  const rate = new Promise<number>((resolve) => {
    finish = resolve;
  });
  return {
    rate,
    tick() {
      done += 1;
      if (done === warmUp) startedAt = performance.now();
      if (done === calls) finish((calls - warmUp) / ((performance.now() - startedAt) / 1000));
    },
  };
}

function measure(task: Task): Promise<number> {
  const config = parseConfig(task.env);
  return task.way === 'ours' ? drainOurs(config, task.calls) : drainBare(config, task.calls, task.way === 'lean' ? dialLean : dialBare);
}

async function drainOurs(config: Config, calls: number): Promise<number> {
  const runtime = openRuntime(config, quiet(), 'worker');
  const real = processors(runtime);
  const progress = progressOf(calls);
  const counted: typeof real = {
    ...real,
    async calls(payload, context) {
      await real.calls?.(payload, context);
      progress.tick();
    },
  };
  const consumers = await runConsumers(runtime.queues, counted, { log: runtime.log, concurrency: { calls: config.WORKER_CONCURRENCY } });
  const rate = await progress.rate;
  await consumers.close({ graceMs: GRACE_MS });
  await runtime.close();
  return rate;
}

async function drainBare(config: Config, calls: number, dial: (sql: Sql, callId: number) => Promise<void>): Promise<number> {
  const db = openDb(config.DATABASE_URL, { max: config.DATABASE_POOL, name: 'bench bound' });
  const queues = openQueueBackend(config);
  const progress = progressOf(calls);
  const worker = new Worker<BareJob, void, string, IQueueBackend, JobProgress, Role>(
    'bare',
    async (job) => {
      await dial(db.sql, job.data.callId);
      progress.tick();
    },
    { connection: 'consumer', prefix: queues.prefix, concurrency: config.WORKER_CONCURRENCY },
    queues.factory,
  );
  // a job that fails is never counted: without this the measurement would wait for it for ever
  const failed = new Promise<never>((_, reject) => worker.on('failed', (_job, error) => reject(error)));
  const rate = await Promise.race([progress.rate, failed]);
  await worker.close();
  await queues.close();
  await db.close();
  return rate;
}

async function dialBare(sql: Sql, callId: number): Promise<void> {
  const [call] = await sql<Array<{ id: number; to: string }>>`
    update calls set status = 'dialing', claimed_at = now() where id = ${callId} and status = 'queued' returning id, to_number as "to"`;
  if (!call) return;
  await sql`
    with moved as (
      update calls set status = 'completed', ended_at = now(), duration_seconds = 0, carrier = 'null', carrier_call_id = ${`null-${callId}`}
       where id = ${callId} and status = 'dialing' returning id
    )
    insert into call_events (call_id, type, from_status, to_status) select id, 'end', 'dialing', 'completed' from moved`;
}

async function dialLean(sql: Sql, callId: number): Promise<void> {
  const [call] =
    await sql`update lean_calls set status = 'dialing', claimed_at = now() where id = ${callId} and status = 'queued' returning id`;
  if (!call) return;
  await sql`
    with moved as (update lean_calls set status = 'completed', ended_at = now() where id = ${callId} and status = 'dialing' returning id)
    insert into lean_events (call_id, type) select id, 'end' from moved`;
}

async function makeLean(sql: Sql): Promise<void> {
  await sql`drop table if exists lean_calls, lean_events`;
  await sql`create table lean_calls (id bigint primary key, status text not null, claimed_at timestamptz, ended_at timestamptz)`;
  await sql`create table lean_events (call_id bigint not null, type text not null, at timestamptz not null default now())`;
  await sql`insert into lean_calls (id, status) select id, 'queued' from calls`;
}

/** Seeds the rows and their jobs, drains them in a child, and looks whether each ended exactly once. */
async function run(task: Task): Promise<number> {
  const config = parseConfig(task.env);
  const runtime = openRuntime(config, pino({ level: 'warn' }), 'bench');
  const { sql } = runtime.db;
  try {
    await sql`truncate calls, ledger_entries cascade`;
    const ids = await seedQueued(sql, task.calls);
    if (task.way === 'lean') await makeLean(sql);
    if (task.way === 'ours')
      await enqueueCalls(
        runtime,
        ids.map((callId) => ({ callId, queueRound: 1, priority: 2 })),
      );
    else await enqueueBare(config, ids);
    const rate = await inChild<Task, number>(fileURLToPath(import.meta.url), task);
    if (task.way !== 'lean') await checkEndings(sql, task);
    return rate;
  } finally {
    await runtime.close();
  }
}

async function enqueueBare(config: Config, ids: readonly number[]): Promise<void> {
  const backend = openQueueBackend(config);
  await backend.reachable();
  const queue = new Queue<BareJob, void, string, BareJob, void, string, IQueueBackend, Role>(
    'bare',
    { connection: 'producer', prefix: backend.prefix, defaultJobOptions: { removeOnComplete: true } },
    backend.factory,
  );
  for (let start = 0; start < ids.length; start += 1000) {
    await queue.addBulk(ids.slice(start, start + 1000).map((callId) => ({ name: 'bare', data: { callId } })));
  }
  await queue.close();
  await backend.close();
}

async function checkEndings(sql: Sql, { way, calls }: Task): Promise<void> {
  const [seen] = await sql<Array<{ ended: number; events: number; twice: number; leases: number }>>`
    select (select count(*) from calls where status = 'completed' and ended_at is not null) as ended,
           (select count(*) from call_events where type = 'end') as events,
           (select count(*) from (select from call_events group by call_id, type having count(*) > 1) t) as twice,
           (select count(*) from capacity_leases) as leases`;
  if (!seen || seen.ended !== calls || seen.events !== calls || seen.twice > 0 || seen.leases > 0) {
    throw new Error(`${way}: of ${calls} calls ${JSON.stringify(seen)}`);
  }
}

async function main(calls: number, rounds: number): Promise<void> {
  await withDatabase(async (databaseUrl) => {
    const db = openDb(databaseUrl, { max: 1, name: 'bench' });
    await seedTenants(db.sql, TENANTS);
    await db.close();
    const side = (way: Way, count: number, redisUrl?: string) => () =>
      run({
        way,
        calls: count,
        env: {
          DATABASE_URL: databaseUrl,
          CARRIER: 'null',
          CARRIER_CALLS_PER_SECOND: '1000000',
          WORKER_CONCURRENCY: String(CONCURRENCY),
          QUEUE_PREFIX: `{bench_${process.pid}}`,
          ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
        },
      });
    const both = (name: string, count: number, redisUrl?: string) =>
      compare({ name, unit: 'calls/s', goal: 0.7, rounds, ours: side('ours', count, redisUrl), bound: side('bound', count, redisUrl) });
    const onRedis = await withRedis(async (url) => {
      await both('worker on Redis', calls, url);
      const lean = { ours: side('ours', calls, url), bound: side('lean', calls, url) };
      return compare({ name: 'worker on Redis, bound on a lean table', unit: 'calls/s', goal: 0.7, rounds, ...lean });
    });
    if (!onRedis) process.stdout.write('worker on Redis: no redis-server on this machine, left out\n');
    // BullMQ's own PostgreSQL backend is several times slower: fewer calls say as much
    await both('worker on PostgreSQL', Math.ceil(calls / 4));
  });
}

if (!(await measureAsChild(measure))) await main(option('calls', 10_000), option('rounds', 3));
