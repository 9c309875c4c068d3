import { Type } from '@sinclair/typebox';
import { badField } from '../../core/errors.ts';
import { formatId } from '../../core/id.ts';
import type { ImportFault } from '../../db/query/import-rows.ts';
import type { ImportRecord } from '../../db/query/imports.ts';
import { removeUpload } from '../../service/storage.ts';
import { getImport, listImportErrors, listImportWarnings, scheduleImport, startImport } from '../../service/imports.ts';
import { type Validation, validateFile } from '../../service/import-validation.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { clientGone } from '../plugin/client-gone.ts';
import { principalOf } from '../plugin/guard.ts';
import { onceOf } from '../plugin/idempotency.ts';
import { HOUR_MS } from '../plugin/limits.ts';
import { Nullable, OneOf, Timestamp } from '../plugin/schema.ts';
import { acceptForms, type CsvForm, receiveCsv } from '../plugin/upload.ts';
import { faultRoutes, importIdOf, Params, tags } from './bulk-faults.ts';
import { Data, data, errors, Told, told } from './dialect.ts';

const RowError = Type.Object({ row: Type.Integer({ description: 'Line of the file, the header included' }), error: Type.String() });
const RowWarning = Type.Object({ row: Type.Integer(), warning: Type.String() });
const Count = Type.Integer({ minimum: 0 });

const ValidationAnswer = Type.Object({
  totalRows: Count,
  validRows: Count,
  invalidRows: Count,
  errors: Type.Array(RowError, { description: 'The first 100' }),
  warningRows: Type.Integer({ description: 'Valid, but look at them' }),
  warnings: Type.Array(RowWarning, { description: 'The first 100' }),
  preview: Type.Array(Type.Object({ phoneNumber: Type.String(), agentId: Type.String(), scheduledFor: Nullable(Type.String()) }), {
    description: 'The first 5 rows',
  }),
});

const StatusAnswer = Type.Object({
  importId: Type.String({ examples: ['import_123'] }),
  status: OneOf(['processing', 'completed', 'failed']),
  totalRows: Count,
  successfulRows: Count,
  failedRows: Type.Integer({ description: 'Duplicates included' }),
  errors: Type.Array(RowError, { description: 'The first 100; errors.csv has more' }),
  createdAt: Timestamp(),
  completedAt: Nullable(Type.String(), 'null while it is read'),
  processedRows: Count,
  duplicateRows: Count,
  warningRows: Type.Integer({ description: 'Imported, but look at them: errors.csv says why' }),
  warnings: Type.Array(RowWarning, { description: 'The first 100; errors.csv has more' }),
  error: Nullable(Type.String(), 'Why the file could not be read to its end'),
});

const FORM =
  'Form fields: `file`, a CSV file; `skipHeader`, `true` when the first row is no call. A header with our column names is recognised by itself; `,`, `;`, tab and `|` are understood as delimiters.';
const FILE_FIELDS = {
  file: Type.String({ format: 'binary', description: 'CSV file' }),
  skipHeader: Type.Optional(Type.Boolean({ description: 'The first row is no call' })),
};
const UPLOAD_ERRORS = [400, 413, 415, 422] as const;

/**
 * Bulk operations (calling.md): a CSV is validated or imported, its progress followed. Ten of them an hour and user;
 * looking at an import is not one.
 */
export function bulkRoutes(scope: App, { runtime, limits }: Pick<Api, 'runtime' | 'limits'>): void {
  const limit = limits.perUser('calling bulk', { max: 10, windowMs: HOUR_MS });

  scope.register(async (forms: App) => {
    await acceptForms(forms);
    // forms are read as they stream in; their schemas are for readers
    forms.setValidatorCompiler(() => () => true);

    forms.post(
      '/bulk/import/validate',
      {
        onRequest: limit,
        schema: {
          tags,
          summary: 'Validate CSV',
          description: `Judges every row and writes nothing. ${FORM}`,
          consumes: ['multipart/form-data'],
          body: Type.Object(FILE_FIELDS),
          response: { 200: Told(ValidationAnswer, 'The verdict'), ...errors(...UPLOAD_ERRORS) },
        },
      },
      async (request, reply) => {
        const { tenantId } = principalOf(request);
        const gone = clientGone(reply);
        const { file, skipHeader } = await optionsOf(runtime, await receiveCsv(request, runtime, tenantId));
        const found = await validateFile(runtime, tenantId, file, skipHeader, gone);
        return told(verdictOf(found), found);
      },
    );

    forms.post(
      '/bulk/import',
      {
        config: { repeatable: true },
        onRequest: limit,
        schema: {
          tags,
          summary: 'Import CSV',
          description: `Every good row becomes a call, in the background. ${FORM} \`autoSchedule\` false keeps the calls unscheduled. The same file sent twice asks for its calls twice, unless both have the same \`Idempotency-Key\`.`,
          consumes: ['multipart/form-data'],
          body: Type.Object({ ...FILE_FIELDS, autoSchedule: Type.Optional(Type.Boolean({ default: true })) }),
          response: {
            202: Told(
              Type.Object({ importId: Type.String({ examples: ['import_123'] }), totalRows: Count, status: OneOf(['processing']) }),
              'Accepted',
            ),
            ...errors(...UPLOAD_ERRORS),
          },
        },
      },
      async (request, reply) => {
        const who = principalOf(request);
        const { file, skipHeader, autoSchedule } = await optionsOf(runtime, await receiveCsv(request, runtime, who.tenantId));
        const { importId, totalRows } = await startImport(runtime, who, file, { skipHeader, autoSchedule }, onceOf(request));
        return reply
          .code(202)
          .send(told('CSV import started', { importId: formatId('import', importId), totalRows, status: 'processing' as const }));
      },
    );
  });

  scope.get(
    '/bulk/import/:importId/status',
    {
      schema: {
        tags,
        summary: 'Get import status',
        description: 'How far an import is, and its first bad rows.',
        params: Params,
        response: { 200: Data(StatusAnswer, 'The import'), ...errors(400, 404) },
      },
    },
    async (request) => {
      const found = await getImport(runtime, principalOf(request).tenantId, importIdOf(request.params));
      const [faults, warnings] = await Promise.all([listImportErrors(runtime, found), listImportWarnings(runtime, found)]);
      return data(presentImport(found, faults, warnings));
    },
  );

  faultRoutes(scope, runtime);

  scope.post(
    '/bulk/import/:importId/schedule',
    {
      config: { repeatable: true },
      onRequest: limit,
      schema: {
        tags,
        summary: 'Schedule the calls of an import',
        description: 'For imports made with `autoSchedule` false. A call whose time is over is due at once.',
        params: Params,
        response: { 200: Told(Type.Object({ importId: Type.String(), scheduledRows: Count }), 'Scheduled'), ...errors(400, 404, 409) },
      },
    },
    async (request) => {
      const importId = importIdOf(request.params);
      const scheduledRows = await scheduleImport(runtime, principalOf(request).tenantId, importId);
      return told('Calls scheduled successfully', { importId: formatId('import', importId), scheduledRows });
    },
  );
}

/** The form's switches. @throws AppError naming the one that is neither true nor false; the file is then removed */
async function optionsOf(runtime: Api['runtime'], { file, fields }: CsvForm) {
  try {
    return { file, skipHeader: switchOf(fields, 'skipHeader', false), autoSchedule: switchOf(fields, 'autoSchedule', true) };
  } catch (error) {
    await removeUpload(runtime.config, file.storageKey);
    throw error;
  }
}

function switchOf(fields: CsvForm['fields'], name: string, missing: boolean): boolean {
  const text = fields[name];
  if (text === undefined) return missing;
  if (text !== 'true' && text !== 'false') throw badField(name, 'must be true or false');
  return text === 'true';
}

/** The document's words when every row is valid, and how many are to be looked at. */
function verdictOf({ invalidRows, warningRows }: Validation): string {
  const rows = (n: number) => `${n} ${n === 1 ? 'row' : 'rows'}`;
  const verdict = invalidRows === 0 ? 'CSV validation successful' : `CSV validation found ${rows(invalidRows).replace(' ', ' invalid ')}`;
  return warningRows === 0 ? verdict : `${verdict}; ${rows(warningRows)} ${warningRows === 1 ? 'has a warning' : 'have warnings'}`;
}

function presentImport(record: ImportRecord, faults: readonly ImportFault[], warnings: readonly ImportFault[]) {
  const { status, totalRows, successfulRows, failedRows, processedRows, duplicateRows, warningRows, error } = record;
  return {
    importId: formatId('import', record.id),
    status: status === 'pending' ? ('processing' as const) : status,
    totalRows,
    successfulRows,
    failedRows,
    errors: faults.map(({ row, message }) => ({ row, error: message })),
    createdAt: record.createdAt.toISOString(),
    completedAt: record.completedAt?.toISOString() ?? null,
    processedRows,
    duplicateRows,
    warningRows,
    warnings: warnings.map(({ row, message }) => ({ row, warning: message })),
    error,
  };
}
