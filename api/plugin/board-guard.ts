import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { logIn, type SignedIn } from '../../service/accounts.ts';
import { logOut } from '../../service/sessions.ts';
import type { Api } from './api.ts';
import { setSessionCookies } from './cookies.ts';
import { bearer, type Credential, identify, sessionCookie } from './guard.ts';
import { MINUTE_MS } from './limits.ts';

/** Unlike elsewhere the cookie counts beside an Authorization header: browsers repeat the Basic one for ever. */
const bearerOrAnyCookie: Credential = (request) => bearer(request) ?? sessionCookie(request);

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets platform administrators to the queue board: by Bearer token, by session cookie, or by the browser's own prompt
 * (HTTP Basic), whose success becomes a session so that the password is hashed once. Only the board's own page may change something.
 */
export function boardGuard(api: Api): onRequestAsyncHookHandler {
  const limit = api.limits.perAddress('board', { max: 5, windowMs: MINUTE_MS });
  return async (request, reply) => {
    refuseOtherPages(api, request);
    let refusal: AppError;
    try {
      const who = await identify(api.auth, request, bearerOrAnyCookie);
      if (who.platformRole === 'admin') return;
      refusal = new AppError('forbidden', 'The queue board is for platform administrators');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusal = error;
    }
    const typed = basicCredentials(request);
    if (typed) {
      await limit(request, reply);
      let signedIn: SignedIn | undefined;
      try {
        signedIn = await logIn(api.auth, typed, { ip: request.ip, userAgent: request.headers['user-agent'] });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        refusal = error;
      }
      if (signedIn?.user.platformRole === 'admin') {
        setSessionCookies(api.auth, reply, signedIn.login);
        return;
      }
      if (signedIn) {
        // nobody will ever hold its tokens
        await logOut(api.auth, signedIn.login.sessionId);
        refusal = new AppError('forbidden', 'The queue board is for platform administrators');
      }
    }
    if (refusal.code === 'unauthorized') refusal = new AppError('unauthorized', 'Log in with the e-mail and password of an administrator');
    if (refusal.code !== 'forbidden') reply.header('www-authenticate', 'Basic realm="Dialfleet queues", charset="UTF-8"');
    throw refusal;
  };
}

/**
 * The board's page knows no csrf token, so a change must come from our own origin: browsers say so with `Origin` on every change
 * (https://fetch.spec.whatwg.org/#origin-header), and current ones with `Sec-Fetch-Site`. One that tells neither is believed only with a
 * Bearer token, which no browser sends by itself.
 * @throws AppError `forbidden`
 */
function refuseOtherPages({ runtime: { config } }: Api, request: FastifyRequest): void {
  const proof = bearerOrAnyCookie(request);
  if (SAFE.has(request.method) || (!proof && !basicCredentials(request))) return;
  const { origin, 'sec-fetch-site': site } = request.headers;
  // behind a proxy the one we are asked by may differ from what browsers know
  const ours = [`${request.protocol}://${request.host}`, new URL(config.PUBLIC_URL).origin];
  const isOurs = site === 'same-origin' || site === 'none' || (site === undefined && proof?.byCookie === false);
  if (origin === undefined ? !isOurs : !ours.includes(origin))
    throw new AppError('forbidden', 'Only the page of the queue board may change the queues');
}

function basicCredentials({ headers: { authorization = '' } }: FastifyRequest): { email: string; password: string } | undefined {
  const match = /^basic ([A-Za-z0-9+/=]+)$/i.exec(authorization);
  if (!match?.[1]) return undefined;
  const text = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 || text.includes('\0') ? undefined : { email: text.slice(0, colon), password: text.slice(colon + 1) };
}
