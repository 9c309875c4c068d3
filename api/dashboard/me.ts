import { type Static, Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import { TENANT_ROLES } from '../../core/principal.ts';
import { billingOf } from '../../service/billing.ts';
import { openKeep } from '../../service/dashboard-cache.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { OneOf } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { answerKept } from './kept.ts';

const KEPT_MS = 15_000;

const Me = Type.Object(
  {
    user: Type.Object({
      id: Type.String({ examples: ['user_123'] }),
      email: Type.String(),
      name: Type.String(),
      role: OneOf(['user', 'admin'], { description: 'On the platform, as in `whoami`' }),
      tenant_role: OneOf(TENANT_ROLES, { description: 'In the account: what the dashboard is open to' }),
    }),
    billing: Type.Object({
      credit: Type.Number({ description: 'What may still be spent, from the ledger' }),
      used_credit: Type.Number({ description: 'What calls have cost so far' }),
      auto_refill: Type.Boolean({ description: 'Calls go on when the credit is used up' }),
    }),
  },
  { description: 'The user and the account’s credit' },
);

/** Who looks, and what the account may spend. */
export function meRoutes(scope: App, { runtime }: Api, now: () => number): void {
  const keep = openKeep<Static<typeof Me>>(KEPT_MS, now);

  scope.get(
    '/me',
    {
      schema: {
        tags: ['Profile'],
        summary: 'User profile with billing',
        description: 'The user behind the session with the credit of the account. Up to 15 seconds old.',
        response: { 200: Me, ...errors() },
      },
    },
    async (request, reply) => {
      const who = principalOf(request);
      const { userId, tenantId, email, name, role, platformRole } = who;
      const user = { id: formatId('user', userId), email, name, role: platformRole, tenant_role: role };
      // what the session says of the user is part of the question: it is never older than the session
      const load = async () => ({ user, billing: await billingOf(runtime, tenantId) });
      return answerKept(reply, keep(JSON.stringify([userId, tenantId, user]), load));
    },
  );
}
