import { answered, CarrierFailure, failureKindOf } from '../failure.ts';
import { type Answer, type Given, send } from '../http.ts';
import { messageOf } from './words.ts';

export interface MillisOptions {
  /** e.g. https://api-eu-west.millis.ai */
  baseUrl: string;
  /** the private key, which stands alone in `authorization`: no scheme before it */
  apiKey: string;
  /** what Millis shows us in a header when it reports the end of a call */
  webhookSecret: string;
  /** how Millis reaches us */
  publicUrl: string;
  /** for one whole request, the reading of its answer included */
  timeoutMs: number;
  /** what an import of a number says besides the number: its provider, country and keys there */
  phoneImport: Readonly<Record<string, unknown>>;
}

/** Sends one request, once, and never throws. */
export function ask(options: MillisOptions, method: 'GET' | 'POST' | 'PUT', path: string, json?: unknown): Promise<Answer> {
  return send({
    company: 'Millis',
    method,
    url: options.baseUrl.replace(/\/+$/, '') + path,
    headers: { authorization: options.apiKey, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    timeoutMs: options.timeoutMs,
  });
}

/** The answer, if it is a yes. @throws CarrierFailure saying what Millis said */
export function accepted(answer: Answer): Given {
  const given = answered(answer);
  if (given.status < 200 || given.status >= 300) throw new CarrierFailure(failureKindOf(given.status), messageOf(given.status, given.body));
  return given;
}
