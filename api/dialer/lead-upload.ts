import { type Static, Type } from '@sinclair/typebox';
import { REPORT_COLUMNS } from '../../core/contact/columns.ts';
import { csvLine } from '../../core/csv/write.ts';
import { AppError, badField } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import { offsetWithin } from '../../core/page.ts';
import type { ContactImportRecord } from '../../db/query/contact-imports.ts';
import {
  type ContactImportRequest,
  getContactFaults,
  getContactImport,
  getContactImports,
  importContacts,
} from '../../service/contact-import.ts';
import { removeUpload } from '../../service/storage.ts';
import { MAX_WORKBOOK_ROWS } from '../../service/workbook.ts';
import type { Api } from '../plugin/api.ts';
import { bulkLimit } from '../plugin/bulk-limit.ts';
import type { App } from '../plugin/app.ts';
import { principalOf } from '../plugin/guard.ts';
import { atLeast } from '../plugin/roles.ts';
import { Nullable, OneOf, PageQuery, Timestamp } from '../plugin/schema.ts';
import { receiveTable } from '../plugin/table-upload.ts';
import { Data, data, DataPage, errors, pagination, Told, told } from './dialect.ts';

const Count = Type.Integer({ minimum: 0 });
const Outcome = Type.Object({
  imported: Count,
  duplicates: Type.Integer({ description: 'Numbers that the campaign had already, or that came again in the file' }),
  errors: Type.Integer({ description: 'Rows that could not be taken' }),
  campaignId: Type.Integer(),
  importId: Type.Integer(),
  errorFile: Type.Optional(Type.String({ description: 'Where the bad rows are with their reasons, when there are any' })),
});

const Import = Type.Object({
  importId: Type.Integer(),
  campaignId: Type.Integer(),
  fileName: Type.String(),
  status: OneOf(['processing', 'completed', 'failed']),
  processedRows: Count,
  imported: Count,
  duplicates: Count,
  errors: Count,
  warnings: Type.Integer({ description: 'Imported, but look at them' }),
  error: Nullable(Type.String(), 'Why the file could not be read to its end'),
  errorFile: Nullable(Type.String(), 'null: no row was bad'),
  createdAt: Timestamp(),
  completedAt: Nullable(Timestamp(), 'null while it is read'),
});

const Params = Type.Object({ id: Type.String({ maxLength: 40, description: '`1` or `import_1`' }) });
const ReportQuery = Type.Object({ all: Type.Boolean({ default: false, description: 'Duplicates and warnings too' }) });

/** The upload of leads, and what became of it. */
export function leadUploadRoutes(scope: App, api: Api): void {
  const { runtime } = api;
  const tags = ['Leads'];

  scope.register(async (forms: App) => {
    // forms are read as they stream in; their schemas are for readers
    forms.setValidatorCompiler(() => () => true);
    forms.post(
      '/leads/bulk-upload',
      {
        onRequest: bulkLimit(api),
        preValidation: atLeast('manager'),
        schema: {
          tags,
          summary: 'Upload leads from CSV or XLSX',
          description:
            'Answers when all rows are read. Form fields: `campaignId`; `file`, a CSV (`,`, `;`, tab or `|`; UTF-8 or UTF-16) or an Excel workbook, of which the ' +
            `first sheet is read, up to ${MAX_WORKBOOK_ROWS} rows; \`countryCodeIncluded\`, \`true\` when numbers may lack the plus before their country code. ` +
            'Columns in any order, by their usual names: phone (phoneNumber, mobile, tel, …), name, first name, last name, email, timezone, tags, status; others are kept in `metadata`. ' +
            'Without such a header the column that holds a number in the first row has the phones. ' +
            'What was imported stays, should the connection break: send the file again, and it counts as duplicates.',
          consumes: ['multipart/form-data'],
          body: Type.Object({
            campaignId: Type.Union([Type.Integer(), Type.String()]),
            file: Type.String({ format: 'binary' }),
            countryCodeIncluded: Type.Optional(Type.Boolean({ default: false })),
          }),
          response: { 200: Told(Outcome, 'What became of the rows'), ...errors(400, 403, 413, 415, 422) },
        },
      },
      async (request, reply) => {
        const who = principalOf(request);
        const { file, fields } = await receiveTable(request, reply, runtime, who.tenantId);
        const asked = await requestOf(fields).catch(async (error: unknown) => {
          await removeUpload(runtime.config, file.storageKey);
          throw error;
        });
        const done = await importContacts(runtime, who, file, asked);
        const { processedRows: _rows, imported, duplicates, errors, campaignId, importId, errorFile } = presentImport(done);
        const message = done.error === null ? 'Leads imported successfully' : `The file could be read in part only. ${done.error}`;
        return told(message, { imported, duplicates, errors, campaignId, importId, ...(errorFile !== null && { errorFile }) });
      },
    );
  });

  scope.get(
    '/leads/imports',
    {
      schema: {
        tags,
        summary: 'List uploads of leads',
        description: 'Newest first.',
        querystring: Type.Object(PageQuery({ limit: 20, maximum: 100 })),
        response: { 200: DataPage(Import, 'A page of uploads'), ...errors(400) },
      },
    },
    async (request) => {
      const { limit } = request.query;
      const { rows, total } = await getContactImports(runtime, principalOf(request).tenantId, {
        limit,
        offset: offsetWithin(request.query),
      });
      return { ...data(rows.map(presentImport)), pagination: pagination(total, request.query) };
    },
  );

  scope.get(
    '/leads/imports/:id',
    {
      schema: {
        tags,
        summary: 'Get an upload of leads',
        description: 'How far it is, and what became of its rows.',
        params: Params,
        response: { 200: Data(Import, 'The upload'), ...errors(400, 404) },
      },
    },
    async (request) => data(presentImport(await getContactImport(runtime, principalOf(request).tenantId, importIdOf(request.params)))),
  );

  scope.get(
    '/leads/imports/:id/errors.csv',
    {
      schema: {
        tags,
        summary: 'Download the bad rows of an upload',
        description:
          'The rows as they stand in the file, each with its line and its reason, to be corrected and sent again; the first 10,000. Cells that a spreadsheet would read as a formula begin with an apostrophe.',
        params: Params,
        querystring: ReportQuery,
        response: {
          200: { description: 'The rows', content: { 'text/csv': { schema: Type.String() } } },
          ...errors(400, 404),
        },
      },
    },
    async (request, reply) => {
      const found = await getContactImport(runtime, principalOf(request).tenantId, importIdOf(request.params));
      const { columns } = found.options;
      const faults = await getContactFaults(runtime, found, request.query.all);
      const lines = faults.map(({ row, message, cells }) => csvLine([...columns.map((_, at) => cells[at] ?? ''), String(row), message]));
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="import_${found.id}_errors.csv"`)
        .send(csvLine([...columns, ...REPORT_COLUMNS]) + lines.join(''));
    },
  );
}

/** @throws AppError naming the field of the form */
async function requestOf({ campaignId, countryCodeIncluded = 'false' }: Readonly<Record<string, string>>): Promise<ContactImportRequest> {
  if (campaignId === undefined) throw badField('campaignId', 'is required');
  const id = parseId('campaign', campaignId);
  if (id === undefined) throw badField('campaignId', 'does not name a campaign of this account');
  if (countryCodeIncluded !== 'true' && countryCodeIncluded !== 'false') throw badField('countryCodeIncluded', 'must be true or false');
  return { campaignId: id, countryCodeIncluded: countryCodeIncluded === 'true' };
}

function importIdOf({ id }: { id: string }): number {
  const importId = parseId('import', id);
  if (importId === undefined) throw new AppError('not_found', 'Import not found');
  return importId;
}

function presentImport(record: ContactImportRecord): Static<typeof Import> {
  const { id, status, fileName, processedRows, successfulRows, duplicateRows, failedRows, warningRows, error } = record;
  return {
    ...{ importId: id, campaignId: record.options.campaignId, fileName, status: status === 'pending' ? 'processing' : status },
    ...{ processedRows, imported: successfulRows, duplicates: duplicateRows, errors: failedRows, warnings: warningRows, error },
    errorFile: failedRows === 0 ? null : `/api/leads/imports/${id}/errors.csv`,
    createdAt: record.createdAt.toISOString(),
    completedAt: record.completedAt?.toISOString() ?? null,
  };
}
