import { type Static, Type } from '@sinclair/typebox';
import { parseId } from '../../core/id.ts';
import { preflight, type Progress, progress } from '../../service/campaign-outlook.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import * as outlook from '../plugin/campaign-outlook.ts';
import { principalOf } from '../plugin/guard.ts';
import { Data, data, errors } from './dialect.ts';
import { Campaign, presentCampaign } from './present-campaign.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`campaign_1` or `1`' }) });
const tags = ['Campaigns'];
/** They tell of this moment: also of people who sign in, and hours that open, which nobody notes. */
const config = { cached: false } as const;

const Forecast = Type.Object({ ...outlook.ForecastFields, coveredContacts: outlook.Covered('Contacts') }, outlook.FORECAST);
const Preflight = Type.Object({ ...outlook.PreflightFields('Contacts'), forecast: Forecast });
const ProgressAnswer = Type.Object({
  ...Campaign.properties,
  contacts: outlook.Places,
  ...outlook.ProgressFields,
  forecast: Forecast,
});

/** Looks at a campaign from above: before it starts, and while it runs. Beside the document. */
export function campaignOutlookRoutes(scope: App, { runtime }: Api): void {
  scope.get(
    '/api/v1/campaigns/:id/preflight',
    {
      config,
      schema: {
        tags,
        summary: 'Preflight',
        description: 'How many contacts would be skipped and why, and when the campaign would be through at what cost. Changes nothing.',
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
    '/api/v1/campaigns/:id/progress',
    {
      config,
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
        ...presentCampaign(found.campaign),
        contacts: outlook.presentPlaces(found),
        ...outlook.presentProgress(found),
        forecast: presentForecast(found.forecast),
      });
    },
  );
}

function presentForecast(forecast: Progress['forecast']): Static<typeof Forecast> {
  return { ...outlook.presentForecast(forecast), coveredContacts: forecast.coveredContacts ?? null };
}
