import type { Runtime } from '../../service/runtime.ts';

/** Ends wrap-ups whose time is over. */
export async function peopleTick(_runtime: Runtime): Promise<void> {}
