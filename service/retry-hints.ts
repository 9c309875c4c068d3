import { batcher } from './batch.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

const MAX_BATCH = 500;

const hinters = ofRuntime((runtime) => {
  const hinter = batcher(async (callIds: number[]) => {
    await runtime.producer.enqueueMany(
      'retries',
      callIds.map((callId) => ({ payload: { callId }, jobId: `retry_${callId}`, fresh: true })),
    );
    return callIds.map(() => undefined);
  }, MAX_BATCH);
  runtime.onClose(hinter.idle);
  return hinter;
});

/**
 * Tells the scheduler that an attempt ended without success, and waits for nothing: the row says so as well, and the repair
 * tick decides what no job asked about (DESIGN §3).
 */
export function hintRetry(runtime: Runtime, callId: number): void {
  hinters(runtime)(callId).catch((error: unknown) => {
    runtime.log.warn({ err: error, callId }, 'queue not reached; the scheduler will find the attempt by itself');
  });
}
