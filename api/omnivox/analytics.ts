import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Analytics. */
export function analyticsRoutes(_scope: App, _api: Api): void {}
