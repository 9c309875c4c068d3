import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { bearer, guard, limited } from '../plugin/guard.ts';
import { HOUR_MS } from '../plugin/limits.ts';
import { analyticsRoutes } from './analytics.ts';
import { authRoutes, logOutRoute } from './auth.ts';
import { openCache } from './cache.ts';
import { callRoutes } from './calls.ts';
import { campaignRoutes } from './campaigns.ts';
import { contactRoutes } from './contacts.ts';
import { debugged } from './debug.ts';
import { flowRoutes } from './flows.ts';
import { healthRoutes } from './health.ts';
import { monitoringRoutes } from './monitoring.ts';
import { pageRoutes } from './page.ts';
import { timed } from './timing.ts';
import { userRoutes } from './users.ts';

const STRANGERS = { max: 100, windowMs: HOUR_MS };
/** The page and its parts are no requests of the API's. */
const VISITORS = { max: 600, windowMs: HOUR_MS };
const USERS = { max: 1000, windowMs: HOUR_MS };

/** Contacts, campaigns, flows and monitoring. Its document has two bases, `/auth` and `/api/v1`. */
export async function omnivoxRoutes(scope: App, api: Api): Promise<void> {
  const { auth, limits } = api;
  timed(scope);
  debugged(scope, api.runtime.config);
  await scope.register(async (page: App) => {
    limited(page, limits.perAddress('omnivox page', VISITORS));
    pageRoutes(page);
  });
  await scope.register(async (open: App) => {
    limited(open, limits.perAddress('omnivox', STRANGERS));
    healthRoutes(open, api);
    authRoutes(open, api);
  });
  await scope.register(async (guarded: App) => {
    guard(guarded, auth, bearer, limits.perUser('omnivox', USERS, STRANGERS));
    logOutRoute(guarded, api);
    monitoringRoutes(guarded, api);
    await guarded.register(async (cached: App) => {
      openCache(cached, api);
      userRoutes(cached, api);
      campaignRoutes(cached, api);
      flowRoutes(cached, api);
      contactRoutes(cached, api);
      callRoutes(cached, api);
      analyticsRoutes(cached, api);
    });
  });
}
