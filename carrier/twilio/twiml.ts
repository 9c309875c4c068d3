import type { Step } from '../port.ts';
import { element, escapeText, legal } from './xml.ts';

/** Twilio refuses a <Say> of more than 4,096 characters. */
const SAY_LIMIT = 4000;

/**
 * The steps as TwiML. Words directly before a `listen` go inside its <Gather>, so that the callee may interrupt them.
 * `turnUrl` says where the answer to a turn is posted. Source: https://www.twilio.com/docs/voice/twiml
 */
export function renderTwiml(steps: readonly Step[], turnUrl: (turn: number) => string): string {
  const verbs: string[] = [];
  let spoken: string[] = [];
  for (const step of steps) {
    if (step.do === 'say') {
      spoken.push(...say(step));
    } else if (step.do === 'listen') {
      verbs.push(gather(step, turnUrl(step.turn), spoken.join('')));
      spoken = [];
    } else {
      verbs.push(...spoken, step.do === 'hangup' ? element('Hangup', {}) : pause(step.seconds));
      spoken = [];
    }
  }
  return `<?xml version="1.0" encoding="UTF-8"?>${element('Response', {}, [...verbs, ...spoken].join(''))}`;
}

function say(step: Extract<Step, { do: 'say' }>): string[] {
  const attributes = { voice: voiceOf(step.voice), language: languageOf(step.language) };
  return pieces(legal(step.text)).map((text) => element('Say', attributes, escapeText(text)));
}

/** Silence is answered too, so a conversation is never left hanging. One key is a whole answer: it counts at once. */
function gather(step: Extract<Step, { do: 'listen' }>, action: string, prompt: string): string {
  const attributes = {
    input: 'dtmf speech',
    action,
    method: 'POST',
    actionOnEmptyResult: 'true',
    timeout: wholeSeconds(step.timeoutSeconds),
    speechTimeout: 'auto',
    numDigits: 1,
    language: languageOf(step.language),
  };
  return element('Gather', attributes, prompt);
}

function pause(seconds: number): string {
  return element('Pause', { length: wholeSeconds(seconds) });
}

function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.round(seconds));
}

/** Agents carry names of their own ("Rachel"); only what Twilio knows may go out, since an unknown voice ends the call. */
function voiceOf(voice: string | undefined): string | undefined {
  return voice !== undefined && /^(man|woman|alice|(Polly|Google)\.[\w.-]+)$/.test(voice) ? voice : undefined;
}

/** Twilio wants a region with the language: `en` becomes `en-US`. What is no language tag is left out. */
function languageOf(language: string | undefined): string | undefined {
  const [, code, script, given] = /^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?$/i.exec(language ?? '') ?? [];
  if (code === undefined) return undefined;
  const region = given ?? new Intl.Locale(script === undefined ? code : `${code}-${script}`).maximize().region;
  return region === undefined ? undefined : `${code.toLowerCase()}-${region.toUpperCase()}`;
}

/** The text in pieces below the limit, cut after a space where there is one. Joined, they are the text again. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > SAY_LIMIT) {
    const space = rest.lastIndexOf(' ', SAY_LIMIT - 1);
    const cut = space > 0 ? space + 1 : SAY_LIMIT - (isHighSurrogate(rest, SAY_LIMIT - 1) ? 1 : 0);
    found.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return rest === '' ? found : [...found, rest];
}

function isHighSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}
