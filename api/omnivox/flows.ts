import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Conversation flows. */
export function flowRoutes(_scope: App, _api: Api): void {}
