import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { guard, sessionCookie } from '../plugin/guard.ts';
import { QUARTER_HOUR_MS } from '../plugin/limits.ts';
import { atLeast } from '../plugin/roles.ts';
import { agentRoutes } from './agents.ts';
import { callLogRoutes } from './call-logs.ts';
import { campaignRoutes } from './campaigns.ts';
import { exportRoutes } from './exports.ts';
import { meRoutes } from './me.ts';
import { phoneRoutes } from './phones.ts';

/** The owner's dashboard: session cookies, read-only, for the roles owner and admin. `now` times the caches, in milliseconds. */
export async function dashboardRoutes(scope: App, api: Api, now: () => number = () => performance.now()): Promise<void> {
  scope.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'private, no-store');
  });
  guard(scope, api.auth, sessionCookie, api.limits.perUser('dashboard', { max: 100, windowMs: QUARTER_HOUR_MS }));
  scope.addHook('preValidation', atLeast('admin'));
  scope.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, security: [{ cookie: [] }] };
  });
  meRoutes(scope, api, now);
  agentRoutes(scope, api, now);
  callLogRoutes(scope, api, now);
  campaignRoutes(scope, api);
  phoneRoutes(scope, api);
  exportRoutes(scope, api);
}
