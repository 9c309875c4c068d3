import { type ContactLayout, readContactLayout } from '../core/contact/columns.ts';
import { type ContactVerdict, judgeContact, phoneReader } from '../core/contact/row.ts';
import { BrokenCsvError } from '../core/csv/reader.ts';
import { AppError, badField } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import { withDeadlockRetry } from '../db/client.ts';
import {
  advanceImport,
  type ContactBatchRow,
  type ContactImportFault,
  type ContactImportRecord,
  countContactImports,
  endContactImport,
  findContactImport,
  type ImportCounts,
  insertContactImport,
  insertContacts,
  listContactFaults,
  listContactImports,
  lockImporting,
} from '../db/query/contact-imports.ts';
import { hasCampaign } from '../db/query/contacts.ts';
import { noteChange, noteSoon } from './changes.ts';
import { suppressNumbers } from './do-not-call.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';
import { removeUpload } from './storage.ts';
import { type ReceivedTable, readTable } from './table-file.ts';
import { openTurns } from './turns.ts';
import type { TableRow } from './workbook.ts';

/** Rows a transaction takes (performance §d). */
const BATCH_ROWS = 5000;
/** Lines of the report that are kept, and what is kept of a row in it; the counts go on. */
const MAX_FAULTS = { error: 10_000, warning: 1000 };
const MAX_CELLS = 200;
const MAX_CELL_LENGTH = 1000;

/** Reading a file keeps a process busy that answers others too: a few at a time, the others wait with their file on disk. */
const importTurns = ofRuntime(() => openTurns(2, 50, 'Too many files are being imported right now'));

export interface ContactImportRequest {
  campaignId: number;
  /** every number begins with its country code, be there a plus or not */
  countryCodeIncluded: boolean;
}

/**
 * Reads a received file to its end and removes it: each good row is a contact of the campaign that waits for its first dial. Numbers that the
 * campaign or the file has already are counted, and passed over. What is committed stays, whatever happens then: sent again, it
 * counts as duplicates. A CSV that is broken half-way is imported up to there and told as `failed`.
 * @throws AppError naming `campaignId`, or `file` when nothing could be read of it
 */
export async function importContacts(
  runtime: Runtime,
  who: Principal,
  file: ReceivedTable,
  request: ContactImportRequest,
): Promise<ContactImportRecord> {
  try {
    if (!(await hasCampaign(runtime.db.sql, who.tenantId, request.campaignId))) {
      throw badField('campaignId', 'does not name a campaign of this account');
    }
    return await importTurns(runtime)(() => readFile(runtime, who, file, request));
  } finally {
    await removeUpload(runtime.config, file.storageKey);
  }
}

async function readFile(
  runtime: Runtime,
  who: Principal,
  file: ReceivedTable,
  request: ContactImportRequest,
): Promise<ContactImportRecord> {
  const toPhone = phoneReader(request.countryCodeIncluded);
  let importing: { importId: number; layout: ContactLayout; batches: Batches } | undefined;
  try {
    for await (let rows of readTable(runtime.config, file)) {
      if (!importing) {
        const first = rows[0];
        if (!first) continue;
        const layout = readContactLayout(first.cells, toPhone);
        const importId = await begin(runtime, who, file, { ...request, columns: layout.names });
        importing = { importId, layout, batches: openBatches(runtime, who, request.campaignId, importId) };
        if (layout.hasHeader) rows = rows.slice(1);
      }
      for (const row of rows) importing.batches.take(row, judgeContact(row.cells, importing.layout, toPhone));
      await importing.batches.write();
    }
    if (!importing) throw badField('file', 'is empty', 'file');
    await importing.batches.end();
    return await endContactImport(runtime.db.sql, importing.importId, undefined);
  } catch (error) {
    if (!importing) throw error;
    const { importId, batches } = importing;
    if (!(error instanceof BrokenCsvError)) {
      await endContactImport(runtime.db.sql, importId, error instanceof AppError ? error.message : 'The import was interrupted');
      throw error;
    }
    batches.take({ row: error.row, cells: [] }, { error: { field: 'phone', message: error.message, value: '' } });
    await batches.end();
    return endContactImport(runtime.db.sql, importId, error.message);
  } finally {
    if (importing) await Promise.all([noteChange(runtime, who.tenantId, 'contacts'), noteChange(runtime, who.tenantId, 'campaigns')]);
  }
}

function begin(
  { db }: Runtime,
  who: Principal,
  file: ReceivedTable,
  options: ContactImportRequest & { columns: readonly string[] },
): Promise<number> {
  const { fileName, storageKey, sizeBytes } = file;
  return insertContactImport(db.sql, {
    tenantId: who.tenantId,
    createdBy: who.userId,
    ...{ fileName, storageKey, sizeBytes },
    options: { ...options, columns: options.columns.slice(0, MAX_CELLS) },
  });
}

interface Batches {
  take(row: TableRow, verdict: ContactVerdict): void;
  /** Writes what makes a full batch. */
  write(): Promise<void>;
  /** Writes all that is left. */
  end(): Promise<void>;
}

interface Batch {
  rows: Array<ContactBatchRow & { cells: readonly string[] }>;
  faults: ContactImportFault[];
  counts: ImportCounts;
  position: number;
}

function openBatches(runtime: Runtime, who: Principal, campaignId: number, importId: number): Batches {
  const kept = { error: 0, warning: 0 };
  let batch = emptyBatch();
  const full: Batch[] = [];
  const report = (into: Batch, fault: ContactImportFault) => {
    if (kept[fault.severity]++ < MAX_FAULTS[fault.severity])
      into.faults.push({ ...fault, cells: fault.cells.map(shortened).slice(0, MAX_CELLS) });
  };

  async function save({ rows, faults, counts, position }: Batch): Promise<void> {
    const optOuts = rows.filter((row) => row.status === 'do_not_call').map((row) => row.phone);
    // before anybody could dial them
    if (optOuts.length > 0) await suppressNumbers(runtime, who, optOuts, 'Imported as do_not_call');
    await withDeadlockRetry(() =>
      runtime.db.sql.begin(async (sql) => {
        await lockImporting(sql, campaignId);
        const fresh = new Set(rows.length > 0 ? await insertContacts(sql, { tenantId: who.tenantId, campaignId, importId }, rows) : []);
        const imported = fresh.size;
        const own = [...faults];
        for (const { row, phone, cells } of rows) {
          // the first row with a number is the one that was written
          if (fresh.delete(phone) || kept.warning++ >= MAX_FAULTS.warning) continue;
          const message = 'Duplicate: the campaign has this number already';
          own.push({ row, severity: 'warning', field: 'phone', message, value: phone, cells: cells.map(shortened).slice(0, MAX_CELLS) });
        }
        await advanceImport(sql, importId, position, { ...counts, imported, duplicates: rows.length - imported }, own);
      }),
    );
    noteSoon(runtime, who.tenantId, ['contacts', 'campaigns']);
  }

  async function write(): Promise<void> {
    for (let next = full.shift(); next; next = full.shift()) await save(next);
  }

  return {
    take({ row, cells }, verdict) {
      batch.position = row;
      batch.counts.processed++;
      if ('error' in verdict) {
        batch.counts.failed++;
        report(batch, { row, severity: 'error', ...verdict.error, cells });
      } else {
        batch.rows.push({ row, ...verdict.ok, cells });
        if (verdict.warnings.length > 0) batch.counts.warned++;
        for (const warning of verdict.warnings) report(batch, { row, severity: 'warning', ...warning, cells });
      }
      if (batch.counts.processed < BATCH_ROWS) return;
      full.push(batch);
      batch = emptyBatch();
    },
    write,
    async end() {
      full.push(batch);
      batch = emptyBatch();
      await write();
    },
  };
}

function emptyBatch(): Batch {
  return { rows: [], faults: [], counts: { processed: 0, imported: 0, duplicates: 0, failed: 0, warned: 0 }, position: 0 };
}

function shortened(cell: string): string {
  return cell.length > MAX_CELL_LENGTH ? `${cell.slice(0, MAX_CELL_LENGTH)}…` : cell;
}

/** @throws AppError not_found, also for another tenant's import */
export async function getContactImport(runtime: Runtime, tenantId: number, importId: number): Promise<ContactImportRecord> {
  const found = await findContactImport(runtime.db.sql, tenantId, importId);
  if (!found) throw new AppError('not_found', 'Import not found');
  return found;
}

/** A page of a tenant's imports, newest first, and how many there are. */
export async function getContactImports(
  { db }: Runtime,
  tenantId: number,
  page: { limit: number; offset: number },
): Promise<{ rows: ContactImportRecord[]; total: number }> {
  const [rows, total] = await Promise.all([listContactImports(db.sql, tenantId, page), countContactImports(db.sql, tenantId)]);
  return { rows, total };
}

/** What the report kept of an import: its bad rows, and with `all` duplicates and warnings too. */
export function getContactFaults({ db }: Runtime, { id }: Pick<ContactImportRecord, 'id'>, all: boolean): Promise<ContactImportFault[]> {
  return listContactFaults(db.sql, id, all ? ['error', 'warning'] : ['error'], MAX_FAULTS.error + MAX_FAULTS.warning);
}
