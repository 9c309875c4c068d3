import { Type } from '@sinclair/typebox';
import { MAX_TAG_LENGTH, MAX_TAGS } from '../../core/contact/tags.ts';
import { formatId } from '../../core/id.ts';
import { type AdminPhone, countAllPhones, listAllPhones, type PhoneFilter } from '../../db/query/admin-phones.ts';
import { setPhoneAgent, setPhoneTags } from '../../service/admin-phones.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { ItemPage, PageQuery, readItemPage } from './page.ts';

const Phone = Type.Object({
  id: Type.String({ examples: ['phone_12'] }),
  number: Type.String({ description: 'E.164' }),
  tags: Type.Array(Type.String()),
  agentId: Nullable(Type.String(), 'null: nobody answers it'),
  meta: Type.Object(
    {
      createdAt: Timestamp(),
      updatedAt: Timestamp(),
      tenantId: Type.String({ description: 'The account that has it' }),
      isActive: Type.Boolean(),
      carrier: Nullable(Type.String(), 'Who the number is from; null: nobody has said'),
    },
    { additionalProperties: true, description: 'And whatever the phone company or the import says of it' },
  ),
  createdAt: Timestamp(),
  updatedAt: Timestamp(),
});

const Params = Type.Object({
  phone: Type.String({
    minLength: 1,
    maxLength: 20,
    description: 'The number, its plus sign encoded or not, or its id',
    examples: ['+14155550100'],
  }),
});

const AgentId = Type.Union([Type.String({ minLength: 1, maxLength: 50, examples: ['agent_123'] }), Type.Null()], {
  description: 'null: nobody answers it',
});

/** What the phone company answered, beside the fields that are always there. */
const Out = <P extends Parameters<typeof Type.Object>[0]>(fields: P) =>
  Type.Object({ success: Type.Boolean(), ...fields }, { additionalProperties: true, description: 'What the phone company answered' });

/** Numbers of all tenants: find them, give them to agents, tag them. */
export function phoneRoutes(scope: App, { runtime }: Api): void {
  const tags = ['Phone Management'];
  const security = [{ bearer: [] }];
  const { sql } = runtime.db;
  const totalOf = openListTotals<PhoneFilter>((filter, most) => countAllPhones(sql, filter, most));

  scope.get(
    '/admin/phones',
    {
      schema: {
        tags,
        security,
        summary: 'List phones',
        description: 'The numbers of all accounts, newest first. `search` is a part of the number, of a tag or of the agent’s name.',
        querystring: Type.Object({
          ...PageQuery,
          search: Type.Optional(Type.String({ maxLength: 100, description: 'Search term', examples: ['+91'] })),
        }),
        response: { 200: ItemPage(Phone, 'A page of numbers'), ...errors(400, 401, 403) },
      },
    },
    async ({ query: { search, ...page } }) => {
      // a plus sign in a query reads as a space
      const filter = { search: search?.replace(/^ (?=\d)/, '+').trim() || undefined };
      return readItemPage(page, {
        read: (stretch) => listAllPhones(sql, filter, stretch),
        total: (read) => totalOf(filter, read),
        present: presentPhone,
      });
    },
  );

  scope.post(
    '/admin/phones/:phone/set_agent',
    {
      config: { repeatable: true },
      schema: {
        tags,
        security,
        summary: 'Set phone agent',
        description:
          'Gives a number to an agent of the account that has it; a number of the administrator’s own account goes over to the agent’s. ' +
          'With `null` nobody answers it any more. An agent that stands for one of the phone company is set there first. ' +
          'With `CARRIER=exotel` this is what makes it Exotel’s number of that account (`meta.carrier`): calls to it go to the agent, ' +
          'also where another account entered the same number before.',
        params: Params,
        body: Type.Object({ agentId: AgentId }),
        response: {
          200: Type.Object(
            { phone: Type.String(), agentId: Nullable(Type.String()), out: Out({ agentId: Nullable(Type.String()) }) },
            { description: 'The agent is set' },
          ),
          ...errors(400, 401, 403, 404, 409, 413, 415, 502),
        },
      },
    },
    async (request) => {
      const { number, agentId, out } = await setPhoneAgent(runtime, principalOf(request), request.params.phone, request.body.agentId);
      const name = agentId === null ? null : formatId('agent', agentId);
      return { phone: number, agentId: name, out: out as { success: boolean; agentId: string | null } };
    },
  );

  scope.patch(
    '/admin/phones/:phone/tags',
    {
      schema: {
        tags,
        security,
        summary: 'Update phone tags',
        description: 'Replaces the tags of a number, at the phone company first where the number is there.',
        params: Params,
        body: Type.Object({
          tags: Type.Array(Type.String({ minLength: 1, maxLength: MAX_TAG_LENGTH }), { maxItems: MAX_TAGS, examples: [['vip', 'beta']] }),
        }),
        response: {
          200: Type.Object(
            { phone: Type.String(), tags: Type.Array(Type.String()), out: Out({ tags: Type.Array(Type.String()) }) },
            { description: 'The tags are set' },
          ),
          ...errors(400, 401, 403, 404, 409, 413, 415, 502),
        },
      },
    },
    async (request) => {
      const { number, tags: kept, out } = await setPhoneTags(runtime, principalOf(request), request.params.phone, request.body.tags);
      return { phone: number, tags: kept, out: out as { success: boolean; tags: string[] } };
    },
  );
}

function presentPhone({ id, tenantId, number, tags, agentId, isActive, carrier, meta, createdAt, updatedAt }: AdminPhone) {
  const dates = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return {
    id: formatId('phone', id),
    number,
    tags,
    agentId: agentId === null ? null : formatId('agent', agentId),
    meta: { ...meta, tenantId: formatId('tenant', tenantId), isActive, carrier, ...dates },
    ...dates,
  };
}
