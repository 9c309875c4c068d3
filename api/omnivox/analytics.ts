import { Type } from '@sinclair/typebox';
import { PERIODS } from '../../core/time/period.ts';
import { analytics } from '../../service/analytics.ts';
import { percent } from '../../service/call-figures.ts';
import { agentInSight, sightOf } from '../../service/call-records.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { readId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { OneOf } from '../plugin/schema.ts';
import { Data, data, errors } from './dialect.ts';

const Instant = (description: string) => Type.String({ minLength: 1, maxLength: 40, description, examples: ['2024-01-15'] });
const Day = Type.String({ description: 'YYYY-MM-DD', examples: ['2024-01-15'] });

const Dashboard = Type.Object({
  overview: Type.Object({
    totalCalls: Type.Integer({
      description: 'Calls that ended, those cancelled or stopped before they were dialed aside; of a campaign, its dials',
    }),
    successfulCalls: Type.Integer({ description: 'Completed' }),
    averageDuration: Type.Integer({ description: 'Seconds, of completed calls; of a campaign, of those that a person answered' }),
    conversionRate: Type.Number({ description: 'Percent completed of all that ended' }),
  }),
  trends: Type.Object({
    calls: Type.Array(Type.Object({ date: Day, count: Type.Integer() }), { description: 'Every day of the range' }),
    conversions: Type.Array(Type.Object({ date: Day, rate: Type.Number({ description: 'Percent' }) }), {
      description: 'Days on which a call ended: on others there is no rate',
    }),
  }),
});

/** Analytics. */
export function analyticsRoutes(scope: App, { runtime }: Api): void {
  scope.get(
    '/api/v1/analytics/dashboard',
    {
      config: { cached: ['calls', 'campaigns'], cachedPer: 'sight' },
      schema: {
        tags: ['Analytics'],
        summary: 'Dashboard analytics',
        description:
          'What became of calls, by the moment in which they ended. `period` ends today (1, 7, 30 or 365 days; default month), `dateFrom` and ' +
          '`dateTo` win over it. Days are those of the account’s zone; with `campaignId` they are UTC days, each counted as a whole. ' +
          'Who has the role agent sees their own figures, and a campaign’s.',
        querystring: Type.Object({
          period: Type.Optional(OneOf(PERIODS)),
          campaignId: Type.Optional(Type.String({ minLength: 1, maxLength: 40, examples: ['campaign_1'] })),
          dateFrom: Type.Optional(Instant('ISO 8601, inclusive')),
          dateTo: Type.Optional(Instant('ISO 8601, inclusive; a day without a time is all of that day')),
        }),
        response: { 200: Data(Dashboard, 'The figures'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const { period, dateFrom, dateTo } = request.query;
      const campaignId = readId('campaign', request.query.campaignId, 'campaignId', 'query');
      const who = principalOf(request);
      const agentId = agentInSight(await sightOf(runtime, who), undefined);
      const found = await analytics(runtime, { tenantId: who.tenantId, agentId, campaignId, period, dateFrom, dateTo });
      return data({
        overview: {
          totalCalls: found.totalCalls,
          successfulCalls: found.successfulCalls,
          averageDuration: found.averageSeconds,
          conversionRate: found.conversionRate,
        },
        trends: {
          calls: found.days.map(({ date, calls }) => ({ date, count: calls })),
          conversions: found.days.flatMap(({ date, calls, completed }) => (calls === 0 ? [] : [{ date, rate: percent(completed, calls) }])),
        },
      });
    },
  );
}
