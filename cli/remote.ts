import { setTimeout as pause } from 'node:timers/promises';
import { account, type Connection } from '../client/index.ts';
import { type Given, type Option, textOf } from './command.ts';
import { askSecret, CliError, type Terminal, UsageError } from './terminal.ts';

/** Of every command that asks a server. */
export const SERVER_OPTIONS = {
  url: { type: 'string', value: 'url', help: 'The server (DIALFLEET_URL; default http://127.0.0.1:$PORT, 4000 when unset)' },
} as const satisfies Record<string, Option>;

/** Of every command that asks a server as somebody. */
export const LOGIN_OPTIONS = {
  ...SERVER_OPTIONS,
  token: { type: 'string', value: 'token', help: 'Access token (DIALFLEET_TOKEN)' },
  email: { type: 'string', value: 'address', help: 'Logs in instead (DIALFLEET_EMAIL, DIALFLEET_PASSWORD; else asks)' },
} as const satisfies Record<string, Option>;

const TRIES = 5;
const PAUSE_SECONDS = 1;
/** A limit of an hour is told, not waited for. */
const LONGEST_PAUSE_SECONDS = 60;
/**
 * A server that died over a request holds its key so long, and a little: whoever goes on asking is told what came of it. One that
 * answered before and is away now may start anew in that time.
 */
const PATIENCE_MS = 45_000;
/** Limits, stores that are away, servers that start. */
const AWAY: readonly number[] = [502, 503, 504];
const PASSING: readonly number[] = [429, ...AWAY];
/** RFC 6750 §2.1 */
const TOKEN = /^[A-Za-z0-9._~+/=-]+$/;

/** @throws UsageError when it is no address of a server */
export function serverOf({ env }: Terminal, given: Given): string {
  const url = textOf(given, 'url') ?? (env.DIALFLEET_URL || `http://127.0.0.1:${env.PORT || 4000}`);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`${url} is no address such as https://calls.example.com`);
  return url.replace(/\/+$/, '');
}

/** The server, and who asks it: by a token, else by a log-in. @throws CliError when neither is given, or the log-in fails */
export async function connect(terminal: Terminal, given: Given): Promise<Server> {
  const { env, stop, stdin } = terminal;
  const to = { baseUrl: serverOf(terminal, given), fetch: patientFetch(stop) };
  const email = textOf(given, 'email');
  // what is said here counts before what the environment says
  const token = textOf(given, 'token') ?? (email === undefined ? env.DIALFLEET_TOKEN : undefined);
  if (token && !TOKEN.test(token)) throw new UsageError('The token is none: it may have letters, digits and ".-_~+/=" only.');
  if (token) return { ...to, token };
  const who = email ?? env.DIALFLEET_EMAIL;
  if (!who) throw new CliError('Who asks? Give --token or DIALFLEET_TOKEN, or --email with DIALFLEET_PASSWORD.');
  if (!env.DIALFLEET_PASSWORD && !stdin.isTTY) throw new CliError('DIALFLEET_PASSWORD is not set, and there is no terminal to ask for it.');
  const password = env.DIALFLEET_PASSWORD || (await askSecret(terminal, `Password of ${who}: `));
  const logIn = async () => {
    const { data } = await answered(account(to).POST('/api/v1/auth/login', { body: { email: who, password } }));
    return data.token;
  };
  return { ...to, token: await logIn(), fetch: renewed(to.fetch, logIn) };
}

/** `again` makes the request anew: a clone of one with a file would keep all of it in memory. */
type Fetch = (request: Request, again?: () => Request) => Promise<Response>;

/** A connection whose requests are asked again. */
export interface Server extends Connection {
  fetch: Fetch;
}

/** Logs in anew when a look is refused: a token ends long before a campaign does. */
function renewed(ask: Fetch, logIn: () => Promise<string>): Fetch {
  let renewal: string | undefined;
  const send: Fetch = (request, again) => {
    if (renewal !== undefined) request.headers.set('authorization', `Bearer ${renewal}`);
    return ask(request, again);
  };
  return async (request, again) => {
    const second = request.method === 'GET' ? request.clone() : undefined;
    const answer = await send(request, again);
    if (answer.status !== 401 || !second) return answer;
    await answer.body?.cancel();
    renewal = await logIn();
    return send(second);
  };
}

/**
 * Asks again what may be asked twice, when the answer does not come or says to come later. What makes something is asked again
 * only under an `Idempotency-Key`.
 */
function patientFetch(stop: AbortSignal): Fetch {
  let isKnown = false;
  return async (request, again = () => request.clone()) => {
    const keyed = request.headers.has('idempotency-key');
    const mayRepeat = request.method === 'GET' || keyed;
    const deadline = mayRepeat ? performance.now() + PATIENCE_MS : 0;
    let tries = mayRepeat ? TRIES : 1;
    for (;;) {
      const [answer, error] = await fetch(mayRepeat ? again() : request, { signal: stop }).then(
        (response) => [response, undefined] as const,
        (reason: unknown) => [undefined, reason] as const,
      );
      stop.throwIfAborted();
      // somebody executes it, or did and died
      const inProgress = keyed && answer?.status === 409 && answer.headers.has('retry-after');
      const isAway = isKnown && (!answer || AWAY.includes(answer.status));
      const waits = (inProgress || isAway) && performance.now() < deadline;
      if (!waits) tries -= 1;
      const pauseSeconds = answer && wantedPause(answer);
      const passes = answer && PASSING.includes(answer.status) && (pauseSeconds ?? 0) <= LONGEST_PAUSE_SECONDS;
      if (answer && !waits && (tries < 1 || !passes)) {
        isKnown ||= answer.ok;
        return answer;
      }
      if (tries < 1) throw new CliError(`${new URL(request.url).origin} does not answer: ${reasonOf(error)}`);
      await answer?.body?.cancel();
      await pause(Math.min(pauseSeconds ?? PAUSE_SECONDS, LONGEST_PAUSE_SECONDS) * 1000, undefined, { signal: stop });
    }
  };
}

/** Seconds after which a server wants to be asked again, if it says so. */
function wantedPause({ headers }: Response): number | undefined {
  return Number(headers.get('retry-after')) || undefined;
}

/** Why there is no answer; fetch itself only says that it failed. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error ? cause.message : String(cause);
}

/** The body of a good answer. @throws CliError with the server's own words otherwise */
export async function answered<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok && data !== undefined) return data;
  const seconds = wantedPause(response);
  const again = seconds === undefined ? '' : ` (again in ${seconds > 60 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`})`;
  throw new CliError(`${new URL(response.url).pathname} answered ${response.status}: ${wordsOf(error)}${again}`);
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
