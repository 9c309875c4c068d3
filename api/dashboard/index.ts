import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { guard, sessionCookie } from '../plugin/guard.ts';
import { QUARTER_HOUR_MS } from '../plugin/limits.ts';

/** The owner's dashboard: session cookies, read-only. */
export async function dashboardRoutes(scope: App, api: Api): Promise<void> {
  guard(scope, api.auth, sessionCookie, api.limits.perUser('dashboard', { max: 100, windowMs: QUARTER_HOUR_MS }));
}
