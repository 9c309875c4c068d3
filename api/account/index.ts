import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { badField } from '../../core/errors.ts';
import { logIn, signUp } from '../../service/accounts.ts';
import { GRACE_SECONDS, renewAccess, rotateSession } from '../../service/sessions.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { REFRESH_COOKIE, refuseOtherSites, setSessionCookies } from '../plugin/cookies.ts';
import { bearerOrCookie, guard, limited, principalOf } from '../plugin/guard.ts';
import { MINUTE_MS, QUARTER_HOUR_MS } from '../plugin/limits.ts';
import { NewAccount, refuseBadSignUp } from '../plugin/sign-up.ts';
import { errors } from './dialect.ts';
import { logOutRoute } from './log-out.ts';
import { ownSessionRoutes } from './own-sessions.ts';
import { presentSignedIn, presentUser, security, SignedInAnswer, User } from './present.ts';

const Email = Type.String({ minLength: 1, maxLength: 320, examples: ['user@example.com'] });
const Password = Type.String({ minLength: 1, maxLength: 256, examples: ['SecurePassword123!'] });

/** Log-in, sign-up, refresh, log-out and whoami: one scope that answers for the admin, calling and dashboard documents. */
export async function accountRoutes(scope: App, api: Api): Promise<void> {
  const { auth, limits } = api;
  const tags = ['Account'];
  scope.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });

  scope.post(
    '/auth/login',
    {
      onRequest: limits.perAddress('login', { max: 5, windowMs: MINUTE_MS }),
      schema: {
        tags,
        summary: 'Log in',
        description: 'By e-mail and password. Also sets the cookies `session`, `refresh_token` and `csrf_token`.',
        body: Type.Object({ email: Email, password: Password }),
        response: { 200: SignedInAnswer('Logged in'), ...errors(400, 401, 413, 415) },
      },
    },
    async (request, reply) => {
      const signedIn = await logIn(auth, request.body, clientOf(request));
      setSessionCookies(auth, reply, signedIn.login);
      return presentSignedIn('Login successful', signedIn);
    },
  );

  scope.post(
    '/auth/signup',
    {
      onRequest: limits.perAddress('signup', { max: 5, windowMs: MINUTE_MS }),
      attachValidation: true,
      schema: {
        tags,
        summary: 'Sign up',
        description:
          'Makes an account with its first user and logs them in. Passwords have 8 characters or more and are not among the most common.',
        body: NewAccount,
        response: { 201: SignedInAnswer('Signed up'), ...errors(400, 409, 413, 415) },
      },
    },
    async (request, reply) => {
      refuseBadSignUp(request);
      const signedIn = await signUp(auth, request.body, clientOf(request));
      setSessionCookies(auth, reply, signedIn.login);
      return reply.code(201).send(presentSignedIn('User registered successfully', signedIn));
    },
  );

  await scope.register(async (open: App) => {
    limited(open, limits.perAddress('account', { max: 100, windowMs: QUARTER_HOUR_MS }));
    open.post(
      '/auth/refresh',
      {
        schema: {
          tags,
          summary: 'Refresh',
          description:
            'A new access token. With `refreshToken` in the body that token stays good until the session ends. With the `refresh_token` cookie ' +
            'all cookies are renewed: each such token works once, and one that comes back ends the session. Only within ' +
            `${GRACE_SECONDS} seconds, for tabs that refresh together, it is answered with the same new cookies. A session whose cookies are used ` +
            'ends after 12 hours without use, and 7 days after the log-in at the latest. `x-csrf-token` is not asked for here.',
          body: Type.Optional(Type.Object({ refreshToken: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })) })),
          response: {
            200: Type.Object({ access: Type.String() }, { description: 'Refreshed' }),
            ...errors(400, 401, 403, 413, 415),
          },
        },
      },
      async (request, reply) => {
        const given = request.body?.refreshToken;
        if (given !== undefined) return { access: await renewAccess(auth, given) };
        const kept = request.cookies[REFRESH_COOKIE];
        if (kept === undefined) throw badField('refreshToken', 'is required');
        // no csrf_token is asked for: the cookie is SameSite=Strict, who forces a refresh cannot read its answer and breaks nothing by it,
        // and a page that lost its csrf_token gets one here
        refuseOtherSites(auth, request);
        const login = await rotateSession(auth, kept, { byCookie: true });
        setSessionCookies(auth, reply, login);
        return { access: login.access };
      },
    );
  });

  const limit = limits.perUser('account', { max: 100, windowMs: QUARTER_HOUR_MS });
  await scope.register(async (own: App) => logOutRoute(own, api, limit));
  await scope.register(async (guarded: App) => {
    guard(guarded, auth, bearerOrCookie, limit);

    ownSessionRoutes(guarded, api);

    guarded.get(
      '/me/whoami',
      {
        schema: {
          tags,
          summary: 'Who am I',
          description: 'The user behind the token or the session cookie.',
          security,
          response: { 200: Type.Object({ user: User }, { description: 'The user' }), ...errors(401) },
        },
      },
      async (request) => {
        const who = principalOf(request);
        return { user: presentUser({ ...who, id: who.userId }) };
      },
    );
  });
}

function clientOf(request: FastifyRequest) {
  return { ip: request.ip, userAgent: request.headers['user-agent'] };
}
