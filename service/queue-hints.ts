import type { Priority } from '../core/priority.ts';
import { batcher } from './batch.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

/** A queued row that a worker should look at. */
export interface Hint {
  callId: number;
  queueRound: number;
  priority: Priority;
  /** of this process's `performance.now()`; a job handed in earlier sleeps until then. Default: at once */
  startsAtMs?: number;
}

const MAX_BATCH = 500;

const hinters = ofRuntime((runtime) => {
  const hinter = batcher(async (hints: Hint[]) => {
    await enqueueCalls(runtime, hints);
    return hints.map(() => undefined);
  }, MAX_BATCH);
  runtime.onClose(hinter.idle);
  return hinter;
});

/** The job of one round: a new round is a new job, whatever is left of the last one in the queue's memory. */
export function callJobId(hint: Pick<Hint, 'callId' | 'queueRound'>): string {
  return `call_${hint.callId}_${hint.queueRound}`;
}

/** Puts the jobs of queued rows into the queue. @throws when the queue can't be reached */
export async function enqueueCalls(runtime: Runtime, hints: readonly Hint[]): Promise<void> {
  await runtime.producer.enqueueMany(
    'calls',
    hints.map((hint) => ({
      payload: { callId: hint.callId },
      jobId: callJobId(hint),
      priority: hint.priority,
      delayMs: hint.startsAtMs === undefined ? 0 : Math.max(0, Math.round(hint.startsAtMs - performance.now())),
      fresh: true,
    })),
  );
}

/**
 * Hints without waiting. The row is its own outbox: a hint that fails is logged, and the repair tick puts the job in
 * (DESIGN §3).
 */
export function hintQueue(runtime: Runtime, hint: Hint): void {
  hinters(runtime)(hint).catch((error: unknown) => {
    runtime.log.warn({ err: error, callId: hint.callId }, 'queue not reached; the scheduler will queue the call');
  });
}
