import { setTimeout as delay } from 'node:timers/promises';
import { clearLeftOvers, runCampaignPass } from '../../service/campaign-run.ts';
import type { Runtime } from '../../service/runtime.ts';

const IDLE_MS = 250;
const AFTER_ERROR_MS = 1000;
/** Cut-short clearings are rare, so they are looked for once in so many passes. */
const CLEAR_EVERY = 20;

/**
 * Feeds running campaigns until it is stopped: at once again while there is more to do, else after a short rest. An error is
 * logged and the next pass comes a second later: the database may be restarting.
 */
export async function runCampaigns(runtime: Runtime, signal: AbortSignal): Promise<void> {
  for (let passes = 0; !signal.aborted; passes++) {
    await delay(await pass(runtime, passes % CLEAR_EVERY === 0), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

async function pass(runtime: Runtime, clears: boolean): Promise<number> {
  try {
    if (clears) await clearLeftOvers(runtime);
    const { more } = await runCampaignPass(runtime);
    return more ? 0 : IDLE_MS;
  } catch (error) {
    runtime.log.error({ err: error }, 'campaigns could not be looked after; next pass in a second');
    return AFTER_ERROR_MS;
  }
}
