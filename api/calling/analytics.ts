import { Type } from '@sinclair/typebox';
import { AppError } from '../../core/errors.ts';
import { formatId, parseId } from '../../core/id.ts';
import { GROUPS } from '../../core/time/period.ts';
import { agentInSight, sightOf } from '../../service/call-records.ts';
import { agentAnalytics, callAnalytics, costAnalytics, MOST_AGENTS } from '../../service/call-analytics.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { readId, WrittenId } from '../plugin/given-id.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { OneOf } from '../plugin/schema.ts';
import { Data, data, errors } from './dialect.ts';

const Instant = (description: string, example: string) => Type.String({ minLength: 1, maxLength: 40, description, examples: [example] });
const Dates = {
  startDate: Instant('ISO 8601, inclusive', '2025-11-01T00:00:00Z'),
  endDate: Instant('ISO 8601, inclusive; a day without a time is all of that day', '2025-11-30'),
};
const RANGE =
  'Calls count by the moment in which they ended, inbound ones too; cancelled ones do not, nor those that were stopped before they were ' +
  'dialed, as for a number on the do-not-call list. Dates without an offset are local time of the ' +
  'account, and the range reaches over ten years at most. It is widened to whole quarters of an hour; an end at which one begins leaves that ' +
  'out, so that a range that begins there has no call in common with it.';
const Count = (description: string) => Type.Integer({ description });
const Percent = (description: string) => Type.Number({ description: `Percent ${description}, to one decimal; 0 where there is none` });
const Money = (description: string) => Type.Number({ description: `${description}, in the account’s money` });
const Name = Type.String({ examples: ['Customer Support Agent'] });
const AgentId = Type.String({ examples: ['agent_123'] });
const Duration = Count('Seconds, of completed calls; 0 where there is none');

const Calls = Type.Object({
  summary: Type.Object({
    totalCalls: Count('Calls that ended'),
    successfulCalls: Count('Completed'),
    failedCalls: Count('Ended in any other way'),
    successRate: Percent('completed of all'),
    averageDuration: Duration,
  }),
  byStatus: Type.Object({
    ...{ completed: Type.Integer(), no_answer: Type.Integer(), busy: Type.Integer(), failed: Type.Integer() },
    voicemail: Count('An answering machine took it'),
    abandoned: Count('Somebody answered and no person was free to talk'),
  }),
  byDate: Type.Array(
    Type.Object({
      date: Type.String({ description: 'YYYY-MM-DD: the day, the Monday of the week, the first of the month', examples: ['2025-11-01'] }),
      calls: Type.Integer(),
      successRate: Percent('completed of these'),
    }),
    {
      description:
        'Every day, week or month that the range touches, in the account’s zone; of the first and the last only what the range holds',
    },
  ),
});

const Agent = Type.Object({
  agentId: AgentId,
  agentName: Name,
  totalCalls: Count('Calls that ended'),
  successRate: Percent('completed of all'),
  averageDuration: Duration,
  voicemailDetectionRate: Percent('of all that an answering machine took'),
  retrySuccessRate: Percent('completed of those that were retries'),
  topFailureReasons: Type.Array(Type.Object({ reason: Type.String({ examples: ['no_answer'] }), count: Type.Integer() }), {
    description: 'How the others ended, the most frequent first',
  }),
});

const Costs = Type.Object({
  totalCost: Money('What the calls were charged'),
  costPerCall: Money('Of every call that ended'),
  breakdown: Type.Object({
    ...{ stt: Money('Speech to text'), llm: Money('Language model'), tts: Money('Text to speech') },
    exotel: Money('The phone company’s part, whichever it was: `carriers` has it by company'),
  }),
  carriers: Type.Record(Type.String(), Type.Number(), {
    description: 'The phone companies’ part by company',
    examples: [{ exotel: 500.5 }],
  }),
  byAgent: Type.Array(Type.Object({ agentId: AgentId, agentName: Name, totalCost: Money('Of its calls'), calls: Type.Integer() }), {
    description: `The costliest first, ${MOST_AGENTS} at most`,
  }),
});

/** What became of calls and what they cost, from the roll-ups. Who has the role agent sees their own figures. */
export function analyticsRoutes(scope: App, rt: Runtime): void {
  const tags = ['Analytics'];

  scope.get(
    '/analytics/calls',
    {
      schema: {
        tags,
        summary: 'Get call analytics',
        description: `What became of calls. ${RANGE} Who has the role agent sees their own.`,
        querystring: Type.Object({
          ...Dates,
          agentId: Type.Optional(WrittenId('agent')),
          groupBy: Type.Optional(OneOf(GROUPS, { description: 'Default: day' })),
        }),
        response: { 200: Data(Calls, 'The figures'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const { startDate, endDate, groupBy: group = 'day' } = request.query;
      const asked = readId('agent', request.query.agentId, 'agentId', 'query');
      const seen = agentInSight(await sightOf(rt, who), asked);
      if (seen === null && asked !== undefined) throw noAgent();
      const found = await callAnalytics(rt, { tenantId: who.tenantId, agentId: seen, group, startDate, endDate });
      return data({
        summary: {
          totalCalls: found.total,
          successfulCalls: found.successful,
          failedCalls: found.failed,
          successRate: found.successRate,
          averageDuration: found.averageSeconds,
        },
        byStatus: found.byOutcome,
        byDate: found.groups,
      });
    },
  );

  scope.get(
    '/analytics/agents/:agentId',
    {
      schema: {
        tags,
        summary: 'Get agent performance',
        description: `How one agent did, also one that was deleted. ${RANGE} Who has the role agent sees their own.`,
        params: Type.Object({ agentId: Type.String({ maxLength: 40, description: '`agent_123` or `123`' }) }),
        querystring: Type.Object(Dates),
        response: { 200: Data(Agent, 'The figures'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const who = principalOf(request);
      const asked = parseId('agent', request.params.agentId);
      const agentId = asked && agentInSight(await sightOf(rt, who), asked);
      if (!agentId) throw noAgent();
      const found = await agentAnalytics(rt, { tenantId: who.tenantId, agentId, ...request.query });
      return data({
        agentId: formatId('agent', agentId),
        agentName: found.name,
        totalCalls: found.total,
        successRate: found.successRate,
        averageDuration: found.averageSeconds,
        voicemailDetectionRate: found.voicemailRate,
        retrySuccessRate: found.retrySuccessRate,
        topFailureReasons: found.failures,
      });
    },
  );

  scope.get(
    '/analytics/costs',
    {
      preValidation: atLeast('manager'),
      schema: {
        tags,
        summary: 'Get cost analytics',
        description: `What calls were charged, by component and by agent. ${RANGE} For the role manager and above.`,
        querystring: Type.Object(Dates),
        response: { 200: Data(Costs, 'The figures'), ...errors(400, 403) },
      },
    },
    async (request) => {
      const found = await costAnalytics(rt, { tenantId: principalOf(request).tenantId, ...request.query });
      const { stt, llm, tts, carrier: exotel } = found.byComponent;
      return data({
        totalCost: found.total,
        costPerCall: found.perCall,
        breakdown: { stt, llm, tts, exotel },
        carriers: found.byCarrier,
        byAgent: found.byAgent.map(({ agentId, name, total, calls }) => ({
          ...{ agentId: formatId('agent', agentId), agentName: name, totalCost: total, calls },
        })),
      });
    },
  );
}

/** There is none, or it is not theirs to see. */
function noAgent(): AppError {
  return new AppError('not_found', 'There is no such agent');
}
