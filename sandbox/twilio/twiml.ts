import type { Reply } from '../script.ts';
import { elementsOf, readXml, textOf, type XmlElement } from '../xml.ts';
import { dial } from './dial.ts';
import type { Target } from './order.ts';

/** What a conversation may do with its call. `wait` is false when the call has ended meanwhile. */
export interface Stage {
  wait(seconds: number): Promise<boolean>;
  /** what the callee does now that it is their turn */
  reply(): Reply;
  /** asks for further instructions */
  document(target: Target, fields: Readonly<Record<string, string>>): Promise<string>;
  /** the callee and somebody else were connected */
  connected(to: string): void;
  note(what: string): void;
}

/** How a verb ends: the next one is on, other instructions take over, or the call is over. */
type Next = 'on' | 'over' | { base: string; twiml: string };

const WORDS_PER_SECOND = 2.5;
const MAX_DOCUMENTS = 200;

/**
 * Plays call instructions until they run out or the call is over. `base` is the address they came from.
 * @throws XmlError or what `document` throws: the caller would hear "an application error has occurred"
 */
export async function perform(stage: Stage, base: string, twiml: string): Promise<void> {
  let source = { base, twiml };
  for (let n = 0; n < MAX_DOCUMENTS; n++) {
    const root = readXml(source.twiml);
    if (root.name !== 'Response') throw new Error(`<Response> expected, not <${root.name}>`);
    const next = await inOrder(stage, source.base, elementsOf(root));
    if (typeof next === 'string') return;
    source = next;
  }
  throw new Error(`more than ${MAX_DOCUMENTS} instructions in one call`);
}

async function inOrder(stage: Stage, base: string, verbs: readonly XmlElement[]): Promise<Next> {
  for (const verb of verbs) {
    const next = await play(stage, base, verb);
    if (next !== 'on') return next;
  }
  return 'on';
}

async function play(stage: Stage, base: string, verb: XmlElement): Promise<Next> {
  const pass = async (seconds: number): Promise<Next> => ((await stage.wait(seconds)) ? 'on' : 'over');
  switch (verb.name) {
    case 'Say':
      return pass(speakingSeconds(textOf(verb)) * number(verb, 'loop', 1));
    case 'Play':
      return pass(3);
    case 'Pause':
      return pass(number(verb, 'length', 1));
    case 'Gather':
      return gather(stage, base, verb);
    case 'Redirect':
      if (!(await stage.wait(0.1))) return 'over';
      return ask(stage, base, verb, textOf(verb).trim(), {});
    case 'Record': {
      const seconds = Math.min(number(verb, 'maxLength', 3600), 10);
      if (!(await stage.wait(seconds))) return 'over';
      return ask(stage, base, verb, verb.attributes['action'], { RecordingDuration: String(seconds), Digits: '' });
    }
    case 'Dial': {
      const end = await dial(stage, verb, number(verb, 'timeout', 30));
      const action = verb.attributes['action'];
      return end && action !== undefined ? ask(stage, base, verb, action, end) : end ? 'on' : 'over';
    }
    case 'Hangup':
    case 'Reject':
      return 'over';
    default:
      stage.note(`the verb <${verb.name}> is not played`);
      return 'on';
  }
}

async function gather(stage: Stage, base: string, verb: XmlElement): Promise<Next> {
  const prompt = await inOrder(stage, base, elementsOf(verb));
  if (prompt !== 'on') return prompt;
  const inputs = (verb.attributes['input'] ?? 'dtmf').split(/\s+/);
  const reply = heard(stage.reply(), inputs);
  const action = verb.attributes['action'];
  switch (reply.does) {
    case 'hang_up':
      await stage.wait(0.5);
      return 'over';
    case 'press':
      if (!(await stage.wait(1.5))) return 'over';
      return ask(stage, base, verb, action, { Digits: reply.digits.slice(0, number(verb, 'numDigits', 32)), FinishedOnKey: '' });
    case 'speak':
      if (!(await stage.wait(0.8 + speakingSeconds(reply.text)))) return 'over';
      return ask(stage, base, verb, action, {
        SpeechResult: reply.text,
        Confidence: '0.93',
        Language: verb.attributes['language'] ?? 'en-US',
      });
    case 'silence':
      if (!(await stage.wait(number(verb, 'timeout', 5)))) return 'over';
      return verb.attributes['actionOnEmptyResult'] === 'true' ? ask(stage, base, verb, action, { Digits: '' }) : 'on';
  }
}

/** Who may only press keys presses one; who may only speak says the key. */
function heard(reply: Reply, inputs: readonly string[]): Reply {
  if (reply.does === 'speak' && !inputs.includes('speech')) return { does: 'press', digits: '1' };
  if (reply.does === 'press' && !inputs.includes('dtmf')) return { does: 'speak', text: reply.digits };
  return reply;
}

/** Without an address of its own a verb asks where its instructions came from. */
async function ask(
  stage: Stage,
  base: string,
  verb: XmlElement,
  action: string | undefined,
  fields: Record<string, string>,
): Promise<Next> {
  const url = new URL(action || base, base).href;
  const method = verb.attributes['method'] === 'GET' ? 'GET' : 'POST';
  return { base: url, twiml: await stage.document({ url, method }, fields) };
}

function speakingSeconds(text: string): number {
  return text.split(/\s+/).filter(Boolean).length / WORDS_PER_SECOND;
}

function number(verb: XmlElement, attribute: string, byDefault: number): number {
  const value = Number(verb.attributes[attribute] ?? NaN);
  return Number.isFinite(value) && value >= 0 ? value : byDefault;
}
