import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Recordings. */
export function recordingRoutes(_scope: App, _api: Api): void {}
