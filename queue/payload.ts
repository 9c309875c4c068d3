import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { CATALOG, type Payload, type QueueName } from './catalog.ts';

/** A payload that its queue's schema refuses; `message` names the queue, the field and the fault. */
export class PayloadError extends Error {
  override name = 'PayloadError';
}

/**
 * Checks a payload where it enters and where it leaves a queue.
 * @throws PayloadError
 */
export function checkPayload<Q extends QueueName>(queue: Q, payload: unknown): Payload<Q> {
  const schema: TSchema = CATALOG[queue].payload;
  if (Value.Check(schema, payload)) return payload as Payload<Q>;
  const fault = Value.Errors(schema, payload).First();
  throw new PayloadError(`Bad payload for queue ${queue}: ${fault?.path || '/'} ${fault?.message ?? 'does not match'}`);
}
