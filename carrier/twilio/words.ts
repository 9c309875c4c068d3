import type { Outcome } from '../../core/call.ts';
import type { Given } from '../http.ts';
import type { AnsweredBy, BridgeEnd, Placed, Progress, Rejection } from '../port.ts';

/** What Twilio tells of a call, whether asked (`status`, `duration`) or by itself (`CallStatus`, `CallDuration`). */
export interface TwilioState {
  status: string;
  answeredBy?: string | undefined;
  durationSeconds?: number | undefined;
  /** SIP's answer, e.g. 486 */
  sipCode?: string | undefined;
}

/**
 * How an unanswered or ended call is called by us. `canceled` means that we hung up before anybody answered: to the callee
 * and to the retry rules that is a call without an answer, and its cause keeps the difference.
 */
const ENDINGS: ReadonlyMap<string, Outcome> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['failed', 'failed'],
  ['canceled', 'no_answer'],
]);

/**
 * Twilio's word in ours; undefined for a word that Twilio does not have. `initiated` appears in callbacks only and
 * means that the call left the queue. A finished call with a machine is `voicemail`; with a fax, nobody was reached: `failed`.
 */
export function progressOf(state: TwilioState): Progress | undefined {
  const { status } = state;
  if (status === 'queued' || status === 'initiated') return { type: 'queued' };
  if (status === 'ringing') return { type: 'ringing' };
  const by = answeredByOf(state.answeredBy);
  if (status === 'in-progress') return { type: 'answered', ...(by && { by }) };
  const ending = ENDINGS.get(status);
  if (!ending) return undefined;
  const outcome = ending === 'completed' && by === 'machine' ? 'voicemail' : ending === 'completed' && by === 'fax' ? 'failed' : ending;
  const cause = causeOf(state, by);
  return { type: 'ended', outcome, durationSeconds: state.durationSeconds ?? 0, ...(cause && { cause }) };
}

function causeOf({ status, sipCode }: TwilioState, by: AnsweredBy | undefined): string | undefined {
  if (by === 'fax') return 'fax';
  if (status === 'canceled') return 'canceled';
  return sipCode ? `sip ${sipCode}` : undefined;
}

/** `machine_start`, `machine_end_beep` … → machine. Undefined when nobody looked. */
export function answeredByOf(word: string | undefined): AnsweredBy | undefined {
  if (!word) return undefined;
  if (word === 'human' || word === 'fax') return word;
  return word.startsWith('machine') ? 'machine' : 'unknown';
}

const CONNECTIONS: ReadonlyMap<string, BridgeEnd['outcome']> = new Map([
  ['completed', 'talked'],
  ['answered', 'talked'],
  ['no-answer', 'no_answer'],
  ['busy', 'busy'],
  ['failed', 'failed'],
  ['canceled', 'gone'],
]);

/**
 * How a <Dial> ended, https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus-values; undefined for a word that Twilio does not
 * have.
 */
export function bridgeOutcomeOf(status: string): BridgeEnd['outcome'] | undefined {
  return CONNECTIONS.get(status);
}

/** Codes that say more than the HTTP status. Source: https://www.twilio.com/docs/api/errors */
const CODES: Readonly<Record<number, Rejection>> = {
  13223: 'invalid_number',
  13224: 'invalid_number',
  21211: 'invalid_number',
  21214: 'invalid_number',
  21217: 'invalid_number',
  21421: 'invalid_number',
  13225: 'blocked',
  13227: 'blocked',
  21202: 'blocked',
  21203: 'blocked',
  21215: 'blocked',
  21216: 'blocked',
  21219: 'blocked',
  21408: 'blocked',
  21610: 'blocked',
  32205: 'blocked',
  20429: 'throttled',
  22005: 'throttled',
};

/**
 * What a refusal to create a call means. A 5xx, or a time-out that a proxy reports, may have left a ringing phone behind:
 * unknown (https://www.twilio.com/docs/errors/20429 calls only the 429 safe to repeat).
 */
export function refusalOf({ status, body, retryAfterSeconds }: Pick<Given, 'status' | 'body' | 'retryAfterSeconds'>): Placed {
  const { code, message: said } = errorOf(body);
  const message = `Twilio answered ${status}${code === undefined ? '' : ` (${code})`}${said ? `: ${said}` : ''}`;
  if (status < 300 || status >= 500 || status === 408) return { answer: 'unknown', message };
  const kind = kindOf(status, code, said);
  return { answer: 'rejected', kind, message, ...(kind === 'throttled' && retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

function kindOf(status: number, code: number | undefined, said: string): Rejection {
  if (status === 429) return 'throttled';
  const known = code === undefined ? undefined : CODES[code];
  if (known) return known;
  if (status === 402 || /insufficient (funds|balance)/i.test(said)) return 'no_balance';
  return status === 400 ? 'refused' : 'misconfigured';
}

/** The `code` and `message` of an error body, as far as it has them. */
export function errorOf(body: unknown): { code: number | undefined; message: string } {
  const fields = typeof body === 'object' && body !== null ? body : {};
  return {
    code: 'code' in fields && typeof fields.code === 'number' ? fields.code : undefined,
    message: 'message' in fields && typeof fields.message === 'string' ? fields.message : '',
  };
}
