import { AGEING_MS, agedPriority } from '../core/priority.ts';
import { countUnderWay, findDue, releaseHeld } from '../db/query/dispatch.ts';
import { readPace } from '../db/query/pace.ts';
import { putInQueue } from '../db/query/verdicts.ts';
import { noteCalls } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { CLAIM_AHEAD_MS, judge } from './judge.ts';
import { queuePlaces } from './queue-depth.ts';
import { enqueueCalls, type Hint } from './queue-hints.ts';
import type { Runtime } from './runtime.ts';

/** Calls looked through in one pass beyond those that have a place: who has to wait must not keep out who stands behind. */
const LOOK = 200;
/** Calls are put into the queue this long before they are due, as jobs that sleep until then: no poll can be as punctual. */
const AHEAD_MS = 500;
/** So long before that a worker takes them up; a little less than a claim may be ahead, since clocks are read on the way. */
const WAKE_MS = CLAIM_AHEAD_MS - 5;
/** The longest that a pass should take from reading the clock to locking what it found. */
const PASS_MS = 500;
const HELD_BATCH = 500;

export interface Pass {
  /** calls put into the queue */
  admitted: number;
  /** there may be more to do at once */
  more: boolean;
}

/**
 * One pass of the dispatcher: calls due now or in a moment that the gate admits go into the queue, by priority and due
 * time, in turns between tenants. Does nothing while the queue is full or the carrier takes none. Any number may run at once.
 */
export async function dispatchDue(runtime: Runtime): Promise<Pass> {
  const { config, db } = runtime;
  const pace = await readPace(db.sql, config.CARRIER);
  const { now, pausedUntil } = pace;
  const readAtMs = performance.now();
  if (pausedUntil && pausedUntil > now) return { admitted: 0, more: false };
  const released = await releaseHeld(db.sql, HELD_BATCH);
  const { queued, live } = await countUnderWay(db.sql, config.CARRIER);
  const places = Math.min(queuePlaces(config) - queued, config.CARRIER_MAX_CALLS - live - queued);
  if (places <= 0) return { admitted: 0, more: false };
  const due = await findDue(db.sql, {
    look: LOOK,
    depth: places + LOOK,
    tenantMaxCalls: config.TENANT_MAX_CALLS,
    aheadMs: AHEAD_MS,
    ageingMs: AGEING_MS,
  });
  if (due.length === 0) return { admitted: 0, more: released === HELD_BATCH };
  const hints = await db.sql.begin(async (sql): Promise<Hint[]> => {
    // here the pace only sets the depth of the queue; it is kept where the call is claimed
    const { admitted } = await judge(
      sql,
      runtime,
      { at: 'dispatch', callIds: due, aheadMs: AHEAD_MS + PASS_MS, places },
      { ...pace, nextStartAt: now, stepMs: 0 },
    );
    const byId = new Map(admitted.map(({ candidate }) => [candidate.callId, candidate]));
    const placed = await putInQueue(
      sql,
      admitted.map(({ candidate, verdict }) => ({ callId: candidate.callId, verdict })),
    );
    return placed.flatMap((call) => {
      const candidate = byId.get(call.callId);
      if (!candidate) return [];
      const dueInMs = candidate.dueAt.getTime() - now.getTime();
      const traceparent = runtime.tracing.mark({ name: 'dispatch call', callId: call.callId, traceparent: call.traceparent });
      return [{ ...call, traceparent, priority: agedPriority(candidate.priority, -dueInMs), startsAtMs: readAtMs + dueInMs - WAKE_MS }];
    });
  });
  failpoint('calls_put_in_queue');
  // those that were sent away or dropped have changed as well
  noteCalls(runtime, due);
  await enqueueCalls(runtime, hints);
  failpoint('jobs_enqueued');
  return { admitted: hints.length, more: due.length >= LOOK && hints.length < places };
}
