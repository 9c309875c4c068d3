import { AppError } from '../../core/errors.ts';
import { answered } from '../failure.ts';
import { type Answer, type Given, send } from '../http.ts';
import { messageIn } from './fields.ts';
import { maskNumbers } from './unverified.ts';

export interface ExotelOptions {
  /** of the account's region: https://api.exotel.com (Singapore) or https://api.in.exotel.com (Mumbai) */
  baseUrl: string;
  accountSid: string;
  apiKey: string;
  apiToken: string;
  /** the flow that leads calls whose agent names none of its own */
  appId: string;
  /** Exotel signs nothing: every address that it is given has this in its query */
  webhookSecret: string;
  /** how Exotel reaches us */
  publicUrl: string;
  /** for one whole request, the reading of its answer included */
  timeoutMs: number;
}

/** `Basic` of the key and the token: https://developer.exotel.com/docs/voice-v1/overview */
export function credentials({ apiKey, apiToken }: Pick<ExotelOptions, 'apiKey' | 'apiToken'>): string {
  return `Basic ${Buffer.from(`${apiKey}:${apiToken}`).toString('base64')}`;
}

/** Where the calls of an account are. */
export function callsPath({ accountSid }: Pick<ExotelOptions, 'accountSid'>): string {
  return `/v1/Accounts/${encodeURIComponent(accountSid)}/Calls`;
}

/** Sends one request, once, and never throws. */
export function ask(options: ExotelOptions, method: 'GET' | 'POST', path: string, form?: URLSearchParams): Promise<Answer> {
  return send({
    company: 'Exotel',
    method,
    url: options.baseUrl.replace(/\/+$/, '') + path,
    headers: { authorization: credentials(options) },
    ...(form && { body: form }),
    timeoutMs: options.timeoutMs,
  });
}

/** The answer, if it is a yes. @throws AppError carrier_failure saying what Exotel said */
export function accepted(answer: Answer): Given {
  const given = answered(answer);
  if (given.status !== 200) throw new AppError('carrier_failure', refusalText(given));
  return given;
}

/** An answer that is no yes, in words a person reads, and logs keep: without the numbers that Exotel repeats in it. */
export function refusalText(given: Given): string {
  const said = maskNumbers(messageIn(given));
  return `Exotel answered ${given.status}${said ? `: ${said}` : ''}`;
}
