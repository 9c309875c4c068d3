import type { Call, Engine } from '../engine.ts';
import { at, textOf } from './order.ts';
import type { Session } from './session.ts';

const WORDS_PER_SECOND = 2.5;
const DETECTION_SECONDS = 4;
const SILENCE_SECONDS = 5;
const GOODBYE = /\b(good ?bye|bye)\b/i;

/** The agent of a session talks with the callee, until one of them hangs up; what was said is noted when it was said. */
export async function converse(engine: Engine, call: Call, session: Session): Promise<void> {
  const spoken = async (role: 'assistant' | 'user', content: string): Promise<boolean> => {
    if (!(await engine.wait(call, content.split(/\s+/).length / WORDS_PER_SECOND))) return false;
    session.chat.push({ role, content });
    return true;
  };
  const voicemail = at(session.config, 'flow', 'voicemail');
  if (call.script.answeredBy === 'machine' && voicemail !== undefined) {
    if (!(await engine.wait(call, DETECTION_SECONDS))) return;
    const message = at(voicemail, 'action') === 'message' ? textOf(at(voicemail, 'message')) : undefined;
    session.word = message === undefined ? 'voicemail-hangup' : 'voicemail-message';
    if (message !== undefined) await spoken('assistant', message);
    return;
  }
  if (!(await spoken('assistant', textOf(session.config['first_message']) ?? 'Hello, how can I help you?'))) return;
  for (const reply of call.script.lines) {
    if (reply.does === 'hang_up') return;
    if (reply.does === 'speak' && !(await spoken('user', reply.text))) return;
    // a key is pressed, but what was pressed is nowhere in a chat
    if (reply.does !== 'speak' && !(await engine.wait(call, SILENCE_SECONDS))) return;
    if (reply.does === 'speak' && GOODBYE.test(reply.text)) {
      session.word = 'agent-ended';
      return;
    }
    if (!(await spoken('assistant', reply.does === 'silence' ? 'Are you still there?' : 'I see. What else can I do for you?'))) return;
  }
}
