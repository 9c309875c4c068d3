import { type Static, Type } from '@sinclair/typebox';
import { parseId } from '../../core/id.ts';
import { preflight, type Progress, progress } from '../../service/campaign-outlook.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import * as outlook from '../plugin/campaign-outlook.ts';
import { principalOf } from '../plugin/guard.ts';
import { Data, data, errors } from './dialect.ts';
import { ListedCampaign, presentListedCampaign } from './present-campaign.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `campaign_1`' }) });
const tags = ['Campaigns'];

const Forecast = Type.Object({ ...outlook.ForecastFields, coveredLeads: outlook.Covered('Leads') }, outlook.FORECAST);
const Preflight = Type.Object({ ...outlook.PreflightFields('Leads'), forecast: Forecast });
const ProgressAnswer = Type.Object({
  ...ListedCampaign.properties,
  leads: outlook.Places,
  ...outlook.ProgressFields,
  forecast: Forecast,
});

/** Looks at a campaign from above: before it starts, and while it runs. */
export function campaignOutlookRoutes(scope: App, { runtime }: Api): void {
  scope.get(
    '/campaigns/:id/preflight',
    {
      schema: {
        tags,
        summary: 'Preflight',
        description: 'How many leads would be skipped and why, and when the campaign would be through at what cost. Changes nothing.',
        params: Params,
        response: { 200: Data(Preflight, 'What would happen'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const found = await preflight(runtime, principalOf(request).tenantId, parseId('campaign', request.params.id));
      return data({ ...found, forecast: presentForecast(found.forecast) });
    },
  );

  scope.get(
    '/campaigns/:id/progress',
    {
      schema: {
        tags,
        summary: 'Progress',
        description: 'How far a campaign is, what it is doing, and when it will be through.',
        params: Params,
        response: { 200: Data(ProgressAnswer, 'Where it is'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const found = await progress(runtime, principalOf(request).tenantId, parseId('campaign', request.params.id));
      return data({
        ...presentListedCampaign(found.campaign),
        leads: outlook.presentPlaces(found),
        ...outlook.presentProgress(found),
        forecast: presentForecast(found.forecast),
      });
    },
  );
}

function presentForecast(forecast: Progress['forecast']): Static<typeof Forecast> {
  return { ...outlook.presentForecast(forecast), coveredLeads: forecast.coveredContacts ?? null };
}
