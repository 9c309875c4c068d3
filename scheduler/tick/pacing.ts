import { setTimeout as delay } from 'node:timers/promises';
import { paceCampaigns } from '../../service/pacing.ts';
import type { Runtime } from '../../service/runtime.ts';

const EVERY_MS = 1000;

/** Paces predictive campaigns once a second until it is stopped. An error is logged: the database may be restarting. */
export async function runPacing(runtime: Runtime, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const startedAtMs = performance.now();
    await paceCampaigns(runtime).catch((error: unknown) => runtime.log.error({ err: error }, 'pacing failed; next pass in a second'));
    const restMs = Math.max(0, EVERY_MS - (performance.now() - startedAtMs));
    await delay(restMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
