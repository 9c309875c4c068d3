import type { Placed } from './port.ts';

/** One request to a phone company. */
export interface Outgoing {
  /** the company's name, for what a person reads about a failure */
  company: string;
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | URLSearchParams;
  /** for the whole request, the reading of its answer included */
  timeoutMs: number;
}

/** What the company said, yes or no. */
export interface Given {
  got: 'answer';
  status: number;
  /** undefined when it is no JSON */
  body: unknown;
  text: string;
  retryAfterSeconds: number | undefined;
}

export type Answer =
  | Given
  /** it failed before a byte of the request left */
  | { got: 'unsent'; message: string }
  /** it failed later: the company may have read it */
  | { got: 'lost'; message: string };

/** Failures of finding, reaching or trusting the server: the request itself is written only after all of that. */
const BEFORE_SENDING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)$/;

/** Sends one request, once, and never throws. Redirects are not followed: that would send a call twice. */
export async function send({ company, method, url, headers, body, timeoutMs }: Outgoing): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return {
      got: 'answer',
      status: response.status,
      body: parseJson(text),
      text,
      retryAfterSeconds: secondsUntil(response.headers.get('retry-after')),
    };
  } catch (error) {
    const { code, message } = describe(company, error);
    return { got: BEFORE_SENDING.test(code) ? 'unsent' : 'lost', message };
  }
}

/**
 * What became of the request for a call: accepted when the company says yes and `idIn` finds the call's id in it, else what `refusalOf` makes
 * of its words.
 */
export function placedOf(answer: Answer, idIn: (given: Given) => string | undefined, refusalOf: (given: Given) => Placed): Placed {
  if (answer.got === 'unsent') return { answer: 'rejected', kind: 'down', message: answer.message };
  if (answer.got === 'lost') return { answer: 'unknown', message: answer.message };
  const carrierCallId = answer.status >= 200 && answer.status < 300 ? idIn(answer) : undefined;
  return carrierCallId === undefined ? refusalOf(answer) : { answer: 'accepted', carrierCallId };
}

/** fetch hides the reason in `cause`, which, for a host with several addresses, holds one reason each. */
function describe(company: string, error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const cause: unknown = error.cause ?? error;
  const first: unknown = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  const reason = first instanceof Error && first.message ? first.message : error.message;
  return {
    code,
    message: error.name === 'TimeoutError' ? `${company} did not answer in time` : `${company} could not be asked: ${reason}`,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // what is no JSON is no answer that we could read; the caller sees undefined
    return undefined;
  }
}

/** Retry-After is seconds or a date (RFC 9110 §10.2.3); only seconds are known from these companies. */
function secondsUntil(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
