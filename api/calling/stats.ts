import { Type } from '@sinclair/typebox';
import { openStatistics } from '../../service/statistics.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { Nullable } from '../plugin/schema.ts';
import { Data, data, errors } from './dialect.ts';

/** Numbers about the caller's tenant, at most two seconds old: of calls that ended from the roll-ups, of others from its rows. */
export function statRoutes(scope: App, rt: Runtime, version: string): void {
  const { statistics, upcoming } = openStatistics(rt);
  scope.get(
    '/stats',
    {
      schema: {
        tags: ['Statistics'],
        summary: 'Get system stats',
        description: 'Calls, agents and queue of the account; how much of the last 30 days the api was up, from its own heartbeats.',
        response: {
          200: Data(
            Type.Object({
              calls: Type.Object({
                total: Type.Integer({ description: 'That ended, those cancelled or stopped before they were dialed aside' }),
                inbound: Type.Integer(),
                outbound: Type.Integer(),
                successRate: Type.Number({
                  description:
                    'Percent completed of all that ended, those cancelled or stopped before they were dialed aside; 0 before any ended',
                }),
              }),
              agents: Type.Object({ total: Type.Integer(), active: Type.Integer() }),
              queue: Type.Object({
                waiting: Type.Integer({ description: 'Due and not dialed yet' }),
                active: Type.Integer({ description: 'At the carrier now' }),
              }),
              uptime: Nullable(Type.String({ examples: ['99.95%'] }), 'null before the first heartbeat'),
              version: Type.String(),
            }),
            'The numbers',
          ),
          ...errors(),
        },
      },
    },
    async (request) => {
      const { calls, agents, queue, uptimePercent } = await statistics(principalOf(request).tenantId);
      const uptime = uptimePercent === undefined ? null : `${round2(uptimePercent)}%`;
      return data({ calls, agents, queue: { waiting: queue.waiting, active: queue.active }, uptime, version });
    },
  );

  scope.get(
    '/scheduling/stats',
    {
      schema: {
        tags: ['Scheduling'],
        summary: 'Get queue statistics',
        description:
          'The account’s calls by where they are. `scheduledCalls`: those that wait for a later moment, and the coming runs of active ' +
          'recurring schedules, which become calls a minute ahead (each counted once; of more than 10,000 different schedules the soonest).',
        response: {
          200: Data(
            Type.Object({
              queue: Type.Object({ waiting: Type.Integer(), active: Type.Integer(), completed: Type.Integer(), failed: Type.Integer() }),
              scheduledCalls: Type.Object({ next24Hours: Type.Integer(), nextWeek: Type.Integer() }),
            }),
            'The numbers',
          ),
          ...errors(),
        },
      },
    },
    async (request) => data(await upcoming(principalOf(request).tenantId)),
  );
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
