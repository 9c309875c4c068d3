import type { Outcome } from '../../core/call.ts';
import type { Given } from '../http.ts';
import type { Placed, Progress, Rejection } from '../port.ts';
import { messageIn } from './fields.ts';
import { refusalText } from './http.ts';
import { rejectionIn } from './unverified.ts';

const ENDINGS: ReadonlyMap<string, Outcome> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['failed', 'failed'],
  // somebody hung up before anybody answered: to the retry rules that is a call without an answer
  ['canceled', 'no_answer'],
]);

const LIVE: ReadonlyMap<string, 'queued' | 'ringing' | 'answered'> = new Map([
  ['queued', 'queued'],
  ['ringing', 'ringing'],
  ['in-progress', 'answered'],
]);

/**
 * Exotel's word in ours; undefined for one that it does not have. Words of
 * https://developer.exotel.com/docs/voice-v1/api-reference/status-callback and of the bulk details. A talk whose length is not told is
 * over, but has not ended: an end counts once, and is priced by it.
 */
export function progressOf(word: string, durationSeconds: number | undefined): Progress | undefined {
  const plain = word.trim().toLowerCase().replaceAll('_', '-');
  const live = LIVE.get(plain);
  if (live) return { type: live };
  const outcome = ENDINGS.get(plain);
  if (!outcome) return undefined;
  if (outcome === 'completed' && durationSeconds === undefined) return { type: 'over' };
  const cause = outcome === 'completed' ? undefined : `Exotel: ${plain}`;
  return { type: 'ended', outcome, durationSeconds: durationSeconds ?? 0, ...(cause && { cause }) };
}

/**
 * What a refusal to connect a call means. A 5xx, a time-out that a proxy reports, or a yes without an id may have left a ringing phone
 * behind: unknown. Statuses of https://developer.exotel.com/docs/references/error-codes
 */
export function refusalOf(answer: Given): Placed {
  const { status, retryAfterSeconds } = answer;
  const message = refusalText(answer);
  if (status < 400 || status >= 500 || status === 408) return { answer: 'unknown', message };
  const kind = kindOf(status, messageIn(answer));
  return { answer: 'rejected', kind, message, ...(kind === 'throttled' && retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

function kindOf(status: number, message: string): Rejection {
  if (status === 429) return 'throttled';
  if (status === 402) return 'no_balance';
  const said = status === 400 || status === 403 ? rejectionIn(message) : undefined;
  return said ?? (status === 400 || status === 409 ? 'refused' : 'misconfigured');
}
