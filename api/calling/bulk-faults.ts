import { Type } from '@sinclair/typebox';
import { csvLine } from '../../core/csv/write.ts';
import { AppError } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import type { ImportFault } from '../../db/query/import-rows.ts';
import { getImport, importFaults } from '../../service/imports.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from '../plugin/app.ts';
import { CsvAnswer, sendCsv } from '../plugin/csv-answer.ts';
import { principalOf } from '../plugin/guard.ts';
import { errors } from './dialect.ts';

export const tags = ['Bulk Operations'];
export const Params = Type.Object({ importId: Type.String({ maxLength: 40, description: '`import_123` or `123`' }) });
const REPORT_HEADER = csvLine(['row', 'severity', 'field', 'error', 'value']);

/** The bad rows of an import as a file. */
export function faultRoutes(scope: App, runtime: Runtime): void {
  scope.get(
    '/bulk/import/:importId/errors.csv',
    {
      // a HEAD would read the whole file to throw it away
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'Download bad rows',
        description:
          'The rows that were refused and those to look at, as CSV. Cells that a spreadsheet would read as a formula begin with an apostrophe.',
        params: Params,
        response: {
          200: CsvAnswer('The report', REPORT_HEADER),
          ...errors(400, 404),
        },
      },
    },
    async (request, reply) => {
      const found = await getImport(runtime, principalOf(request).tenantId, importIdOf(request.params));
      return sendCsv(reply, {
        name: `import_${found.id}_errors.csv`,
        header: REPORT_HEADER,
        batches: faultLines(importFaults(runtime, found)),
      });
    },
  );
}

async function* faultLines(batches: AsyncIterable<ImportFault[]>): AsyncGenerator<string> {
  for await (const faults of batches) {
    yield faults.map(({ row, severity, field, message, value }) => csvLine([row, severity, field, message, value])).join('');
  }
}

/** @throws AppError not_found for what can be no import's id */
export function importIdOf({ importId }: { importId: string }): number {
  const id = parseId('import', importId);
  if (id === undefined) throw new AppError('not_found', 'Import not found');
  return id;
}
