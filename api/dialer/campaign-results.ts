import { Type } from '@sinclair/typebox';
import { csvLine } from '../../core/csv/write.ts';
import { parseId } from '../../core/id.ts';
import type { ContactResult } from '../../db/query/campaign-results.ts';
import { campaignResults } from '../../service/campaign-results.ts';
import { campaignOf } from '../../service/campaigns.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { CsvAnswer, sendCsv } from '../plugin/csv-answer.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { errors } from './dialect.ts';

const HEADER = csvLine([
  ...['lead_id', 'phone_number', 'name', 'email', 'status', 'state', 'result', 'attempts', 'last_contacted_at'],
  ...['last_call_id', 'last_call_status', 'disposition', 'duration_sec', 'cost'],
]);
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `campaign_1`' }) });

/** The results of a campaign as a file. */
export function campaignResultRoutes(scope: App, { runtime }: Api): void {
  scope.get(
    '/campaigns/:id/results.csv',
    {
      preValidation: atLeast('manager'),
      // a HEAD would read the whole file to throw it away
      exposeHeadRoute: false,
      schema: {
        tags: ['Campaigns'],
        summary: 'Download the results',
        description:
          'Every lead of the campaign with what became of it, as CSV, in the order in which the leads came. `state` is `waiting` for its first ' +
          'dial, `in_line` while calls of it are open, or `done`; `result` then says how it ended. Call, disposition and duration are of the last call, ' +
          '`cost` is of all. It is read as it is sent: a file that breaks off is not whole. Texts that a spreadsheet would read as a formula begin with an ' +
          'apostrophe; phone numbers stand as they are, so that the file can be imported again. For managers and higher.',
        params: Params,
        response: { 200: CsvAnswer('The results', HEADER), ...errors(400, 403, 404) },
      },
    },
    async (request, reply) => {
      const { tenantId } = principalOf(request);
      const { id } = await campaignOf(runtime, tenantId, parseId('campaign', request.params.id));
      const batches = linesOf(campaignResults(runtime, { tenantId, campaignId: id }));
      return sendCsv(reply, { name: `campaign_${id}_results.csv`, header: HEADER, batches });
    },
  );
}

async function* linesOf(results: AsyncIterable<ContactResult[]>): AsyncGenerator<string> {
  for await (const rows of results) yield rows.map(lineOf).join('');
}

function lineOf(row: ContactResult): string {
  return csvLine([
    ...[row.id, { ours: row.phone }, row.name, row.email, row.status, row.state, row.result, row.attempts, timeOf(row.lastContactedAt)],
    ...[row.lastCallId, row.lastCallStatus, row.disposition, row.durationSeconds, row.cost === null ? null : Number(row.cost)],
  ]);
}

function timeOf(at: Date | null): string | null {
  return at && at.toISOString();
}
