import { Type } from '@sinclair/typebox';
import { offsetOf } from '../../core/page.ts';
import { listPhones } from '../../db/query/phones.ts';
import { changePhone, registerPhone } from '../../service/phones.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { PageQuery } from '../plugin/schema.ts';
import { BODY_ERRORS, Data, data, errors, Told, told } from './dialect.ts';
import { ListedPhone, Phone, presentListedPhone, presentPhone } from './present.ts';

const AgentId = Type.String({ minLength: 1, maxLength: 40, description: '`agent_123` or `123`' });

/** The tenant's own numbers. */
export function phoneRoutes(scope: App, rt: Runtime): void {
  const tags = ['Phone Numbers'];

  scope.post(
    '/phones',
    {
      schema: {
        tags,
        summary: 'Register phone number',
        description: 'A number in E.164 form, and the agent that answers it and calls from it.',
        body: Type.Object({ phoneNumber: Type.String({ maxLength: 40, examples: ['+919876543210'] }), agentId: Type.Optional(AgentId) }),
        response: { 201: Told(Phone, 'Registered'), ...errors(409, ...BODY_ERRORS) },
      },
    },
    async (request, reply) => {
      const row = await registerPhone(rt, principalOf(request), request.body);
      return reply.code(201).send(told('Phone number registered successfully', presentPhone(row)));
    },
  );

  scope.get(
    '/phones',
    {
      constraints: { surface: 'bearer' },
      schema: {
        tags,
        summary: 'List phone numbers',
        description: 'Newest first; `page` and `limit` are there for accounts with more than a thousand.',
        querystring: Type.Object({
          ...PageQuery({ limit: 1000, maximum: 1000 }),
          page: Type.Integer({ minimum: 1, maximum: 100, default: 1 }),
        }),
        response: { 200: Data(Type.Array(ListedPhone), 'The numbers'), ...errors(400) },
      },
    },
    async (request) => {
      const { limit } = request.query;
      const rows = await listPhones(rt.db.sql, principalOf(request).tenantId, { limit, offset: offsetOf(request.query) });
      return data(rows.map(presentListedPhone));
    },
  );

  scope.put(
    '/phones/:id',
    {
      schema: {
        tags,
        summary: 'Update phone number',
        description: 'Changes its agent (null: none) or switches it on or off.',
        params: Type.Object({ id: Type.String({ maxLength: 40, description: '`phone_123` or `123`' }) }),
        body: Type.Object({ agentId: Type.Optional(Type.Union([AgentId, Type.Null()])), isActive: Type.Optional(Type.Boolean()) }),
        response: { 200: Told(Phone, 'Updated'), ...errors(404, ...BODY_ERRORS) },
      },
    },
    async (request) => {
      const row = await changePhone(rt, principalOf(request), request.params.id, request.body);
      return told('Phone number updated successfully', presentPhone(row));
    },
  );
}
