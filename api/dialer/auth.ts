import { type Static, Type } from '@sinclair/typebox';
import type { TenantRole } from '../../core/principal.ts';
import { logIn } from '../../service/accounts.ts';
import { logOut, LONG_SESSION_SECONDS, renewAccessFor, SESSION_SECONDS } from '../../service/sessions.ts';
import { createUser, GIVEN_ROLES } from '../../service/users.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { MINUTE_MS } from '../plugin/limits.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf } from '../plugin/schema.ts';
import { NewAccount, refuseBadSignUp } from '../plugin/sign-up.ts';
import { Data, data, Done, done, errors, Told, told } from './dialect.ts';

const tags = ['Authentication'];
const DAY_SECONDS = 24 * 60 * 60;
/** Contract: "expiresIn": "7d". */
const TOKEN_SECONDS = SESSION_SECONDS;

const User = Type.Object({
  id: Type.Integer(),
  email: Type.String(),
  role: OneOf(GIVEN_ROLES, { description: 'An owner reads admin' }),
  name: Type.String(),
});
const ExpiresIn = Type.String({ description: 'Days, below a day seconds', examples: ['7d'] });

/** Log-in and refresh. */
export function openAuthRoutes(scope: App, { auth, limits }: Api): void {
  scope.post(
    '/auth/login',
    {
      onRequest: limits.perAddress('dialer login', { max: 5, windowMs: MINUTE_MS }),
      schema: {
        tags,
        summary: 'Log in',
        description:
          'By e-mail and password. The token is good for seven days, the refresh token for new ones until 30 days after the log-in; ' +
          'both end with the log-out. Five tries a minute and address.',
        body: Type.Object({
          email: Type.String({ minLength: 1, maxLength: 320, examples: ['agent@example.com'] }),
          password: Type.String({ minLength: 1, maxLength: 256, examples: ['securePassword123'] }),
        }),
        response: {
          200: Data(Type.Object({ user: User, token: Type.String(), refreshToken: Type.String(), expiresIn: ExpiresIn }), 'Logged in'),
          ...errors(400, 413, 415, 422),
        },
      },
    },
    async (request) => {
      const client = { ip: request.ip, userAgent: request.headers['user-agent'] };
      const { user, login } = await logIn(auth, request.body, client, LONG_SESSION_SECONDS);
      const claims = { sessionId: login.sessionId, userId: user.id, tenantId: user.tenantId };
      const token = auth.tokens.signAccess(claims, TOKEN_SECONDS);
      return data({ user: presentUser(user), token, refreshToken: login.refresh, expiresIn: inWords(TOKEN_SECONDS) });
    },
  );

  scope.post(
    '/auth/refresh',
    {
      schema: {
        tags,
        summary: 'Refresh token',
        description: 'A new token for the refresh token of the log-in, which stays good until the session ends.',
        body: Type.Object({ refreshToken: Type.String({ minLength: 1, maxLength: 2048 }) }),
        response: { 200: Data(Type.Object({ token: Type.String(), expiresIn: ExpiresIn }), 'Refreshed'), ...errors(400, 413, 415, 422) },
      },
    },
    async (request) => {
      const { access, livesSeconds } = await renewAccessFor(auth, request.body.refreshToken, TOKEN_SECONDS);
      return data({ token: access, expiresIn: inWords(livesSeconds) });
    },
  );
}

/** Registration by administrators, and log-out. */
export function ownAuthRoutes(scope: App, { auth }: Api): void {
  scope.post(
    '/auth/register',
    {
      preValidation: atLeast('admin'),
      attachValidation: true,
      schema: {
        tags,
        summary: 'Register user',
        description:
          'Adds a person to the account; for administrators. Passwords have 8 characters or more and are not among the most common.',
        body: Type.Composite([NewAccount, Type.Object({ role: OneOf(GIVEN_ROLES) })]),
        response: { 201: Told(Type.Object({ user: User }), 'Registered'), ...errors(400, 403, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      refuseBadSignUp(request);
      const user = await createUser(auth, principalOf(request), request.body);
      return reply.code(201).send(told('User created successfully', { user: presentUser(user) }));
    },
  );

  scope.post(
    '/auth/logout',
    {
      schema: {
        tags,
        summary: 'Log out',
        description: 'Ends the session at once: its token and its refresh token stop working.',
        response: { 200: Done('Logged out'), ...errors() },
      },
    },
    async (request) => {
      await logOut(auth, principalOf(request).sessionId);
      return done('Logged out successfully');
    },
  );
}

function presentUser({ id, email, role, name }: { id: number; email: string; role: TenantRole; name: string }): Static<typeof User> {
  return { id, email, role: role === 'owner' ? 'admin' : role, name };
}

function inWords(seconds: number): string {
  return seconds >= DAY_SECONDS ? `${Math.floor(seconds / DAY_SECONDS)}d` : `${seconds}s`;
}
