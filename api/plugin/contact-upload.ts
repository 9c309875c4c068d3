import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { REPORT_COLUMNS } from '../../core/contact/columns.ts';
import { csvLine } from '../../core/csv/write.ts';
import { AppError, badField } from '../../core/errors.ts';
import { parseId } from '../../core/id.ts';
import type { ContactImportRecord } from '../../db/query/contact-imports.ts';
import { type ContactImportRequest, getContactFaults, getContactImport, importContacts } from '../../service/contact-import.ts';
import type { Runtime } from '../../service/runtime.ts';
import { removeUpload } from '../../service/storage.ts';
import { MAX_WORKBOOK_ROWS } from '../../service/workbook.ts';
import { principalOf } from './guard.ts';
import { Nullable, OneOf, Timestamp } from './schema.ts';
import { receiveTable } from './table-upload.ts';

const Count = Type.Integer({ minimum: 0 });

/** The form, for readers; it is read as it streams in. */
export const UploadForm = Type.Object({
  campaignId: Type.Union([Type.Integer(), Type.String()]),
  file: Type.String({ format: 'binary' }),
  countryCodeIncluded: Type.Optional(Type.Boolean({ default: false })),
});

/** What an upload takes, where columns that it does not know are kept in `custom`. */
export const uploadHelp = (custom: string) =>
  'Answers when all rows are read. Form fields: `campaignId`; `file`, a CSV (`,`, `;`, tab or `|`; UTF-8 or UTF-16) or an Excel workbook, of which the ' +
  `first sheet is read, up to ${MAX_WORKBOOK_ROWS} rows; \`countryCodeIncluded\`, \`true\` when numbers may lack the plus before their country code. ` +
  `Columns in any order, by their usual names: phone (phoneNumber, mobile, tel, …), name, first name, last name, email, timezone, tags, status; others are kept in \`${custom}\`. ` +
  'Without such a header the column that holds a number in the first row has the phones. ' +
  'What was imported stays, should the connection break: send the file again, and it counts as duplicates.';

/** What became of the rows of an upload, the ids aside. */
export const OutcomeFields = {
  imported: Count,
  duplicates: Type.Integer({ description: 'Numbers that the campaign had already, or that came again in the file' }),
  errors: Type.Integer({ description: 'Rows that could not be taken' }),
  errorFile: Type.Optional(Type.String({ description: 'Where the bad rows are with their reasons, when there are any' })),
};

/** An upload as it is listed, the ids aside. */
export const ImportFields = {
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
};

/** `errorsAt`: the path of its bad rows. */
export function presentImport(record: ContactImportRecord, errorsAt: string) {
  const { status, fileName, processedRows, successfulRows, duplicateRows, failedRows, warningRows, error } = record;
  return {
    ...{ fileName, status: status === 'pending' ? ('processing' as const) : status },
    ...{ processedRows, imported: successfulRows, duplicates: duplicateRows, errors: failedRows, warnings: warningRows, error },
    errorFile: failedRows === 0 ? null : errorsAt,
    createdAt: record.createdAt.toISOString(),
    completedAt: record.completedAt?.toISOString() ?? null,
  };
}

export function presentOutcome({ imported, duplicates, errors, errorFile }: ReturnType<typeof presentImport>) {
  return { imported, duplicates, errors, ...(errorFile !== null && { errorFile }) };
}

/** Receives the form and reads its file to the end. @throws AppError as `receiveTable` and `importContacts` */
export async function receiveContacts(request: FastifyRequest, runtime: Runtime): Promise<ContactImportRecord> {
  const who = principalOf(request);
  const { file, fields } = await receiveTable(request, runtime, who.tenantId);
  const asked = await requestOf(fields).catch(async (error: unknown) => {
    await removeUpload(runtime.config, file.storageKey);
    throw error;
  });
  return importContacts(runtime, who, file, asked);
}

/** @throws AppError naming the field of the form */
async function requestOf({ campaignId, countryCodeIncluded = 'false' }: Readonly<Record<string, string>>): Promise<ContactImportRequest> {
  if (campaignId === undefined) throw badField('campaignId', 'is required');
  const id = parseId('campaign', campaignId);
  if (id === undefined) throw badField('campaignId', 'does not name a campaign of this account');
  if (countryCodeIncluded !== 'true' && countryCodeIncluded !== 'false') throw badField('countryCodeIncluded', 'must be true or false');
  return { campaignId: id, countryCodeIncluded: countryCodeIncluded === 'true' };
}

/** An upload of the account of who asks. @throws AppError `not_found` */
export async function importOf(request: FastifyRequest, runtime: Runtime, id: string): Promise<ContactImportRecord> {
  const importId = parseId('import', id);
  if (importId === undefined) throw new AppError('not_found', 'Import not found');
  return getContactImport(runtime, principalOf(request).tenantId, importId);
}

export const BadRowsQuery = Type.Object({ all: Type.Boolean({ default: false, description: 'Duplicates and warnings too' }) });
export const BAD_ROWS = {
  summary: 'Download the bad rows of an upload',
  description:
    'The rows as they stand in the file, each with its line and its reason, to be corrected and sent again; the first 10,000. Cells that a spreadsheet would read as a formula begin with an apostrophe.',
};
export const BadRows = { description: 'The rows', content: { 'text/csv': { schema: Type.String() } } };

/** Sends the rows of an upload that could not be taken, with `all` those to look at too. */
export async function sendBadRows(reply: FastifyReply, runtime: Runtime, found: ContactImportRecord, all: boolean): Promise<FastifyReply> {
  const { columns } = found.options;
  const faults = await getContactFaults(runtime, found, all);
  const lines = faults.map(({ row, message, cells }) => csvLine([...columns.map((_, at) => cells[at] ?? ''), String(row), message]));
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="import_${found.id}_errors.csv"`)
    .send(csvLine([...columns, ...REPORT_COLUMNS]) + lines.join(''));
}
