import { Type } from '@sinclair/typebox';
import { CALL_STATUSES } from '../../core/call.ts';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { listLiveCalls } from '../../db/query/live-calls.ts';
import { disposeOf, DISPOSITIONS } from '../../service/dispositions.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { readId, WrittenId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { dataPage, DataPage, errors, Told, told } from './dialect.ts';

const LiveCall = Type.Object({
  id: Type.Integer(),
  status: OneOf(CALL_STATUSES),
  agentId: Type.Integer(),
  agentName: Type.String(),
  agentKind: OneOf(['ai', 'human']),
  destination: Type.String(),
  direction: OneOf(['outbound', 'inbound']),
  campaignId: Nullable(Type.Integer()),
  leadId: Nullable(Type.Integer()),
  leadName: Nullable(Type.String()),
  since: Timestamp('In this state'),
  answeredAt: Nullable(Timestamp()),
  bridgedAt: Nullable(Timestamp(), 'When a person took it'),
});
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`12` or `call_12`' }) });

/** Calls as they happen: who talks, and what came of it. */
export function liveRoutes(scope: App, { runtime: rt }: Api): void {
  scope.get(
    '/calls/live',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags: ['Calls'],
        summary: 'Live calls',
        description: 'The calls in flight, the longest first: with whom, in which state and since when. For managers and administrators.',
        querystring: Type.Object({
          campaignId: Type.Optional(WrittenId('campaign')),
          ...PageQuery({ limit: 50, maximum: 200 }),
        }),
        response: { 200: DataPage(LiveCall, 'A page of live calls'), ...errors(400, 403) },
      },
    },
    async (request) => {
      const { campaignId, ...page } = request.query;
      const filter = { tenantId: principalOf(request).tenantId, campaignId: readId('campaign', campaignId, 'campaignId', 'query') };
      const { rows, total } = await listLiveCalls(rt.db.sql, filter, { limit: page.limit, offset: offsetWithin(page) });
      const live = rows.map(({ to, contactId, contactName, since, answeredAt, bridgedAt, ...call }) => ({
        ...call,
        destination: to,
        leadId: contactId,
        leadName: contactName,
        since: since.toISOString(),
        answeredAt: answeredAt?.toISOString() ?? null,
        bridgedAt: bridgedAt?.toISOString() ?? null,
      }));
      return dataPage(live, total, page);
    },
  );

  scope.post(
    '/calls/:id/disposition',
    {
      schema: {
        tags: ['Calls'],
        summary: 'Dispose of a call',
        description:
          'What the person who talked makes of it, also during the talk. It becomes the lead’s status; `do_not_call` puts the number on the ' +
          'do-not-call list; a `callback` with `callbackAt` lets the lead wait for that moment. One’s own calls; for managers and administrators any.',
        params: Params,
        body: Type.Object(
          {
            disposition: OneOf(DISPOSITIONS),
            note: Type.Optional(Type.String({ minLength: 1, maxLength: 5000 })),
            callbackAt: Type.Optional(Type.String({ maxLength: 40, examples: ['2025-11-14T10:00:00Z'] })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Told(
            Type.Object({ id: Type.Integer(), disposition: OneOf(DISPOSITIONS), updatedAt: Timestamp() }),
            'Kept with the call and its lead',
          ),
          ...errors(400, 403, 404, 409, 413, 415, 422),
        },
      },
    },
    async (request) => {
      const { disposition, note, callbackAt } = request.body;
      const id = parseId('call', request.params.id);
      const updatedAt = await disposeOf(rt, principalOf(request), id, { disposition, note, callbackAt });
      return told('Disposition saved successfully', { id: id ?? 0, disposition, updatedAt: updatedAt.toISOString() });
    },
  );
}
