import { Type } from '@sinclair/typebox';
import { AppError } from '../../core/errors.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { bearer, guard, limited, principalOf } from '../plugin/guard.ts';
import { MINUTE_MS, QUARTER_HOUR_MS } from '../plugin/limits.ts';
import { callLogRoutes } from './call-logs.ts';
import { campaignRoutes } from './campaigns.ts';
import { errors } from './dialect.ts';
import { phoneImportRoutes } from './phone-import.ts';
import { phoneRoutes } from './phones.ts';
import { sessionRoutes } from './sessions.ts';

/** Platform administration, over all tenants. */
export async function adminRoutes(scope: App, api: Api): Promise<void> {
  const general = api.limits.perAddress('admin', { max: 100, windowMs: QUARTER_HOUR_MS });

  await scope.register(async (open: App) => {
    limited(open, general);
    open.get(
      '/health',
      {
        schema: {
          tags: ['Health'],
          summary: 'Health check',
          description: 'Answers as long as the api runs.',
          response: { 200: Type.Object({ status: Type.Literal('ok') }, { description: 'It runs' }), ...errors() },
        },
      },
      async () => ({ status: 'ok' as const }),
    );
  });

  await scope.register(async (users: App) => {
    guard(users, api.auth, bearer, general);
    placeholder(users, '/user/placeholder', 'User dashboard APIs will live here.', errors(401));
  });

  await scope.register(async (administrators: App) => {
    guard(administrators, api.auth, bearer, api.limits.perAddress('administrators', { max: 60, windowMs: MINUTE_MS }));
    administrators.addHook('onRequest', async (request) => {
      if (principalOf(request).platformRole !== 'admin') throw new AppError('forbidden', 'This is for platform administrators');
    });
    placeholder(administrators, '/admin/placeholder', 'Admin dashboard APIs will live here.', errors(401, 403));
    phoneRoutes(administrators, api);
    phoneImportRoutes(administrators, api);
    campaignRoutes(administrators, api);
    callLogRoutes(administrators, api);
    sessionRoutes(administrators, api);
  });
}

function placeholder(scope: App, path: string, message: string, refusals: ReturnType<typeof errors>): void {
  scope.get(
    path,
    {
      schema: {
        tags: ['Placeholders'],
        summary: message,
        description: 'Tells that the token is good for what will be here.',
        security: [{ bearer: [] }],
        response: { 200: Type.Object({ message: Type.String() }, { description: 'A greeting' }), ...refusals },
      },
    },
    async () => ({ message }),
  );
}
