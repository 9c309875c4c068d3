import { randomUUID } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { BrokenCsvError } from '../core/csv/reader.ts';
import type { CallRow, RowFault, RowVerdict } from '../core/csv/row.ts';
import type { Db } from '../db/client.ts';
import { type BatchTarget, countFaults, type RowBatch, saveBatch } from '../db/query/import-rows.ts';
import { beginImport, completeImport, failImport, type ImportRecord } from '../db/query/imports.ts';
import type { JobContext } from '../queue/catalog.ts';
import { failpoint } from './failpoint.ts';
import { judgeFile } from './import-file.ts';
import type { Runtime } from './runtime.ts';
import { removeUpload } from './storage.ts';

type Tools = Pick<Runtime, 'config' | 'db' | 'log'>;
type Context = Pick<JobContext, 'signal' | 'progress' | 'lastAttempt'> & {
  /** told after each batch that was committed */
  saved?(tenantId: number): void;
};

/** Rows a transaction takes (performance §d). */
const BATCH_ROWS = 5000;
/** Batches on their way at once: a core of PostgreSQL each, while this process reads on. */
const LANES = 2;
/** Lines of the report that are kept; the counts go on. */
export const MAX_FAULTS = { error: 10_000, warning: 1000 };
export const GIVEN_UP = 'The import was given up after too many faults of the system';

/**
 * Reads one import to its end, or on from where it stopped: every good row becomes one call, every bad one a line of the
 * report (DESIGN §7.5). Stops at `signal` by throwing, with everything before the position committed.
 * A second process that begins on the same import takes it over: the first one's next batch fails and changes nothing.
 * @throws when it was stopped or taken over, or a fault of ours interrupts it; all of them may be tried again
 */
export async function runImport(tools: Tools, importId: number, context: Context): Promise<void> {
  const { sql } = tools.db;
  const reader = randomUUID();
  const record = await beginImport(sql, importId, reader);
  if (!record) return;
  try {
    await readRows(tools, record, reader, context);
    if (!(await completeImport(sql, importId, reader))) throw new Error(`Import ${importId} is read by another process`);
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined && (context.signal.aborted || !context.lastAttempt)) throw error;
    tools.log.warn({ err: error, importId }, 'import failed');
    await failImport(sql, importId, reason ?? GIVEN_UP, { reader, row: error instanceof BrokenCsvError ? error.row : undefined });
    if (reason === undefined) throw error;
  }
  await context.progress(100);
  await removeUpload(tools.config, record.storageKey);
}

/** What the file itself is to blame for; undefined for everything that may pass. */
function whyUnreadable(error: unknown): string | undefined {
  if (error instanceof BrokenCsvError || error instanceof AppError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'The uploaded file is no longer there';
  return undefined;
}

async function readRows(tools: Tools, record: ImportRecord, reader: string, context: Context): Promise<void> {
  const { id: importId, tenantId, createdBy, totalRows, options } = record;
  const skipHeader = options.skipHeader === true;
  const autoSchedule = options.autoSchedule !== false;
  const saved = () => context.saved?.(tenantId);
  const writer = batchWriter(tools.db, { importId, reader, tenantId, createdBy, autoSchedule }, saved);
  const stored = await countFaults(tools.db.sql, importId);
  let done = record.processedRows;
  let current = emptyBatch(record.position);
  const full: RowBatch[] = [];

  const save = async (batch: RowBatch) => {
    await writer.write(batch);
    done += batch.processed;
    await context.progress(Math.min(99, Math.floor((done / Math.max(totalRows, 1)) * 100)));
  };
  try {
    await judgeFile(
      tools,
      { tenantId, storageKey: record.storageKey, skipHeader, totalRows },
      {
        row(verdict, row) {
          // committed before: read again only to know its duplicates
          if (row <= record.position) return;
          addRow(current, verdict, row, stored);
          if (current.processed < BATCH_ROWS) return;
          full.push(current);
          current = emptyBatch(current.to);
        },
        async pause() {
          context.signal.throwIfAborted();
          for (let batch = full.shift(); batch; batch = full.shift()) await save(batch);
        },
      },
    );
  } catch (error) {
    // what was read before the file broke counts
    if (error instanceof BrokenCsvError) for (const batch of [...full, current]) await writer.write(batch);
    await writer.end();
    throw error;
  }
  for (const batch of [...full, current]) await save(batch);
  await writer.end();
}

interface BatchWriter {
  /** Resolves when there is room for the next one. @throws what an earlier batch threw */
  write(batch: RowBatch): Promise<void>;
  /** Resolves when all is committed. */
  end(): Promise<void>;
}

function batchWriter(db: Db, target: BatchTarget, saved: () => void): BatchWriter {
  const lanes: Array<Promise<void>> = [];
  let last: Promise<void> = Promise.resolve();
  return {
    async write(batch) {
      if (batch.processed === 0) return;
      if (lanes.length >= LANES) await lanes.shift();
      last = saveBatch(db, target, batch, last).then(() => {
        failpoint('import_batch_written');
        saved();
      });
      // reported where it is awaited, by the next write or the end
      last.catch(() => undefined);
      lanes.push(last);
    },
    async end() {
      const results = await Promise.allSettled(lanes);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

function emptyBatch(from: number): RowBatch {
  return {
    from,
    to: from,
    rows: [],
    phones: [],
    agentIds: [],
    priorities: [],
    timesMs: [],
    timezones: [],
    contexts: [],
    metadata: [],
    faults: [],
    processed: 0,
    failed: 0,
    duplicates: 0,
    warned: 0,
  };
}

function addRow(batch: RowBatch, verdict: RowVerdict, row: number, stored: { error: number; warning: number }): void {
  batch.to = row;
  batch.processed++;
  const report = (severity: 'error' | 'warning', { field, message, value }: RowFault) => {
    if (stored[severity]++ < MAX_FAULTS[severity]) batch.faults.push({ row, severity, field, message, value });
  };
  if ('error' in verdict) {
    batch.failed++;
    if (verdict.error.duplicateOf !== undefined) batch.duplicates++;
    report('error', verdict.error);
    return;
  }
  if (verdict.warnings.length > 0) batch.warned++;
  for (const warning of verdict.warnings) report('warning', warning);
  addCall(batch, verdict.ok, row);
}

function addCall(batch: RowBatch, call: CallRow, row: number): void {
  batch.rows.push(row);
  batch.phones.push(Number(call.phone.slice(1)));
  batch.agentIds.push(call.agentId);
  batch.priorities.push(call.priority);
  batch.timesMs.push(call.scheduledForMs ?? NaN);
  batch.timezones.push(sameText(call.timezone, batch.timezones.at(-1)));
  batch.contexts.push(call.context ?? null);
  batch.metadata.push(call.extra ? JSON.stringify({ columns: call.extra }) : null);
}

/** The text that is kept already, when it is the same: neighbours mostly share their zone. */
function sameText(text: string | undefined, kept: string | null | undefined): string | null {
  return text === undefined ? null : text === kept ? kept : text;
}
