import { type Static, Type } from '@sinclair/typebox';
import { csvLine } from '../../core/csv/write.ts';
import { formatId } from '../../core/id.ts';
import { maskPhone } from '../../core/mask.ts';
import type { Principal } from '../../core/principal.ts';
import { MAX_EXPORT_DAYS } from '../../core/time/export-range.ts';
import type { LoggedCall } from '../../db/query/call-log.ts';
import { MAX_EXPORTED, openCallExport, planCallExport } from '../../service/call-export.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { CsvAnswer, headCsv, sendCsv } from '../plugin/csv-answer.ts';
import { principalOf } from '../plugin/guard.ts';
import { HOUR_MS } from '../plugin/limits.ts';
import { CallFilterQuery, callFilterOf } from './call-filter.ts';
import { wordOf } from './call-status.ts';
import { errors } from './dialect.ts';
import { sessionIdOf } from './session-id.ts';

/** As spreadsheets on every system read lines; the document shows the names. */
const HEADER = csvLine(['session_id', 'ts', 'agent_id', 'agent_name', 'masked_phone', 'duration_sec', 'status', 'cost']);
const PATH = '/exports/calls.csv';
const FILE_NAME = 'call-logs.csv';
const NEXT_CURSOR = 'x-next-cursor';

const Query = Type.Object({
  ...CallFilterQuery,
  from: Type.Optional({
    ...CallFilterQuery.from,
    description: `ISO 8601, inclusive; without it the ${MAX_EXPORT_DAYS} days before \`to\``,
  }),
  to: Type.Optional({
    ...CallFilterQuery.to,
    description: `ISO 8601, inclusive, ${MAX_EXPORT_DAYS} days after \`from\` at most; without it the present`,
  }),
  cursor: Type.Optional({ ...CallFilterQuery.cursor, description: `\`${NEXT_CURSOR}\` of the file before, with the same filters` }),
});

/** The call log as a file, or what would be said of it. `now` is the time, in epoch milliseconds. */
export function exportRoutes(scope: App, { runtime, limits }: Api, now: () => number = Date.now): void {
  const limit = limits.perUser('dashboard export', { max: 5, windowMs: HOUR_MS });

  const planOf = (who: Principal, query: Static<typeof Query>) =>
    planCallExport(runtime.config, callFilterOf(who.tenantId, query), query.cursor, now());

  // the one that Fastify makes of a GET would count as a file, and read all of it to throw it away
  scope.head(PATH, { schema: { hide: true, querystring: Query } }, async (request, reply) => {
    planOf(principalOf(request), request.query);
    return headCsv(reply, FILE_NAME).send();
  });

  scope.get(
    PATH,
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['Exports'],
        summary: 'Export call logs',
        description:
          `In the order of the call log, ${MAX_EXPORTED.toLocaleString('en-US')} calls a file; \`${NEXT_CURSOR}\` leads to the next one, and is missing from the last. ` +
          'It is read as it is sent: a file that breaks off is not whole. Names that a spreadsheet would read as a formula begin with an apostrophe; ' +
          'masked numbers, in which no formula can hide, stand as everywhere. 5 files an hour and user; a refused request is none, nor is HEAD, which tells all but the cursor.',
        querystring: Query,
        response: {
          200: CsvAnswer('The calls', HEADER, { [NEXT_CURSOR]: Type.String({ description: 'Where the next file begins' }) }),
          ...errors(400),
        },
      },
    },
    async (request, reply) => {
      const plan = planOf(principalOf(request), request.query);
      await limit(request, reply);
      const { batches, nextCursor } = await openCallExport(runtime, plan);
      if (nextCursor !== undefined) reply.header(NEXT_CURSOR, nextCursor);
      return sendCsv(reply, { name: FILE_NAME, header: HEADER, batches: linesOf(batches) });
    },
  );
}

async function* linesOf(batches: AsyncIterable<LoggedCall[]>): AsyncGenerator<string> {
  for await (const calls of batches) yield calls.map(lineOf).join('');
}

function lineOf(call: LoggedCall): string {
  return csvLine([
    ...[sessionIdOf(call.id), call.startsAt.toISOString(), formatId('agent', call.agentId), call.agentName],
    ...[{ ours: maskPhone(call.theirNumber) }, call.durationSeconds ?? 0, wordOf(call.status), Number(call.cost ?? 0)],
  ]);
}
