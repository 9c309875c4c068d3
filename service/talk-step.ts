import type { Step } from '../carrier/port.ts';
import type { TalkingCall } from '../db/query/transcript.ts';

export const FAREWELL = 'Thank you for your time. Goodbye.';
const LISTEN_SECONDS = 5;

/** Words in the voice and the language of the call's agent. */
export function say(call: TalkingCall, text: string): Step {
  return { do: 'say', text, voice: call.voice ?? undefined, language: call.language };
}

/** Lets the callee answer; it comes back as turn number `turn`. */
export function listen(call: TalkingCall, turn: number): Step {
  return { do: 'listen', turn, timeoutSeconds: LISTEN_SECONDS, language: call.language };
}

/** What an agent says first: its own greeting, else one that names it. A call's context is for the agent, not for who is called. */
export function greetingOf(call: TalkingCall): string {
  return call.greeting ?? `Hello! This is ${call.agentName}. How can I help you?`;
}
