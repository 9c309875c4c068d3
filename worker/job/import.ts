import type { JobContext, Payload } from '../../queue/catalog.ts';
import { noteCallsChanged } from '../../service/changes.ts';
import { runImport } from '../../service/import-run.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Reads one uploaded file; a job that comes twice, or after the end, finds nothing left to do. */
export async function importJob(runtime: Runtime, { importId }: Payload<'imports'>, context: JobContext): Promise<void> {
  const { signal, progress, lastAttempt } = context;
  await runImport(runtime, importId, { signal, progress, lastAttempt, saved: (tenantId) => noteCallsChanged(runtime, [tenantId]) });
}
