import { Type } from '@sinclair/typebox';
import { LEAD_STATUSES } from '../../core/contact/status.ts';
import { AppError } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { CONTACT_SORTS } from '../../db/query/contact-list.ts';
import { pageOfContacts } from '../../service/contact-list.ts';
import { createContact, getContact, removeContact, updateContact } from '../../service/contacts.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { GivenId, readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { NOT_BLANK, OneOf, PageQuery } from '../plugin/schema.ts';
import { Data, data, dataPage, DataPage, errors, Told, told } from './dialect.ts';
import { Email, Lead, Metadata, presentLead } from './lead-shape.ts';
import { leadUploadRoutes } from './lead-upload.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `contact_1`' }) });
const Name = Type.String({ maxLength: 200 });
const Status = OneOf(LEAD_STATUSES, { description: '`do_not_call` also puts the number on the do-not-call list' });
const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 100, pattern: NOT_BLANK }), { maxItems: 50 });
const Zone = Type.String({ maxLength: 64, description: 'IANA name', examples: ['Asia/Kolkata'] });

const NewLead = Type.Object({
  campaignId: GivenId('campaign'),
  phoneNumber: Type.String({ maxLength: 40, description: 'E.164', examples: ['+1234567890'] }),
  name: Type.Optional(Type.Union([Name, Type.Null()])),
  email: Type.Optional(Type.Union([Email, Type.Null()])),
  status: Type.Optional(Status),
  timezone: Type.Optional(Type.Union([Zone, Type.Null()])),
  tags: Type.Optional(Tags),
  metadata: Type.Optional(Metadata),
});

const LeadChange = Type.Partial(Type.Object({ ...NewLead.properties, campaignId: Type.Union([GivenId('campaign'), Type.Null()]) }), {
  description: 'What is left out stays as it is',
});

const Query = Type.Object({
  ...PageQuery({ limit: 20, maximum: 100 }),
  campaignId: Type.Optional(Type.String({ maxLength: 40, description: 'Of this campaign; `1` or `campaign_1`' })),
  status: Type.Optional(OneOf(LEAD_STATUSES)),
  query: Type.Optional(Type.String({ maxLength: 200, description: 'A part of the name, the number or the e-mail address' })),
  sortBy: OneOf(CONTACT_SORTS, { default: 'createdAt' }),
  order: OneOf(['asc', 'desc'], { default: 'desc' }),
});

const NAMES = { phone: 'phoneNumber', customFields: 'metadata' };

/** Leads (dialer.md "Lead Management Endpoints"). Agents read and update them; managers add, upload and delete. */
export function leadRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const tags = ['Leads'];
  leadUploadRoutes(scope, api);

  scope.get(
    '/leads',
    {
      schema: {
        tags,
        summary: 'List leads',
        description: 'Newest first, unless sorted otherwise. A whole number in `query` is found at once; a part of a text is looked for.',
        querystring: Query,
        response: { 200: DataPage(Lead, 'A page of leads'), ...errors(400) },
      },
    },
    async (request) => {
      const { campaignId, status, query, sortBy, order, ...page } = request.query;
      const filter = {
        tenantId: principalOf(request).tenantId,
        campaignId: readId('campaign', campaignId, 'campaignId', 'query'),
        ...{ status, tags: [], search: query?.trim() ? query : undefined },
      };
      const offset = offsetWithin(page, 'narrow it by campaignId, status or query');
      const { rows, total } = await pageOfContacts(
        runtime,
        filter,
        { by: sortBy, descending: order === 'desc' },
        { limit: page.limit, offset },
      );
      return dataPage(rows.map(presentLead), total, page);
    },
  );

  scope.get(
    '/leads/:id',
    {
      schema: {
        tags,
        summary: 'Get lead',
        description: 'One lead.',
        params: Params,
        response: { 200: Data(Lead, 'The lead'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentLead(await getContact(runtime, principalOf(request).tenantId, leadIdOf(request.params)))),
  );

  scope.post(
    '/leads',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        summary: 'Create lead',
        description:
          'The lead waits for its first call. A campaign that came to its end because nobody was left goes on; one that a person completed does not.',
        body: NewLead,
        response: { 201: Told(Lead, 'The lead'), ...errors(400, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      const { phoneNumber: phone, metadata: customFields, name, email, status, timezone, tags, campaignId } = request.body;
      const given = { phone, customFields, name, email, status, timezone, tags, campaignId };
      const lead = await createContact(runtime, principalOf(request), given, NAMES);
      return reply.code(201).send(told('Lead created successfully', presentLead(lead)));
    },
  );

  scope.put(
    '/leads/:id',
    {
      schema: {
        tags,
        summary: 'Update lead',
        description:
          '`metadata` is merged with what is there; a null takes a field away. With another `campaignId` the lead waits there as if it were new. `do_not_call` is for good: another status later does not take the number off the list.',
        params: Params,
        body: LeadChange,
        response: { 200: Told(Lead, 'The lead as it is now'), ...errors(400, 404, 409, 422) },
      },
    },
    async (request) => {
      const { phoneNumber: phone, metadata: customFields, name, email, status, timezone, tags, campaignId } = request.body;
      const given = { phone, customFields, name, email, status, timezone, tags, campaignId };
      const lead = await updateContact(runtime, principalOf(request), leadIdOf(request.params), given, NAMES);
      return told('Lead updated successfully', presentLead(lead));
    },
  );

  scope.delete(
    '/leads/:id',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        summary: 'Delete lead',
        description: 'It is called no more, and a call of it that waits is cancelled. The history of its calls stays.',
        params: Params,
        response: { 204: Type.Null({ description: 'Deleted' }), ...errors(400, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      await removeContact(runtime, principalOf(request), leadIdOf(request.params));
      return reply.code(204).send(null);
    },
  );
}

function leadIdOf({ id }: { id: string }): number {
  const lead = parseId('contact', id);
  if (lead === undefined) throw new AppError('not_found', 'Lead not found');
  return lead;
}
