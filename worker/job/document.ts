import type { JobContext, Payload } from '../../queue/catalog.ts';
import { runDocument } from '../../service/document-run.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Reads one knowledge-base file into passages; a job that comes twice, or after a deletion, finds nothing left to do. */
export function documentJob(runtime: Runtime, { documentId }: Payload<'documents'>, context: JobContext): Promise<void> {
  return runDocument(runtime, documentId, context);
}
