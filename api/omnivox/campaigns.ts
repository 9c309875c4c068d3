import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Campaigns. */
export function campaignRoutes(_scope: App, _api: Api): void {}
