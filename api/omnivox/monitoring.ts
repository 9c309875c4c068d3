import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Monitoring. */
export function monitoringRoutes(_scope: App, _api: Api): void {}
