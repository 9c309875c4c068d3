import { Type } from '@sinclair/typebox';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { errorAnswers } from '../plugin/dialect.ts';
import { limited } from '../plugin/guard.ts';
import { QUARTER_HOUR_MS } from '../plugin/limits.ts';
import { dialect } from './dialect.ts';

/** Platform administration, over all tenants. */
export async function adminRoutes(scope: App, api: Api): Promise<void> {
  limited(scope, api.limits.perAddress('admin', { max: 100, windowMs: QUARTER_HOUR_MS }));
  scope.get(
    '/health',
    {
      schema: {
        tags: ['Health'],
        summary: 'Health check',
        description: 'Answers as long as the api runs.',
        response: {
          200: Type.Object({ status: Type.Literal('ok') }, { description: 'It runs' }),
          ...errorAnswers(dialect, { 429: 'Over the limit', 500: 'Our fault' }),
        },
      },
    },
    async () => ({ status: 'ok' as const }),
  );
}
