import { Type } from '@sinclair/typebox';
import { rangeOf } from '../../core/time/range.ts';
import { callFigures } from '../../service/call-figures.ts';
import { agentInSight, sightOf } from '../../service/call-records.ts';
import { zoneOf } from '../../service/tenant-zone.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { readId, WrittenId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { Data, data, errors } from './dialect.ts';

const Instant = Type.String({ minLength: 1, maxLength: 40, description: 'ISO 8601', examples: ['2025-11-13'] });

const Dashboard = Type.Object({
  totalCalls: Type.Integer({ description: 'Calls that ended, those cancelled or stopped before they were dialed aside' }),
  answeredCalls: Type.Integer(),
  avgDuration: Type.Integer({ description: 'Seconds, of answered calls' }),
  totalDuration: Type.Integer({ description: 'Seconds, of answered calls' }),
  successRate: Type.Number({ description: 'Percent answered of all' }),
  callsByStatus: Type.Object({
    answered: Type.Integer(),
    no_answer: Type.Integer(),
    busy: Type.Integer(),
    failed: Type.Integer(),
    voicemail: Type.Integer(),
    abandoned: Type.Integer(),
  }),
  callsByHour: Type.Array(Type.Object({ hour: Type.Integer(), count: Type.Integer() }), {
    description: 'By the hour in which they ended on the clocks of the account’s zone; hours without a call are left out',
  }),
  topAgents: Type.Array(
    Type.Object({ agentId: Type.Integer(), name: Type.String(), totalCalls: Type.Integer(), successRate: Type.Number() }),
    { description: 'Up to five with the most calls, people and AI agents' },
  ),
});

/** Statistics. */
export function statsRoutes(scope: App, { runtime: rt }: Api): void {
  scope.get(
    '/stats/dashboard',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'Dashboard statistics',
        description:
          'What became of calls, counted as they end. Dates bound the end, are local time of the account where they have no offset, and reach ' +
          'to the whole quarter of an hour; without them all calls count. Who has the role agent sees their own figures.',
        querystring: Type.Object({
          startDate: Type.Optional(Instant),
          endDate: Type.Optional(Instant),
          agentId: Type.Optional(WrittenId('agent')),
        }),
        response: { 200: Data(Dashboard, 'The figures'), ...errors(400) },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { startDate, endDate, agentId } = request.query;
      const asked = readId('agent', agentId, 'agentId', 'query');
      const zone = await zoneOf(rt, who.tenantId);
      const range = rangeOf(['startDate', 'endDate'], [startDate, endDate], zone);
      const seen = agentInSight(await sightOf(rt, who), asked);
      const figures = await callFigures(rt, { tenantId: who.tenantId, agentId: seen, zone, ...range });
      const { completed, ...others } = figures.byOutcome;
      return data({
        totalCalls: figures.total,
        answeredCalls: figures.answered,
        avgDuration: figures.averageSeconds,
        totalDuration: figures.totalSeconds,
        successRate: figures.successRate,
        callsByStatus: { answered: completed, ...others },
        callsByHour: figures.byHour,
        topAgents: figures.topAgents.map(({ total, ...agent }) => ({ ...agent, totalCalls: total })),
      });
    },
  );
}
