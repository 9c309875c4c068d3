import type { Step } from '../port.ts';
import { element, escapeText, legal } from './xml.ts';

/** Twilio refuses a <Say> of more than 4,096 characters. */
const SAY_LIMIT = 4000;

/** What Twilio takes as the time that a connection may ring. */
const LEAST_DIAL_SECONDS = 5;
const MOST_DIAL_SECONDS = 600;

/** Where Twilio posts what the callee answers to a turn, and how a connection went. */
export interface AnswerUrls {
  turn(turn: number): string;
  bridged(bridge: number): string;
}

/**
 * The steps as TwiML. Words directly before a `listen` go inside its <Gather>, so that the callee may interrupt them.
 * Source: https://www.twilio.com/docs/voice/twiml
 */
export function renderTwiml(steps: readonly Step[], urls: AnswerUrls): string {
  const verbs: string[] = [];
  let spoken: string[] = [];
  for (const step of steps) {
    if (step.do === 'say') {
      spoken.push(...say(step));
    } else if (step.do === 'listen') {
      verbs.push(gather(step, urls.turn(step.turn), spoken.join('')));
      spoken = [];
    } else {
      verbs.push(...spoken, plain(step, urls));
      spoken = [];
    }
  }
  return `<?xml version="1.0" encoding="UTF-8"?>${element('Response', {}, [...verbs, ...spoken].join(''))}`;
}

/** A verb that speaks no words of ours. */
function plain(step: Exclude<Step, { do: 'say' | 'listen' }>, urls: AnswerUrls): string {
  if (step.do === 'hangup') return element('Hangup', {});
  return step.do === 'pause' ? element('Pause', { length: wholeSeconds(step.seconds) }) : dial(step, urls.bridged(step.bridge));
}

/** https://www.twilio.com/docs/voice/twiml/dial, /sip and /number: a SIP phone is told the caller id of the call itself. */
function dial({ to, timeoutSeconds }: Extract<Step, { do: 'connect' }>, action: string): string {
  const noun =
    'sip' in to
      ? element('Sip', { username: to.username, password: to.password }, escapeText(to.sip))
      : element('Number', {}, escapeText(to.number));
  const timeout = Math.min(Math.max(wholeSeconds(timeoutSeconds), LEAST_DIAL_SECONDS), MOST_DIAL_SECONDS);
  return element('Dial', { action, method: 'POST', timeout, callerId: 'sip' in to ? undefined : to.callerId }, noun);
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
