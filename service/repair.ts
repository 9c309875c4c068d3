import { agedPriority, PRIORITY } from '../core/priority.ts';
import { findLongQueued, giveUpQueued, nextRound } from '../db/query/dispatch.ts';
import { noteCalls } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { callJobId, enqueueCalls, type Hint } from './queue-hints.ts';
import type { Runtime } from './runtime.ts';

const OLDER_THAN_MS = 5000;
/** As many as the queue ever holds (queue-depth.ts). */
const BATCH = 1000;
/** A call whose jobs failed in this many rounds, minutes apart from the last to the first, is a fault of ours. */
const MOST_FAULTS = 20;

/**
 * Queued rows whose job is gone get a new one: a lost hint, a flushed Redis, a crash between commit and enqueue. So do those
 * whose job still sleeps: none sleeps that long unless the clocks of two machines differ.
 */
export async function requeueLostCalls(runtime: Runtime): Promise<number> {
  const { db, producer, log, metrics } = runtime;
  const waiting = await findLongQueued(db.sql, OLDER_THAN_MS, BATCH);
  if (waiting.length === 0) return 0;
  const states = await producer.jobState('calls', waiting.map(callJobId));
  const lost: Hint[] = [];
  for (const call of waiting) {
    const state = states.get(callJobId(call));
    if (state === 'present') continue;
    if (state === 'failed' && call.faults >= MOST_FAULTS) {
      await giveUpQueued(db.sql, call.callId, 'Not dialed: our workers failed on it again and again');
      noteCalls(runtime, [call.callId]);
      metrics.repairs.inc({ what: 'call_given_up' });
    } else if (await nextRound(db.sql, call, state === 'failed')) {
      lost.push({ ...call, queueRound: call.queueRound + 1, priority: agedPriority(call.priority, call.dueForMs) });
    }
  }
  if (lost.length > 0) {
    log.warn(
      { calls: lost.length, high: lost.filter((c) => c.priority === PRIORITY.high).length },
      'queued calls had no job; queued again',
    );
    await enqueueCalls(runtime, lost);
    failpoint('lost_calls_requeued');
    metrics.repairs.inc({ what: 'call_without_job' }, lost.length);
  }
  return lost.length;
}
