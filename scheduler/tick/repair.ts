import { requeueOpenImports } from '../../service/imports.ts';
import { requeueLostCalls } from '../../service/repair.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Finds rows whose job is missing and puts it back. */
export async function repairTick(runtime: Runtime): Promise<void> {
  await requeueLostCalls(runtime);
  await requeueOpenImports(runtime);
}
