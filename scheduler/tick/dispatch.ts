import { setTimeout as delay } from 'node:timers/promises';
import { dispatchDue } from '../../service/dispatch.ts';
import type { Runtime } from '../../service/runtime.ts';

const IDLE_MS = 200;
const AFTER_ERROR_MS = 1000;

/**
 * Dispatches until it is stopped: at once again while there is more to do, else after a short rest, shorter than what a
 * pass looks ahead. An error is logged and the
 * next pass comes a second later: the database may be restarting.
 */
export async function runDispatcher(runtime: Runtime, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(await pass(runtime), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

async function pass(runtime: Runtime): Promise<number> {
  try {
    const { more } = await dispatchDue(runtime);
    runtime.metrics.lastDispatch.setToCurrentTime();
    return more ? 0 : IDLE_MS;
  } catch (error) {
    runtime.log.error({ err: error }, 'dispatch failed; next pass in a second');
    return AFTER_ERROR_MS;
  }
}
