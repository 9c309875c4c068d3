import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Calls. */
export function callRoutes(_scope: App, _api: Api): void {}
