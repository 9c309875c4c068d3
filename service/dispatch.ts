import { countQueued, findDue } from '../db/query/dispatch.ts';
import { readCandidates } from '../db/query/gate-facts.ts';
import { putInQueue } from '../db/query/verdicts.ts';
import { readClock } from '../db/query/pace.ts';
import { judge } from './judge.ts';
import { queuePlaces } from './queue-depth.ts';
import { enqueueCalls, type Hint } from './queue-hints.ts';
import type { Runtime } from './runtime.ts';

/** Rows one tenant gets in one pass when others are waiting too. */
const SHARE = 200;

/**
 * One pass of the dispatcher: due calls that the gate admits go into the queue, by priority and due time, in turns
 * between tenants. Answers how many; 0 when nothing is due or the queue is full. Any number may run at once.
 */
export async function dispatchDue(runtime: Runtime): Promise<number> {
  const { config, db } = runtime;
  const depth = queuePlaces(config) - (await countQueued(db.sql));
  if (depth <= 0) return 0;
  const due = await findDue(db.sql, { share: Math.min(SHARE, depth), depth, tenantMaxCalls: config.TENANT_MAX_CALLS });
  if (due.length === 0) return 0;
  const hints = await db.sql.begin(async (sql): Promise<Hint[]> => {
    const candidates = await readCandidates(sql, due, 'scheduled');
    // here the pace only sets the depth of the queue; it is kept where the call is claimed
    const unhurried = { now: await readClock(sql), nextStartAt: new Date(0), pausedUntil: undefined, stepMs: 0 };
    const { admitted } = await judge(sql, config, candidates, unhurried);
    const priorities = new Map(admitted.map(({ candidate }) => [candidate.callId, candidate.priority]));
    const queued = await putInQueue(sql, admitted.map(({ candidate, verdict }) => ({ callId: candidate.callId, verdict })));
    return queued.map((q) => ({ ...q, priority: priorities.get(q.callId) ?? 2 }));
  });
  await enqueueCalls(runtime, hints);
  return hints.length;
}
