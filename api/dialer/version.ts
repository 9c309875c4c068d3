import type { App } from '../plugin/app.ts';

/** Answers only version 1 of this surface. */
export function refuseOtherVersions(_scope: App): void {}
