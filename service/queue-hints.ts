import type { Priority } from '../core/priority.ts';
import { hinter } from './hint.ts';
import type { Runtime } from './runtime.ts';

/** A queued row that a worker should look at. */
export interface Hint {
  callId: number;
  queueRound: number;
  priority: Priority;
  /** of this process's `performance.now()`; a job handed in earlier sleeps until then. Default: at once */
  startsAtMs?: number;
  /** the trace that its dial belongs to */
  traceparent?: string | undefined;
}

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
      traceparent: hint.traceparent,
    })),
  );
}

const sendHint = hinter<Hint>(enqueueCalls, 'the scheduler will queue the call');

/** Tells the workers of a queued row. */
export function hintQueue(runtime: Runtime, hint: Hint): void {
  // many travel together: whoever sends them is not in the trace of each
  sendHint(runtime, { ...hint, traceparent: runtime.tracing.traceparent() });
}
