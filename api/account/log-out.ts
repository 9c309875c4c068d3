import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { endUnproven } from '../../service/own-sessions.ts';
import { logOut } from '../../service/sessions.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { carriesSession, clearSessionCookies, isCsrfOf, isForeign, REFRESH_COOKIE } from '../plugin/cookies.ts';
import { answerError } from '../plugin/dialect.ts';
import { bearerOrCookie, guard, principalOf } from '../plugin/guard.ts';
import type { Limit } from '../plugin/limits.ts';
import { dialect, errors } from './dialect.ts';
import { Done, done, security } from './present.ts';

/** Log-out, in a scope of its own: a browser whose session is over already loses its cookies all the same. */
export async function logOutRoute(scope: App, { auth }: Pick<Api, 'auth'>, limit: Limit): Promise<void> {
  guard(scope, auth, bearerOrCookie, limit);
  scope.setErrorHandler(async (error, request, reply) => {
    if (isOver(error) && request.headers.authorization === undefined) await forgetBrowser(request, reply);
    return answerError(dialect, error, request, reply);
  });

  scope.post(
    '/auth/logout',
    {
      schema: {
        tags: ['Account'],
        summary: 'Log out',
        description:
          'Ends the session at once: its access and refresh tokens stop working. With the session cookie, `x-csrf-token` is asked for. ' +
          'When the session is over already, the answer is 401, and it clears the cookies too.',
        security,
        response: { 200: Done('Logged out'), ...errors(401, 403) },
      },
    },
    async (request, reply) => {
      await logOut(auth, principalOf(request).sessionId);
      clearSessionCookies(auth, reply);
      return done('Logged out successfully');
    },
  );

  /** Takes the cookies of a session that is over; one that its refresh token keeps alive ends too, for who may say so. */
  async function forgetBrowser(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!carriesSession(request) || isForeign(auth, request)) return;
    const refresh = request.cookies[REFRESH_COOKIE];
    const isEnded = refresh === undefined || (await endUnproven(auth, refresh, (sessionId) => isCsrfOf(auth, request, sessionId)));
    if (isEnded) clearSessionCookies(auth, reply);
  }
}

function isOver(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'unauthorized' || error.code === 'token_expired');
}
