import { setTimeout as pause } from 'node:timers/promises';
import { account, type Connection } from '../client/index.ts';
import { type Given, type Option, textOf } from './command.ts';
import { askSecret, CliError, type Terminal } from './terminal.ts';

/** Of every command that asks a server. */
export const SERVER_OPTIONS = {
  url: { type: 'string', value: 'url', help: 'The server (DIALFLEET_URL; default http://127.0.0.1:4000)' },
} as const satisfies Record<string, Option>;

/** Of every command that asks a server as somebody. */
export const LOGIN_OPTIONS = {
  ...SERVER_OPTIONS,
  token: { type: 'string', value: 'token', help: 'Access token (DIALFLEET_TOKEN)' },
  email: { type: 'string', value: 'address', help: 'Logs in instead (DIALFLEET_EMAIL, DIALFLEET_PASSWORD; else asks)' },
} as const satisfies Record<string, Option>;

const TRIES = 5;
const PAUSE_SECONDS = 1;
/** A server that died over a request holds its key so long, and a little: whoever goes on asking is told what came of it. */
const KEY_PATIENCE_MS = 45_000;
/** Limits, stores that are away, servers that start. */
const PASSING: readonly number[] = [429, 502, 503, 504];

/** @throws CliError when it is no address of a server */
export function serverOf({ env }: Terminal, given: Given): string {
  const url = textOf(given, 'url') ?? (env.DIALFLEET_URL || 'http://127.0.0.1:4000');
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CliError(`${url} is no address such as https://calls.example.com`);
  return url.replace(/\/+$/, '');
}

/** The server, and who asks it: by a token, else by a log-in. @throws CliError when neither is given, or the log-in fails */
export async function connect(terminal: Terminal, given: Given): Promise<Connection> {
  const { env, stop, stdin } = terminal;
  const to = { baseUrl: serverOf(terminal, given), fetch: patientFetch(stop) };
  const email = textOf(given, 'email');
  // what is said here counts before what the environment says
  const token = textOf(given, 'token') ?? (email === undefined ? env.DIALFLEET_TOKEN : undefined);
  if (token) return { ...to, token };
  const who = email ?? env.DIALFLEET_EMAIL;
  if (!who) throw new CliError('Who asks? Give --token or DIALFLEET_TOKEN, or --email with DIALFLEET_PASSWORD.');
  if (!env.DIALFLEET_PASSWORD && !stdin.isTTY) throw new CliError('DIALFLEET_PASSWORD is not set, and there is no terminal to ask for it.');
  const password = env.DIALFLEET_PASSWORD || (await askSecret(terminal, `Password of ${who}: `));
  const { data } = await answered(account(to).POST('/api/v1/auth/login', { body: { email: who, password } }));
  return { ...to, token: data.token };
}

/**
 * Asks again what may be asked twice, when the answer does not come or says to come later. What makes something is asked again
 * only under an `Idempotency-Key`.
 */
function patientFetch(stop: AbortSignal): NonNullable<Connection['fetch']> {
  return async (request) => {
    const keyed = request.headers.has('idempotency-key');
    const mayRepeat = request.method === 'GET' || keyed;
    const deadline = performance.now() + KEY_PATIENCE_MS;
    let tries = mayRepeat ? TRIES : 1;
    for (;;) {
      const [answer, error] = await fetch(mayRepeat ? request.clone() : request, { signal: stop }).then(
        (response) => [response, undefined] as const,
        (reason: unknown) => [undefined, reason] as const,
      );
      stop.throwIfAborted();
      // somebody executes it, or did and died
      const inProgress = keyed && answer?.status === 409 && answer.headers.has('retry-after') && performance.now() < deadline;
      if (!inProgress) tries -= 1;
      if (answer && !inProgress && (tries < 1 || !PASSING.includes(answer.status))) return answer;
      if (tries < 1) throw new CliError(`${new URL(request.url).origin} does not answer: ${reasonOf(error)}`);
      await answer?.body?.cancel();
      await pause(Number(answer?.headers.get('retry-after') || PAUSE_SECONDS) * 1000, undefined, { signal: stop });
    }
  };
}

/** fetch itself only says that it failed. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message : String(cause);
}

/** The body of a good answer. @throws CliError with the server's own words otherwise */
export async function answered<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok && data !== undefined) return data;
  throw new CliError(`${new URL(response.url).pathname} answered ${response.status}: ${wordsOf(error)}`);
}

/** Each surface has its own form of error; all say it in one of these. */
function wordsOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return typeof body === 'string' ? body : '';
  const { error, message, errors } = body as Record<string, unknown>;
  if (typeof error === 'object' && error !== null) {
    const { details, message: inner } = error as Record<string, unknown>;
    return [inner ?? message, typeof details === 'string' ? details : details && JSON.stringify(details)].filter(Boolean).join(': ');
  }
  return [message, error].find((word) => typeof word === 'string') ?? JSON.stringify(errors ?? body);
}
