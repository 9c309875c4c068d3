import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Users and profiles. */
export function userRoutes(_scope: App, _api: Api): void {}
