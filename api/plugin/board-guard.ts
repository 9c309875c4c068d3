import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { logIn, type SignedIn } from '../../service/accounts.ts';
import type { Api } from './api.ts';
import { setSessionCookies } from './cookies.ts';
import { bearer, type Credential, identify, sessionCookie } from './guard.ts';
import { MINUTE_MS } from './limits.ts';

/** Unlike elsewhere the cookie counts beside an Authorization header: browsers repeat the Basic one for ever. */
const bearerOrAnyCookie: Credential = (request) => bearer(request) ?? sessionCookie(request);

/**
 * Lets platform administrators to the queue board: by Bearer token, by session cookie, or by the browser's own prompt
 * (HTTP Basic), whose success becomes a session so that the password is hashed once.
 */
export function boardGuard(api: Api): onRequestAsyncHookHandler {
  const limit = api.limits.perAddress('board', { max: 5, windowMs: MINUTE_MS });
  return async (request, reply) => {
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
      if (signedIn) refusal = new AppError('forbidden', 'The queue board is for platform administrators');
    }
    if (refusal.code === 'unauthorized') refusal = new AppError('unauthorized', 'Log in with the e-mail and password of an administrator');
    if (refusal.code !== 'forbidden') reply.header('www-authenticate', 'Basic realm="Dialfleet queues", charset="UTF-8"');
    throw refusal;
  };
}

function basicCredentials({ headers: { authorization = '' } }: FastifyRequest): { email: string; password: string } | undefined {
  const match = /^basic ([A-Za-z0-9+/=]+)$/i.exec(authorization);
  if (!match?.[1]) return undefined;
  const text = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 || text.includes('\0') ? undefined : { email: text.slice(0, colon), password: text.slice(colon + 1) };
}
