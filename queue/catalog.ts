import { type Static, type TSchema, Type } from '@sinclair/typebox';

const Id = Type.Integer({ minimum: 1 });

interface Entry<P extends TSchema = TSchema> {
  /** checked when a job is put in and again when it is taken out: old jobs outlive a deploy */
  payload: P;
  /** how often OUR faults (database, Redis) are tried; a busy line is an outcome, not a failed job */
  attempts: number;
  /** first pause between those tries, doubled each time */
  backoffMs: number;
  /** jobs one consumer works on at once; `calls` takes WORKER_CONCURRENCY instead */
  concurrency: number;
}

const entry = <P extends TSchema>(e: Entry<P>): Entry<P> => e;

/**
 * Every queue there is: one queue, one payload, one processor. Payloads carry ids only; the row is the truth
 * (DESIGN §3).
 */
export const CATALOG = {
  /** dial one call */
  calls: entry({ payload: Type.Object({ callId: Id }), attempts: 4, backoffMs: 500, concurrency: 32 }),
  /** decide what follows a finished attempt */
  retries: entry({ payload: Type.Object({ callId: Id }), attempts: 5, backoffMs: 1000, concurrency: 8 }),
  /** read one uploaded file, or one list of numbers; it goes on where it stopped, so its tries are cheap */
  imports: entry({ payload: Type.Object({ importId: Id }), attempts: 10, backoffMs: 1000, concurrency: 2 }),
  /** deliver one event to one endpoint */
  webhooks: entry({ payload: Type.Object({ deliveryId: Id }), attempts: 3, backoffMs: 1000, concurrency: 16 }),
  /** read one knowledge-base file into passages */
  documents: entry({ payload: Type.Object({ documentId: Id }), attempts: 3, backoffMs: 2000, concurrency: 1 }),
  /** housekeeping that one of many schedulers does */
  ticks: entry({
    payload: Type.Object({
      tick: Type.Union([
        Type.Literal('watchdog'),
        Type.Literal('repair'),
        Type.Literal('recurring'),
        Type.Literal('retention'),
        Type.Literal('people'),
        Type.Literal('deliveries'),
        Type.Literal('recordings'),
        Type.Literal('carrier-sync'),
      ]),
    }),
    attempts: 1,
    backoffMs: 0,
    concurrency: 2,
  }),
} as const;

export type QueueName = keyof typeof CATALOG;
export type Payload<Q extends QueueName> = Static<(typeof CATALOG)[Q]['payload']>;
export const QUEUE_NAMES = Object.keys(CATALOG) as QueueName[];

/** One processor a queue; a process runs the ones it is given. */
export type Processors = { [Q in QueueName]?: (payload: Payload<Q>, context: JobContext) => Promise<void> };

export interface JobContext {
  jobId: string;
  /** 1 on the first try */
  attempt: number;
  /** true when no further try follows a throw */
  lastAttempt: boolean;
  /** fires when the process wants to stop: long work saves its position and returns by throwing */
  signal: AbortSignal;
  /** 0 to 100, shown on the board */
  progress(percent: number): Promise<void>;
}
