import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Log-in and refresh. */
export function authRoutes(_scope: App, _api: Api): void {}
