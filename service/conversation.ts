import type { AnsweredBy, Attempt, BridgeEnd, Heard, Step } from '../carrier/port.ts';
import { isOptOut, optOutFarewell } from '../core/opt-out.ts';
import { addTurn, findTalkingCall, type NewTurn, readTurns, type TalkingCall, type Turn } from '../db/query/transcript.ts';
import { answerTo } from './answerer.ts';
import { afterBridge, connectPerson } from './bridge.ts';
import { suppressCallee } from './do-not-call.ts';
import { failpoint } from './failpoint.ts';
import { continueFlow, flowSteps, isFlowCall, leaveTransfer, startFlow } from './flow-talk.ts';
import { applyProgress } from './progress.ts';
import type { Runtime } from './runtime.ts';
import { FAREWELL, greetingOf, listen, say } from './talk-step.ts';

const MOST_TURNS = 40;
const PATIENCE = 2;
const STILL_THERE = 'Sorry, I did not hear you. Are you still there?';
const GOODBYE = /\b(good ?bye|bye|that'?s all|no thank(s| you)|nothing else|hang up)\b/i;

/** The leg of a call that asks what to say next. */
export interface Leg extends Attempt {
  carrierCallId: string;
}

/** Somebody, or some machine, picked up: what the agent says first. A repeated callback gets the same words. */
export async function startTalk(runtime: Runtime, leg: Leg, by: AnsweredBy | undefined): Promise<Step[]> {
  await applyProgress(runtime, { ...leg, progress: { type: 'answered', by } });
  const call = await findTalk(runtime, leg);
  if (!call) return [{ do: 'hangup' }];
  const machine = by === 'machine' || by === 'fax';
  const flow = isFlowCall(call) && !machine ? await startFlow(runtime, call, leg) : undefined;
  if (flow) return flow;
  if (call.agentKind === 'human' && !machine) return connectPerson(runtime, call, leg);
  const text = machine ? call.voicemailMessage : greetingOf(call);
  if (!text) return [{ do: 'hangup' }];
  await keepTurn(runtime, call, { position: 0, role: 'assistant', content: text });
  return machine ? [say(call, text), { do: 'hangup' }] : [say(call, text), listen(call, 1)];
}

/**
 * The callee has spoken, pressed a key, or been silent after our words number `turn`: what the agent says next. What was
 * heard sits at transcript position 2·turn−1 and the answer at 2·turn, so a repeated callback gets the first answer again.
 * Who asks not to be called again is on the do-not-call list before they are answered (DESIGN §4), also when the call is over
 * by the time we hear of it. @throws when that can't be written, so that the carrier repeats the callback
 */
export async function continueTalk(runtime: Runtime, leg: Leg, turn: number, heard: Heard): Promise<Step[]> {
  const call = await findTalkingCall(runtime.db.sql, leg.callId);
  if (!call) return [{ do: 'hangup' }];
  const talks = isTalking(call, leg);
  const turns = talks ? await readTurns(runtime.db.sql, call.callId) : [];
  const said = turns.find((t) => t.position === 2 * turn);
  const inFlow = call.flowVersion !== null;
  if (said) return inFlow ? flowSteps(runtime, call, leg, turn, said) : stepsOf(call, turn, said);

  const optOut = optOutOf(runtime, heard);
  if (optOut) await suppressCallee(runtime, call.callId, optOut);
  // who was told that nobody is free may opt out, and no more
  if (!talks || (call.agentKind === 'human' && !optOut && !inFlow)) return [{ do: 'hangup' }];
  const words = heard.speech ?? (heard.digits && `Pressed ${heard.digits}`);
  // written before the agent thinks, so that it bears the time it was heard
  if (words) await keepTurn(runtime, call, { position: 2 * turn - 1, role: 'user', content: words });
  if (inFlow && !optOut) return continueFlow(runtime, call, leg, turn, heard);
  const reply = optOut
    ? { position: 2 * turn, role: 'assistant' as const, content: optOutFarewell(call.language), metadata: { ends: true, optOut } }
    : words
      ? await replyTo(runtime, call, turns, turn, words)
      : silence(turns, turn);
  return stepsOf(call, turn, await keepTurn(runtime, call, reply));
}

/** The connection of a call to somebody is over: what the callee hears next. */
export async function leaveBridge(runtime: Runtime, leg: Leg, end: BridgeEnd): Promise<Step[]> {
  const call = await findTalk(runtime, leg);
  if (call && call.flowVersion !== null) return leaveTransfer(runtime, call, leg, end);
  return call?.agentKind === 'human' ? afterBridge(runtime, call, leg, end) : [{ do: 'hangup' }];
}

/** How the callee opted out, if they did. */
function optOutOf({ config }: Runtime, heard: Heard): 'keypress' | 'speech' | undefined {
  if (!isOptOut(heard, config.OPT_OUT_KEY)) return undefined;
  return isOptOut({ digits: heard.digits }, config.OPT_OUT_KEY) ? 'keypress' : 'speech';
}

/** The call, if it is this leg that talks; a leg of an earlier dial, or of a call that is over, is to hang up. */
async function findTalk(runtime: Runtime, leg: Leg): Promise<TalkingCall | undefined> {
  const call = await findTalkingCall(runtime.db.sql, leg.callId);
  return call && isTalking(call, leg) ? call : undefined;
}

function isTalking(call: TalkingCall, leg: Leg): boolean {
  return call.status === 'in_progress' && call.token === leg.token && call.carrierCallId === leg.carrierCallId;
}

/** Writes a turn down; when a repeated callback was quicker, its turn is the one that counts. */
async function keepTurn(runtime: Runtime, { callId }: TalkingCall, turn: NewTurn): Promise<Pick<NewTurn, 'content' | 'metadata'>> {
  const { sql } = runtime.db;
  const added = await addTurn(sql, callId, turn, runtime.config.WATCHDOG_SECONDS);
  failpoint('turn_kept');
  if (added) return turn;
  const kept = (await readTurns(sql, callId)).find(({ position }) => position === turn.position);
  return kept ? { content: kept.content, metadata: kept.metadata ?? undefined } : turn;
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

function stepsOf(call: TalkingCall, turn: number, said: { content: string; metadata?: Record<string, unknown> | null }): Step[] {
  const next: Step = said.metadata?.['ends'] === true ? { do: 'hangup' } : listen(call, turn + 1);
  return [say(call, said.content), next];
}
