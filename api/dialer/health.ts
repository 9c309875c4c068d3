import { Type } from '@sinclair/typebox';
import { databaseHealth } from '../../service/health.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { errorAnswers } from '../plugin/dialect.ts';
import { Timestamp } from '../plugin/schema.ts';
import { dialect } from './dialect.ts';

const Health = {
  200: Type.Object(
    {
      success: Type.Literal(true),
      status: Type.Literal('healthy'),
      db: Type.Literal('connected'),
      timestamp: Timestamp(),
      uptime: Type.Integer({ description: 'Seconds since this process started' }),
    },
    { description: 'Healthy' },
  ),
  503: Type.Object(
    { success: Type.Literal(false), status: Type.Literal('unhealthy'), db: Type.Literal('disconnected'), timestamp: Timestamp() },
    { description: 'The database does not answer' },
  ),
};

/** Whether the database answers; for everybody. */
export function healthRoutes(scope: App, api: Api): void {
  scope.get(
    '/health',
    {
      schema: {
        tags: ['Health'],
        summary: 'Health check',
        description: 'Asks the database.',
        response: { ...Health, ...errorAnswers(dialect, { 429: 'Over the limit', 500: 'Our fault' }) },
      },
    },
    async (_request, reply) => {
      const timestamp = new Date().toISOString();
      if ((await databaseHealth(api.runtime)) === 'unhealthy') {
        return reply.code(503).send({ success: false, status: 'unhealthy', db: 'disconnected', timestamp });
      }
      return {
        success: true as const,
        status: 'healthy' as const,
        db: 'connected' as const,
        timestamp,
        uptime: Math.floor(process.uptime()),
      };
    },
  );
}
