import { Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import { signUp } from '../../service/accounts.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { MINUTE_MS } from '../plugin/limits.ts';
import { NewAccount, refuseBadSignUp } from '../plugin/sign-up.ts';
import { BODY_ERRORS, errors, Told, told } from './dialect.ts';

const User = Type.Object({ _id: Type.String({ examples: ['user_123'] }), email: Type.String(), name: Type.String() });

/** Sign-up as the calling document has it; log-in is one of the shared account routes. */
export function registerRoute(scope: App, { auth, limits }: Api): void {
  scope.post(
    '/auth/register',
    {
      onRequest: limits.perAddress('register', { max: 5, windowMs: MINUTE_MS }),
      attachValidation: true,
      schema: {
        tags: ['Authentication'],
        summary: 'Register user',
        description: 'Makes an account with its first user. Passwords have 8 characters or more and are not among the most common.',
        body: NewAccount,
        response: { 201: Told(Type.Object({ user: User, token: Type.String() }), 'Registered'), ...errors(409, ...BODY_ERRORS) },
      },
    },
    async (request, reply) => {
      refuseBadSignUp(request);
      const { user, login } = await signUp(auth, request.body, { ip: request.ip, userAgent: request.headers['user-agent'] });
      const answer = { user: { _id: formatId('user', user.id), email: user.email, name: user.name }, token: login.longAccess };
      return reply.code(201).send(told('User registered successfully', answer));
    },
  );
}
