import type { Runtime } from '../../service/runtime.ts';
import { fireDueSchedules } from '../../service/schedules.ts';

/** Makes calls of the runs of recurring schedules that come next. */
export async function recurringTick(runtime: Runtime): Promise<void> {
  const runs = await fireDueSchedules(runtime);
  if (runs > 0) runtime.log.info({ runs }, 'runs of recurring schedules became calls');
}
