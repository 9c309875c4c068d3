import type { Placed, Talk } from '../carrier/port.ts';
import { findTalkingCall } from '../db/query/transcript.ts';
import { isFlowCall } from './flow-talk.ts';
import type { Runtime } from './runtime.ts';
import { greetingOf } from './talk-step.ts';

/**
 * Who talks in a call, for a carrier that holds the conversation itself. Such a carrier can't do what people and flows need: a
 * call for them is refused before anybody rings, rather than held by somebody else's words.
 */
export async function planTalk({ db, carrier }: Runtime, callId: number): Promise<{ talk?: Talk } | { refused: Placed }> {
  if (!carrier.holdsTalk) return {};
  const call = await findTalkingCall(db.sql, callId);
  if (!call) return {};
  if (call.agentKind === 'human') return { refused: refusal('cannot connect calls to people') };
  if (isFlowCall(call)) return { refused: refusal('cannot lead calls through flows') };
  return {
    talk: {
      carrierAgentId: call.carrierAgentCarrier === carrier.name ? (call.carrierAgentId ?? undefined) : undefined,
      prompt: call.systemPrompt ?? `You are ${call.agentName}.`,
      context: call.context ?? undefined,
      greeting: greetingOf(call),
      voicemailMessage: call.voicemailMessage ?? undefined,
      language: call.language,
    },
  };
}

function refusal(what: string): Placed {
  return { answer: 'rejected', kind: 'refused', message: `it ${what}` };
}
