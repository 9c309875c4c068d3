import type { Runtime } from '../../service/runtime.ts';
import { enqueueDeliveries } from '../../service/webhook-delivery.ts';

/** Hands deliveries of webhooks that are due to the queue. */
export async function deliveriesTick(runtime: Runtime): Promise<void> {
  const due = await enqueueDeliveries(runtime);
  if (due > 0) runtime.log.debug({ due }, 'webhooks are due');
}
