/** A client of the api that knows what it does not know: a request without a clear answer is unsure, and never repeated. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Reply {
  /** undefined: no answer, so nobody knows what became of the request */
  status: number | undefined;
  body: ReturnType<typeof JSON.parse>;
  answeredAtMs: number;
}

const TIMEOUT_MS = 15_000;
/** A server that is not there has taken nothing: it is asked again for this long. On a busy machine it is not back for a while. */
const PATIENCE_MS = 25_000;
const PAUSE_MS = 200;

/** One request. It is repeated only while nobody listens, which leaves no doubt. */
export async function ask(url: string, method: string, what: { token?: string; json?: unknown; form?: FormData } = {}): Promise<Reply> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const reply = await askOnce(url, method, what);
    if (reply !== 'nobody there') return reply;
    if (Date.now() > deadlineMs) return { status: undefined, body: undefined, answeredAtMs: Date.now() };
    await pause(PAUSE_MS);
  }
}

async function askOnce(
  url: string,
  method: string,
  what: { token?: string; json?: unknown; form?: FormData },
): Promise<Reply | 'nobody there'> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        connection: 'close',
        ...(what.token !== undefined && { authorization: `Bearer ${what.token}` }),
        ...(what.json !== undefined && { 'content-type': 'application/json' }),
      },
      body: what.json === undefined ? what.form : JSON.stringify(what.json),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: parse(text), answeredAtMs: Date.now() };
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return 'nobody there';
    // reset, timed out: all of them leave the same doubt
    return { status: undefined, body: undefined, answeredAtMs: Date.now() };
  }
}

/** Taken for certain, refused for certain, or unsure. */
export function outcomeOf({ status }: Reply): 'accepted' | 'refused' | 'unsure' {
  if (status === undefined || status >= 500) return 'unsure';
  return status < 300 ? 'accepted' : 'refused';
}

/** `call_12` → 12 */
export function numberOf(id: unknown): number {
  return Number(String(id).replace(/^\D+/, ''));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // an empty or a plain answer: only its status is looked at
    return undefined;
  }
}
