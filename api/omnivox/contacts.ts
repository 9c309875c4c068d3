import { type Static, Type } from '@sinclair/typebox';
import { readTags } from '../../core/contact/tags.ts';
import { LEAD_STATUSES } from '../../core/contact/status.ts';
import { AppError } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import { listContacts, listContactsAfter } from '../../db/query/contact-list.ts';
import { totalOfContacts } from '../../service/contact-list.ts';
import { type ContactInput, createContact, getContact, removeContact, updateContact } from '../../service/contacts.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf } from '../plugin/schema.ts';
import { Contact, ContactChange, NewContact, presentContact } from './contact-shape.ts';
import { contactUploadRoutes } from './contact-upload.ts';
import { CursorPage, CursorQuery, readCursorPage } from './cursor-page.ts';
import { Data, data, errors } from './dialect.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`contact_1` or `1`' }) });
const Query = Type.Object({
  ...CursorQuery,
  campaignId: Type.Optional(Type.String({ maxLength: 40, description: 'Of this campaign' })),
  tags: Type.Optional(Type.String({ maxLength: 2000, description: 'With all of these tags, between commas' })),
  search: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the name, the number or the e-mail address' })),
  status: Type.Optional(OneOf(LEAD_STATUSES)),
});

const NAMES = { phone: 'phone', customFields: 'customFields' };
const cached = ['contacts'] as const;
const tags = ['Contacts'];

/** Contacts (omnivox.md "Contacts Management"). Agents read and update them; managers add, upload and delete. */
export function contactRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const { sql } = runtime.db;
  contactUploadRoutes(scope, api);

  scope.post(
    '/api/v1/contacts',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        summary: 'Add contact',
        description:
          'In a campaign it waits for its first call. A campaign that came to its end because nobody was left goes on; one that a person completed does not.',
        body: NewContact,
        response: { 201: Data(Contact, 'The contact'), ...errors(400, 403, 409, 422) },
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
        response: { 200: CursorPage(Contact, 'A page of contacts'), ...errors(400) },
      },
    },
    async (request) => {
      const { tenantId } = principalOf(request);
      const { campaignId, tags: tagText, search, status, ...page } = request.query;
      const filter = {
        tenantId,
        campaignId: readId('campaign', campaignId, 'campaignId', 'query'),
        ...{ status, tags: readTags(tagText ?? ''), search: search?.trim() ? search : undefined },
      };
      return readCursorPage(api, page, {
        name: 'contacts',
        tenantId,
        read: ({ limit, offset, after }) =>
          after
            ? listContactsAfter(sql, filter, after, limit)
            : listContacts(sql, filter, { by: 'createdAt', descending: true }, { limit, offset }),
        total: (read) => totalOfContacts(runtime)(filter, read),
        present: presentContact,
      });
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
