import { countUnderWay, findDue } from '../db/query/dispatch.ts';
import { readPace } from '../db/query/pace.ts';
import { putInQueue } from '../db/query/verdicts.ts';
import { judge } from './judge.ts';
import { queuePlaces } from './queue-depth.ts';
import { enqueueCalls, type Hint } from './queue-hints.ts';
import type { Runtime } from './runtime.ts';

/** Rows one tenant gets in one pass when others are waiting too. */
const SHARE = 200;

/**
 * One pass of the dispatcher: due calls that the gate admits go into the queue, by priority and due time, in turns
 * between tenants. Answers how many; 0 when nothing is due, the queue is full or the carrier takes none. Any number may
 * run at once.
 */
export async function dispatchDue(runtime: Runtime): Promise<number> {
  const { config, db } = runtime;
  const { now, pausedUntil } = await readPace(db.sql, config.CARRIER);
  if (pausedUntil && pausedUntil > now) return 0;
  const { queued, live } = await countUnderWay(db.sql, config.CARRIER);
  const depth = Math.min(queuePlaces(config) - queued, config.CARRIER_MAX_CALLS - live - queued);
  if (depth <= 0) return 0;
  const due = await findDue(db.sql, { share: Math.min(SHARE, depth), depth, tenantMaxCalls: config.TENANT_MAX_CALLS });
  if (due.length === 0) return 0;
  const hints = await db.sql.begin(async (sql): Promise<Hint[]> => {
    // here the pace only sets the depth of the queue; it is kept where the call is claimed
    const { admitted } = await judge(
      sql,
      config,
      { callIds: due, status: 'scheduled' },
      { now, nextStartAt: now, pausedUntil: undefined, stepMs: 0 },
    );
    const priorities = new Map(admitted.map(({ candidate }) => [candidate.callId, candidate.priority]));
    const placed = await putInQueue(
      sql,
      admitted.map(({ candidate, verdict }) => ({ callId: candidate.callId, verdict })),
    );
    return placed.map((call) => ({ ...call, priority: priorities.get(call.callId) ?? 2 }));
  });
  await enqueueCalls(runtime, hints);
  return hints.length;
}
