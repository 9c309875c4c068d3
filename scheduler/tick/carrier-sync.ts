import { AppError } from '../../core/errors.ts';
import { syncDirectory } from '../../service/carrier-sync.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Takes over what the phone company's books have that we have not. */
export async function carrierSyncTick(runtime: Runtime): Promise<void> {
  if (!runtime.directory) return;
  try {
    const { phones, calls } = await syncDirectory(runtime, runtime.directory);
    if (phones + calls > 0) runtime.log.info({ phones, calls }, 'taken over from the phone company');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    runtime.log.warn({ err: error }, 'the phone company could not be asked for its books; it will be asked again');
  }
}
