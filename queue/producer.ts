import { type IQueueBackend, type JobsOptions, Queue } from 'bullmq';
import type { Logger } from 'pino';
import { PRIORITY, type Priority } from '../core/priority.ts';
import { CATALOG, type Payload, QUEUE_NAMES, type QueueName } from './catalog.ts';
import type { QueueBackend, Role } from './connection.ts';
import { checkPayload } from './payload.ts';

type OpenQueue = Queue<object, void, string, object, void, string, IQueueBackend, Role>;

export interface JobRequest {
  /** names the work, so that asking twice runs once: no colon, not an integer (`call-7`) */
  jobId: string;
  /** default normal; without any, BullMQ would put a job before all others */
  priority?: Priority;
  delayMs?: number;
  /** this id was never enqueued before: spares the look for a finished job that still holds it */
  fresh?: boolean;
  /** W3C trace context that its run belongs to; default: that of who enqueues it, when something is traced */
  traceparent?: string;
}

/** present: is ready or runs; delayed: sleeps until its time; missing: never came, was wiped, or is done */
export type JobPresence = 'present' | 'delayed' | 'failed' | 'missing';

export interface Counts {
  /** ready to run, whatever their priority, also while the queue is paused */
  waiting: number;
  delayed: number;
  active: number;
  failed: number;
}

export interface Producer {
  /**
   * Puts one job in and returns its id. A job of that id that waits or runs makes this a no-op; one that is finished and
   * only kept for the board gives way.
   * @throws PayloadError, or the store's error: a job is never dropped in silence
   */
  enqueue<Q extends QueueName>(queue: Q, payload: Payload<Q>, request: JobRequest): Promise<string>;
  /** The same for many, in one round trip per thousand; on an error some may be in, and asking again is safe. */
  enqueueMany<Q extends QueueName>(queue: Q, items: readonly ({ payload: Payload<Q> } & JobRequest)[]): Promise<string[]>;
  /** What became of jobs, for the repair tick; ask in batches of some hundred. */
  jobState(queue: QueueName, jobIds: readonly string[]): Promise<Map<string, JobPresence>>;
  counts(queue: QueueName): Promise<Counts>;
  ping(): Promise<void>;
  /** for the queue board only; everyone else speaks through this interface */
  queuesForBoard(): Queue[];
  /**
   * Runs a tick every `everyMs`, once however many schedulers ask. Ask again now and then: a wiped Redis forgets it.
   */
  upsertTick(id: string, everyMs: number, payload: Payload<'ticks'>): Promise<void>;
  /** Lets go of the queues; the backend's connection stays. */
  close(): Promise<void>;
}

const DAY_SECONDS = 24 * 60 * 60;
const BATCH = 1000;

/** Opens every queue for putting in. Starts no work, and does not wait for the store. */
export function openProducer(backend: QueueBackend, log: Logger): Producer {
  const queues = new Map(QUEUE_NAMES.map((name) => [name, openQueue(backend, name)]));
  logErrorsOnce([...queues.values()], log);

  const queueOf = async (name: QueueName): Promise<OpenQueue> => {
    await backend.reachable();
    const queue = queues.get(name);
    if (!queue) throw new Error(`No such queue: ${name}`);
    return queue;
  };

  async function enqueueMany<Q extends QueueName>(name: Q, items: readonly ({ payload: Payload<Q> } & JobRequest)[]): Promise<string[]> {
    const jobs = items.map((item) => ({ name, data: checkPayload(name, item.payload), opts: jobOptions(item) }));
    const queue = await queueOf(name);
    await removeFailed(
      queue,
      items.filter((item) => !item.fresh).map((item) => item.jobId),
    );
    for (let start = 0; start < jobs.length; start += BATCH) await queue.addBulk(jobs.slice(start, start + BATCH));
    return items.map((item) => item.jobId);
  }

  return {
    enqueueMany,
    async enqueue(name, payload, request) {
      const job = { data: checkPayload(name, payload), opts: jobOptions(request) };
      const queue = await queueOf(name);
      if (!request.fresh) await removeFailed(queue, [request.jobId]);
      await queue.add(name, job.data, job.opts);
      return request.jobId;
    },
    async jobState(name, jobIds) {
      const queue = await queueOf(name);
      const states = await Promise.all(jobIds.map((jobId) => queue.getJobState(jobId)));
      return new Map(jobIds.map((jobId, i) => [jobId, presence(states[i])]));
    },
    async counts(name) {
      const queue = await queueOf(name);
      // Ready jobs are `prioritized` since all have a priority, and stay so while paused; on PostgreSQL plain `waiting` ones would not.
      const n = await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed');
      const of = (type: string) => n[type] ?? 0;
      return {
        waiting: of('waiting') + of('prioritized'),
        delayed: of('delayed'),
        active: of('active'),
        failed: of('failed'),
      };
    },
    ping: () => backend.ping(),
    queuesForBoard() {
      const all: object[] = [...queues.values()];
      return all.filter((queue) => queue instanceof Queue);
    },
    async upsertTick(id, everyMs, payload) {
      const data = checkPayload('ticks', payload);
      const queue = await queueOf('ticks');
      await queue.upsertJobScheduler(id, { every: everyMs }, { name: 'ticks', data });
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

function openQueue(backend: QueueBackend, name: QueueName): OpenQueue {
  const { attempts, backoffMs } = CATALOG[name];
  return new Queue(
    name,
    {
      connection: 'producer',
      prefix: backend.prefix,
      telemetry: backend.telemetry,
      streams: { events: { maxLen: 1000 } },
      // There is nothing a failed version check could tell a producer, and BullMQ would never ask again; consumers do ask.
      skipVersionCheck: true,
      defaultJobOptions: {
        attempts,
        priority: PRIORITY.normal,
        backoff: { type: 'exponential', delay: backoffMs },
        // Finished jobs are in our rows. Keeping the newest few would make PostgreSQL look for the rest at every end, and such
        // searches deadlock each other (BullMQ 6.7).
        removeOnComplete: true,
        removeOnFail: { age: 14 * DAY_SECONDS },
      },
    },
    backend.factory,
  );
}

function jobOptions({ jobId, priority = PRIORITY.normal, delayMs = 0, traceparent }: JobRequest): JobsOptions {
  if (jobId === '' || jobId.includes(':') || /^-?\d+$/.test(jobId))
    throw new Error(`A job id has no colon and is no integer, unlike '${jobId}'`);
  return {
    jobId,
    priority,
    delay: delayMs,
    ...(traceparent !== undefined && { telemetry: { metadata: JSON.stringify({ traceparent }) } }),
  };
}

/** BullMQ ignores an add, without a word, while a failed job of that id is kept for the board. */
async function removeFailed(queue: OpenQueue, jobIds: readonly string[]): Promise<void> {
  await Promise.all(
    jobIds.map(async (jobId) => {
      const state = await queue.getJobState(jobId);
      if (state === 'failed') await queue.remove(jobId);
    }),
  );
}

function presence(state: string | undefined): JobPresence {
  if (state === 'failed' || state === 'delayed') return state;
  return state === undefined || state === 'unknown' || state === 'completed' ? 'missing' : 'present';
}

/** The queues share one connection, so each of them repeats its every error. */
function logErrorsOnce(queues: readonly OpenQueue[], log: Logger): void {
  let last: Error | undefined;
  for (const queue of queues) {
    queue.on('error', (error) => {
      if (error !== last) log.warn({ err: error }, 'queue connection');
      last = error;
    });
  }
}
