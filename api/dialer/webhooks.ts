import { type Static, Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { EVENT_TYPES } from '../../core/webhook.ts';
import { countEndpoints, type Endpoint, listEndpoints } from '../../db/query/webhooks.ts';
import { changeEndpoint, createEndpoint, endpointOf, removeEndpoint, rotateSecret, tryEndpoint } from '../../service/webhooks.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { Data, data, dataPage, DataPage, Done, done, errors, Told, told } from './dialect.ts';
import { deliveryRoutes } from './webhook-deliveries.ts';

export const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`12` or `webhook_12`' }) });

const Event = OneOf(EVENT_TYPES);
const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'https, on a public address',
  examples: ['https://hooks.example.com/dialfleet'],
});
const Events = Type.Array(Event, { minItems: 1, maxItems: EVENT_TYPES.length });
const Description = Type.Union([Type.String({ maxLength: 500 }), Type.Null()]);
const Secret = Type.String({
  description: 'Signs what is sent (Standard Webhooks). Shown this once',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
});

const Webhook = Type.Object({
  id: Type.Integer(),
  url: Type.String(),
  description: Nullable(Type.String()),
  events: Type.Array(Event),
  isActive: Type.Boolean(),
  failingSince: Nullable(Timestamp(), 'Since when every attempt has failed; null: the last one arrived'),
  disabledAt: Nullable(Timestamp(), 'When it was switched off because of its answers'),
  disabledReason: Nullable(Type.String()),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
});
const CreatedWebhook = Type.Composite([Webhook, Type.Object({ secret: Secret })]);

/** Outgoing webhooks: where a tenant wants to be told what happens (docs/webhooks.md). For managers and higher. */
export function webhookRoutes(parent: App, api: Api): void {
  parent.register(async (scope: App) => {
    scope.addHook('preValidation', atLeast('manager'));
    endpointRoutes(scope, api);
    secretRoutes(scope, api);
    deliveryRoutes(scope, api);
  });
}

function endpointRoutes(scope: App, { runtime }: Api): void {
  const tags = ['Webhooks'];

  scope.get(
    '/webhooks',
    {
      schema: {
        tags,
        summary: 'List webhooks',
        description: 'Newest first; their secrets are never shown again.',
        querystring: Type.Object(PageQuery({ limit: 20, maximum: 100 })),
        response: { 200: DataPage(Webhook, 'A page of webhooks'), ...errors(400, 403) },
      },
    },
    async (request) => {
      const { tenantId } = principalOf(request);
      const offset = offsetWithin(request.query);
      const rows = await listEndpoints(runtime.db.sql, tenantId, { limit: request.query.limit, offset });
      const total = await countEndpoints(runtime.db.sql, tenantId);
      return dataPage(rows.map(presentWebhook), total, request.query);
    },
  );

  scope.post(
    '/webhooks',
    {
      schema: {
        tags,
        summary: 'Create webhook',
        description: 'What happens from now on is posted there, signed with the secret that only this answer shows.',
        body: Type.Object(
          { url: Url, events: Events, description: Type.Optional(Description), isActive: Type.Optional(Type.Boolean({ default: true })) },
          { additionalProperties: false },
        ),
        response: { 201: Told(CreatedWebhook, 'Created'), ...errors(400, 403, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { url, events, description = null, isActive = true } = request.body;
      const { endpoint, secret } = await createEndpoint(runtime, principalOf(request), { url, events, description, isActive });
      return reply.code(201).send(told('Webhook created successfully', { ...presentWebhook(endpoint), secret }));
    },
  );

  scope.get(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Get webhook',
        description: 'One webhook, and how it does.',
        params: Params,
        response: { 200: Data(Webhook, 'The webhook'), ...errors(400, 403, 404) },
      },
    },
    async (request) => data(presentWebhook(await endpointOf(runtime, principalOf(request), request.params.id))),
  );

  scope.put(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Update webhook',
        description: 'Fields that are left out stay. Switched on again, it forgets its failures; what waits for it is sent.',
        params: Params,
        body: Type.Object(
          {
            url: Type.Optional(Url),
            events: Type.Optional(Events),
            description: Type.Optional(Description),
            isActive: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 200: Told(Webhook, 'Updated'), ...errors(400, 403, 404, 413, 415, 422) },
      },
    },
    async (request) => {
      const endpoint = await changeEndpoint(runtime, principalOf(request), request.params.id, request.body);
      return told('Webhook updated successfully', presentWebhook(endpoint));
    },
  );

  scope.delete(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Delete webhook',
        description: 'With its log, and what was still to be delivered there.',
        params: Params,
        response: { 200: Done('Deleted'), ...errors(400, 403, 404) },
      },
    },
    async (request) => {
      await removeEndpoint(runtime, principalOf(request), request.params.id);
      return done('Webhook deleted successfully');
    },
  );
}

function secretRoutes(scope: App, { runtime }: Api): void {
  const tags = ['Webhooks'];

  scope.post(
    '/webhooks/:id/rotate-secret',
    {
      schema: {
        tags,
        summary: 'Rotate secret',
        description:
          'A new secret, shown this once. For 24 hours everything is signed with both, so that no delivery is refused meanwhile.',
        params: Params,
        response: {
          200: Told(Type.Object({ id: Type.Integer(), secret: Secret, oldSecretValidUntil: Nullable(Timestamp()) }), 'The new secret'),
          ...errors(400, 403, 404),
        },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { id } = await endpointOf(runtime, who, request.params.id);
      const { secret, oldUntil } = await rotateSecret(runtime, who, formatId('webhook', id));
      return told('Secret rotated successfully', { id, secret, oldSecretValidUntil: oldUntil?.toISOString() ?? null });
    },
  );

  scope.post(
    '/webhooks/:id/test',
    {
      schema: {
        tags,
        summary: 'Send test event',
        description: 'Sends `webhook.test`, whatever it listens to; its deliveries tell how that went.',
        params: Params,
        response: { 202: Told(Type.Object({ deliveryId: Type.Integer() }), 'On its way'), ...errors(400, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const deliveryId = await tryEndpoint(runtime, principalOf(request), request.params.id);
      return reply.code(202).send(told('Test event is on its way', { deliveryId }));
    },
  );
}

function presentWebhook(row: Endpoint): Static<typeof Webhook> {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    isActive: row.isActive,
    failingSince: row.failingSince?.toISOString() ?? null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    disabledReason: row.disabledReason,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
