import { Type } from '@sinclair/typebox';
import { parseId } from '../../core/id.ts';
import { type CampaignFilter, countCampaigns, listCampaigns } from '../../db/query/campaigns.ts';
import { campaignOf, changeCampaign, createCampaign, removeCampaign } from '../../service/campaigns.ts';
import { openListTotals } from '../../service/list-totals.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf } from '../plugin/schema.ts';
import { campaignFields, CampaignChange, NewCampaign } from './campaign-body.ts';
import { campaignOutlookRoutes } from './campaign-outlook.ts';
import { CursorPage, CursorQuery, readCursorPage } from './cursor-page.ts';
import { Data, data, errors } from './dialect.ts';
import { Campaign, kindOf, presentCampaign, STATUSES, statusOf, TYPES } from './present-campaign.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`campaign_1` or `1`' }) });
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
          ...CursorQuery,
        }),
        response: { 200: CursorPage(Campaign, 'A page of campaigns'), ...errors(400) },
      },
    },
    async (request) => {
      const { tenantId } = principalOf(request);
      const { status, type, search, ...page } = request.query;
      const filter = { tenantId, status: status && statusOf(status), kind: type && kindOf(type), agentId: undefined, search };
      return readCursorPage(api, page, {
        name: 'campaigns',
        tenantId,
        read: ({ after: place, ...stretch }) => {
          const after = place && { createdAt: place.at, id: place.id };
          return listCampaigns(runtime.db.sql, filter, { sortBy: 'createdAt', order: 'desc', ...stretch, after });
        },
        total: (read) => totalOf(filter, read),
        present: presentCampaign,
      });
    },
  );

  campaignOutlookRoutes(scope, api);

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
