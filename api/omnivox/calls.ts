import { type Static, Type } from '@sinclair/typebox';
import { CALL_STATUSES } from '../../core/call.ts';
import { AppError, badField } from '../../core/errors.ts';
import { type IdKind, parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { rangeOf } from '../../core/time/range.ts';
import {
  type CallRecord,
  countRecords,
  findRecord,
  listRecordsAfter,
  listRecords,
  type RecordFilter,
} from '../../db/query/call-records.ts';
import { initiateCall } from '../../service/initiate.ts';
import { openListTotals } from '../../service/list-totals.ts';
import { zoneOf } from '../../service/tenant-zone.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { OneOf, PageQuery } from '../plugin/schema.ts';
import { Call, presentCall, STATUSES } from './call-answer.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { Data, data, errors, Pagination, pagination } from './dialect.ts';

const LIST = 'calls';
const cached = ['calls', 'campaigns'] as const;

const Instant = (description: string) => Type.String({ minLength: 1, maxLength: 40, description, examples: ['2024-01-15T10:00:00Z'] });
const Id = (kind: IdKind) => Type.String({ minLength: 1, maxLength: 40, examples: [`${kind}_123`] });

const Query = Type.Object({
  ...PageQuery({ limit: 50, maximum: 100 }),
  campaignId: Type.Optional(Id('campaign')),
  status: Type.Optional(OneOf([...STATUSES, ...CALL_STATUSES], { description: 'In upper or lower case' })),
  dateFrom: Type.Optional(Instant('ISO 8601, inclusive')),
  dateTo: Type.Optional(Instant('ISO 8601, inclusive; a day without a time is all of that day')),
  cursor: Type.Optional(Type.String({ maxLength: 60, description: 'Instead of `page`: where the page before ended' })),
});

const CallPage = Type.Object(
  {
    success: Type.Literal(true),
    data: Type.Array(Call),
    pagination: Type.Object({
      ...Pagination.properties,
      nextCursor: Type.Optional(Type.String({ description: 'Leads to the page after this one; missing on the last' })),
    }),
  },
  { description: 'A page of calls' },
);

/** Calls. */
export function callRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const { sql } = runtime.db;
  const tags = ['Calls'];
  const totalOf = openListTotals<RecordFilter>((filter, most) => countRecords(sql, filter, most));

  scope.post(
    '/api/v1/calls/initiate',
    {
      schema: {
        tags,
        summary: 'Initiate call',
        description:
          'Has a campaign call one of its contacts, now or at `scheduledAt`, with the campaign’s agent and rules. 409 while the campaign is not ' +
          'active or has no agent, and when a call of the contact is open already or it may not be called. A contact without a campaign joins this one.',
        body: Type.Object({
          contactId: Id('contact'),
          campaignId: Id('campaign'),
          flowId: Type.Optional(Id('flow')),
          scheduledAt: Type.Optional(Instant('ISO 8601; without an offset it is local time of the account; default: now')),
        }),
        response: { 201: Data(Call, 'Accepted'), ...errors(400, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { contactId, campaignId, flowId, scheduledAt } = request.body;
      const call = await initiateCall(runtime, principalOf(request), {
        contactId: givenId('contact', contactId),
        campaignId: givenId('campaign', campaignId),
        flowId: flowId === undefined ? undefined : givenId('flow', flowId),
        scheduledAt,
      });
      return reply.code(201).send(data(presentCall(call)));
    },
  );

  scope.get(
    '/api/v1/calls',
    {
      config: { cached },
      schema: {
        tags,
        summary: 'List call records',
        description: 'Newest first; dates bound when a call was asked for. `cursor` reads on where a page ended, at any depth.',
        querystring: Query,
        response: { 200: CallPage, ...errors(400) },
      },
    },
    async (request) => {
      const { tenantId } = principalOf(request);
      const { page, limit, cursor } = request.query;
      const filter = filterOf(request.query, tenantId, await zoneOf(runtime, tenantId));
      const next = (last: CallRecord | undefined) =>
        last && { nextCursor: writeCursor(api, tenantId, LIST, { at: last.createdAt, id: last.id }) };
      if (cursor !== undefined) {
        const found = await listRecordsAfter(sql, filter, readCursor(api, tenantId, LIST, cursor), limit + 1);
        const rows = found.slice(0, limit);
        const hasNext = found.length > limit;
        const total = await totalOf(filter, { rows: limit, limit, offset: limit });
        return {
          ...data(rows.map(presentCall)),
          pagination: { ...pagination(total, { page, limit }), hasNext, hasPrev: true, ...(hasNext && next(rows.at(-1))) },
        };
      }
      const offset = offsetWithin({ page, limit }, 'read on with `cursor`');
      const rows = await listRecords(sql, filter, { limit, offset, sortBy: 'createdAt', order: 'desc' });
      const place = pagination(await totalOf(filter, { rows: rows.length, limit, offset }), { page, limit });
      return { ...data(rows.map(presentCall)), pagination: { ...place, ...(place.hasNext && next(rows.at(-1))) } };
    },
  );

  scope.get(
    '/api/v1/calls/:id',
    {
      config: { cached },
      schema: {
        tags,
        summary: 'Get call record',
        description: 'One call.',
        params: Type.Object({ id: Id('call') }),
        response: { 200: Data(Call, 'The call'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const id = parseId('call', request.params.id);
      const call = id === undefined ? undefined : await findRecord(sql, principalOf(request).tenantId, id);
      if (!call) throw new AppError('not_found', 'Call not found');
      return data(presentCall(call));
    },
  );
}

function givenId(kind: 'contact' | 'campaign' | 'flow', text: string): number {
  const id = parseId(kind, text);
  if (id === undefined) throw badField(`${kind}Id`, `must look like ${kind}_123`);
  return id;
}

function filterOf({ campaignId, status, dateFrom, dateTo }: Static<typeof Query>, tenantId: number, zone: string): RecordFilter {
  const campaign = campaignId === undefined ? undefined : parseId('campaign', campaignId);
  if (campaignId !== undefined && campaign === undefined) throw badField('campaignId', 'must look like campaign_123', 'query');
  return {
    tenantId,
    status: CALL_STATUSES.find((known) => known === status?.toLowerCase()),
    campaignId: campaign,
    ...{ direction: undefined, agentId: undefined, search: undefined },
    ...rangeOf(['dateFrom', 'dateTo'], [dateFrom, dateTo], zone),
  };
}
