import { type Call, type CallState, durationOf, hasEnded } from '../engine.ts';
import { at, type Json, type MillisOrder } from './order.ts';

/** What Millis knows of a call beside the call itself. */
export interface Session {
  order: MillisOrder;
  /** the agent's config that counts for it */
  config: Json;
  /** when it started, in seconds; no two are the same, so that it can be a cursor */
  ts: number;
  chat: Array<{ role: 'assistant' | 'user'; content: string }>;
  /** how an answered call ended; undefined: the callee hung up */
  word: string | undefined;
  /** where the sandbox was reached when the call was ordered */
  origin: string;
}

const WORDS: Readonly<Record<CallState, string>> = {
  queued: 'registered',
  dialing: 'registered',
  ringing: 'ringing',
  in_progress: 'in-progress',
  completed: 'user-ended',
  busy: 'busy',
  no_answer: 'no-answer',
  failed: 'error',
  canceled: 'api-ended',
};

/** What a minute of each service costs, in dollars. */
const RATES = [
  { type: 'stt', provider: 'deepgram', perMinute: 0.006 },
  { type: 'llm', provider: 'openai', perMinute: 0.01 },
  { type: 'tts', provider: 'elevenlabs', perMinute: 0.03 },
  { type: 'telephony', provider: 'twilio', perMinute: 0.014 },
  { type: 'millis', provider: 'millis', perMinute: 0.02 },
];

/** `call_status` of a call as it stands. */
export function wordOf(call: Call, session: Session): string {
  const isTooLong = call.lineSeconds >= call.timeLimitSeconds;
  return call.state === 'completed' ? (isTooLong ? 'timeout' : (session.word ?? WORDS.completed)) : WORDS[call.state];
}

export function isRecorded(session: Session): boolean {
  return at(session.config, 'call_settings', 'enable_recording') === true;
}

/** A history: https://docs.millis.ai/api-reference/call-logs/list-call-histories */
export function present(call: Call, session: Session) {
  const duration = durationOf(call);
  const isTalkOver = hasEnded(call) && duration > 0;
  const { from, to } = call;
  return {
    session_id: call.id,
    call_id: `call-${call.id}`,
    agent_id: session.order.agentId ?? null,
    agent_config: session.config,
    ts: session.ts,
    duration,
    chat: JSON.stringify(session.chat),
    chars_used: session.chat.reduce((sum, { role, content }) => sum + (role === 'assistant' ? content.length : 0), 0),
    cost_breakdown: isTalkOver
      ? RATES.map(({ type, provider, perMinute }) => ({ type, provider, credit: (perMinute * duration) / 60 }))
      : [],
    voip: { from, to },
    recording: isTalkOver && isRecorded(session) ? { recording_url: `${session.origin}/_sandbox/millis/recordings/${call.id}.mp3` } : null,
    metadata: session.order.metadata,
    function_calls: [],
    call_status: wordOf(call, session),
  };
}

/** What the end-of-call webhook posts: https://docs.millis.ai/core-concepts/webhooks */
export function concluded(call: Call, session: Session) {
  return { ...present(call, session), error_message: call.state === 'failed' ? 'the line is dead' : null };
}
