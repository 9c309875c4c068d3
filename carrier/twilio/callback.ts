import { badField, AppError } from '../../core/errors.ts';
import type { Attempt, BridgeEnd, Callback, RawCallback } from '../port.ts';
import type { TwilioOptions } from './http.ts';
import { dateOf } from './resource.ts';
import { isSigned } from './signature.ts';
import { answeredByOf, bridgeOutcomeOf, progressOf } from './words.ts';

const PATH = /^\/carrier\/twilio\/calls\/([1-9][0-9]{0,14})\/([0-9a-f-]{36})\/(answer|status|turn|bridged|recorded)$/;
const COUNT = /^[1-9][0-9]{0,5}$/;

/** Where Twilio posts what it has to say about a call. */
export function callbackUrl(publicUrl: string, { callId, token }: Attempt, what: 'answer' | 'status' | 'recorded'): string {
  return `${publicUrl}/carrier/twilio/calls/${callId}/${token}/${what}`;
}

/** Where the callee's answer to our words number `turn` is posted. */
export function turnUrl(publicUrl: string, { callId, token }: Attempt, turn: number): string {
  return `${publicUrl}/carrier/twilio/calls/${callId}/${token}/turn?turn=${turn}`;
}

/** Where it is posted how the connection number `bridge` went. */
export function bridgedUrl(publicUrl: string, { callId, token }: Attempt, bridge: number): string {
  return `${publicUrl}/carrier/twilio/calls/${callId}/${token}/bridged?bridge=${bridge}`;
}

/** Verifies first, reads then: nothing of a forged request is looked at. Throws AppError('validation') as the port says. */
export function parseCallback(options: TwilioOptions, raw: RawCallback): Callback {
  const signature = raw.headers['x-twilio-signature'];
  if (typeof signature !== 'string' || !isSigned(options.authToken, options.publicUrl + raw.path, raw.form, signature)) {
    return { kind: 'forged' };
  }
  const [path = '', query = ''] = raw.path.split('?', 2);
  const [, id, token, what] = PATH.exec(path) ?? [];
  if (!id || !token) throw new AppError('validation', `No such callback: ${path}`);
  const form = new Map(raw.form);
  const callId = Number(id);
  const carrierCallId = form.get('CallSid');
  if (!carrierCallId) throw badField('CallSid', 'CallSid is missing');
  if (what === 'answer') return { kind: 'answer', callId, token, carrierCallId, by: answeredByOf(form.get('AnsweredBy')) };
  if (what === 'status') return { kind: 'status', event: { callId, token, carrierCallId, ...eventOf(form) } };
  if (what === 'bridged') return { kind: 'bridged', callId, token, carrierCallId, end: bridgeEndOf(form, countIn(query, 'bridge')) };
  if (what === 'recorded') return { kind: 'recorded', callId, token, carrierCallId, ...recordingIn(form) };
  const turn = countIn(query, 'turn');
  // an empty value is Twilio's way to say that nothing was heard
  const heard = { speech: form.get('SpeechResult') || undefined, digits: form.get('Digits') || undefined };
  return { kind: 'turn', callId, token, carrierCallId, turn, heard };
}

function countIn(query: string, name: string): number {
  const count = new URLSearchParams(query).get(name) ?? '';
  if (!COUNT.test(count)) throw badField(name, `${name} must be a whole number from 1`, 'query');
  return Number(count);
}

function bridgeEndOf(form: ReadonlyMap<string, string>, bridge: number): BridgeEnd {
  const status = form.get('DialCallStatus') ?? '';
  const outcome = bridgeOutcomeOf(status);
  if (!outcome) throw badField('DialCallStatus', `Unknown status of a connection: ${status}`);
  return { bridge, outcome, talkSeconds: outcome === 'talked' ? Number(form.get('DialCallDuration') ?? 0) || 0 : 0 };
}

function recordingIn(form: ReadonlyMap<string, string>) {
  const recordingId = form.get('RecordingSid');
  if (!recordingId) throw badField('RecordingSid', 'RecordingSid is missing');
  return { recordingId, durationSeconds: Number(form.get('RecordingDuration') ?? 0) || 0 };
}

function eventOf(form: ReadonlyMap<string, string>) {
  const status = form.get('CallStatus') ?? '';
  const progress = progressOf({
    status,
    answeredBy: form.get('AnsweredBy'),
    // `Duration` beside it is in billed minutes
    durationSeconds: Number(form.get('CallDuration') ?? 0) || 0,
    sipCode: form.get('SipResponseCode'),
  });
  if (!progress) throw badField('CallStatus', `Unknown call status: ${status}`);
  return { progress, carrierAt: dateOf(form.get('Timestamp')) };
}
