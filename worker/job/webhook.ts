import type { JobContext, Payload } from '../../queue/catalog.ts';
import type { Runtime } from '../../service/runtime.ts';
import { deliver } from '../../service/webhook-delivery.ts';

/** Delivers one event to one endpoint; a job that comes twice delivers what has not ended yet once more. */
export function webhookJob(runtime: Runtime, { deliveryId }: Payload<'webhooks'>, { signal }: JobContext): Promise<void> {
  return deliver(runtime, deliveryId, signal);
}
