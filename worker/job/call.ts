import type { JobContext, Payload } from '../../queue/catalog.ts';
import { dialCall } from '../../service/dial.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Dials one call; a job that comes twice, or too late, finds the row moved on. */
export function dialJob(runtime: Runtime, { callId }: Payload<'calls'>, { signal }: JobContext): Promise<void> {
  return dialCall(runtime, callId, signal);
}
