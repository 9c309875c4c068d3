import { type Static, Type } from '@sinclair/typebox';
import type { Config } from '../../core/config.ts';
import { formatId, parseId } from '../../core/id.ts';
import type { CampaignRow } from '../../db/query/campaigns.ts';
import { type CampaignCard, countCampaignCalls, listCampaignCards } from '../../db/query/dashboard-campaigns.ts';
import { campaignOf } from '../../service/campaigns.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';
import { errors } from './dialect.ts';
import { ItemPage, itemPage, PageQuery, rowsOf } from './page.ts';

const tags = ['Campaigns'];
const STATUSES = ['active', 'inactive', 'completed'] as const;

const CARD = {
  id: Type.String({ examples: ['campaign_123'] }),
  name: Type.String(),
  status: OneOf(STATUSES, { description: 'inactive: a draft, paused, or rejected by the platform’s administrator' }),
  created_at: Timestamp(),
};
const Detail = Type.Object(
  {
    ...CARD,
    description: Nullable(Type.String()),
    target_audience: Nullable(Type.String()),
    call_volume: Type.Integer({ description: 'Calls made for it' }),
  },
  { description: 'The campaign' },
);
const Info = Type.Object(
  {
    id: CARD.id,
    metrics: Type.Object({
      total_calls: Type.Integer({ description: 'Calls that have ended' }),
      completed_calls: Type.Integer(),
      success_rate: Type.Number({ description: 'Completed of all, from 0 to 1; 0 before the first call has ended' }),
    }),
    settings: Type.Object({
      max_retries: Type.Integer({ description: 'Dials of one contact after the first' }),
      call_timeout: Type.Integer({ description: 'Seconds that a phone rings' }),
    }),
  },
  { description: 'Its metrics and settings' },
);
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 40, description: '`campaign_123` or `123`' }) });

/** The account's campaigns, to be looked at. */
export function campaignRoutes(scope: App, { runtime }: Api): void {
  const { sql } = runtime.db;

  scope.get(
    '/campaigns',
    {
      constraints: { surface: 'dashboard' },
      schema: {
        tags,
        summary: 'List campaigns',
        description: 'Newest first.',
        querystring: PageQuery('Part of the name'),
        response: { 200: ItemPage(Type.Object(CARD), 'A page of campaigns'), ...errors(400) },
      },
    },
    async (request) => {
      const { rows, total } = await listCampaignCards(sql, rowsOf(principalOf(request).tenantId, request.query));
      return itemPage(rows.map(presentCard), total, request.query);
    },
  );

  scope.get(
    '/campaigns/:id',
    {
      constraints: { surface: 'dashboard' },
      schema: {
        tags,
        summary: 'Get campaign detail',
        description: 'One campaign and whom it is for.',
        params: Params,
        response: { 200: Detail, ...errors(400, 404) },
      },
    },
    async (request) => {
      const { campaign, calls } = await read(principalOf(request).tenantId, request.params.id);
      const { description, targetAudience } = campaign;
      return { ...presentCard(campaign), description, target_audience: targetAudience, call_volume: calls.total };
    },
  );

  scope.get(
    '/campaigns/:id/info',
    {
      schema: {
        tags,
        summary: 'Get campaign info',
        description: 'What became of its calls, and by which rules it dials.',
        params: Params,
        response: { 200: Info, ...errors(400, 404) },
      },
    },
    async (request) => {
      const { campaign, calls } = await read(principalOf(request).tenantId, request.params.id);
      return presentInfo(campaign, calls, runtime.config);
    },
  );

  async function read(tenantId: number, text: string) {
    const campaign = await campaignOf(runtime, tenantId, parseId('campaign', text));
    return { campaign, calls: await countCampaignCalls(sql, tenantId, campaign.id) };
  }
}

function presentCard({ id, name, status, approval, createdAt }: CampaignCard) {
  const runs = status === 'active' && approval !== 'rejected';
  const word: (typeof STATUSES)[number] = status === 'completed' ? 'completed' : runs ? 'active' : 'inactive';
  return { id: formatId('campaign', id), name, status: word, created_at: createdAt.toISOString() };
}

function presentInfo(
  campaign: CampaignRow,
  { total, completed }: { total: number; completed: number },
  config: Pick<Config, 'RING_TIMEOUT_SECONDS'>,
): Static<typeof Info> {
  return {
    id: formatId('campaign', campaign.id),
    metrics: {
      total_calls: total,
      completed_calls: completed,
      success_rate: total === 0 ? 0 : Math.round((completed / total) * 10_000) / 10_000,
    },
    settings: {
      max_retries: campaign.maxAttempts - 1,
      call_timeout: campaign.callTimeoutSeconds ?? config.RING_TIMEOUT_SECONDS,
    },
  };
}
