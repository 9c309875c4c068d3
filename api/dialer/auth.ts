import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Log-in and refresh. */
export function openAuthRoutes(_scope: App, _api: Api): void {}

/** Registration by administrators, and log-out. */
export function ownAuthRoutes(_scope: App, _api: Api): void {}
