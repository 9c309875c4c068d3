import type { Processors } from '../queue/catalog.ts';
import type { Runtime } from '../service/runtime.ts';
import { dialJob } from './job/call.ts';
import { documentJob } from './job/document.ts';
import { importJob } from './job/import.ts';
import { webhookJob } from './job/webhook.ts';

/** What a worker does, queue by queue. */
export function processors(runtime: Runtime): Processors {
  return {
    calls: (payload, context) => dialJob(runtime, payload, context),
    imports: (payload, context) => importJob(runtime, payload, context),
    documents: (payload, context) => documentJob(runtime, payload, context),
    webhooks: (payload, context) => webhookJob(runtime, payload, context),
  };
}
