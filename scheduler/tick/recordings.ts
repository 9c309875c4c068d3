import type { Runtime } from '../../service/runtime.ts';

/** Fetches recordings from the carrier, and deletes those whose time is over. */
export async function recordingsTick(_runtime: Runtime): Promise<void> {}
