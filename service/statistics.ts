import { LIVE, OUTCOMES } from '../core/call.ts';
import { countAgents } from '../db/query/agents.ts';
import { type CallCounts, countCallsByStatus, countUpcoming } from '../db/query/call-list.ts';
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

/** Counting reads every row of a tenant: whoever looks again within this time sees the same. */
const REMEMBERED_MS = 2000;

/** The numbers of one api process, each at most two seconds old. */
export function openStatistics(rt: Runtime, now: () => number = Date.now) {
  return {
    /** What a tenant has and did, counted from its rows. */
    statistics: remember((tenantId: number) => statistics(rt, tenantId), REMEMBERED_MS, now),
    /** Where a tenant's calls are, and how many wait for a later moment, coming runs of its schedules included. */
    upcoming: remember((tenantId: number) => upcoming(rt, tenantId, new Date(now())), REMEMBERED_MS, now),
  };
}

async function statistics(rt: Runtime, tenantId: number) {
  const [counts, agents, uptime] = await Promise.all([
    countCallsByStatus(rt.db.sql, tenantId),
    countAgents(rt.db.sql, tenantId),
    uptimePercent(rt),
  ]);
  const queue = queueCounts(counts);
  const ended = queue.completed + queue.failed;
  return {
    calls: {
      total: sum(counts),
      inbound: sum(counts.filter((count) => count.direction === 'inbound')),
      outbound: sum(counts.filter((count) => count.direction === 'outbound')),
      successRate: ended === 0 ? 0 : Math.round((queue.completed / ended) * 1000) / 10,
    },
    agents,
    queue,
    uptimePercent: uptime,
  };
}

async function upcoming(rt: Runtime, tenantId: number, now: Date) {
  const [counts, calls, runs] = await Promise.all([
    countCallsByStatus(rt.db.sql, tenantId),
    countUpcoming(rt.db.sql, tenantId),
    countComingRuns(rt, tenantId, now),
  ]);
  const scheduledCalls = { next24Hours: calls.next24Hours + runs.next24Hours, nextWeek: calls.nextWeek + runs.nextWeek };
  return { queue: queueCounts(counts), scheduledCalls };
}

function queueCounts(counts: readonly CallCounts[]): QueueCounts {
  const failures: readonly string[] = OUTCOMES.filter((outcome) => outcome !== 'completed');
  return {
    waiting:
      sum(counts.filter(({ status }) => status === 'queued')) +
      counts.reduce((n, { status, due }) => n + (status === 'scheduled' ? due : 0), 0),
    active: sum(counts.filter(({ status }) => LIVE.includes(status))),
    completed: sum(counts.filter(({ status }) => status === 'completed')),
    failed: sum(counts.filter(({ status }) => failures.includes(status))),
  };
}

function sum(counts: readonly CallCounts[]): number {
  return counts.reduce((n, { calls }) => n + calls, 0);
}
