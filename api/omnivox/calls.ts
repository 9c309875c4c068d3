import { type Static, Type } from '@sinclair/typebox';
import { CALL_STATUSES } from '../../core/call.ts';
import { type IdKind, parseId } from '../../core/id.ts';
import { rangeOf } from '../../core/time/range.ts';
import { countRecords, listRecords, listRecordsAfter, type RecordFilter } from '../../db/query/call-records.ts';
import { agentInSight, readRecord, sightOf } from '../../service/call-records.ts';
import { initiateCall } from '../../service/initiate.ts';
import { openListTotals } from '../../service/list-totals.ts';
import { zoneOf } from '../../service/tenant-zone.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { onceOf } from '../plugin/idempotency.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf } from '../plugin/schema.ts';
import { Call, presentCall, STATUSES } from './call-answer.ts';
import { CursorPage, CursorQuery, readCursorPage } from './cursor-page.ts';
import { Data, data, dataPage, errors } from './dialect.ts';

const config = { cached: ['calls', 'campaigns'], cachedPer: 'sight' } as const;

const Instant = (description: string) => Type.String({ minLength: 1, maxLength: 40, description, examples: ['2024-01-15T10:00:00Z'] });
const Id = (kind: IdKind) => Type.String({ minLength: 1, maxLength: 40, examples: [`${kind}_123`] });

const Query = Type.Object({
  ...CursorQuery,
  campaignId: Type.Optional(Id('campaign')),
  status: Type.Optional(OneOf([...STATUSES, ...CALL_STATUSES], { description: 'In upper or lower case' })),
  dateFrom: Type.Optional(Instant('ISO 8601, inclusive')),
  dateTo: Type.Optional(Instant('ISO 8601, inclusive; a day without a time is all of that day')),
});

/** Calls. Who has the role agent sees their own; managers see all, and have contacts called. */
export function callRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const { sql } = runtime.db;
  const tags = ['Calls'];
  const totalOf = openListTotals<RecordFilter>((filter, most) => countRecords(sql, filter, most));

  scope.post(
    '/api/v1/calls/initiate',
    {
      config: { repeatable: true },
      preValidation: atLeast('manager'),
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
        response: { 201: Data(Call, 'Accepted'), ...errors(400, 403, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { contactId, campaignId, flowId, scheduledAt } = request.body;
      const asked = {
        contactId: readId('contact', contactId),
        campaignId: readId('campaign', campaignId),
        flowId: readId('flow', flowId),
        scheduledAt,
      };
      const call = await initiateCall(runtime, principalOf(request), asked, onceOf(request));
      return reply.code(201).send(data(presentCall(call)));
    },
  );

  scope.get(
    '/api/v1/calls',
    {
      config,
      schema: {
        tags,
        summary: 'List call records',
        description:
          'Newest first; dates bound when a call was asked for. `cursor` reads on where a page ended, at any depth. ' +
          'Who has the role agent sees their own calls.',
        querystring: Query,
        response: { 200: CursorPage(Call, 'A page of calls'), ...errors(400) },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { tenantId } = who;
      const asked = filterOf(request.query, tenantId, await zoneOf(runtime, tenantId));
      const agentId = agentInSight(await sightOf(runtime, who), undefined);
      if (agentId === null) return dataPage([], 0, request.query);
      const filter = { ...asked, agentId };
      return readCursorPage(api, request.query, {
        name: 'calls',
        tenantId,
        read: ({ limit, offset, after }) =>
          after
            ? listRecordsAfter(sql, filter, after, limit)
            : listRecords(sql, filter, { limit, offset, sortBy: 'createdAt', order: 'desc' }),
        total: (read) => totalOf(filter, read),
        present: presentCall,
      });
    },
  );

  scope.get(
    '/api/v1/calls/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Get call record',
        description: 'One call. Who has the role agent sees their own.',
        params: Type.Object({ id: Id('call') }),
        response: { 200: Data(Call, 'The call'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentCall(await readRecord(runtime, principalOf(request), parseId('call', request.params.id)))),
  );
}

function filterOf({ campaignId, status, dateFrom, dateTo }: Static<typeof Query>, tenantId: number, zone: string): RecordFilter {
  return {
    tenantId,
    status: CALL_STATUSES.find((known) => known === status?.toLowerCase()),
    campaignId: readId('campaign', campaignId, 'campaignId', 'query'),
    ...{ direction: undefined, agentId: undefined, search: undefined },
    ...rangeOf(['dateFrom', 'dateTo'], [dateFrom, dateTo], zone),
  };
}
