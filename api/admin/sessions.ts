import { Type } from '@sinclair/typebox';
import { formatId, parseId } from '../../core/id.ts';
import { toE164 } from '../../core/phone.ts';
import { countTalks, listTalks, type LoggedCall, type TalkFilter } from '../../db/query/admin-calls.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { Nullable, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { ItemPage, PageQuery, readItemPage } from './page.ts';

const Session = Type.Object({
  id: Type.String({ examples: ['session_12'], description: 'Of the call with the same number' }),
  userPhone: Nullable(Type.String(), 'Of the person talked to, E.164; null: it is not known'),
  agentId: Type.String(),
  startedAt: Timestamp('When it was answered'),
  endedAt: Nullable(Timestamp(), 'null: they talk'),
  meta: Type.Object({
    campaignId: Nullable(Type.String(), 'null: it is no campaign’s'),
    duration: Nullable(Type.Integer(), 'Seconds; null: they talk'),
    callId: Type.String(),
    tenantId: Type.String({ description: 'Whose call it is' }),
    direction: Type.String(),
  }),
  createdAt: Timestamp('When the call was asked for'),
  updatedAt: Timestamp(),
});

/** The talks of all tenants: a session is a call that somebody answered and was connected. */
export function sessionRoutes(scope: App, { runtime }: Api): void {
  const { sql } = runtime.db;
  const totalOf = openListTotals<TalkFilter>((filter, most) => countTalks(sql, filter, most));

  scope.get(
    '/admin/sessions',
    {
      schema: {
        tags: ['Call & Session Management'],
        security: [{ bearer: [] }],
        summary: 'List sessions',
        description:
          'Every talk of all accounts, the one dialed last first. `phone` is the whole number of the person talked to; what names no number, or no ' +
          'agent, finds nothing.',
        querystring: Type.Object({
          ...PageQuery,
          phone: Type.Optional(Type.String({ maxLength: 20, examples: ['+14155550100'] })),
          agentId: Type.Optional(Type.String({ maxLength: 50, examples: ['agent_123'] })),
        }),
        response: { 200: ItemPage(Session, 'A page of talks'), ...errors(400, 401, 403) },
      },
    },
    async ({ query: { phone, agentId, ...page } }) => {
      // a plus sign in a query reads as a space
      const filter = {
        phone: phone ? toE164(phone.trim().replace(/^\+?(?=\d)/, '+')) : undefined,
        agentId: agentId ? parseId('agent', agentId) : undefined,
      };
      const isNone = (Boolean(phone) && filter.phone === undefined) || (Boolean(agentId) && filter.agentId === undefined);
      return readItemPage(page, {
        read: async (stretch) => (isNone ? [] : listTalks(sql, filter, stretch)),
        total: async (read) => (isNone ? 0 : totalOf(filter, read)),
        present: presentSession,
      });
    },
  );
}

function presentSession(call: LoggedCall) {
  return {
    id: formatId('session', call.id),
    userPhone: call.direction === 'inbound' ? call.from : call.to,
    agentId: formatId('agent', call.agentId),
    startedAt: (call.answeredAt ?? call.startedAt).toISOString(),
    endedAt: call.endedAt?.toISOString() ?? null,
    meta: {
      campaignId: call.campaignId === null ? null : formatId('campaign', call.campaignId),
      duration: call.durationSeconds,
      callId: formatId('call', call.id),
      tenantId: formatId('tenant', call.tenantId),
      direction: call.direction,
    },
    createdAt: call.createdAt.toISOString(),
    updatedAt: call.updatedAt.toISOString(),
  };
}
