import type { Runtime } from '../../service/runtime.ts';
import { watchSilentCalls } from '../../service/watchdog.ts';

/** Asks the carrier about silent calls. */
export async function watchdogTick(runtime: Runtime): Promise<void> {
  const asked = await watchSilentCalls(runtime);
  if (asked > 0) runtime.log.info({ asked }, 'carrier asked about silent calls');
}
