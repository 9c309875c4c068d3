import { PRIORITY } from '../core/priority.ts';
import { findLongQueued, nextRound } from '../db/query/dispatch.ts';
import { takeStep } from '../db/query/call-life.ts';
import { callJobId, enqueueCalls, type Hint } from './queue-hints.ts';
import type { Runtime } from './runtime.ts';

const OLDER_THAN_MS = 5000;
const BATCH = 500;
/** A call whose job failed in this many rounds is a fault of ours, and stays visible as such. */
const MOST_ROUNDS = 5;

/** Queued rows whose job is gone get a new one: a lost hint, a flushed Redis, a crash between commit and enqueue. */
export async function requeueLostCalls(runtime: Runtime): Promise<number> {
  const { db, producer, log } = runtime;
  const waiting = await findLongQueued(db.sql, OLDER_THAN_MS, BATCH);
  if (waiting.length === 0) return 0;
  const states = await producer.jobState('calls', waiting.map(callJobId));
  const lost: Hint[] = [];
  for (const call of waiting) {
    const state = states.get(callJobId(call));
    if (state === 'present') continue;
    if (state === 'failed' && call.queueRound >= MOST_ROUNDS) {
      await takeStep(db.sql, 'fail', { callId: call.callId, reason: 'Not dialed: our workers failed on it repeatedly' });
    } else if (await nextRound(db.sql, call.callId, call.queueRound)) {
      lost.push({ ...call, queueRound: call.queueRound + 1 });
    }
  }
  if (lost.length > 0) {
    log.warn(
      { calls: lost.length, high: lost.filter((c) => c.priority === PRIORITY.high).length },
      'queued calls had no job; queued again',
    );
    await enqueueCalls(runtime, lost);
  }
  return lost.length;
}
