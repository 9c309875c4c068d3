import type { Runtime } from '../../service/runtime.ts';

/** Hands deliveries of webhooks that are due to the queue. */
export async function deliveriesTick(_runtime: Runtime): Promise<void> {}
