import { refusal, type Refusal } from './errors.ts';

/** A parsed form or query: a field is repeated, single or absent. */
export type Fields = Readonly<Record<string, string | string[] | undefined>>;

export type Method = 'GET' | 'POST';
export interface Target {
  url: string;
  method: Method;
}

/** What the creator of a call asked for beyond the numbers. */
export interface TwilioOrder {
  to: string;
  from: string;
  timeoutSeconds: number;
  timeLimitSeconds: number;
  document: { url: Target } | { twiml: string };
  statusCallback: Target | undefined;
  statusEvents: ReadonlySet<string>;
  detection: 'none' | 'start' | 'message_end';
  isRecorded: boolean;
  /** where it is told that the recording can be fetched */
  recordingCallback: Target | undefined;
}

const E164 = /^\+[1-9][0-9]{1,14}$/;
const EMPTY = '<Response/>';

/** Reads the form that creates a call, as strictly as Twilio: the first thing wrong is the answer. */
export function readOrder(form: Fields): TwilioOrder | Refusal {
  const to = single(form['To']);
  const from = single(form['From']);
  if (!to) return refusal(400, 21201, "No 'To' number is specified");
  if (!from) return refusal(400, 21213, "'From' phone number is required");
  if (!E164.test(to)) return refusal(400, 21211, `The phone number you are attempting to call, ${to}, is not valid.`);
  if (!E164.test(from)) return refusal(400, 21212, `The source phone number provided, ${from}, is not valid.`);
  const url = single(form['Url']);
  const twiml = single(form['Twiml']);
  if (!url && !twiml && !single(form['ApplicationSid']))
    return refusal(400, 21205, "One of 'Url', 'Twiml' and 'ApplicationSid' is required");
  if (url && !isAbsolute(url)) return refusal(400, 21205, `Url is not a valid URL: ${url}`);
  const callback = single(form['StatusCallback']);
  if (callback && !isAbsolute(callback)) return refusal(400, 21609, `The 'StatusCallback' URL ${callback} is not a valid URL`);
  const recording = single(form['RecordingStatusCallback']);
  if (recording && !isAbsolute(recording)) return refusal(400, 21609, `The 'RecordingStatusCallback' URL ${recording} is not a valid URL`);
  const timeoutSeconds = wholeNumber(form['Timeout'], 60);
  const timeLimitSeconds = wholeNumber(form['TimeLimit'], 4 * 3600);
  if (timeoutSeconds === undefined || timeoutSeconds > 600)
    return refusal(400, 20001, 'Timeout must be a whole number of seconds, at most 600');
  if (timeLimitSeconds === undefined) return refusal(400, 20001, 'TimeLimit must be a whole number of seconds');
  const events = all(form['StatusCallbackEvent']).flatMap((value) => value.split(/[ ,]+/).filter(Boolean));
  return {
    to,
    from,
    timeoutSeconds,
    timeLimitSeconds,
    // an application's instructions are not known here: such a call has none
    document: url ? { url: { url, method: methodOf(form['Method']) } } : { twiml: twiml ?? EMPTY },
    statusCallback: callback ? { url: callback, method: methodOf(form['StatusCallbackMethod']) } : undefined,
    statusEvents: new Set(events.length > 0 ? events : ['completed']),
    detection: detectionOf(single(form['MachineDetection'])),
    isRecorded: single(form['Record']) === 'true',
    recordingCallback: recording ? { url: recording, method: methodOf(form['RecordingStatusCallbackMethod']) } : undefined,
  };
}

export function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

export function isAbsolute(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

function all(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function wholeNumber(value: string | string[] | undefined, byDefault: number): number | undefined {
  const text = single(value);
  if (!text) return byDefault;
  return /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : undefined;
}

function methodOf(value: string | string[] | undefined): Method {
  return single(value) === 'GET' ? 'GET' : 'POST';
}

function detectionOf(value: string | undefined): TwilioOrder['detection'] {
  if (value === 'Enable') return 'start';
  return value === 'DetectMessageEnd' ? 'message_end' : 'none';
}
