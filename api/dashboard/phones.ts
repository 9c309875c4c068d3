import { type Static, Type } from '@sinclair/typebox';
import { formatId } from '../../core/id.ts';
import { maskPhone } from '../../core/mask.ts';
import { listPhoneCards, type PhoneCard } from '../../db/query/dashboard-phones.ts';
import { placeOf, readMaskedPhone } from '../../service/dashboard-phones.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { ItemPage, itemPage, PageQuery, rowsOf } from './page.ts';

const tags = ['Phones'];

const PHONE = {
  id: Type.String({ description: 'The number, masked; two may look alike', examples: ['+1*** **45'] }),
  handle: Type.String({ description: 'Names the number for certain', examples: ['phone_123'] }),
  agent_id: Nullable(Type.String({ examples: ['agent_123'] }), 'null: no agent answers it'),
  status: OneOf(['active', 'inactive']),
  tags: Type.Array(Type.String()),
  created_at: Timestamp(),
};
const Phone = Type.Object(PHONE);
const Detail = Type.Object(
  {
    ...PHONE,
    meta: Type.Object({
      region: Nullable(Type.String({ examples: ['US'] }), 'Country; null: the number is of none'),
      timezone: Nullable(Type.String({ examples: ['America/New_York'] }), 'null: the number does not tell it'),
    }),
  },
  { description: 'The number' },
);

/** The account's numbers, masked. */
export function phoneRoutes(scope: App, { runtime }: Api): void {
  scope.get(
    '/phones',
    {
      constraints: { surface: 'dashboard' },
      schema: {
        tags,
        summary: 'List phone numbers',
        description: 'Newest first, masked: the calling code and the last two digits are shown.',
        querystring: PageQuery('Part of the mask or of a tag, or a whole number: `**45`, `sales`, `+12125550145`, `2125550145`'),
        response: { 200: ItemPage(Phone, 'A page of numbers'), ...errors(400) },
      },
    },
    async (request) => {
      const { rows, total } = await listPhoneCards(runtime.db.sql, rowsOf(principalOf(request).tenantId, request.query));
      return itemPage(rows.map(presentPhone), total, request.query);
    },
  );

  scope.get(
    '/phones/:phone',
    {
      schema: {
        tags,
        summary: 'Get phone detail',
        description: 'By mask or by handle. A mask that fits several numbers is 409 with the handles of these.',
        params: Type.Object({
          phone: Type.String({ minLength: 1, maxLength: 40, description: '`+1*** **45`, `phone_123` or `123`', examples: ['phone_123'] }),
        }),
        response: { 200: Detail, ...errors(400, 404, 409) },
      },
    },
    async (request) => {
      const phone = await readMaskedPhone(runtime, principalOf(request), request.params.phone);
      return { ...presentPhone(phone), meta: await placeOf(phone.number) };
    },
  );
}

function presentPhone(row: PhoneCard): Static<typeof Phone> {
  return {
    id: maskPhone(row.number),
    handle: formatId('phone', row.id),
    agent_id: row.agentId === null ? null : formatId('agent', row.agentId),
    status: row.isActive ? 'active' : 'inactive',
    tags: row.tags,
    created_at: row.createdAt.toISOString(),
  };
}
