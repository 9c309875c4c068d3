import { LIVE } from '../core/call.ts';
import { slotOf } from '../core/time/slot.ts';
import { countAgents } from '../db/query/agents.ts';
import { countUpcoming, countWaiting } from '../db/query/call-list.ts';
import { type DirectionSum, sumByDirection } from '../db/query/figures.ts';
import { countMovingOf } from '../db/query/monitoring.ts';
import { percent } from './call-figures.ts';
import { uptimePercent } from './health.ts';
import { remember } from './remember.ts';
import type { Runtime } from './runtime.ts';
import { countComingRuns } from './schedules.ts';

export interface QueueCounts {
  /** due and not dialed yet */
  waiting: number;
  /** at the carrier */
  active: number;
  completed: number;
  /** ended in any other way than completed or cancelled */
  failed: number;
}

/** What waits is counted row by row: whoever looks again within this time sees the same. */
const REMEMBERED_MS = 2000;
/** The slots of a year are a hundred thousand rows; those that this leaves are two thousand at most. */
const PAST_AFTER_MS = 24 * 60 * 60_000;
/** Nothing ends in the past; a call that was made elsewhere may be written down there, and a rebuild may mend it. */
const PAST_REMEMBERED_MS = 60_000;

/** A tenant's calls that ended, by direction and by how. */
type Ended = (tenantId: number) => Promise<DirectionSum[]>;

/** The numbers of one api process, each at most two seconds old; what is older than a day is summed once a minute. */
export function openStatistics(rt: Runtime, now: () => number = Date.now) {
  const ended = openEnded(rt, now);
  return {
    /** What a tenant has and did: calls that ended, cancelled ones aside, from the roll-ups; what waits and moves, from its rows. */
    statistics: remember((tenantId: number) => statistics(rt, tenantId, ended), REMEMBERED_MS, now),
    /** Where a tenant's calls are, and how many wait for a later moment, coming runs of its schedules included. */
    upcoming: remember((tenantId: number) => upcoming(rt, tenantId, ended, new Date(now())), REMEMBERED_MS, now),
  };
}

function openEnded({ db: { sql } }: Runtime, now: () => number): Ended {
  const pastOf = async (tenantId: number) => {
    const before = new Date(slotOf(now() - PAST_AFTER_MS));
    return { before, sums: await sumByDirection(sql, tenantId, { from: undefined, before }) };
  };
  const past = remember(pastOf, PAST_REMEMBERED_MS, now);
  return async (tenantId) => {
    const { before, sums } = await past(tenantId);
    return [...sums, ...(await sumByDirection(sql, tenantId, { from: before, before: undefined }))];
  };
}

async function statistics(rt: Runtime, tenantId: number, endedOf: Ended) {
  const [{ ended, queue }, agents, uptime] = await Promise.all([
    readQueue(rt, tenantId, endedOf),
    countAgents(rt.db.sql, tenantId),
    uptimePercent(rt),
  ]);
  const total = sum(ended);
  return {
    calls: {
      total,
      inbound: sum(ended.filter(({ direction }) => direction === 'inbound')),
      outbound: sum(ended.filter(({ direction }) => direction === 'outbound')),
      successRate: percent(queue.completed, total),
    },
    agents,
    queue,
    uptimePercent: uptime,
  };
}

async function upcoming(rt: Runtime, tenantId: number, endedOf: Ended, now: Date) {
  const [{ queue }, calls, runs] = await Promise.all([
    readQueue(rt, tenantId, endedOf),
    countUpcoming(rt.db.sql, tenantId),
    countComingRuns(rt, tenantId, now),
  ]);
  const scheduledCalls = { next24Hours: calls.next24Hours + runs.next24Hours, nextWeek: calls.nextWeek + runs.nextWeek };
  return { queue, scheduledCalls };
}

async function readQueue({ db: { sql } }: Runtime, tenantId: number, endedOf: Ended) {
  const [ended, moving, due] = await Promise.all([endedOf(tenantId), countMovingOf(sql, tenantId), countWaiting(sql, tenantId)]);
  const completed = sum(ended.filter(({ status }) => status === 'completed'));
  const queue: QueueCounts = {
    waiting: due + sum(moving.filter(({ status }) => status === 'queued')),
    active: sum(moving.filter(({ status }) => LIVE.includes(status))),
    completed,
    failed: sum(ended) - completed,
  };
  return { ended, queue };
}

function sum(counts: ReadonlyArray<{ calls: number }>): number {
  return counts.reduce((n, { calls }) => n + calls, 0);
}
