import { isPhoneImport } from '../../db/query/admin-imports.ts';
import type { JobContext, Payload } from '../../queue/catalog.ts';
import { noteCallsChanged } from '../../service/changes.ts';
import { runImport } from '../../service/import-run.ts';
import { runPhoneImport } from '../../service/phone-import.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Reads one uploaded file, or one list of numbers; a job that comes twice, or after the end, finds nothing left to do. */
export async function importJob(runtime: Runtime, { importId }: Payload<'imports'>, context: JobContext): Promise<void> {
  if (await isPhoneImport(runtime.db.sql, importId)) return runPhoneImport(runtime, importId, context);
  const { signal, progress, lastAttempt } = context;
  await runImport(runtime, importId, { signal, progress, lastAttempt, saved: (tenantId) => noteCallsChanged(runtime, [tenantId]) });
}
