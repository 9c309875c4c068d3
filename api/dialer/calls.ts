import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Call history and call records. */
export function callRoutes(_scope: App, _api: Api): void {}
