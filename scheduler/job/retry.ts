import type { Payload } from '../../queue/catalog.ts';
import { decideRetry } from '../../service/retries.ts';
import type { Runtime } from '../../service/runtime.ts';

/** Decides what follows a finished attempt. A repeated job finds it decided. */
export async function retryJob(runtime: Runtime, { callId }: Payload<'retries'>): Promise<void> {
  await decideRetry(runtime, callId);
}
