import { batcher } from './batch.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

const MAX_BATCH = 500;

/**
 * Tells a queue of rows without waiting, many in one round trip. The row is its own outbox: a hint that fails is logged with what
 * happens instead, and the scheduler finds the row (DESIGN §3).
 */
export function hinter<T extends { callId: number }>(
  send: (runtime: Runtime, hints: readonly T[]) => Promise<unknown>,
  otherwise: string,
): (runtime: Runtime, hint: T) => void {
  const sendersOf = ofRuntime((runtime) => {
    const sender = batcher(async (hints: T[]) => {
      await send(runtime, hints);
      return hints.map(() => undefined);
    }, MAX_BATCH);
    runtime.onClose(sender.idle);
    return sender;
  });
  return (runtime, hint) => {
    sendersOf(runtime)(hint).catch((error: unknown) => {
      runtime.log.warn({ err: error, callId: hint.callId }, `queue not reached; ${otherwise}`);
    });
  };
}
