import { refusal, type Refusal } from './refusal.ts';

/** A parsed form: a field is repeated, single or absent. */
export type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** What the creator of a call asked for. */
export interface ExotelOrder {
  /** who is rung first, and led into the flow */
  from: string;
  callerId: string;
  appId: string;
  timeoutSeconds: number;
  timeLimitSeconds: number;
  isRecorded: boolean;
  customField: string | undefined;
  statusCallback: string | undefined;
  events: ReadonlySet<string>;
}

const E164 = /^\+[1-9][0-9]{6,14}$/;
const FLOW = /^https?:\/\/my\.exotel\.com\/([\w-]+)\/exoml\/start_voice\/(\w+)$/;
const LONGEST_SECONDS = 14_400;
const CUSTOM_FIELD_LENGTH = 128;

/** Reads the form of `Calls/connect` for a call to a flow; the first thing wrong is the answer. */
export function readOrder(form: Fields, accountSid: string): ExotelOrder | Refusal {
  const given = (name: string) => single(form[name]) || undefined;
  for (const name of ['From', 'CallerId', 'Url']) if (!given(name)) return refusal(400, `Mandatory parameter ${name} missing`);
  const [from = '', callerId = ''] = [given('From'), given('CallerId')];
  if (!E164.test(from)) return refusal(400, `Invalid parameter: From ${from} is not valid`);
  if (!E164.test(callerId)) return refusal(400, 'Invalid parameter: CallerId is none of your ExoPhones');
  const [, sid, appId] = FLOW.exec(given('Url') ?? '') ?? [];
  if (sid !== accountSid || appId === undefined) return refusal(400, 'Invalid parameter: Url');
  const timeLimitSeconds = Number(given('TimeLimit') ?? LONGEST_SECONDS);
  const timeoutSeconds = Number(given('TimeOut') ?? 30);
  if (!(timeLimitSeconds > 0 && timeLimitSeconds <= LONGEST_SECONDS)) return refusal(400, 'Invalid parameter: TimeLimit');
  if (!(timeoutSeconds > 0)) return refusal(400, 'Invalid parameter: TimeOut');
  const customField = given('CustomField');
  if (customField !== undefined && customField.length > CUSTOM_FIELD_LENGTH) return refusal(400, 'Invalid parameter: CustomField');
  const statusCallback = given('StatusCallback');
  if (statusCallback !== undefined && !URL.canParse(statusCallback)) return refusal(400, 'Invalid parameter: StatusCallback');
  const events = Object.keys(form).flatMap((name) => (/^StatusCallbackEvents\[\d*\]$/.test(name) ? (given(name) ?? []) : []));
  const isRecorded = given('Record') === 'true';
  return { from, callerId, appId, timeoutSeconds, timeLimitSeconds, isRecorded, customField, statusCallback, events: new Set(events) };
}

export function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
