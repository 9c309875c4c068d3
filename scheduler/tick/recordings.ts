import { fetchRecordings } from '../../service/recording-fetch.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Fetches recordings from the carrier. */
export async function recordingsTick(runtime: Runtime): Promise<void> {
  const tried = await fetchRecordings(runtime);
  if (tried > 0) runtime.log.info({ tried }, 'recordings fetched from the carrier');
}
