import type { Config } from '../core/config.ts';
import { HEAD_BYTES, isBlank, sniffDelimiter } from '../core/csv/format.ts';
import { csvReader } from '../core/csv/reader.ts';
import { fieldError } from '../core/errors.ts';
import { openUpload, readHead, uploadPath } from './storage.ts';
import { readWorkbook, type TableRow } from './workbook.ts';

/** A CSV file or an Excel workbook that was streamed to the store. */
export interface ReceivedTable {
  kind: 'csv' | 'xlsx';
  fileName: string;
  storageKey: string;
  sizeBytes: number;
}

/** A workbook is unpacked whole to be read; a CSV file may be as large as an upload. */
const MAX_WORKBOOK_BYTES = 32 * 1024 * 1024;

/**
 * The rows with text of a table, some hundred at a time; a CSV file is read in a stream.
 * @throws AppError naming `file`; BrokenCsvError when a CSV can't be read to its end, after all rows before that
 */
export async function* readTable(place: Pick<Config, 'DATA_DIR'>, file: ReceivedTable): AsyncGenerator<TableRow[]> {
  if (file.kind === 'csv') {
    yield* readCsv(place, file.storageKey);
    return;
  }
  if (file.sizeBytes > MAX_WORKBOOK_BYTES) {
    throw fieldError('payload_too_large', 'file', `may have at most ${MAX_WORKBOOK_BYTES} bytes as a workbook; save it as CSV`, 'file');
  }
  for await (const rows of readWorkbook(uploadPath(place, file.storageKey))) yield rows.filter(({ cells }) => !isBlank(cells));
}

async function* readCsv(place: Pick<Config, 'DATA_DIR'>, storageKey: string): AsyncGenerator<TableRow[]> {
  let rows: TableRow[] = [];
  const take = () => {
    const taken = rows;
    rows = [];
    return taken;
  };
  const delimiter = sniffDelimiter(await readHead(place, storageKey, HEAD_BYTES));
  const reader = csvReader(delimiter, (cells, row) => rows.push({ row, cells }));
  let broken: { error: unknown } | undefined;
  for await (const chunk of openUpload(place, storageKey)) {
    broken = await failureOf(reader.write(chunk as Buffer));
    yield take();
    if (broken) throw broken.error;
  }
  broken = await failureOf(reader.end());
  yield take();
  if (broken) throw broken.error;
}

/** What a promise was rejected with, for who has something to do before it is thrown. */
async function failureOf(work: Promise<void>): Promise<{ error: unknown } | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return { error };
  }
}
