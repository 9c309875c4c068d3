import { type Static, Type } from '@sinclair/typebox';
import { badField } from '../../core/errors.ts';
import { offsetWithin } from '../../core/page.ts';
import { parseInstant } from '../../core/time/parse.ts';
import { DELIVERY_STATUSES } from '../../core/webhook.ts';
import { countDeliveries, type Delivery, type DeliveryFilter, listDeliveries } from '../../db/query/webhook-deliveries.ts';
import { openListTotals } from '../../service/list-totals.ts';
import { replayAllDead, replayOne } from '../../service/webhook-replay.ts';
import { endpointOf } from '../../service/webhooks.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { dataPage, DataPage, errors, Told, told } from './dialect.ts';

const Row = Type.Object({
  id: Type.Integer(),
  webhookId: Type.Integer(),
  eventId: Type.String({ description: 'The `webhook-id` of the request, the same in every attempt' }),
  eventType: Type.String({ examples: ['call.ended'] }),
  payload: Type.Object({}, { additionalProperties: true, description: 'The body that is sent' }),
  status: OneOf(DELIVERY_STATUSES, { description: '`dead`: given up; only a replay sends it again' }),
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(Timestamp(), 'null: none is planned'),
  lastAttemptAt: Nullable(Timestamp()),
  lastStatusCode: Nullable(Type.Integer(), 'null: no answer came'),
  lastError: Nullable(Type.String()),
  createdAt: Timestamp(),
  deliveredAt: Nullable(Timestamp()),
});

const WebhookId = Type.Object({ id: Type.String({ maxLength: 40, description: '`12` or `webhook_12`' }) });
const DeliveryId = Type.Object({ id: Type.String({ maxLength: 40, description: '`34` or `delivery_34`' }) });

/** The log of what was sent, or will be, and sending it again. */
export function deliveryRoutes(scope: App, { runtime }: Api): void {
  const tags = ['Webhooks'];
  const totalOf = openListTotals<DeliveryFilter>((filter, most) => countDeliveries(runtime.db.sql, filter, most));

  scope.get(
    '/webhooks/:id/deliveries',
    {
      schema: {
        tags,
        summary: 'List deliveries',
        description: 'What was sent to a webhook, or will be, newest first. Kept for 30 days.',
        params: WebhookId,
        querystring: Type.Object({
          status: Type.Optional(OneOf(DELIVERY_STATUSES)),
          ...PageQuery({ limit: 20, maximum: 100 }),
        }),
        response: { 200: DataPage(Row, 'A page of deliveries'), ...errors(400, 403, 404) },
      },
    },
    async (request) => {
      const { page, limit, status } = request.query;
      const who = principalOf(request);
      const offset = offsetWithin({ page, limit });
      const { id: endpointId } = await endpointOf(runtime, who, request.params.id);
      const filter = { tenantId: who.tenantId, endpointId, status };
      const rows = await listDeliveries(runtime.db.sql, filter, { limit, offset });
      const total = await totalOf(filter, { rows: rows.length, limit, offset });
      return dataPage(rows.map(presentDelivery), total, { page, limit });
    },
  );

  scope.post(
    '/webhooks/deliveries/:id/replay',
    {
      schema: {
        tags,
        summary: 'Replay delivery',
        description: 'Sends it again, at once and under the same `webhook-id`, whether it was delivered, given up or waits.',
        params: DeliveryId,
        response: { 202: Told(Row, 'On its way'), ...errors(400, 403, 404) },
      },
    },
    async (request, reply) => {
      const delivery = await replayOne(runtime, principalOf(request), request.params.id);
      return reply.code(202).send(told('Delivery is on its way', presentDelivery(delivery)));
    },
  );

  scope.post(
    '/webhooks/:id/replay',
    {
      schema: {
        tags,
        summary: 'Replay dead deliveries',
        description: 'Sends everything again that was given up, for example after the receiver was away for days.',
        params: WebhookId,
        querystring: Type.Object({
          since: Type.Optional(
            Type.String({ maxLength: 40, description: 'Only events since then, ISO 8601', examples: ['2025-11-13T09:30:00Z'] }),
          ),
        }),
        response: { 202: Told(Type.Object({ replayed: Type.Integer() }), 'On their way'), ...errors(400, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const { since } = request.query;
      const from = since === undefined ? undefined : parseInstant(since);
      if (since !== undefined && !from) throw badField('since', 'must be a time from 1970 to 9999 such as 2025-11-13T09:30:00Z', 'query');
      const replayed = await replayAllDead(runtime, principalOf(request), request.params.id, from);
      return reply.code(202).send(told('Deliveries are on their way', { replayed }));
    },
  );
}

function presentDelivery(row: Delivery): Static<typeof Row> {
  return {
    id: row.id,
    webhookId: row.endpointId,
    eventId: row.eventId,
    eventType: row.eventType,
    payload: row.payload,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    lastAttemptAt: row.lastAttemptAt?.toISOString() ?? null,
    lastStatusCode: row.lastStatusCode,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}
