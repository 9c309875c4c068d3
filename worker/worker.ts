import { type Consumers, runConsumers } from '../queue/consumer.ts';
import type { Runtime } from '../service/runtime.ts';
import { openZones } from '../service/number-zones.ts';
import { processors } from './processors.ts';

/** Starts draining the worker's queues. */
export async function startWorker(runtime: Runtime): Promise<Consumers> {
  const { queues, log, config } = runtime;
  await openZones();
  return runConsumers(queues, processors(runtime), { log, concurrency: { calls: config.WORKER_CONCURRENCY } });
}
