/** The bound of `bench/recovery.ts`: bare BullMQ jobs whose worker is killed. Run by itself, it is such a worker. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type IQueueBackend, type JobProgress, Queue, Worker } from 'bullmq';
import { parseConfig } from '../core/config.ts';
import { openQueueBackend, type Role } from '../queue/connection.ts';
import { killProgram, until } from './fleet.ts';
import type { Round } from './killed.ts';

type BareQueue = Queue<object, void, string, object, void, string, IQueueBackend, Role>;

const THIS_FILE = fileURLToPath(import.meta.url);
/** As `queue/consumer.ts` sets them. */
export const LOCKS = { lockDuration: 5000, stalledInterval: 2500, maxStalledCount: 50 };

/** Jobs never end; the parent is told of each that starts. */
async function work(env: Record<string, string | undefined>): Promise<void> {
  const config = parseConfig(env);
  const backend = openQueueBackend(config);
  const parentGone = once(process, 'disconnect');
  const worker = new Worker<object, void, string, IQueueBackend, JobProgress, Role>(
    'bare',
    async () => {
      process.send?.('started');
      await parentGone;
    },
    { connection: 'consumer', prefix: backend.prefix, concurrency: config.WORKER_CONCURRENCY, ...LOCKS },
    backend.factory,
  );
  await worker.waitUntilReady();
  process.send?.('ready');
}

/** Milliseconds from the kill of one worker until the other has started every job of its. */
export async function bareRecovery({ env, calls, settleMs }: Round): Promise<number> {
  const backend = openQueueBackend(parseConfig(env));
  await backend.reachable();
  const queue: BareQueue = new Queue('bare', { connection: 'producer', prefix: backend.prefix }, backend.factory);
  const first = await startWorker(env);
  await queue.addBulk(Array.from({ length: calls }, () => ({ name: 'bare', data: {} })));
  await until(async () => first.started === calls, 'the first bare worker');
  const second = await startWorker(env);
  await pause(settleMs);
  const killedAt = performance.now();
  await killProgram(first);
  await until(async () => second.started >= calls, 'the second bare worker');
  const tookMs = performance.now() - killedAt;
  await killProgram(second);
  await queue.obliterate({ force: true });
  await queue.close();
  await backend.close();
  return tookMs;
}

async function startWorker(env: Record<string, string>) {
  const child = fork(THIS_FILE, [], { execArgv: process.execArgv, env: { PATH: process.env.PATH, ...env } });
  const program = { child, started: 0 };
  await new Promise<void>((resolve) => {
    child.on('message', (word) => {
      if (word === 'ready') resolve();
      else program.started += 1;
    });
  });
  return program;
}

if (process.argv[1] === THIS_FILE) await work(process.env);
