import { Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import { rangeOf } from '../../core/time/range.ts';
import { countLog, listLog, type LogFilter, LOGGED, type LoggedCall } from '../../db/query/admin-calls.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { Nullable, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { ItemPage, PageQuery, readItemPage } from './page.ts';

const CallLog = Type.Object({
  id: Type.String({ examples: ['call_12'] }),
  from: Nullable(Type.String(), 'E.164; null: a record of a call made elsewhere does not say'),
  to: Type.String({ description: 'E.164' }),
  startedAt: Timestamp('When it was dialed'),
  endedAt: Nullable(Timestamp(), 'null: it is under way'),
  durationSec: Nullable(Type.Integer(), 'Of the talk; 0: nobody answered; null: it is under way'),
  status: Type.String({ examples: LOGGED }),
  meta: Type.Object({
    agentId: Type.String(),
    campaignId: Nullable(Type.String(), 'null: it is no campaign’s'),
    tenantId: Type.String({ description: 'Whose call it is' }),
    direction: Type.String(),
    failureReason: Nullable(Type.String(), 'null: it did not fail'),
  }),
  createdAt: Timestamp('When it was asked for'),
  updatedAt: Timestamp(),
});

const Instant = Type.String({ maxLength: 40, description: 'ISO 8601', examples: ['2025-09-01T00:00:00Z'] });

/** The calls of all tenants. */
export function callLogRoutes(scope: App, { runtime }: Api): void {
  const { sql } = runtime.db;
  const totalOf = openListTotals<LogFilter>((filter, most) => countLog(sql, filter, most));

  scope.get(
    '/admin/call_logs',
    {
      schema: {
        tags: ['Call & Session Management'],
        security: [{ bearer: [] }],
        summary: 'List call logs',
        description:
          'Every call of all accounts that was dialed, newest first. Dates bound `startedAt`, both inclusive: UTC where they have no offset, a day ' +
          'without a time all of that day. A `status` that no dialed call has finds nothing.',
        querystring: Type.Object({
          ...PageQuery,
          from: Type.Optional(Instant),
          to: Type.Optional(Instant),
          status: Type.Optional(Type.String({ maxLength: 20, description: 'Call status', examples: ['completed'] })),
        }),
        response: { 200: ItemPage(CallLog, 'A page of calls'), ...errors(400, 401, 403) },
      },
    },
    async ({ query: { from, to, status, ...page } }) => {
      const range = rangeOf(['from', 'to'], [from || undefined, to || undefined], 'UTC');
      const wanted = LOGGED.find((word) => word === status?.trim().toLowerCase().replaceAll('-', '_'));
      const isNone = Boolean(status) && wanted === undefined;
      const filter = { status: wanted, ...range };
      return readItemPage(page, {
        read: async (stretch) => (isNone ? [] : listLog(sql, filter, stretch)),
        total: async (read) => (isNone ? 0 : totalOf(filter, read)),
        present: presentCallLog,
      });
    },
  );
}

function presentCallLog(call: LoggedCall) {
  return {
    id: formatId('call', call.id),
    from: call.from,
    to: call.to,
    startedAt: call.startedAt.toISOString(),
    endedAt: call.endedAt?.toISOString() ?? null,
    durationSec: call.durationSeconds ?? (call.endedAt ? 0 : null),
    status: call.status,
    meta: {
      agentId: formatId('agent', call.agentId),
      campaignId: call.campaignId === null ? null : formatId('campaign', call.campaignId),
      tenantId: formatId('tenant', call.tenantId),
      direction: call.direction,
      failureReason: call.failureReason,
    },
    createdAt: call.createdAt.toISOString(),
    updatedAt: call.updatedAt.toISOString(),
  };
}
