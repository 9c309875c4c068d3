import type { Attempt, Progress } from '../carrier/port.ts';
import { noteFacts, noteOver, reviveCall, takeStep, talkWithin } from '../db/query/call-life.ts';
import { noteCalls } from './changes.ts';
import { endCall } from './ending.ts';
import type { Runtime } from './runtime.ts';

/** One word about one dial of a call, heard in a callback or asked back. */
export interface Word extends Attempt {
  carrierCallId: string;
  progress: Progress;
  carrierAt?: Date;
}

const REVIVED_LEASE_SECONDS = 600;
const ESTIMATED =
  'The carrier did not say how long it was: an estimate, from when we heard that it was answered, or rang, until it was over';

/**
 * Applies what a carrier says. Late, repeated and reordered words change nothing, nor do words about an earlier dial of
 * the row or about a row nobody has (DESIGN §3). A word about a dial that was given up as never placed takes the row out
 * of the line before it is dialed again. True when the word moved the call on.
 */
export async function applyProgress(runtime: Runtime, word: Word): Promise<boolean> {
  const moved = await obey(runtime, word);
  const { callId, carrierCallId, progress } = word;
  noteCalls(runtime, [callId]);
  runtime.log.debug({ callId, carrierCallId, progress: progress.type, moved }, moved ? 'call moved on' : 'carrier said nothing new');
  return moved;
}

async function obey(runtime: Runtime, word: Word): Promise<boolean> {
  const { carrierCallId, progress, carrierAt } = word;
  const { sql } = runtime.db;
  const { CALL_TIME_LIMIT_SECONDS, WATCHDOG_SECONDS, RING_TIMEOUT_SECONDS } = runtime.config;
  await reviveCall(sql, word, carrierCallId, REVIVED_LEASE_SECONDS);
  switch (progress.type) {
    case 'queued':
      await noteFacts(sql, word, { carrierCallId });
      return false;
    case 'ringing':
      return takeStep(sql, 'ring', { ...attemptOf(word), carrierCallId, carrierAt, checkSeconds: WATCHDOG_SECONDS + RING_TIMEOUT_SECONDS });
    case 'over': {
      const answer = { ...attemptOf(word), carrierCallId, carrierAt, isAnswerUnheard: true, checkSeconds: WATCHDOG_SECONDS };
      const moved = await takeStep(sql, 'answer', answer);
      await noteOver(sql, word, carrierAt);
      return moved;
    }
    case 'answered': {
      const step = { ...attemptOf(word), carrierCallId, carrierAt, answeredBy: progress.by, checkSeconds: WATCHDOG_SECONDS };
      // the report of the answer may overtake the question what to say, and only one of the two knows who picked up
      const moved = await takeStep(sql, 'answer', step);
      if (!moved) await noteFacts(sql, word, { carrierCallId, answeredBy: progress.by });
      return moved;
    }
    case 'ended': {
      const { estimate } = progress;
      const seconds = estimate === 'span' ? await talkWithin(sql, word, progress.durationSeconds) : progress.durationSeconds;
      return endCall(runtime, {
        ...attemptOf(word),
        carrierCallId,
        outcome: progress.outcome,
        durationSeconds: estimate ? Math.min(CALL_TIME_LIMIT_SECONDS, seconds) : seconds,
        ...(estimate && { note: ESTIMATED }),
        reason: progress.cause,
        answeredBy: progress.by,
        answeredAt: progress.answeredAt,
        costs: progress.costs,
        carrierAt,
      });
    }
  }
}

function attemptOf({ callId, token }: Attempt): Attempt {
  return { callId, token };
}
