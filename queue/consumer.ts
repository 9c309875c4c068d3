import { DelayedError, type IQueueBackend, type Job, type JobProgress, UnrecoverableError, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { CATALOG, type JobContext, type Processors, QUEUE_NAMES, type QueueName } from './catalog.ts';
import type { QueueBackend, Role } from './connection.ts';
import { checkPayload } from './payload.ts';

/** BullMQ's worker, which can also walk away from jobs that do not end; its own `close(true)` can't once `close()` runs. */
class QueueWorker extends Worker<unknown, void, string, IQueueBackend, JobProgress, Role> {
  async abandon(): Promise<void> {
    await this.lockManager.close();
    await this.disconnect();
  }
}

/** A processor that may be given what its own queue's schema has passed. */
type Run = (payload: unknown, context: JobContext) => Promise<void>;

export interface Consumers {
  /**
   * Takes no more jobs, fires every `context.signal`, waits up to `graceMs` for the running ones and lets go. What is
   * still running then is run again by another worker as soon as its lock has expired.
   */
  close(options: { graceMs: number }): Promise<void>;
}

/** A worker that was killed is noticed after LOCK_MS at most, plus one CHECK_MS (measured: 5.0 s, DESIGN §8). */
const LOCK_MS = 5000;
const CHECK_MS = 2500;

/**
 * How often a job may lose its worker before it counts as failed. Kills are nobody's fault but the machine's and the
 * counter never goes down, so a long import must survive a day of restarts; a job that itself kills every worker still
 * ends up on the board instead of doing so for ever.
 */
const MAX_STALLED = 50;

/** After PostgreSQL was away; BullMQ's own 15 s would be most of the outage. */
const RETRY_MS = 1000;

/** A job that is put back waits this long, so that it is the others' and not ours. */
const PUT_BACK_MS = 50;

/** Letting go of a connection takes a millisecond; this is for one that hangs. */
const DEAF_MS = 500;

/**
 * Starts one worker for each processor given. Failed and stalled jobs are logged with queue and job id.
 * A throw is retried as the catalog says; a throw after `context.signal` fired puts the job back for another worker and
 * counts as no try, which is how long work stops at shutdown: save the position, then `signal.throwIfAborted()`.
 */
export async function runConsumers(
  backend: QueueBackend,
  processors: Processors,
  { log, concurrency = {} }: { log: Logger; concurrency?: Partial<Record<QueueName, number>> },
): Promise<Consumers> {
  const stopping = new AbortController();
  const workers = QUEUE_NAMES.flatMap((queue) => {
    const run = checkedRun(queue, processors);
    if (!run) return [];
    const options = { concurrency: concurrency[queue] ?? CATALOG[queue].concurrency, stopping: stopping.signal };
    return [openWorker(backend, queue, run, options, log.child({ queue }))];
  });
  try {
    await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.close(true)));
    throw error;
  }
  return {
    async close({ graceMs }) {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      // A closing worker that still listens would swallow the wake-up of a job which the signal puts back.
      await withinMs(Math.min(graceMs, DEAF_MS), Promise.all(workers.map((worker) => worker.getBackend().disconnectBlocking())));
      stopping.abort(new Error('The process is stopping'));
      if (await withinMs(graceMs, closed)) return;
      log.warn({ graceMs }, 'jobs still run after the grace, others take them over');
      // With the store away a connection never says that it has ended.
      await withinMs(DEAF_MS, Promise.all(workers.map((worker) => worker.abandon())));
    },
  };
}

/** Binds a queue's schema to its own processor. */
function checkedRun<Q extends QueueName>(queue: Q, processors: Processors): Run | undefined {
  const processor = processors[queue];
  return processor && (async (payload, context) => processor(checkPayload(queue, payload), context));
}

function openWorker(
  backend: QueueBackend,
  queue: QueueName,
  run: Run,
  { concurrency, stopping }: { concurrency: number; stopping: AbortSignal },
  log: Logger,
): QueueWorker {
  // Three parameters on purpose: BullMQ makes the third one only for a function that takes it.
  const work = async (job: Job<unknown, void>, token: string | undefined, lockLost: AbortSignal | undefined) => {
    const signal = lockLost ? AbortSignal.any([stopping, lockLost]) : stopping;
    try {
      await run(job.data, contextOf(job, signal));
    } catch (error) {
      if (error instanceof Error && error.name === 'PayloadError') throw new UnrecoverableError(error.message);
      if (!stopping.aborted || error instanceof UnrecoverableError) throw error;
      // moveToWait() would do, but on Redis it wakes nobody when the job has a priority (BullMQ 6.7).
      await job.moveToDelayed(Date.now() + PUT_BACK_MS, token);
      log.info({ jobId: job.id }, 'job put back, the process is stopping');
      throw new DelayedError();
    }
  };
  const worker = new QueueWorker(
    queue,
    work,
    {
      connection: 'consumer',
      prefix: backend.prefix,
      telemetry: backend.telemetry,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: CHECK_MS,
      maxStalledCount: MAX_STALLED,
      runRetryDelay: RETRY_MS,
    },
    backend.factory,
  );
  worker.on('error', (error) => log.error({ err: error }, 'queue worker'));
  worker.on('stalled', (jobId) => log.warn({ jobId }, 'job lost its worker, runs again'));
  worker.on('failed', (job, error) => log.warn({ jobId: job?.id, attempt: job?.attemptsMade, err: error }, 'job failed'));
  // Someone else has the job by now: long work should stop instead of doing it twice.
  worker.on('lockRenewalFailed', (jobIds) => jobIds.forEach((jobId) => worker.cancelJob(jobId, 'the lock was lost')));
  return worker;
}

function contextOf(job: Job<unknown, void>, signal: AbortSignal): JobContext {
  const attempt = job.attemptsMade + 1;
  return {
    jobId: job.id ?? '',
    attempt,
    lastAttempt: attempt >= (job.opts.attempts ?? 1),
    signal,
    progress: (percent) => job.updateProgress(percent),
  };
}

/** Waits for `work`, but no longer than `ms`; whether it came to its end. */
async function withinMs(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const ended = await Promise.race([work.then(() => true), timeout]);
  clearTimeout(timer);
  return ended;
}
