import { Type } from '@sinclair/typebox';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { type CampaignFilter, type CampaignRow, countCampaigns, listCampaigns } from '../../db/query/campaigns.ts';
import { campaignOf, changeCampaign, createCampaign, removeCampaign } from '../../service/campaigns.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf, PageQuery } from '../plugin/schema.ts';
import { campaignFields, CampaignChange, NewCampaign } from './campaign-body.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { Data, data, errors, Pagination, pagination } from './dialect.ts';
import { Campaign, kindOf, presentCampaign, STATUSES, statusOf, TYPES } from './present-campaign.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`campaign_1` or `1`' }) });
const Cursor = Type.String({ description: 'Leads to the page after this one; missing on the last' });
const tags = ['Campaigns'];
const cached = ['campaigns'] as const;

/** Campaigns, as this document names them. */
export function campaignRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const preValidation = atLeast('manager');
  const totalOf = openListTotals<CampaignFilter>((filter, most) => countCampaigns(runtime.db.sql, filter, most));

  scope.post(
    '/api/v1/campaigns',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Create campaign',
        description: 'It is a draft unless `status` says otherwise. One that starts without an agent takes the oldest active AI agent.',
        body: NewCampaign,
        response: { 201: Data(Campaign, 'Created'), ...errors(400, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      const { name } = request.body;
      const row = await createCampaign(runtime, principalOf(request), { ...campaignFields(request.body), name });
      return reply.code(201).send(data(presentCampaign(row)));
    },
  );

  scope.get(
    '/api/v1/campaigns',
    {
      constraints: { surface: 'bearer' },
      config: { cached },
      schema: {
        tags,
        summary: 'List campaigns',
        description:
          'Newest first. `search` looks for a part of the name or description. `cursor` reads on where a page ended, at any depth.',
        querystring: Type.Object({
          status: Type.Optional(OneOf(STATUSES)),
          type: Type.Optional(OneOf(TYPES)),
          search: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          cursor: Type.Optional(Type.String({ maxLength: 60, description: 'Instead of `page`' })),
          ...PageQuery({ limit: 50, maximum: 100 }),
        }),
        response: {
          200: Type.Object(
            {
              success: Type.Literal(true),
              data: Type.Array(Campaign),
              pagination: Type.Object({ ...Pagination.properties, nextCursor: Type.Optional(Cursor) }),
            },
            { description: 'A page of campaigns' },
          ),
          ...errors(400),
        },
      },
    },
    async (request) => {
      const { tenantId } = principalOf(request);
      const { page, limit, status, type, search, cursor } = request.query;
      const filter = { tenantId, status: status && statusOf(status), kind: type && kindOf(type), agentId: undefined, search };
      const place = cursor === undefined ? undefined : readCursor(api, tenantId, 'campaigns', cursor);
      const offset = place ? 0 : offsetWithin({ page, limit }, 'read on with `cursor`');
      const after = place && { createdAt: place.at, id: place.id };
      // one more than the page holds tells whether it is the last
      const found = await listCampaigns(runtime.db.sql, filter, { sortBy: 'createdAt', order: 'desc', limit: limit + 1, offset, after });
      const rows = found.slice(0, limit);
      const total = await totalOf(filter, { rows: place ? limit : rows.length, limit, offset: place ? limit : offset });
      const last: CampaignRow | undefined = found.length > limit ? rows.at(-1) : undefined;
      return {
        ...data(rows.map(presentCampaign)),
        pagination: {
          ...pagination(total, { page, limit }),
          ...(place && { hasNext: last !== undefined, hasPrev: true }),
          ...(last && { nextCursor: writeCursor(api, tenantId, 'campaigns', { at: last.createdAt, id: last.id }) }),
        },
      };
    },
  );

  scope.get(
    '/api/v1/campaigns/:id',
    {
      config: { cached },
      schema: {
        tags,
        summary: 'Get campaign',
        description: 'One campaign with its settings and how far it got.',
        params: Params,
        response: { 200: Data(Campaign, 'The campaign'), ...errors(400, 404) },
      },
    },
    async (request) =>
      data(presentCampaign(await campaignOf(runtime, principalOf(request).tenantId, parseId('campaign', request.params.id)))),
  );

  scope.put(
    '/api/v1/campaigns/:id',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Update campaign',
        description:
          'Changes what is given, also while it runs. PAUSED stops new rings at once and leaves everything in its place, ACTIVE goes on ' +
          'from there. One that completed itself goes on when contacts are added; any completed one with contacts left when it is set ACTIVE.',
        params: Params,
        body: CampaignChange,
        response: { 200: Data(Campaign, 'Updated'), ...errors(400, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const id = parseId('campaign', request.params.id);
      const row = await changeCampaign(runtime, principalOf(request), id, campaignFields(request.body));
      return data(presentCampaign(row));
    },
  );

  scope.delete(
    '/api/v1/campaigns/:id',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Delete campaign',
        description: 'Nothing of it is dialed any more; what waits is cancelled. Its calls stay readable and its contacts listed.',
        params: Params,
        response: { 204: Type.Null({ description: 'Deleted' }), ...errors(400, 403, 404) },
      },
    },
    async (request, reply) => {
      await removeCampaign(runtime, principalOf(request), parseId('campaign', request.params.id));
      return reply.code(204).send(null);
    },
  );
}
