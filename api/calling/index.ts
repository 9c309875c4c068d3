import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { bearer, guard } from '../plugin/guard.ts';
import { MINUTE_MS } from '../plugin/limits.ts';
import { agentRoutes } from './agents.ts';
import { analyticsRoutes } from './analytics.ts';
import { bulkRoutes } from './bulk.ts';
import { callingHourRoutes } from './calling-hours.ts';
import { callRoutes } from './calls.ts';
import { doNotCallRoutes } from './do-not-call.ts';
import { exotelRoutes } from './exotel.ts';
import { knowledgeRoutes } from './knowledge.ts';
import { phoneRoutes } from './phones.ts';
import { registerRoute } from './register.ts';
import { retryRoutes } from './retries.ts';
import { schedulingRoutes } from './scheduling.ts';
import { statRoutes } from './stats.ts';
import { whyRoutes } from './why.ts';

/** The calling surface (contracts/calling.md): agents, numbers, outbound calls, imports, statistics. */
export async function callingRoutes(scope: App, api: Api): Promise<void> {
  const { runtime, auth, limits } = api;
  registerRoute(scope, api);
  await exotelRoutes(scope, api);

  await scope.register(async (guarded: App) => {
    guard(guarded, auth, bearer, limits.perUser('calling', { max: 100, windowMs: MINUTE_MS }));
    guarded.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, security: [{ bearer: [] }] };
    });
    agentRoutes(guarded, runtime);
    phoneRoutes(guarded, runtime);
    callRoutes(guarded, runtime);
    whyRoutes(guarded, runtime);
    bulkRoutes(guarded, api);
    doNotCallRoutes(guarded, api);
    retryRoutes(guarded, runtime);
    schedulingRoutes(guarded, runtime);
    callingHourRoutes(guarded, runtime);
    knowledgeRoutes(guarded, runtime);
    statRoutes(guarded, runtime, api.version);
    analyticsRoutes(guarded, runtime);
  });
}
