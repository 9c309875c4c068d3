import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Contacts. */
export function contactRoutes(_scope: App, _api: Api): void {}
