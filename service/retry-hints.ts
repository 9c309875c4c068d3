import { hinter } from './hint.ts';

/** Tells the scheduler that an attempt ended without success. */
export const hintRetry = hinter<{ callId: number }>(
  ({ producer }, attempts) =>
    producer.enqueueMany(
      'retries',
      attempts.map(({ callId }) => ({ payload: { callId }, jobId: `retry_${callId}`, fresh: true })),
    ),
  'the scheduler will find the attempt by itself',
);
