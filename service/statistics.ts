import { LIVE } from '../core/call.ts';
import { countAgents } from '../db/query/agents.ts';
import { countUpcoming, countWaiting } from '../db/query/call-list.ts';
import { sumByDirection } from '../db/query/figures.ts';
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

/** The numbers of one api process, each at most two seconds old. */
export function openStatistics(rt: Runtime, now: () => number = Date.now) {
  return {
    /** What a tenant has and did: calls that ended, cancelled ones aside, from the roll-ups; what waits and moves, from its rows. */
    statistics: remember((tenantId: number) => statistics(rt, tenantId), REMEMBERED_MS, now),
    /** Where a tenant's calls are, and how many wait for a later moment, coming runs of its schedules included. */
    upcoming: remember((tenantId: number) => upcoming(rt, tenantId, new Date(now())), REMEMBERED_MS, now),
  };
}

async function statistics(rt: Runtime, tenantId: number) {
  const [{ ended, queue }, agents, uptime] = await Promise.all([
    readQueue(rt, tenantId),
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

async function upcoming(rt: Runtime, tenantId: number, now: Date) {
  const [{ queue }, calls, runs] = await Promise.all([
    readQueue(rt, tenantId),
    countUpcoming(rt.db.sql, tenantId),
    countComingRuns(rt, tenantId, now),
  ]);
  const scheduledCalls = { next24Hours: calls.next24Hours + runs.next24Hours, nextWeek: calls.nextWeek + runs.nextWeek };
  return { queue, scheduledCalls };
}

async function readQueue({ db: { sql } }: Runtime, tenantId: number) {
  const [ended, moving, due] = await Promise.all([
    sumByDirection(sql, tenantId),
    countMovingOf(sql, tenantId),
    countWaiting(sql, tenantId),
  ]);
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
