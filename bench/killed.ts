/** Three ways to kill a worker, and how long its calls take to be dialed or decided by others. */
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { parseConfig } from '../core/config.ts';
import type { Sql } from '../db/client.ts';
import { enqueueCalls } from '../service/queue-hints.ts';
import { openRuntime, type Runtime } from '../service/runtime.ts';
import { type Carrier, killProgram, type Program, startCarrier, startProgram, until } from './fleet.ts';
import { seedQueued } from './seed.ts';

export interface Round {
  env: Record<string, string>;
  calls: number;
  /** how long both workers have run when one is killed: moves the kill through the beat of locks and checks */
  settleMs: number;
}

interface Stage {
  runtime: Runtime;
  carrier: Carrier;
  start(name: 'worker' | 'scheduler', more?: Record<string, string>): Promise<Program>;
  /** makes the round's calls, queued and with their jobs */
  queueCalls(): Promise<void>;
}

const PATIENCE_MS = 60_000;
const NEVER_MS = 10 * 60_000;
/** The watchdog asks this long after a claim plus the time-out of a request; defaults: 30 and 10 s. */
export const WATCH = { WATCHDOG_SECONDS: '2', CARRIER_TIMEOUT_MS: '2000' };

/**
 * Jobs that the killed worker had taken and not claimed: it stood in line for a carrier that was paused. Milliseconds from
 * the kill until the carrier was asked for all of them.
 */
export function unclaimed({ env, calls, settleMs }: Round): Promise<number> {
  return onStage(env, calls, 0, async ({ runtime, carrier, start, queueCalls }) => {
    const { sql } = runtime.db;
    await pauseCarrier(sql, '1 hour');
    const first = await start('worker');
    await queueCalls();
    await until(async () => (await runtime.producer.counts('calls')).active === calls, 'the first worker');
    await start('worker');
    await start('scheduler');
    await pause(settleMs);
    const killedAtMs = performance.timeOrigin + performance.now();
    await killProgram(first);
    await pauseCarrier(sql, '-1 second');
    return (await lastAsked(carrier, calls)) - killedAtMs;
  });
}

/** Calls whose requests were at a carrier that had not answered. Milliseconds from the kill until the watchdog has decided all. */
export function asked({ env, calls }: Round): Promise<number> {
  return onStage({ ...env, ...WATCH }, calls, NEVER_MS, async ({ runtime, carrier, start, queueCalls }) => {
    await start('scheduler');
    const first = await start('worker');
    await queueCalls();
    await carrier.asked(calls, PATIENCE_MS);
    const killedAtMs = performance.now();
    await killProgram(first);
    await start('worker');
    await until(async () => (await countOpen(runtime.db.sql)) === 0, 'the watchdog');
    return performance.now() - killedAtMs;
  });
}

/** Calls that were claimed and never asked for. Milliseconds from the kill until the carrier was asked for all, after it was asked back. */
export function claimed({ env, calls }: Round): Promise<number> {
  return onStage({ ...env, ...WATCH }, calls, 0, async ({ carrier, start, queueCalls }) => {
    await start('scheduler');
    const { child } = await start('worker', { FAILPOINTS: 'carrier_about_to_be_asked:kill@1' });
    await queueCalls();
    await until(async () => child.signalCode !== null, 'the first worker to die');
    const killedAtMs = performance.timeOrigin + performance.now();
    await start('worker');
    return (await lastAsked(carrier, calls)) - killedAtMs;
  });
}

/** @throws when any number was asked for twice in the end */
async function onStage(env: Round['env'], calls: number, answerMs: number, play: (stage: Stage) => Promise<number>): Promise<number> {
  const carrier = await startCarrier(answerMs);
  const own = { ...env, TWILIO_BASE_URL: carrier.url };
  const runtime = openRuntime(parseConfig(own), pino({ level: 'error' }), 'bench');
  const programs: Program[] = [];
  const stage: Stage = {
    runtime,
    carrier,
    async start(name, more) {
      const program = await startProgram(name, { ...own, ...more });
      programs.push(program);
      return program;
    },
    async queueCalls() {
      const ids = await seedQueued(runtime.db.sql, calls);
      await enqueueCalls(
        runtime,
        ids.map((callId) => ({ callId, queueRound: 1, priority: 2 })),
      );
    },
  };
  try {
    const tookMs = await play(stage);
    const seen = await carrier.log();
    const numbers = new Set(seen.map(({ to }) => to)).size;
    if (seen.length !== calls || numbers !== calls) throw new Error(`${calls} calls: ${seen.length} requests about ${numbers} numbers`);
    return tookMs;
  } finally {
    for (const { child } of programs) if (child.exitCode === null && child.signalCode === null) await killProgram({ child });
    await carrier.stop();
    await runtime.close();
  }
}

async function lastAsked(carrier: Carrier, calls: number): Promise<number> {
  return Math.max(...(await carrier.asked(calls, PATIENCE_MS)).map(({ atMs }) => atMs));
}

async function countOpen(sql: Sql): Promise<number> {
  const [row] = await sql<Array<{ open: number }>>`
    select count(*) as open from calls where status in ('queued', 'dialing', 'unknown', 'ringing', 'in_progress')`;
  return row?.open ?? 0;
}

async function pauseCarrier(sql: Sql, from: string): Promise<void> {
  await sql`
    insert into carrier_pace (carrier, paused_until) values ('twilio', now() + ${from}::interval)
    on conflict (carrier) do update set paused_until = excluded.paused_until`;
}
