import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Statistics. */
export function statsRoutes(_scope: App, _api: Api): void {}
