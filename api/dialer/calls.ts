import { Type } from '@sinclair/typebox';
import { badField } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { rangeOf } from '../../core/time/range.ts';
import { countRecords, listRecords, RECORD_ORDERS, type RecordFilter } from '../../db/query/call-records.ts';
import { agentInSight, readRecord, recordCall, sightOf } from '../../service/call-records.ts';
import { openListTotals } from '../../service/list-totals.ts';
import { zoneOf } from '../../service/tenant-zone.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { GivenId, readId, WrittenId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { OneOf, PageQuery } from '../plugin/schema.ts';
import { CallAnswer, ENDED_WORDS, NewCallAnswer, presentCall, presentNewCall, STATUS_WORDS, statusOf } from './call-answer.ts';
import { Data, data, dataPage, DataPage, errors, Told, told } from './dialect.ts';

const DIRECTIONS = ['inbound', 'outbound'] as const;
const DAY_SECONDS = 24 * 60 * 60;
const METADATA_MAX = 20_000;
/** A number as people search for it, or an extension; a plus sign in a query reads as a space. */
const SEARCH = '^[\\s+]?\\d[\\d\\s().-]{0,39}$';

const Instant = (description: string) => Type.String({ minLength: 1, maxLength: 40, description, examples: ['2025-11-13T09:30:00Z'] });

/** Call history and call records. */
export function callRoutes(scope: App, { runtime: rt }: Api): void {
  const tags = ['Calls'];
  const totalOf = openListTotals<RecordFilter>((filter, most) => countRecords(rt.db.sql, filter, most));

  scope.get(
    '/calls',
    {
      schema: {
        tags,
        summary: 'List calls',
        description:
          'Newest first, unless `sortBy` and `order` say otherwise. `answered` is a completed call, every other status goes by its own ' +
          'name. Dates bound when the call was asked for or, of a record of a call made elsewhere, when that began: both inclusive, local ' +
          'time of the account where they have no offset, a day without a time all of that day. Who has the role agent sees their own calls.',
        querystring: Type.Object({
          ...PageQuery({ limit: 20, maximum: 100 }),
          status: Type.Optional(OneOf(STATUS_WORDS)),
          direction: Type.Optional(OneOf(DIRECTIONS)),
          agentId: Type.Optional(WrittenId('agent')),
          startDate: Type.Optional(Instant('ISO 8601')),
          endDate: Type.Optional(Instant('ISO 8601')),
          query: Type.Optional(
            Type.String({ pattern: SEARCH, examples: ['+1234567890'], description: 'Part of the destination or of the extension' }),
          ),
          sortBy: Type.Optional(OneOf(RECORD_ORDERS, { description: 'Default: createdAt' })),
          order: Type.Optional(OneOf(['asc', 'desc'], { description: 'Default: desc' })),
        }),
        response: { 200: DataPage(CallAnswer, 'A page of calls'), ...errors(400) },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { page, limit, status, direction, agentId, startDate, endDate, query, sortBy = 'createdAt', order = 'desc' } = request.query;
      const offset = offsetWithin({ page, limit }, 'narrow the dates');
      const asked = readId('agent', agentId, 'agentId', 'query');
      const zone = await zoneOf(rt, who.tenantId);
      const range = rangeOf(['startDate', 'endDate'], [startDate, endDate], zone);
      const seen = agentInSight(await sightOf(rt, who), asked);
      if (seen === null) return dataPage([], 0, { page, limit });
      const filter = {
        tenantId: who.tenantId,
        status: status && statusOf(status),
        direction,
        agentId: seen,
        campaignId: undefined,
        search: query?.replace(/[^\d+]/g, ''),
        ...range,
      };
      const rows = await listRecords(rt.db.sql, filter, { limit, offset, sortBy, order });
      const total = await totalOf(filter, { rows: rows.length, limit, offset });
      return dataPage(rows.map(presentCall), total, { page, limit });
    },
  );

  scope.get(
    '/calls/:id',
    {
      schema: {
        tags,
        summary: 'Get call',
        description: 'One call. Who has the role agent sees their own.',
        params: Type.Object({ id: WrittenId('call') }),
        response: { 200: Data(CallAnswer, 'The call'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentCall(await readRecord(rt, principalOf(request), parseId('call', request.params.id)))),
  );

  scope.post(
    '/calls',
    {
      schema: {
        tags,
        summary: 'Create call record',
        description:
          'Keeps a call that was made elsewhere (CDR): it is counted in the statistics, and neither dialed nor charged. Campaign and lead in ' +
          '`metadata` become those of the call, `disposition` what came of it; the rest is kept. Who has the role agent records their own calls.',
        body: Type.Object({
          agentId: GivenId('agent'),
          destination: Type.String({ maxLength: 40, description: 'E.164', examples: ['+1234567890'] }),
          direction: OneOf(DIRECTIONS),
          status: OneOf(ENDED_WORDS),
          duration: Type.Optional(Type.Integer({ minimum: 0, maximum: DAY_SECONDS, description: 'Seconds' })),
          startTime: Instant('ISO 8601; without an offset it is local time of the account'),
          endTime: Type.Optional(Instant('ISO 8601; default: the start and the duration')),
          metadata: Type.Optional(
            Type.Object({
              campaignId: Type.Optional(GivenId('campaign')),
              leadId: Type.Optional(GivenId('contact')),
              disposition: Type.Optional(Type.String({ maxLength: 100 })),
            }),
          ),
        }),
        response: { 201: Told(NewCallAnswer, 'Created'), ...errors(400, 403, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { agentId, status, metadata = {}, ...facts } = request.body;
      const { campaignId, leadId, disposition, ...kept } = metadata;
      if (JSON.stringify(kept).length > METADATA_MAX) throw badField('metadata', `may have at most ${METADATA_MAX} characters`);
      const call = await recordCall(rt, principalOf(request), {
        ...facts,
        agentId: readId('agent', agentId),
        status: statusOf(status),
        campaignId: readId('campaign', campaignId, 'metadata.campaignId'),
        contactId: readId('contact', leadId, 'metadata.leadId'),
        disposition,
        metadata: kept,
      });
      return reply.code(201).send(told('Call record created successfully', presentNewCall(call)));
    },
  );
}
