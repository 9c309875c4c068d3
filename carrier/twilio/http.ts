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

export type Answer =
  | { got: 'answer'; status: number; /** undefined when it is no JSON */ body: unknown; retryAfterSeconds: number | undefined }
  /** it failed before a byte of the request left */
  | { got: 'unsent'; message: string }
  /** it failed later: Twilio may have read it */
  | { got: 'lost'; message: string };

/** Failures of finding, reaching or trusting the server: the request itself is written only after all of that. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)$/;

/** Sends one request, once, and never throws. Redirects are not followed: that would send a call twice. */
export async function ask(options: TwilioOptions, method: 'GET' | 'POST', path: string, form?: URLSearchParams): Promise<Answer> {
  const credentials = Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64');
  try {
    const response = await fetch(options.baseUrl.replace(/\/+$/, '') + path, {
      method,
      headers: { authorization: `Basic ${credentials}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs),
      ...(form && { body: form }),
    });
    const text = await response.text();
    return {
      got: 'answer',
      status: response.status,
      body: parseJson(text),
      retryAfterSeconds: secondsUntil(response.headers.get('retry-after')),
    };
  } catch (error) {
    const { code, message } = describe(error);
    return { got: BEFORE_SENDING.test(code) ? 'unsent' : 'lost', message };
  }
}

/** fetch hides the reason in `cause`, which, for a host with several addresses, holds one reason each. */
function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const cause: unknown = error.cause ?? error;
  const first: unknown = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  const reason = first instanceof Error && first.message ? first.message : error.message;
  return { code, message: error.name === 'TimeoutError' ? 'Twilio did not answer in time' : `Twilio could not be asked: ${reason}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // what is no JSON is no answer that we could read; the caller sees undefined
    return undefined;
  }
}

/** Retry-After is seconds or a date (RFC 9110 §10.2.3); only seconds are known from Twilio. */
function secondsUntil(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
