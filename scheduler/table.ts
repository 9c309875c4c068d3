import type { Payload } from '../queue/catalog.ts';
import type { Runtime } from '../service/runtime.ts';
import { carrierSyncTick } from './tick/carrier-sync.ts';
import { deliveriesTick } from './tick/deliveries.ts';
import { peopleTick } from './tick/people.ts';
import { recordingsTick } from './tick/recordings.ts';
import { recurringTick } from './tick/recurring.ts';
import { repairTick } from './tick/repair.ts';
import { retentionTick } from './tick/retention.ts';
import { watchdogTick } from './tick/watchdog.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * 60 * SECOND;

interface Tick {
  everyMs: number;
  run: (runtime: Runtime) => Promise<void>;
}

/** What runs how often; one of many schedulers runs each (DESIGN §3, `ticks`). */
export const TICKS: Record<Payload<'ticks'>['tick'], Tick> = {
  watchdog: { everyMs: SECOND, run: watchdogTick },
  repair: { everyMs: 5 * SECOND, run: repairTick },
  recurring: { everyMs: 5 * SECOND, run: recurringTick },
  people: { everyMs: SECOND, run: peopleTick },
  deliveries: { everyMs: SECOND, run: deliveriesTick },
  recordings: { everyMs: 5 * SECOND, run: recordingsTick },
  'carrier-sync': { everyMs: MINUTE, run: carrierSyncTick },
  retention: { everyMs: HOUR, run: retentionTick },
};
