import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Leads. */
export function leadRoutes(_scope: App, _api: Api): void {}
