import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** People who talk. */
export function agentRoutes(_scope: App, _api: Api): void {}
