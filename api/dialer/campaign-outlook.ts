import { type Static, Type } from '@sinclair/typebox';
import { parseId } from '../../core/id.ts';
import { preflight, type Progress, progress } from '../../service/campaign-outlook.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable, Timestamp } from '../plugin/schema.ts';
import { Data, data, errors } from './dialect.ts';
import { ListedCampaign, presentListedCampaign } from './present-campaign.ts';

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `campaign_1`' }) });
const tags = ['Campaigns'];

const Obstacles = Type.Array(Type.String(), { description: 'Why nothing is dialed just now' });
const Forecast = Type.Object(
  {
    dials: Type.Integer({ description: 'Still to be made, retries included' }),
    dialsPerHour: Type.Integer(),
    finishAt: Nullable(Timestamp(), 'null: never, as things stand'),
    cost: Type.Number({ description: 'In the account’s money' }),
    coveredLeads: Nullable(Type.Integer(), 'Leads that the balance pays for; null: it refills itself'),
    basis: Type.Object({
      measured: Type.Boolean({ description: 'From the last 30 days of this campaign; false: assumed' }),
      answerRate: Type.Number({ description: 'Percent of dials' }),
      averageTalk: Type.Integer({ description: 'Seconds' }),
    }),
  },
  { description: 'If everything stays as it is' },
);

const Preflight = Type.Object({
  waiting: Type.Integer({ description: 'Leads that wait for their first dial' }),
  looked: Type.Integer({ description: 'Leads looked at, evenly among them; when fewer, `skipped` is an estimate' }),
  skipped: Type.Object(
    {
      suppressed: Type.Integer({ description: 'On the do-not-call list' }),
      refused: Type.Integer({ description: 'Their status says not to call, or not interested' }),
      neverOpen: Type.Integer({ description: 'Their calling hours never open' }),
      unassigned: Type.Integer({ description: 'No country has assigned the number: dialed, and likely to fail' }),
      duplicate: Type.Integer({ description: 'Another active campaign is at the same number: dialed by both' }),
      outsideHours: Type.Integer({ description: 'Dialed when their hours open' }),
    },
    { description: 'Leads that are not dialed, or not now, or with trouble; each counts once' },
  ),
  obstacles: Obstacles,
  forecast: Forecast,
});

const ProgressAnswer = Type.Object({
  ...ListedCampaign.properties,
  leads: Type.Object({
    waiting: Type.Integer({ description: 'For their first dial' }),
    inLine: Type.Integer({ description: 'A call of theirs is under way or to come' }),
    completed: Type.Integer(),
  }),
  calls: Type.Object({
    live: Type.Integer(),
    due: Type.Integer({ description: 'To be dialed as soon as there is a place' }),
    later: Type.Integer({ description: 'Retries, and calls that wait for their hours' }),
  }),
  dials: Type.Object(
    {
      total: Type.Integer(),
      answered: Type.Integer({ description: 'By a person' }),
      abandoned: Type.Integer({ description: 'Of these, without anybody to talk to within two seconds' }),
      completed: Type.Integer(),
      averageTalk: Type.Integer({ description: 'Seconds' }),
    },
    { description: 'Ended, in the last 30 days' },
  ),
  agents: Type.Object({ signedIn: Type.Integer(), available: Type.Integer() }),
  obstacles: Obstacles,
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
    async (request) =>
      data(presentProgress(await progress(runtime, principalOf(request).tenantId, parseId('campaign', request.params.id)))),
  );
}

function presentProgress({
  campaign,
  waiting,
  inLine,
  calls,
  dials,
  people,
  obstacles,
  forecast,
}: Progress): Static<typeof ProgressAnswer> {
  return {
    ...presentListedCampaign(campaign),
    leads: { waiting, inLine, completed: campaign.completedContacts },
    calls,
    dials: {
      total: dials.dials,
      answered: dials.answered,
      abandoned: dials.abandoned,
      completed: dials.completed,
      averageTalk: dials.averageTalkSeconds,
    },
    agents: people,
    obstacles,
    forecast: presentForecast(forecast),
  };
}

function presentForecast({ experience, finishAt, coveredContacts, ...rest }: Progress['forecast']): Static<typeof Forecast> {
  const { isMeasured, answerRate, talkSeconds } = experience;
  return {
    ...rest,
    finishAt: finishAt?.toISOString() ?? null,
    coveredLeads: coveredContacts ?? null,
    basis: { measured: isMeasured, answerRate: Math.round(answerRate * 1000) / 10, averageTalk: Math.round(talkSeconds) },
  };
}
