import type { Payload } from '../queue/catalog.ts';
import { runConsumers } from '../queue/consumer.ts';
import { openZones } from '../service/number-zones.ts';
import type { Runtime } from '../service/runtime.ts';
import { retryJob } from './job/retry.ts';
import { TICKS } from './table.ts';
import { runCampaigns } from './tick/campaigns.ts';
import { runDispatcher } from './tick/dispatch.ts';
import { runPacing } from './tick/pacing.ts';

/** A wiped Redis forgets the ticks; asking again costs next to nothing. */
const REGISTER_EVERY_MS = 10_000;

export interface Scheduler {
  close(options: { graceMs: number }): Promise<void>;
}

/** Starts the dispatcher, the campaign engine and the pacer, and takes part in the ticks. */
export async function startScheduler(runtime: Runtime): Promise<Scheduler> {
  const stopping = new AbortController();
  await openZones();
  const consumers = await runConsumers(
    runtime.queues,
    { ticks: ({ tick }) => TICKS[tick].run(runtime), retries: (payload) => retryJob(runtime, payload) },
    { log: runtime.log },
  );
  await registerTicks(runtime);
  const registering = setInterval(() => {
    registerTicks(runtime).catch((error: unknown) => runtime.log.warn({ err: error }, 'ticks could not be registered'));
  }, REGISTER_EVERY_MS);
  const running = Promise.all([
    runDispatcher(runtime, stopping.signal),
    runCampaigns(runtime, stopping.signal),
    runPacing(runtime, stopping.signal),
  ]);
  return {
    async close(options) {
      clearInterval(registering);
      stopping.abort();
      await running;
      await consumers.close(options);
    },
  };
}

async function registerTicks(runtime: Runtime): Promise<void> {
  for (const [tick, { everyMs }] of Object.entries(TICKS)) {
    await runtime.producer.upsertTick(tick, everyMs, { tick: tick as Payload<'ticks'>['tick'] });
  }
}
