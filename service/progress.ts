import type { CarrierCall, Progress } from '../carrier/port.ts';
import { noteFacts, takeStep } from '../db/query/call-life.ts';
import { endCall } from './ending.ts';
import type { Runtime } from './runtime.ts';

/** One word about one call, heard in a callback or asked back. */
export interface Word {
  callId: number;
  carrierCallId: string;
  progress: Progress;
  carrierAt?: Date;
}

/**
 * Applies what a carrier says. Late, repeated and reordered words change nothing (DESIGN §3); an id no row has changes
 * nothing either.
 */
export async function applyProgress(runtime: Runtime, word: Word): Promise<void> {
  const { callId, carrierCallId, progress, carrierAt } = word;
  const { sql } = runtime.db;
  const checkSeconds = runtime.config.WATCHDOG_SECONDS;
  switch (progress.type) {
    case 'queued':
      await noteFacts(sql, callId, { carrierCallId });
      return;
    case 'ringing':
      await takeStep(sql, 'ring', { callId, carrierCallId, carrierAt, checkSeconds: checkSeconds + runtime.config.RING_TIMEOUT_SECONDS });
      return;
    case 'answered':
      // the report of the answer may overtake the question what to say, and only one of the two knows who picked up
      if (!(await takeStep(sql, 'answer', { callId, carrierCallId, carrierAt, answeredBy: progress.by, checkSeconds }))) {
        await noteFacts(sql, callId, { carrierCallId, answeredBy: progress.by });
      }
      return;
    case 'ended':
      await endCall(runtime, {
        callId,
        carrierCallId,
        outcome: progress.outcome,
        durationSeconds: progress.durationSeconds,
        reason: progress.cause,
        answeredBy: undefined,
        carrierAt,
      });
  }
}

/** What the carrier told of a call when it was asked. */
export function applyCarrierCall(runtime: Runtime, callId: number, call: CarrierCall): Promise<void> {
  return applyProgress(runtime, { callId, carrierCallId: call.carrierCallId, progress: call.progress });
}
