import { AppError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import { failPhoneImport } from '../db/query/admin-imports.ts';
import { isSurelyUndone } from '../db/client.ts';
import { failLostContactImports } from '../db/query/contact-imports.ts';
import { listFaults, type ImportFault, releaseCalls } from '../db/query/import-rows.ts';
import {
  failImport,
  findImport,
  findOpenFiles,
  findOpenImports,
  type ImportOptions,
  type ImportRecord,
  insertImport,
} from '../db/query/imports.ts';
import { noteChange } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { madeBefore, noteMade, type Once } from './idempotency.ts';
import { countRows, LISTED, type ReceivedCsv } from './import-file.ts';
import { GIVEN_UP } from './import-run.ts';
import type { Runtime } from './runtime.ts';
import { listUploads, removeUpload } from './storage.ts';

const RELEASE_ROWS = 2000;

/** The job of an import. */
export function importJobId(importId: number): string {
  return `import_${importId}`;
}

/**
 * Accepts a received file: its rows become calls in the background. Uploading the same file again is a second request
 * and asks for its calls a second time, just as posting a call twice does, unless `once` says that it is the same request: then the file
 * is not needed again. Duplicates are looked for inside one file.
 * @throws AppError naming `file`; the file is then removed
 */
export async function startImport(
  runtime: Runtime,
  who: Principal,
  file: ReceivedCsv,
  options: ImportOptions,
  once?: Once,
): Promise<{ importId: number; totalRows: number }> {
  const madeId = madeBefore(once);
  if (madeId !== undefined) {
    await removeUpload(runtime.config, file.storageKey);
    const { totalRows } = await getImport(runtime, who.tenantId, madeId);
    return { importId: madeId, totalRows };
  }
  try {
    const totalRows = await countRows(runtime, file, options.skipHeader);
    const importId = await runtime.db.sql.begin(async (sql) => {
      const made = await insertImport(sql, {
        tenantId: who.tenantId,
        fileName: file.fileName,
        storageKey: file.storageKey,
        sizeBytes: file.sizeBytes,
        totalRows,
        options,
        createdBy: who.userId,
      });
      await noteMade(sql, once, made);
      return made;
    });
    failpoint('import_stored');
    await enqueueImport(runtime, importId);
    return { importId, totalRows };
  } catch (error) {
    // an import that may have been accepted keeps its file; of one that was not, the file is removed a day later
    if (error instanceof AppError || isSurelyUndone(error)) await removeUpload(runtime.config, file.storageKey);
    throw error;
  }
}

/** The row is its own outbox: a job that can't be put in now is put in by the repair tick. */
async function enqueueImport(runtime: Runtime, importId: number): Promise<void> {
  try {
    await runtime.producer.enqueue('imports', { importId }, { jobId: importJobId(importId), fresh: true });
  } catch (error) {
    runtime.log.warn({ err: error, importId }, 'queue not reached; the scheduler will queue the import');
  }
}

const OPEN_IMPORTS = 500;

/** Open imports whose job is gone get a new one; one whose job failed for good has failed. Answers how many were queued. */
export async function requeueOpenImports(runtime: Runtime): Promise<number> {
  const { db, producer, log } = runtime;
  const open = await findOpenImports(db.sql, OPEN_IMPORTS);
  if (open.length === 0) return 0;
  const states = await producer.jobState('imports', open.map(importJobId));
  const lost = open.filter((importId) => states.get(importJobId(importId)) === 'missing');
  for (const importId of open) {
    if (states.get(importJobId(importId)) !== 'failed') continue;
    if (!(await failPhoneImport(db.sql, importId, GIVEN_UP))) await failImport(db.sql, importId, GIVEN_UP);
  }
  if (lost.length > 0) {
    log.warn({ imports: lost.length }, 'open imports had no job; queued again');
    await producer.enqueueMany(
      'imports',
      lost.map((importId) => ({ payload: { importId }, jobId: importJobId(importId) })),
    );
  }
  return lost.length;
}

const ORPHAN_AFTER_MS = 24 * 60 * 60 * 1000;

/** Removes files that a process left behind when it was killed between upload and import, a day later. Answers how many. */
export async function removeOrphanUploads(runtime: Runtime, now: Date): Promise<number> {
  const before = new Date(now.getTime() - ORPHAN_AFTER_MS);
  const old = await listUploads(runtime.config, before);
  await failLostContactImports(runtime.db.sql, before, 'The import was interrupted: send the file again');
  const wanted = await findOpenFiles(runtime.db.sql);
  const orphans = old.filter((key) => !wanted.has(key));
  for (const key of orphans) await removeUpload(runtime.config, key);
  return orphans.length;
}

/** @throws AppError not_found, also for another tenant's import */
export async function getImport(runtime: Runtime, tenantId: number, importId: number): Promise<ImportRecord> {
  const found = await findImport(runtime.db.sql, tenantId, importId);
  if (!found || found.kind !== 'calls') throw new AppError('not_found', 'Import not found');
  return found;
}

/** The first bad rows of an import. */
export function listImportErrors(runtime: Runtime, { id }: Pick<ImportRecord, 'id'>): Promise<ImportFault[]> {
  return listFaults(runtime.db.sql, id, { severity: 'error', limit: LISTED });
}

/** The first rows of an import that were imported, but should be looked at. */
export function listImportWarnings(runtime: Runtime, { id }: Pick<ImportRecord, 'id'>): Promise<ImportFault[]> {
  return listFaults(runtime.db.sql, id, { severity: 'warning', limit: LISTED });
}

/** Everything the report kept of an import, warnings too, a batch at a time. */
export async function* importFaults(runtime: Runtime, { id }: Pick<ImportRecord, 'id'>, batch = 1000): AsyncGenerator<ImportFault[]> {
  let after: ImportFault | undefined;
  for (;;) {
    const faults = await listFaults(runtime.db.sql, id, { after, limit: batch });
    if (faults.length > 0) yield faults;
    if (faults.length < batch) return;
    after = faults.at(-1);
  }
}

/**
 * Schedules the calls of an import that was made with `autoSchedule` false. Asking twice schedules none twice.
 * @throws AppError not_found; conflict while the file is still being read, or when its calls were scheduled from the start
 */
export async function scheduleImport(runtime: Runtime, tenantId: number, importId: number): Promise<number> {
  const { status, options } = await getImport(runtime, tenantId, importId);
  if (options.autoSchedule === true) throw new AppError('conflict', 'The calls of this import are scheduled already');
  if (status === 'pending' || status === 'processing') throw new AppError('conflict', 'The import is still being read');
  let scheduled = 0;
  let afterRow = 0;
  for (;;) {
    const batch = await releaseCalls(runtime.db.sql, { tenantId, importId, afterRow, limit: RELEASE_ROWS });
    if (!batch) return scheduled;
    await noteChange(runtime, tenantId, 'calls');
    scheduled += batch.released;
    afterRow = batch.lastRow;
  }
}
