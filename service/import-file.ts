import { HEAD_BYTES, firstRecord, sniffDelimiter } from '../core/csv/format.ts';
import { fileJudge } from '../core/csv/judge.ts';
import { type Layout, readLayout } from '../core/csv/layout.ts';
import { csvReader } from '../core/csv/reader.ts';
import type { RowVerdict } from '../core/csv/row.ts';
import { fieldError } from '../core/errors.ts';
import { findRowSubjects } from '../db/query/imports.ts';
import type { Runtime } from './runtime.ts';
import { openUpload, readHead } from './storage.ts';

/** A CSV file that was streamed to the store and counted on its way. */
export interface ReceivedCsv {
  fileName: string;
  storageKey: string;
  sizeBytes: number;
  /** records with text, the header included */
  records: number;
}

/** Rows one file may have: what the memory for duplicates is bounded by (16 bytes a row). */
export const MAX_ROWS = 5_000_000;
/** Row errors, and warnings, an answer carries; the report has more. */
export const LISTED = 100;

type Tools = Pick<Runtime, 'config' | 'db'>;

export interface CsvFile {
  tenantId: number;
  storageKey: string;
  skipHeader: boolean;
  /** rows without the header, as they were counted when the file came; sizes the memory for duplicates */
  totalRows: number;
}

export interface RowVisitor {
  row(verdict: RowVerdict, row: number, record: readonly string[], layout: Layout): void;
  /** after every 64 KiB: time to write, to stop, to breathe */
  pause(): Promise<void>;
}

/** @throws AppError naming `file` when there is no row, or its header lacks a column */
export async function inspectFile(
  tools: Pick<Runtime, 'config'>,
  storageKey: string,
  skipHeader: boolean,
): Promise<{ delimiter: string; layout: Layout }> {
  const head = await readHead(tools.config, storageKey, HEAD_BYTES);
  const delimiter = sniffDelimiter(head);
  return { delimiter, layout: readLayout(firstRecord(head, delimiter), skipHeader) };
}

/** Rows of a received file, its header aside. @throws AppError naming `file`, also when it has too many */
export async function countRows(tools: Pick<Runtime, 'config'>, file: ReceivedCsv, skipHeader: boolean): Promise<number> {
  const { layout } = await inspectFile(tools, file.storageKey, skipHeader);
  const totalRows = Math.max(0, file.records - (layout.hasHeader ? 1 : 0));
  if (totalRows > MAX_ROWS) {
    throw fieldError('payload_too_large', 'file', `has ${totalRows} rows, and may have at most ${MAX_ROWS}`, 'file');
  }
  return totalRows;
}

/**
 * Reads a file in a stream and hands every row to `visitor` with its verdict; row 1 is the first line of the file.
 * @throws BrokenCsvError when the file can't be read to its end; AppError as `inspectFile`
 */
export async function judgeFile(tools: Tools, file: CsvFile, visitor: RowVisitor): Promise<void> {
  const { delimiter, layout } = await inspectFile(tools, file.storageKey, file.skipHeader);
  const subjects = await findRowSubjects(tools.db.sql, file.tenantId);
  const judge = fileJudge({ layout, ...subjects, nowMs: Date.now() }, file.totalRows);
  let header = layout.hasHeader;
  const reader = csvReader(delimiter, (record, row) => {
    if (!header) visitor.row(judge(record, row), row, record, layout);
    header = false;
  });
  for await (const chunk of openUpload(tools.config, file.storageKey)) {
    await reader.write(chunk as Buffer);
    await visitor.pause();
  }
  await reader.end();
}
