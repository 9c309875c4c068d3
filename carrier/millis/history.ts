import { AppError } from '../../core/errors.ts';
import type { CallLog } from '../directory.ts';
import type { Attempt, CallStory } from '../port.ts';
import { field, numberIn, textIn } from './json.ts';
import { costsOf, momentOf, partiesOf, recordingUrlOf, turnOf } from './unverified.ts';
import { progressOf } from './words.ts';

/** The names of our ids in a session's `metadata`. */
export const MARKS = { callId: 'dialfleet_call_id', token: 'dialfleet_token' } as const;

const LONGEST_SECONDS = 24 * 60 * 60;
const CALL_ID = /^[1-9][0-9]{0,14}$/;
const TOKEN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A history, as call logs list it and as the end-of-call webhook posts it, in our words. `isOver`: told when the session had
 * concluded. Source: https://docs.millis.ai/api-reference/call-logs/list-call-histories
 * @throws AppError carrier_failure for what is no history
 */
export function historyOf(body: unknown, now: Date, isOver = false): CallLog {
  const carrierCallId = textIn(body, 'session_id');
  if (carrierCallId === undefined) throw new AppError('carrier_failure', 'Millis sent a call that cannot be read');
  const startedAt = momentOf(numberIn(body, 'ts'));
  const durationSeconds = durationOf(body);
  const status = textIn(body, 'call_status') ?? '';
  const progress = progressOf({ word: status, durationSeconds, startedAt, error: textIn(body, 'error_message'), isOver }, now);
  const attempt = attemptIn(field(body, 'metadata'));
  const common = { carrierCallId, ...partiesOf(body), startedAt, status, attempt, carrierAgentId: textIn(body, 'agent_id') };
  if (progress.type !== 'ended') return { ...common, progress };
  const costs = costsOf(body);
  const story = { turns: turnsOf(field(body, 'chat')), recording: recordingOf(body, carrierCallId, durationSeconds) };
  return { ...common, progress: { ...progress, ...(costs.length > 0 && { costs }) }, story };
}

/** Whole seconds. What is longer than a day is no call's length: a call that is still talked is given up by then, too. */
function durationOf(body: unknown): number {
  return Math.round(Math.min(LONGEST_SECONDS, Math.max(0, numberIn(body, 'duration') ?? 0)));
}

/** `chat` is a list in a JSON text; what can't be read is no transcript, and no reason to lose the call's end. */
export function turnsOf(chat: unknown): CallStory['turns'] {
  const list = typeof chat === 'string' ? parsed(chat) : chat;
  return Array.isArray(list) ? list.map(turnOf).filter((turn) => turn !== undefined) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // the caller sees that it is no list
    return undefined;
  }
}

/** A recording is fetched by the call it is of: its address may be one that expires. */
function recordingOf(body: unknown, recordingId: string, durationSeconds: number): CallStory['recording'] {
  return recordingUrlOf(body) === undefined ? undefined : { recordingId, durationSeconds };
}

/** Which dial of ours a session is, by the ids that we gave it; a number may have become a text on the way. */
function attemptIn(metadata: unknown): Attempt | undefined {
  const callId = String(textIn(metadata, MARKS.callId) ?? numberIn(metadata, MARKS.callId) ?? '');
  const token = textIn(metadata, MARKS.token) ?? '';
  return CALL_ID.test(callId) && TOKEN.test(token) ? { callId: Number(callId), token } : undefined;
}
