import { scriptOf } from '../script.ts';
import { elementsOf, textOf, type XmlElement } from '../xml.ts';

/** What a connection needs of its call. */
export interface Line {
  wait(seconds: number): Promise<boolean>;
  connected(to: string): void;
}

interface Called {
  /** as the ring log shows it */
  address: string;
  sid: string;
  does: 'answer' | 'busy' | 'fail' | 'ring';
  ringSeconds: number;
}

const TALK_SECONDS = 20;
const PICK_UP_SECONDS = 1;

/**
 * Plays <Dial>: connects the callee to a stand-in, who talks for a while and hangs up. Answers the fields that Twilio posts to
 * the action (https://www.twilio.com/docs/voice/twiml/dial#action); undefined when the callee hung up meanwhile.
 */
export async function dial(line: Line, verb: XmlElement, timeoutSeconds: number): Promise<Record<string, string> | undefined> {
  const { address, sid, does, ringSeconds } = calledIn(verb);
  const end = (status: string, talkSeconds?: number): Record<string, string> => ({
    DialCallStatus: status,
    DialCallSid: sid,
    DialBridged: String(talkSeconds !== undefined),
    ...(talkSeconds !== undefined && { DialCallDuration: String(talkSeconds) }),
  });
  if (does === 'busy' || does === 'fail') return (await line.wait(0.5)) ? end(does === 'busy' ? 'busy' : 'failed') : undefined;
  const answers = does === 'answer' && ringSeconds < timeoutSeconds;
  if (!(await line.wait(answers ? ringSeconds : timeoutSeconds))) return undefined;
  if (!answers) return end('no-answer');
  line.connected(address);
  return (await line.wait(TALK_SECONDS)) ? end('completed', TALK_SECONDS) : undefined;
}

/** A SIP phone does what its user name says; a number what it does when it is called by itself. */
function calledIn(verb: XmlElement): Called {
  const [noun] = elementsOf(verb);
  const address = textOf(noun ?? verb).trim();
  const sid = `CA${[...address]
    .reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0)) >>> 0, 7)
    .toString(16)
    .padStart(32, '0')}`;
  if (noun?.name === 'Sip') {
    const user = noun.attributes['username'] ?? /^sip:([^@]*)@/.exec(address)?.[1] ?? '';
    const does = user.includes('noanswer') ? 'ring' : user.includes('busy') ? 'busy' : 'answer';
    return { address, sid, does, ringSeconds: PICK_UP_SECONDS };
  }
  const { end, ringSeconds } = scriptOf(address);
  const does = end === 'answered' ? 'answer' : end === 'no_answer' ? 'ring' : end === 'busy' ? 'busy' : 'fail';
  return { address, sid, does, ringSeconds };
}
