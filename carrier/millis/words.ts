import type { Outcome } from '../../core/call.ts';
import type { Given } from '../http.ts';
import type { Placed, Progress, Rejection } from '../port.ts';
import { field, textIn } from './json.ts';
import { GUESSED_WORDS } from './unverified.ts';

/** What Millis tells of a call, whether asked or by itself. */
export interface MillisState {
  /** `call_status` */
  word: string;
  durationSeconds: number;
  startedAt: Date | undefined;
  /** `error_message` */
  error: string | undefined;
  /** told when a session has concluded: whatever the word, it is an end */
  isOver: boolean;
}

/**
 * The words that Millis documents: those of the end-of-call webhook (https://docs.millis.ai/core-concepts/webhooks), and
 * COMPLETED and FAILED of the filter for call logs.
 */
const ENDINGS: ReadonlyMap<string, Outcome> = new Map([
  ['user-ended', 'completed'],
  ['agent-ended', 'completed'],
  ['api-ended', 'completed'],
  ['chat-completion', 'completed'],
  ['timeout', 'completed'],
  ['completed', 'completed'],
  ['voicemail-message', 'voicemail'],
  ['voicemail-hangup', 'voicemail'],
  ['error', 'failed'],
  ['failed', 'failed'],
]);

/** The example value of a history: it is in the books, and no more is known of it. */
const REGISTERED = 'registered';
/** What nobody understands, or is said to be on its way, is over by then. */
const FORGOTTEN_MS = 24 * 60 * 60_000;

/**
 * Millis's word in ours. A word that nobody knows never fails: it is an end when the session is over or somebody was talked with, else
 * it tells nothing yet. A time-out before anybody talked is a call that nobody answered.
 */
export function progressOf(state: MillisState, now: Date): Extract<Progress, { type: 'queued' | 'ringing' | 'answered' | 'ended' }> {
  const { durationSeconds, startedAt, isOver } = state;
  const word = plain(state.word);
  const known = ENDINGS.get(word) ?? (word === REGISTERED ? 'queued' : GUESSED_WORDS.get(word));
  const isLive = known === 'queued' || known === 'ringing' || known === 'answered';
  const isForgotten = startedAt !== undefined && now.getTime() - startedAt.getTime() > FORGOTTEN_MS;
  // in the books with a duration it has been talked, whatever the word is
  const isBooked = word === REGISTERED && durationSeconds > 0;
  if (isLive && !isOver && !isForgotten && !isBooked) return { type: known };
  if (known === undefined && !isOver && durationSeconds === 0 && !isForgotten) return { type: 'queued' };
  const outcome = isLive || known === undefined ? (durationSeconds > 0 ? 'completed' : 'failed') : endOf(word, known, durationSeconds);
  const cause = outcome === 'completed' ? undefined : (state.error ?? (outcome === 'voicemail' ? undefined : `Millis: ${state.word}`));
  return {
    type: 'ended',
    outcome,
    durationSeconds,
    ...(cause && { cause }),
    ...(outcome === 'voicemail' && { by: 'machine' as const }),
    ...(durationSeconds > 0 && startedAt && { answeredAt: startedAt }),
  };
}

function endOf(word: string, outcome: Outcome, durationSeconds: number): Outcome {
  return word === 'timeout' && durationSeconds === 0 ? 'no_answer' : outcome;
}

/** One way to write what Millis writes in three: `user-ended`, `chat_completion`, `COMPLETED`. */
function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}

/**
 * What a refusal to start a call means. A 5xx, a time-out that a proxy reports, or a yes without an id may have left a ringing phone
 * behind: unknown. A number that Millis's validation does not like (422, `detail[].loc`) is an invalid one.
 */
export function refusalOf({ status, body, retryAfterSeconds }: Pick<Given, 'status' | 'body' | 'retryAfterSeconds'>): Placed {
  const message = messageOf(status, body);
  if (status < 300 || status >= 500 || status === 408) return { answer: 'unknown', message };
  const kind = kindOf(status, body);
  return { answer: 'rejected', kind, message, ...(kind === 'throttled' && retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

function kindOf(status: number, body: unknown): Rejection {
  if (status === 429) return 'throttled';
  if (status === 402 || /insufficient (funds|balance|credit)/i.test(saidIn(body))) return 'no_balance';
  if (status === 422) return faultsIn(body).some(({ where }) => where.includes('to_phone')) ? 'invalid_number' : 'misconfigured';
  return status === 400 ? 'refused' : 'misconfigured';
}

/** An answer that is no yes, in words a person reads. */
export function messageOf(status: number, body: unknown): string {
  const said = saidIn(body);
  return `Millis answered ${status}${said ? `: ${said}` : ''}`;
}

/** FastAPI's errors: `detail` is a text, or a list of `loc`, `msg` and `type`. */
function saidIn(body: unknown): string {
  const faults = faultsIn(body).map(({ where, message }) => (where ? `${where} ${message}` : message));
  return (textIn(body, 'detail') ?? textIn(body, 'message') ?? textIn(body, 'error') ?? faults.join('; ')).slice(0, 500);
}

function faultsIn(body: unknown): Array<{ where: string; message: string }> {
  const detail = field(body, 'detail');
  if (!Array.isArray(detail)) return [];
  return detail.map((fault: unknown) => {
    const loc = field(fault, 'loc');
    return { where: Array.isArray(loc) ? loc.slice(1).join('.') : '', message: textIn(fault, 'msg') ?? '' };
  });
}
