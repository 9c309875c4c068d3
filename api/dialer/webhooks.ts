import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Outgoing webhooks. */
export function webhookRoutes(_scope: App, _api: Api): void {}
