import { cpus, freemem, totalmem } from 'node:os';
import { Type } from '@sinclair/typebox';
import { databaseHealth, queueHealth } from '../../service/health.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { errorAnswers } from '../plugin/dialect.ts';
import { OneOf, Timestamp } from '../plugin/schema.ts';
import { dialect } from './dialect.ts';

const Health = Type.Object(
  {
    status: OneOf(['healthy', 'unhealthy']),
    timestamp: Timestamp(),
    services: Type.Object({
      database: OneOf(['healthy', 'unhealthy']),
      redis: OneOf(['healthy', 'unhealthy', 'not configured'], { description: 'Without Redis the queues live in the database' }),
      twilio: OneOf(['unknown', 'not configured'], { description: 'unknown: the carrier is only asked when there is a call to dial' }),
    }),
    metrics: Type.Object({
      uptime: Type.Number({ description: 'Seconds since this process started' }),
      memoryUsage: Type.Number({ description: 'Percent of the machine’s memory in use' }),
      cpuUsage: Type.Number({ description: 'Percent of all cores in use since the question before' }),
    }),
  },
  { description: 'How the parts are' },
);

/** How the system is; for everybody. */
export function healthRoutes(scope: App, api: Api): void {
  const cpuShare = openCpuMeter();
  scope.get(
    '/api/v1/monitoring/health',
    {
      schema: {
        tags: ['Monitoring'],
        summary: 'System health check',
        description: 'Asks the database and, where it is configured, Redis.',
        response: { 200: Health, ...errorAnswers(dialect, { 429: 'Over the limit', 500: 'Our fault' }) },
      },
    },
    async () => {
      const { runtime } = api;
      const [database, queue] = await Promise.all([databaseHealth(runtime), queueHealth(runtime)]);
      return {
        status: database === 'healthy' && queue === 'healthy' ? ('healthy' as const) : ('unhealthy' as const),
        timestamp: new Date().toISOString(),
        services: {
          database,
          redis: runtime.config.REDIS_URL ? queue : ('not configured' as const),
          twilio: runtime.config.CARRIER === 'twilio' ? ('unknown' as const) : ('not configured' as const),
        },
        metrics: {
          uptime: Math.floor(process.uptime()),
          memoryUsage: percent(1 - freemem() / totalmem()),
          cpuUsage: percent(cpuShare()),
        },
      };
    },
  );
}

function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** Share of the machine's cores in use since the last time it was asked; the first time, since the machine started. */
function openCpuMeter(): () => number {
  let before = { busy: 0, total: 0 };
  return () => {
    const now = { busy: 0, total: 0 };
    for (const { times } of cpus()) {
      const total = times.user + times.nice + times.sys + times.irq + times.idle;
      now.total += total;
      now.busy += total - times.idle;
    }
    const share = now.total === before.total ? 0 : (now.busy - before.busy) / (now.total - before.total);
    before = now;
    return share;
  };
}
