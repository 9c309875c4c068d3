import type { ContactRow } from '../../core/contact/row.ts';
import type { Sql } from '../client.ts';
import { countsOf, moveCounters } from './campaign-counters.ts';
import type { ImportRecord } from './imports.ts';

/** What an import of contacts was asked to do, and the names of its columns, for the report. */
export interface ContactImportOptions {
  campaignId: number;
  countryCodeIncluded: boolean;
  columns: readonly string[];
}

export interface ContactImportRecord extends Omit<ImportRecord, 'options'> {
  options: ContactImportOptions;
}

const COLUMNS = `id, tenant_id as "tenantId", kind, status, file_name as "fileName", storage_key as "storageKey", size_bytes as "sizeBytes",
  options, total_rows as "totalRows", position, processed_rows as "processedRows", successful_rows as "successfulRows",
  failed_rows as "failedRows", duplicate_rows as "duplicateRows", warning_rows as "warningRows", error, created_by as "createdBy",
  created_at as "createdAt", started_at as "startedAt", completed_at as "completedAt"`;

export interface NewContactImport {
  tenantId: number;
  fileName: string;
  storageKey: string;
  sizeBytes: number;
  options: ContactImportOptions;
  createdBy: number;
}

/** An import that is read at once by who was asked for it, unlike one of calls. */
export async function insertContactImport(sql: Sql, given: NewContactImport): Promise<number> {
  const [row] = await sql<Array<{ id: number }>>`
    insert into imports (tenant_id, kind, status, file_name, storage_key, size_bytes, options, created_by, started_at)
    values (${given.tenantId}, 'contacts', 'processing', ${given.fileName}, ${given.storageKey}, ${given.sizeBytes},
            ${JSON.stringify(given.options)}::text::jsonb, ${given.createdBy}, now())
    returning id`;
  if (!row) throw new Error('The database returned no id for an import');
  return row.id;
}

/** A row of the file that becomes a contact, or not. */
export interface ContactBatchRow extends ContactRow {
  row: number;
}

/** One line of the report. */
export interface ContactImportFault {
  row: number;
  severity: 'error' | 'warning';
  field: string;
  message: string;
  value: string;
  cells: readonly string[];
}

const TAG_END = '\u001f';

const IMPORTING = 7_310_203;

/**
 * One batch at a time for a campaign: two files with the same numbers in different orders would wait for each other. Held until
 * the transaction ends.
 */
export async function lockImporting(sql: Sql, campaignId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${IMPORTING}, (${campaignId}::bigint % 2147483647)::int)`;
}

/**
 * Writes contacts of a campaign; the numbers that it has already, and those that come again, are passed over. The campaign counts
 * them in the same statement. Answers the numbers that are new.
 */
export async function insertContacts(
  sql: Sql,
  target: { tenantId: number; campaignId: number; importId: number },
  rows: readonly ContactBatchRow[],
): Promise<string[]> {
  const texts = (of: (row: ContactBatchRow) => string | null) => rows.map(of);
  const made = await sql<Array<{ phone: string }>>`
    with made as (
      insert into contacts (tenant_id, campaign_id, import_id, dial_state, phone, name, first_name, last_name, email, timezone, status, tags, custom_fields)
      select ${target.tenantId}, ${target.campaignId}, ${target.importId}, 'waiting', r.phone, r.name, r.first_name, r.last_name, r.email, r.timezone,
             r.status, coalesce(string_to_array(r.tags, ${TAG_END}), '{}'), coalesce(r.fields, '{}')::jsonb
        from unnest(${texts((r) => r.phone)}::text[], ${texts((r) => r.name)}::text[], ${texts((r) => r.firstName)}::text[],
                    ${texts((r) => r.lastName)}::text[], ${texts((r) => r.email)}::text[], ${texts((r) => r.timezone)}::text[],
                    ${texts((r) => r.status)}::text[], ${texts((r) => (r.tags.length > 0 ? r.tags.join(TAG_END) : null))}::text[],
                    ${texts((r) => (r.customFields ? JSON.stringify(r.customFields) : null))}::text[])
             with ordinality as r(phone, name, first_name, last_name, email, timezone, status, tags, fields, place)
       order by r.place
      on conflict (campaign_id, phone) where deleted_at is null and campaign_id is not null do nothing
      returning campaign_id, phone, deleted_at, dial_state, result
    ), counted as (${moveCounters(sql, sql`select campaign_id, ${countsOf(sql, sql`made`)} from made`)})
    select phone from made`;
  return made.map((row) => row.phone);
}

export interface ImportCounts {
  processed: number;
  imported: number;
  duplicates: number;
  failed: number;
  warned: number;
}

/** Writes what became of a stretch of the file that ends at `position`, and the lines of the report. */
export async function advanceImport(
  sql: Sql,
  importId: number,
  position: number,
  counts: ImportCounts,
  faults: readonly ContactImportFault[],
): Promise<void> {
  if (faults.length > 0) {
    await sql`
      insert into import_errors (import_id, row, severity, field, message, value, cells)
      select ${importId}, f.row, f.severity, f.field, f.message, f.value, f.cells::jsonb
        from unnest(${faults.map((f) => f.row)}::int[], ${faults.map((f) => f.severity)}::text[], ${faults.map((f) => f.field)}::text[],
                    ${faults.map((f) => f.message)}::text[], ${faults.map((f) => f.value)}::text[],
                    ${faults.map((f) => JSON.stringify(f.cells))}::text[]) as f(row, severity, field, message, value, cells)
      on conflict do nothing`;
  }
  await sql`
    update imports set position = ${position}, processed_rows = processed_rows + ${counts.processed}, total_rows = total_rows + ${counts.processed},
           successful_rows = successful_rows + ${counts.imported}, duplicate_rows = duplicate_rows + ${counts.duplicates},
           failed_rows = failed_rows + ${counts.failed}, warning_rows = warning_rows + ${counts.warned}
     where id = ${importId}`;
}

/** `error`: why the file could not be read to its end. */
export async function endContactImport(sql: Sql, importId: number, error: string | undefined): Promise<ContactImportRecord> {
  const [row] = await sql<ContactImportRecord[]>`
    update imports set status = ${error === undefined ? 'completed' : 'failed'}, error = ${error ?? null}, completed_at = now()
     where id = ${importId} returning ${sql.unsafe(COLUMNS)}`;
  if (!row) throw new Error(`Import ${importId} is gone`);
  return row;
}

export async function findContactImport(sql: Sql, tenantId: number, importId: number): Promise<ContactImportRecord | undefined> {
  const [row] = await sql<ContactImportRecord[]>`
    select ${sql.unsafe(COLUMNS)} from imports where tenant_id = ${tenantId} and id = ${importId} and kind = 'contacts'`;
  return row;
}

/** Newest first. */
export async function listContactImports(
  sql: Sql,
  tenantId: number,
  page: { limit: number; offset: number },
): Promise<ContactImportRecord[]> {
  return sql<ContactImportRecord[]>`
    select ${sql.unsafe(COLUMNS)} from imports where tenant_id = ${tenantId} and kind = 'contacts'
     order by created_at desc, id desc limit ${page.limit} offset ${page.offset}`;
}

export async function countContactImports(sql: Sql, tenantId: number): Promise<number> {
  const [row] = await sql<
    Array<{ total: number }>
  >`select count(*) as total from imports where tenant_id = ${tenantId} and kind = 'contacts'`;
  return row?.total ?? 0;
}

/** In the order of the file. `importId` must be known to be the tenant's. */
export async function listContactFaults(
  sql: Sql,
  importId: number,
  severities: readonly string[],
  limit: number,
): Promise<ContactImportFault[]> {
  return sql<ContactImportFault[]>`
    select row, severity, field, message, coalesce(value, '') as value, coalesce(cells, '[]') as cells from import_errors
     where import_id = ${importId} and severity = any(${severities as string[]}::text[]) order by row, field limit ${limit}`;
}

/** Imports whose process died over them: nobody reads them on, and what they committed stays. */
export async function failLostContactImports(sql: Sql, before: Date, error: string): Promise<void> {
  await sql`
    update imports set status = 'failed', completed_at = now(), error = ${error}
     where kind = 'contacts' and status in ('pending', 'processing') and started_at < ${before}`;
}
