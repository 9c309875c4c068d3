import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { bearer, guard, limited } from '../plugin/guard.ts';
import { HOUR_MS } from '../plugin/limits.ts';
import { acceptForms } from '../plugin/upload.ts';
import { agentRoutes } from './agents.ts';
import { openAuthRoutes, ownAuthRoutes } from './auth.ts';
import { callRoutes } from './calls.ts';
import { campaignResultRoutes } from './campaign-results.ts';
import { campaignRoutes } from './campaigns.ts';
import { healthRoutes } from './health.ts';
import { leadRoutes } from './leads.ts';
import { liveRoutes } from './live.ts';
import { previewRoutes } from './preview.ts';
import { recordingRoutes } from './recordings.ts';
import { statsRoutes } from './stats.ts';
import { refuseOtherVersions } from './version.ts';
import { webhookRoutes } from './webhooks.ts';

const STRANGERS = { max: 100, windowMs: HOUR_MS };
const USERS = { max: 1000, windowMs: HOUR_MS };

/** The call centre: people, leads and campaigns. */
export async function dialerRoutes(scope: App, api: Api): Promise<void> {
  const { auth, limits } = api;
  refuseOtherVersions(scope);
  await scope.register(async (open: App) => {
    limited(open, limits.perAddress('dialer', STRANGERS));
    healthRoutes(open, api);
    openAuthRoutes(open, api);
  });
  await scope.register(async (guarded: App) => {
    guard(guarded, auth, bearer, limits.perUser('dialer', USERS, STRANGERS));
    await acceptForms(guarded);
    ownAuthRoutes(guarded, api);
    liveRoutes(guarded, api);
    callRoutes(guarded, api);
    recordingRoutes(guarded, api);
    campaignRoutes(guarded, api);
    campaignResultRoutes(guarded, api);
    leadRoutes(guarded, api);
    previewRoutes(guarded, api);
    agentRoutes(guarded, api);
    statsRoutes(guarded, api);
    webhookRoutes(guarded, api);
  });
}
