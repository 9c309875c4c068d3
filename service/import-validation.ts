import { BrokenCsvError } from '../core/csv/reader.ts';
import { previewRow } from '../core/csv/row.ts';
import { countRows, judgeFile, LISTED, type ReceivedCsv } from './import-file.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';
import { removeUpload } from './storage.ts';
import { openTurns } from './turns.ts';

const PREVIEWED_ROWS = 5;

export interface Validation {
  totalRows: number;
  validRows: number;
  invalidRows: number;
  errors: Array<{ row: number; error: string }>;
  warningRows: number;
  warnings: Array<{ row: number; warning: string }>;
  preview: Array<ReturnType<typeof previewRow>>;
}

/** Judging occupies the process that answers everybody: a few at a time, the others wait with their file on disk. */
const validationTurns = ofRuntime(() => openTurns(2, 50, 'Too many files are being validated right now'));

/**
 * Judges a received file as an import would, writes nothing, and removes the file. Two at a time in a process.
 * @throws AppError naming `file`, or `unavailable` when too many wait; the signal's reason once it is given
 */
export async function validateFile(
  runtime: Runtime,
  tenantId: number,
  file: ReceivedCsv,
  skipHeader: boolean,
  signal?: AbortSignal,
): Promise<Validation> {
  try {
    return await validationTurns(runtime)(() => validate(runtime, tenantId, file, skipHeader, signal), signal);
  } finally {
    await removeUpload(runtime.config, file.storageKey);
  }
}

async function validate(
  runtime: Runtime,
  tenantId: number,
  file: ReceivedCsv,
  skipHeader: boolean,
  signal?: AbortSignal,
): Promise<Validation> {
  const found: Validation = { totalRows: 0, validRows: 0, invalidRows: 0, errors: [], warningRows: 0, warnings: [], preview: [] };
  const reject = (row: number, error: string) => {
    found.totalRows++;
    found.invalidRows++;
    if (found.errors.length < LISTED) found.errors.push({ row, error });
  };
  try {
    const totalRows = await countRows(runtime, file, skipHeader);
    await judgeFile(
      runtime,
      { tenantId, storageKey: file.storageKey, skipHeader, totalRows },
      {
        row(verdict, row, record, layout) {
          if (found.preview.length < PREVIEWED_ROWS) found.preview.push(previewRow(record, layout));
          if ('error' in verdict) return reject(row, verdict.error.message);
          found.totalRows++;
          found.validRows++;
          if (verdict.warnings.length > 0) found.warningRows++;
          for (const { message } of verdict.warnings) if (found.warnings.length < LISTED) found.warnings.push({ row, warning: message });
        },
        async pause() {
          signal?.throwIfAborted();
        },
      },
    );
  } catch (error) {
    if (!(error instanceof BrokenCsvError)) throw error;
    reject(error.row, error.message);
  }
  return found;
}
