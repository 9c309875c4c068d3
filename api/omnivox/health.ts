import { Type } from '@sinclair/typebox';
import { databaseHealth, queueHealth } from '../../service/health.ts';
import { openMonitoring } from '../../service/monitoring.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { errorAnswers } from '../plugin/dialect.ts';
import { OneOf, Timestamp } from '../plugin/schema.ts';
import { dialect } from './dialect.ts';
import { memoryUsage, openCpuMeter, percent } from './vitals.ts';

const Health = Type.Object(
  {
    status: OneOf(['healthy', 'degraded', 'unhealthy'], { description: 'degraded: only the carrier fails' }),
    timestamp: Timestamp(),
    services: Type.Object({
      database: OneOf(['healthy', 'unhealthy']),
      redis: OneOf(['healthy', 'unhealthy', 'not configured'], { description: 'Without Redis the queues live in the database' }),
      twilio: OneOf(['healthy', 'unhealthy', 'unknown', 'not configured'], {
        description: 'How it took our requests of the last ten minutes; unknown: there were none',
      }),
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
  const { carrier } = openMonitoring(api.runtime);
  scope.get(
    '/api/v1/monitoring/health',
    {
      schema: {
        tags: ['Monitoring'],
        summary: 'System health check',
        description: 'Asks the database and, where it is configured, Redis. The carrier is judged by how it took our last requests.',
        response: { 200: Health, ...errorAnswers(dialect, { 429: 'Over the limit', 500: 'Our fault' }) },
      },
    },
    async () => {
      const { runtime } = api;
      const [database, queue] = await Promise.all([databaseHealth(runtime), queueHealth(runtime)]);
      const twilio = await carrier(database);
      const works = database === 'healthy' && queue === 'healthy';
      return {
        status: !works ? ('unhealthy' as const) : twilio === 'unhealthy' ? ('degraded' as const) : ('healthy' as const),
        timestamp: new Date().toISOString(),
        services: {
          database,
          redis: runtime.config.REDIS_URL ? queue : ('not configured' as const),
          twilio,
        },
        metrics: {
          uptime: Math.floor(process.uptime()),
          memoryUsage: memoryUsage(),
          cpuUsage: percent(cpuShare()),
        },
      };
    },
  );
}
