import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { badFields } from '../../core/errors.ts';
import { formatId } from '../../core/id.ts';
import { nameOfEmail } from '../../core/person-name.ts';
import { logIn, type SignedIn, signUp, signUpFaults } from '../../service/accounts.ts';
import { type Auth, HOUR_SECONDS, type Login, logOut, LONG_SESSION_SECONDS, rotateSession } from '../../service/sessions.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { MINUTE_MS } from '../plugin/limits.ts';
import { Data, data, Done, done, errors } from './dialect.ts';

const GUESSES = { max: 5, windowMs: MINUTE_MS };
const BAD_BODY = [400, 413, 415, 422] as const;
const tags = ['Authentication'];

const tokens = {
  accessToken: Type.String({ description: 'For `Authorization: Bearer`; lives an hour' }),
  refreshToken: Type.String({ description: 'Good for one `POST /auth/refresh`, within 30 days of the log-in' }),
  expiresIn: Type.Integer({ description: 'Seconds the access token lives', examples: [HOUR_SECONDS] }),
};
const Tokens = Type.Object(tokens);
const SignedInUser = Type.Object({
  ...tokens,
  user: Type.Object({ id: Type.String({ examples: ['user_123'] }), email: Type.String(), role: Type.String() }),
});
const Credentials = {
  email: Type.String({ minLength: 1, maxLength: 320, examples: ['your@email.com'] }),
  password: Type.String({ minLength: 1, maxLength: 256, examples: ['secure_password'] }),
};

/** Log-in, sign-up and refresh, for who is not known yet. */
export function authRoutes(scope: App, { auth, limits }: Api): void {
  scope.post(
    '/auth/login',
    {
      onRequest: limits.perAddress('login', GUESSES),
      schema: {
        tags,
        summary: 'Log in',
        description: 'By e-mail and password.',
        body: Type.Object(Credentials),
        response: { 200: Data(SignedInUser, 'Logged in'), ...errors(...BAD_BODY) },
      },
    },
    async (request) => {
      const signedIn = await logIn(auth, request.body, clientOf(request), LONG_SESSION_SECONDS);
      return data(presentSignedIn(auth, signedIn));
    },
  );

  scope.post(
    '/auth/refresh',
    {
      schema: {
        tags,
        summary: 'Refresh',
        description:
          'New tokens for a refresh token. Each refresh token works once: one that comes back was copied by somebody, and ends the whole session.',
        body: Type.Object({ refreshToken: Type.String({ minLength: 1, maxLength: 512 }) }),
        response: { 200: Data(Tokens, 'Refreshed'), ...errors(...BAD_BODY) },
      },
    },
    async (request) => data(presentTokens(auth, await rotateSession(auth, request.body.refreshToken))),
  );

  scope.post(
    '/auth/register',
    {
      onRequest: limits.perAddress('register', GUESSES),
      schema: {
        tags,
        summary: 'Register',
        description:
          'Makes an account with its first user, its owner. Passwords have 8 characters or more and are not among the most common. ' +
          'Without a name the user is called what their e-mail reads.',
        body: Type.Object({ ...Credentials, name: Type.Optional(Type.String({ maxLength: 200, examples: ['Jane Doe'] })) }),
        response: { 201: Data(SignedInUser, 'Registered'), ...errors(409, ...BAD_BODY) },
      },
    },
    async (request, reply) => {
      const { email, password, name } = request.body;
      const account = { email, password, name: name?.trim() || nameOfEmail(email) };
      const faults = signUpFaults(account);
      if (faults.length > 0) throw badFields(faults);
      const signedIn = await signUp(auth, account, clientOf(request), LONG_SESSION_SECONDS);
      return reply.code(201).send(data(presentSignedIn(auth, signedIn)));
    },
  );
}

/** Log-out, for who is known. */
export function logOutRoute(scope: App, { auth }: Api): void {
  scope.post(
    '/auth/logout',
    {
      schema: {
        tags,
        summary: 'Log out',
        description: 'Ends the session at once: its access and refresh tokens stop working.',
        security: [{ bearer: [] }],
        response: { 200: Done('Logged out'), ...errors() },
      },
    },
    async (request) => {
      await logOut(auth, principalOf(request).sessionId);
      return done('Logged out successfully');
    },
  );
}

function presentSignedIn(auth: Auth, { user, login }: SignedIn) {
  return { ...presentTokens(auth, login), user: { id: formatId('user', user.id), email: user.email, role: user.role } };
}

/** The hour is this document's; other surfaces' tokens live as long as theirs say. */
function presentTokens({ tokens }: Auth, login: Login) {
  const accessToken = tokens.signAccess(tokens.verifyAccess(login.access), HOUR_SECONDS);
  return { accessToken, refreshToken: login.refresh, expiresIn: HOUR_SECONDS };
}

function clientOf(request: FastifyRequest) {
  return { ip: request.ip, userAgent: request.headers['user-agent'] };
}
