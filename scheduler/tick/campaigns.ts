import type { Runtime } from '../../service/runtime.ts';

/** Feeds running campaigns until it is stopped. */
export async function runCampaigns(_runtime: Runtime, _signal: AbortSignal): Promise<void> {}
