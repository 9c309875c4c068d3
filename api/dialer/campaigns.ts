import { Type } from '@sinclair/typebox';
import { CAMPAIGN_STATUSES } from '../../core/campaign.ts';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import { CAMPAIGN_ORDERS, type CampaignFilter, countCampaigns, listCampaigns } from '../../db/query/campaigns.ts';
import { campaignOf, changeCampaign, createCampaign, removeCampaign, staffCampaign } from '../../service/campaigns.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { GivenId, readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf, PageQuery } from '../plugin/schema.ts';
import { campaignOutlookRoutes } from './campaign-outlook.ts';
import { campaignFields, CampaignChange, NewCampaign } from './campaign-body.ts';
import { Data, data, dataPage, DataPage, errors, Told, told } from './dialect.ts';
import { Campaign, ListedCampaign, presentCampaign, presentListedCampaign } from './present-campaign.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `campaign_1`' }) });
const tags = ['Campaigns'];

/** Campaigns: whom to call, when, how fast, and how far it got. */
export function campaignRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const preValidation = atLeast('manager');
  const totalOf = openListTotals<CampaignFilter>((filter, most) => countCampaigns(runtime.db.sql, filter, most));

  scope.get(
    '/campaigns',
    {
      schema: {
        tags,
        summary: 'List campaigns',
        description:
          'Newest first unless `sortBy` and `order` say otherwise. `agentId` finds those that this person or AI agent works for.',
        querystring: Type.Object({
          status: Type.Optional(OneOf(CAMPAIGN_STATUSES)),
          agentId: Type.Optional(Type.String({ maxLength: 40, description: '`1` or `agent_1`' })),
          search: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A part of the name or description' })),
          sortBy: OneOf(CAMPAIGN_ORDERS, { default: 'createdAt' }),
          order: OneOf(['asc', 'desc'], { default: 'desc' }),
          ...PageQuery({ limit: 20, maximum: 100 }),
        }),
        response: { 200: DataPage(ListedCampaign, 'A page of campaigns'), ...errors(400) },
      },
    },
    async (request) => {
      const { page, limit, status, agentId, search, sortBy, order } = request.query;
      const offset = offsetWithin({ page, limit });
      const agent = readId('agent', agentId, 'agentId', 'query');
      const filter = { tenantId: principalOf(request).tenantId, status, kind: undefined, agentId: agent, search };
      const rows = await listCampaigns(runtime.db.sql, filter, { sortBy, order, limit, offset });
      const total = await totalOf(filter, { rows: rows.length, limit, offset });
      return dataPage(rows.map(presentListedCampaign), total, { page, limit });
    },
  );

  campaignOutlookRoutes(scope, api);

  scope.get(
    '/campaigns/:id',
    {
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

  scope.post(
    '/campaigns',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Create campaign',
        description: 'It is active unless `status` says otherwise, and dials as soon as it has leads.',
        body: NewCampaign,
        response: { 201: Told(Campaign, 'Created'), ...errors(400, 403, 409, 422) },
      },
    },
    async (request, reply) => {
      const { name } = request.body;
      const row = await createCampaign(runtime, principalOf(request), { status: 'active', ...campaignFields(request.body), name });
      return reply.code(201).send(told('Campaign created successfully', presentCampaign(row)));
    },
  );

  scope.put(
    '/campaigns/:id',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Update campaign',
        description:
          'Changes what is given, also while it runs: what has not been dialed yet follows the new settings. `paused` stops new rings ' +
          'at once and leaves everything in its place, `active` goes on from there. A campaign that completed itself goes on when leads are ' +
          'added; any completed one with leads left when it is set `active`.',
        params: Params,
        body: CampaignChange,
        response: { 200: Told(Campaign, 'Updated'), ...errors(400, 403, 404, 409, 422) },
      },
    },
    async (request) => {
      const id = parseId('campaign', request.params.id);
      const row = await changeCampaign(runtime, principalOf(request), id, campaignFields(request.body));
      return told('Campaign updated successfully', presentCampaign(row));
    },
  );

  scope.delete(
    '/campaigns/:id',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Delete campaign',
        description: 'Nothing of it is dialed any more; what waits is cancelled. Its calls stay readable and its leads listed.',
        params: Params,
        response: { 204: Type.Null({ description: 'Deleted' }), ...errors(400, 403, 404) },
      },
    },
    async (request, reply) => {
      await removeCampaign(runtime, principalOf(request), parseId('campaign', request.params.id));
      return reply.code(204).send(null);
    },
  );

  scope.put(
    '/campaigns/:id/agents',
    {
      preValidation,
      schema: {
        tags,
        summary: 'Set the people of a campaign',
        description: 'Those who talk to its leads, besides its own agent, who always does.',
        params: Params,
        body: Type.Object({ agentIds: Type.Array(GivenId('agent'), { maxItems: 1000 }) }, { additionalProperties: false }),
        response: {
          200: Told(Type.Object({ campaignId: Type.Integer(), agentIds: Type.Array(Type.Integer()) }), 'Set'),
          ...errors(400, 403, 404, 422),
        },
      },
    },
    async (request) => {
      const id = parseId('campaign', request.params.id);
      const people = request.body.agentIds.map((given) => readId('agent', given, 'agentIds'));
      return told('Campaign agents updated successfully', await staffCampaign(runtime, principalOf(request), id, people));
    },
  );
}
