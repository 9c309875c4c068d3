import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { type Auth, LONG_TOKEN_SECONDS, type Login } from '../../service/sessions.ts';

export const SESSION_COOKIE = 'session';
export const REFRESH_COOKIE = 'refresh_token';
export const CSRF_COOKIE = 'csrf_token';
export const CSRF_HEADER = 'x-csrf-token';

/**
 * Gives a browser its session. Only `csrf_token` can be read by scripts, which send it back as `x-csrf-token`; one of this session that
 * the browser has already stays, so that a refresh breaks no request of another tab. No cookie outlives the session.
 */
export function setSessionCookies(auth: Auth, reply: FastifyReply, login: Login): void {
  const base = baseOptions(auth);
  const left = Math.max(0, Math.floor(login.leftSeconds));
  const kept = reply.request.cookies[CSRF_COOKIE];
  const csrf = kept !== undefined && auth.tokens.isCsrf(login.sessionId, kept) ? kept : auth.tokens.mintCsrf(login.sessionId);
  reply
    .setCookie(SESSION_COOKIE, login.longAccess, { ...base, httpOnly: true, sameSite: 'lax', maxAge: Math.min(LONG_TOKEN_SECONDS, left) })
    .setCookie(REFRESH_COOKIE, login.refresh, { ...base, httpOnly: true, sameSite: 'strict', maxAge: left })
    .setCookie(CSRF_COOKIE, csrf, { ...base, sameSite: 'lax', maxAge: left });
}

export function clearSessionCookies(auth: Auth, reply: FastifyReply): void {
  for (const name of [SESSION_COOKIE, REFRESH_COOKIE, CSRF_COOKIE]) reply.clearCookie(name, baseOptions(auth));
}

/** Whether a request comes with what a browser holds of a session, be it still good or not. */
export function carriesSession({ cookies }: FastifyRequest): boolean {
  return cookies[SESSION_COOKIE] !== undefined || cookies[REFRESH_COOKIE] !== undefined;
}

/** Whether a change was asked for by our own page: the session's `csrf_token`, in cookie and header alike. */
export function isCsrfOf(auth: Auth, { headers, cookies }: FastifyRequest, sessionId: number): boolean {
  const sent = headers[CSRF_HEADER];
  return typeof sent === 'string' && sent === cookies[CSRF_COOKIE] && auth.tokens.isCsrf(sessionId, sent);
}

/** @throws AppError `forbidden` without the session's `csrf_token` */
export function checkCsrf(auth: Auth, request: FastifyRequest, sessionId: number): void {
  if (!isCsrfOf(auth, request, sessionId)) throw new AppError('forbidden', `${CSRF_HEADER} must repeat the ${CSRF_COOKIE} cookie`);
}

/**
 * Browsers say where a request comes from (https://www.w3.org/TR/fetch-metadata/): whether a foreign site made it. Sites that
 * `CORS_ORIGINS` lists are not foreign.
 */
export function isForeign({ runtime: { config } }: Auth, { headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && !config.CORS_ORIGINS.includes(headers.origin ?? '');
}

/** Refuses what a foreign site asks for before its token is looked at. @throws AppError `forbidden` */
export function refuseOtherSites(auth: Auth, request: FastifyRequest): void {
  if (isForeign(auth, request)) throw new AppError('forbidden', 'Another site asked for this');
}

function baseOptions(auth: Auth): CookieSerializeOptions {
  return { path: '/', secure: auth.runtime.config.NODE_ENV !== 'development' };
}
