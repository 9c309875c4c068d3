import { type Static, Type } from '@sinclair/typebox';
import { databaseHealth, queueHealth } from '../../service/health.ts';
import { openMonitoring } from '../../service/monitoring.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';
import { trafficOf } from '../plugin/traffic.ts';
import { openVitals } from './vitals.ts';

/** From here on a figure is an alert (contract: omnivox "Alerting"). */
const ALERT_ABOVE = { responseTime: 1000, errorRate: 5, memoryUsage: 80 };
const STATES = ['healthy', 'unhealthy', 'unknown', 'not configured'] as const;

export const Figures = Type.Object({
  timestamp: Timestamp(),
  performance: Type.Object(
    {
      requests: Type.Integer({ description: 'Answered in the last minute' }),
      requestsPerSecond: Type.Number(),
      averageResponseTime: Nullable(Type.Number(), 'Milliseconds; null: nobody asked anything'),
      p95ResponseTime: Nullable(Type.Number(), 'Milliseconds that 95 of 100 answers stayed below'),
      errorRate: Type.Number({ description: 'Percent of the answers that were a fault of ours' }),
    },
    { description: 'Of the api process that answers' },
  ),
  resources: Type.Object(
    {
      uptime: Type.Integer({ description: 'Seconds since the process started' }),
      memoryUsage: Type.Number({ description: 'Percent of the machine’s memory in use' }),
      processMemory: Type.Integer({ description: 'Bytes' }),
      heapUsed: Type.Integer({ description: 'Bytes' }),
      cpuUsage: Type.Number({ description: 'Percent of all cores in use' }),
      eventLoopDelay: Type.Number({ description: 'How late the worst hundredth of timers was, in milliseconds' }),
    },
    { description: 'Of the api process that answers and its machine' },
  ),
  calls: Type.Object(
    {
      byStatus: Type.Record(Type.String(), Type.Integer(), { description: 'In the queue and in flight' }),
      waiting: Type.Integer({ description: 'May ring now and are not in the queue yet, up to 10,000' }),
      endedToday: Type.Record(Type.String(), Type.Integer(), { description: 'Since midnight UTC, by how they ended' }),
    },
    { description: 'Of your account; empty while the database is away' },
  ),
  queue: Type.Object(
    { waiting: Type.Integer(), delayed: Type.Integer(), active: Type.Integer(), failed: Type.Integer() },
    { description: 'Jobs that dial, of the whole system' },
  ),
  services: Type.Object({ database: OneOf(STATES), redis: OneOf(STATES), twilio: OneOf(STATES) }),
  alerts: Type.Array(
    Type.Object({
      name: OneOf(['responseTime', 'errorRate', 'memoryUsage', 'database']),
      message: Type.String(),
      value: Nullable(Type.Number()),
      threshold: Nullable(Type.Number()),
    }),
    { description: 'What somebody should look at now' },
  ),
});
export type Figures = Static<typeof Figures>;

const NO_CALLS = { byStatus: {}, due: 0, endedToday: {} };
const NO_JOBS = { waiting: 0, delayed: 0, active: 0, failed: 0 };
const REUSED_MS = 1000;

/** Reads the figures that one tenant's administrators see. What can't be read is left empty, and an alert says why. */
export function openFigures(scope: App, { runtime }: Api): (tenantId: number) => Promise<Figures> {
  const { callsOf, jobs, carrier } = openMonitoring(runtime);
  const traffic = trafficOf(runtime);
  const readVitals = openVitals(scope);
  let vitals = { atMs: -Infinity, ...readVitals() };

  /** The meters tell of the time between two readings: many readers must not make it short. */
  function recentVitals() {
    const atMs = performance.now();
    if (atMs - vitals.atMs >= REUSED_MS) vitals = { ...readVitals(), atMs };
    const { atMs: _, ...figures } = vitals;
    return figures;
  }

  return async (tenantId) => {
    const [database, queue] = await Promise.all([databaseHealth(runtime), queueHealth(runtime)]);
    const [calls, queued, twilio] = await Promise.all([
      database === 'healthy' ? callsOf(tenantId) : NO_CALLS,
      queue === 'healthy' ? jobs('calls') : NO_JOBS,
      carrier(database),
    ]);
    const { requests, perSecond, average, p95, errorRate } = traffic.read();
    const resources = recentVitals();
    return {
      timestamp: new Date().toISOString(),
      performance: { requests, requestsPerSecond: perSecond, averageResponseTime: average, p95ResponseTime: p95, errorRate },
      resources,
      calls: { byStatus: calls.byStatus, waiting: calls.due, endedToday: calls.endedToday },
      queue: queued,
      services: { database, redis: runtime.config.REDIS_URL ? queue : 'not configured', twilio },
      alerts: alertsOf({ responseTime: p95 ?? 0, errorRate, memoryUsage: resources.memoryUsage }, database === 'healthy'),
    };
  };
}

const WORDS = {
  responseTime: (value: number) => `The slowest answers take ${value} ms`,
  errorRate: (value: number) => `${value} % of the requests fail`,
  memoryUsage: (value: number) => `${value} % of the memory is in use`,
};

/** Which figures are over their threshold, and whether the database is away. */
export function alertsOf(values: Readonly<Record<keyof typeof ALERT_ABOVE, number>>, databaseAnswers: boolean): Figures['alerts'] {
  const names = Object.keys(ALERT_ABOVE) as Array<keyof typeof ALERT_ABOVE>;
  const alerts: Figures['alerts'] = names
    .filter((name) => values[name] > ALERT_ABOVE[name])
    .map((name) => ({ name, message: WORDS[name](values[name]), value: values[name], threshold: ALERT_ABOVE[name] }));
  if (!databaseAnswers) alerts.push({ name: 'database', message: 'The database does not answer', value: null, threshold: null });
  return alerts;
}
