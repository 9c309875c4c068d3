import { type Static, Type } from '@sinclair/typebox';
import { readTags } from '../../core/contact/tags.ts';
import { LEAD_STATUSES } from '../../core/contact/status.ts';
import { AppError, badField } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import type { ListedContact } from '../../db/query/contact-list.ts';
import { contactsAfter, pageOfContacts } from '../../service/contact-list.ts';
import { type ContactInput, createContact, getContact, removeContact, updateContact } from '../../service/contacts.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf, PageQuery } from '../plugin/schema.ts';
import { Contact, ContactChange, NewContact, presentContact } from './contact-shape.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { Data, data, errors, Pagination, pagination } from './dialect.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`contact_1` or `1`' }) });
const Query = Type.Object({
  ...PageQuery({ limit: 50, maximum: 100 }),
  campaignId: Type.Optional(Type.String({ maxLength: 40, description: 'Of this campaign' })),
  tags: Type.Optional(Type.String({ maxLength: 2000, description: 'With all of these tags, between commas' })),
  search: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the name, the number or the e-mail address' })),
  status: Type.Optional(OneOf(LEAD_STATUSES)),
  cursor: Type.Optional(Type.String({ maxLength: 60, description: 'Instead of `page`: where the page before ended' })),
});
const Cursor = Type.String({ description: 'Leads to the page after this one; missing on the last' });
const ContactPage = Type.Object(
  {
    success: Type.Literal(true),
    data: Type.Array(Contact),
    pagination: Type.Object({ ...Pagination.properties, nextCursor: Type.Optional(Cursor) }),
  },
  { description: 'A page of contacts' },
);

const NAMES = { phone: 'phone', customFields: 'customFields' };
const LIST = 'contacts';
const cached = ['contacts'] as const;
const tags = ['Contacts'];

/** Contacts (omnivox.md "Contacts Management"). */
export function contactRoutes(scope: App, api: Api): void {
  const { runtime } = api;

  scope.post(
    '/api/v1/contacts',
    {
      schema: {
        tags,
        summary: 'Add contact',
        description:
          'In a campaign it waits for its first call. A campaign that came to its end because nobody was left goes on; one that a person completed does not.',
        body: NewContact,
        response: { 201: Data(Contact, 'The contact'), ...errors(400, 409, 422) },
      },
    },
    async (request, reply) => {
      const contact = await createContact(runtime, principalOf(request), { ...fieldsOf(request.body), phone: request.body.phone }, NAMES);
      return reply.code(201).send(data(presentContact(contact)));
    },
  );

  scope.get(
    '/api/v1/contacts',
    {
      config: { cached },
      schema: {
        tags,
        summary: 'List contacts',
        description: 'Newest first. `cursor` reads on where a page ended, at any depth. A whole number in `search` is found at once.',
        querystring: Query,
        response: { 200: ContactPage, ...errors(400) },
      },
    },
    async (request) => {
      const { tenantId } = principalOf(request);
      const { page, limit, campaignId, tags: tagText, search, status, cursor } = request.query;
      const filter = {
        tenantId,
        campaignId: campaignFilter(campaignId),
        ...{ status, tags: readTags(tagText ?? ''), search: search?.trim() ? search : undefined },
      };
      const nextCursor = (last: ListedContact | undefined) =>
        last && { nextCursor: writeCursor(api, tenantId, LIST, { at: last.createdAt, id: last.id }) };
      if (cursor !== undefined) {
        const { rows, hasMore, total } = await contactsAfter(runtime, filter, readCursor(api, tenantId, LIST, cursor), limit);
        const more = hasMore ? rows.at(-1) : undefined;
        return {
          ...data(rows.map(presentContact)),
          pagination: { ...pagination(total, { page, limit }), hasNext: hasMore, hasPrev: true, ...nextCursor(more) },
        };
      }
      const offset = offsetWithin({ page, limit }, 'read on with `cursor`');
      const { rows, total } = await pageOfContacts(runtime, filter, { by: 'createdAt', descending: true }, { limit, offset });
      const place = pagination(total, { page, limit });
      return { ...data(rows.map(presentContact)), pagination: { ...place, ...(place.hasNext && nextCursor(rows.at(-1))) } };
    },
  );

  scope.get(
    '/api/v1/contacts/:id',
    {
      config: { cached },
      schema: {
        tags,
        summary: 'Get contact',
        description: 'One contact.',
        params: Params,
        response: { 200: Data(Contact, 'The contact'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentContact(await getContact(runtime, principalOf(request).tenantId, contactIdOf(request.params)))),
  );

  scope.put(
    '/api/v1/contacts/:id',
    {
      schema: {
        tags,
        summary: 'Update contact',
        description:
          '`customFields` are merged with what is there; a null takes a field away. With another `campaignId` the contact waits there as if it were new.',
        params: Params,
        body: ContactChange,
        response: { 200: Data(Contact, 'The contact as it is now'), ...errors(400, 404, 409, 422) },
      },
    },
    async (request) => {
      const contact = await updateContact(runtime, principalOf(request), contactIdOf(request.params), fieldsOf(request.body), NAMES);
      return data(presentContact(contact));
    },
  );

  scope.delete(
    '/api/v1/contacts/:id',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        summary: 'Delete contact',
        description: 'It is called no more, and a call of it that waits is cancelled. The history of its calls stays.',
        params: Params,
        response: { 204: Type.Null({ description: 'Deleted' }), ...errors(400, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      await removeContact(runtime, principalOf(request), contactIdOf(request.params));
      return reply.code(204).send(null);
    },
  );
}

/** What the schema knows: nothing else of a body has been looked at. */
function fieldsOf(body: Static<typeof ContactChange>): ContactInput {
  const { firstName, lastName, phone, email, customFields, tags, campaignId, status, timezone } = body;
  return { firstName, lastName, phone, email, customFields, tags, campaignId, status, timezone };
}

function contactIdOf({ id }: { id: string }): number {
  const contact = parseId('contact', id);
  if (contact === undefined) throw new AppError('not_found', 'Contact not found');
  return contact;
}

function campaignFilter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const id = parseId('campaign', text);
  if (id === undefined) throw badField('campaignId', 'must be the id of a campaign', 'query');
  return id;
}
