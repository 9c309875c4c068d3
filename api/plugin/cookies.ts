import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { type Auth, LONG_TOKEN_SECONDS, type Login, SESSION_SECONDS } from '../../service/sessions.ts';

export const SESSION_COOKIE = 'session';
export const REFRESH_COOKIE = 'refresh_token';
export const CSRF_COOKIE = 'csrf_token';
export const CSRF_HEADER = 'x-csrf-token';

/** Gives a browser its session. Only `csrf_token` can be read by scripts, which send it back as `x-csrf-token`. */
export function setSessionCookies(auth: Auth, reply: FastifyReply, login: Login): void {
  const base = baseOptions(auth);
  reply
    .setCookie(SESSION_COOKIE, login.longAccess, { ...base, httpOnly: true, sameSite: 'lax', maxAge: LONG_TOKEN_SECONDS })
    .setCookie(REFRESH_COOKIE, login.refresh, { ...base, httpOnly: true, sameSite: 'strict', maxAge: SESSION_SECONDS })
    .setCookie(CSRF_COOKIE, auth.tokens.mintCsrf(login.sessionId), { ...base, sameSite: 'lax', maxAge: SESSION_SECONDS });
}

export function clearSessionCookies(auth: Auth, reply: FastifyReply): void {
  for (const name of [SESSION_COOKIE, REFRESH_COOKIE, CSRF_COOKIE]) reply.clearCookie(name, baseOptions(auth));
}

/**
 * Proves that a change was asked for by our own page: the session's `csrf_token`, in cookie and header alike.
 * @throws AppError `forbidden`
 */
export function checkCsrf(auth: Auth, request: FastifyRequest, sessionId: number): void {
  const sent = request.headers[CSRF_HEADER];
  const kept = request.cookies[CSRF_COOKIE];
  if (typeof sent !== 'string' || sent !== kept || !auth.tokens.isCsrf(sessionId, sent)) {
    throw new AppError('forbidden', `${CSRF_HEADER} must repeat the ${CSRF_COOKIE} cookie`);
  }
}

function baseOptions(auth: Auth): CookieSerializeOptions {
  return { path: '/', secure: auth.runtime.config.NODE_ENV !== 'development' };
}
