import type { AnsweredBy, Heard, Step } from '../carrier/port.ts';
import { addTurns, findTalkingCall, type NewTurn, readTurns, type TalkingCall, type Turn } from '../db/query/transcript.ts';
import { answerTo } from './answerer.ts';
import { applyProgress } from './progress.ts';
import type { Runtime } from './runtime.ts';

const LISTEN_SECONDS = 5;
const MOST_TURNS = 40;
const PATIENCE = 2;
const FAREWELL = 'Thank you for your time. Goodbye.';
const STILL_THERE = 'Sorry, I did not hear you. Are you still there?';
const GOODBYE = /\b(good ?bye|bye|that'?s all|no thank(s| you)|nothing else|hang up)\b/i;

/** Somebody, or some machine, picked up: what the agent says first. A repeated callback gets the same words. */
export async function startTalk(runtime: Runtime, callId: number, carrierCallId: string, by: AnsweredBy | undefined): Promise<Step[]> {
  await applyProgress(runtime, { callId, carrierCallId, progress: { type: 'answered', by } });
  const call = await findTalkingCall(runtime.db.sql, callId);
  if (call?.status !== 'in_progress') return [{ do: 'hangup' }];
  if (by === 'machine' || by === 'fax') return leaveMessage(runtime, call);
  const text = greetingOf(call);
  await addTurns(runtime.db.sql, callId, [{ position: 0, role: 'assistant', content: text }]);
  return [say(call, text), listen(call, 1)];
}

async function leaveMessage(runtime: Runtime, call: TalkingCall): Promise<Step[]> {
  if (!call.voicemailMessage) return [{ do: 'hangup' }];
  await addTurns(runtime.db.sql, call.callId, [{ position: 0, role: 'assistant', content: call.voicemailMessage }]);
  return [say(call, call.voicemailMessage), { do: 'hangup' }];
}

/**
 * The callee has spoken, pressed a key, or been silent after our words number `turn`: what the agent says next. What was
 * heard sits at transcript position 2·turn−1 and the answer at 2·turn, so a repeated callback gets the first answer again.
 */
export async function continueTalk(runtime: Runtime, callId: number, turn: number, heard: Heard): Promise<Step[]> {
  const { sql } = runtime.db;
  const call = await findTalkingCall(sql, callId);
  if (call?.status !== 'in_progress') return [{ do: 'hangup' }];
  const turns = await readTurns(sql, callId);
  const said = turns.find((t) => t.position === 2 * turn);
  if (said) return stepsOf(call, turn, said.content, said.metadata?.['ends'] === true);

  const words = heard.speech ?? (heard.digits && `Pressed ${heard.digits}`);
  // written before the agent thinks, so that it bears the time it was heard
  if (words) await addTurns(sql, callId, [{ position: 2 * turn - 1, role: 'user', content: words }]);
  const reply = words ? await replyTo(runtime, call, turns, turn, words) : silence(turns, turn);
  await addTurns(sql, callId, [reply]);
  return stepsOf(call, turn, reply.content, reply.metadata?.['ends'] === true);
}

async function replyTo(runtime: Runtime, call: TalkingCall, turns: readonly Turn[], turn: number, words: string): Promise<NewTurn> {
  const position = 2 * turn;
  if (turn >= MOST_TURNS || GOODBYE.test(words)) return { position, role: 'assistant', content: FAREWELL, metadata: { ends: true } };
  const { text, tokens, metadata } = await answerTo(runtime, call, turns, words);
  return { position, role: 'assistant', content: text, tokens, metadata };
}

/** Asks once whether somebody is there; after the second silence in a row the agent takes its leave. */
function silence(turns: readonly Turn[], turn: number): NewTurn {
  const silences = turns.slice(-(PATIENCE - 1)).filter((t) => t.metadata?.['silence'] === true).length + 1;
  const ends = silences >= PATIENCE;
  return {
    position: 2 * turn,
    role: 'assistant',
    content: ends ? FAREWELL : STILL_THERE,
    metadata: { silence: true, ...(ends && { ends }) },
  };
}

function stepsOf(call: TalkingCall, turn: number, text: string, ends: boolean): Step[] {
  return ends ? [say(call, text), { do: 'hangup' }] : [say(call, text), listen(call, turn + 1)];
}

function greetingOf(call: TalkingCall): string {
  return (
    call.greeting ?? `Hello! This is ${call.agentName}.${call.context ? ` I am calling about: ${call.context}.` : ''} How can I help you?`
  );
}

function say(call: TalkingCall, text: string): Step {
  return { do: 'say', text, voice: call.voice ?? undefined, language: call.language };
}

function listen(call: TalkingCall, turn: number): Step {
  return { do: 'listen', turn, timeoutSeconds: LISTEN_SECONDS, language: call.language };
}
