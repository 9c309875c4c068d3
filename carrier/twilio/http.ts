import { type Answer, send } from '../http.ts';

export type { Answer } from '../http.ts';

export interface TwilioOptions {
  /** e.g. https://api.twilio.com; nothing after the origin but an optional path */
  baseUrl: string;
  accountSid: string;
  /** the primary token: it also signs callbacks */
  authToken: string;
  /** how Twilio reaches us: callbacks are signed over this origin, whatever proxies make of it */
  publicUrl: string;
  /** for one whole request, the reading of its answer included */
  timeoutMs: number;
}

/** Sends one request, once, and never throws. */
export function ask(options: TwilioOptions, method: 'GET' | 'POST', path: string, form?: URLSearchParams): Promise<Answer> {
  const credentials = Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64');
  return send({
    company: 'Twilio',
    method,
    url: options.baseUrl.replace(/\/+$/, '') + path,
    headers: { authorization: `Basic ${credentials}` },
    ...(form && { body: form }),
    timeoutMs: options.timeoutMs,
  });
}
