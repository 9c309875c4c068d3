import { requeueOpenImports } from '../../service/imports.ts';
import { requeueDocuments } from '../../service/knowledge.ts';
import { requeueLostCalls } from '../../service/repair.ts';
import { decideForgotten } from '../../service/retries.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Finds rows whose job is missing and puts it back, and attempts that nobody has decided about. */
export async function repairTick(runtime: Runtime): Promise<void> {
  await requeueLostCalls(runtime);
  const imports = await requeueOpenImports(runtime);
  if (imports > 0) runtime.metrics.repairs.inc({ what: 'import_without_job' }, imports);
  const documents = await requeueDocuments(runtime);
  if (documents > 0) runtime.metrics.repairs.inc({ what: 'document_without_job' }, documents);
  await decideForgotten(runtime);
}
