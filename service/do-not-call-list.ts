import { firstRecord, HEAD_BYTES, sniffDelimiter } from '../core/csv/format.ts';
import { findPhoneColumn } from '../core/csv/phone-column.ts';
import { BrokenCsvError, csvReader } from '../core/csv/reader.ts';
import { fieldError } from '../core/errors.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { suppressNumbers } from './do-not-call.ts';
import type { ReceivedCsv } from './import-file.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';
import { openUpload, readHead, removeUpload } from './storage.ts';
import { openTurns } from './turns.ts';

export interface ListOutcome {
  added: number;
  /** on the list before, or earlier in the same request */
  alreadyListed: number;
  /** the first hundred */
  rejected: Array<{ row: number; phone: string; reason: string }>;
  rejectedCount: number;
}

/** Numbers of one file. They are written while the client waits: some 20,000 a second. */
export const MAX_FILE_NUMBERS = 100_000;
/** Numbers in one transaction: claims wait for it at the turnstile. */
const BATCH = 1000;
const REPORTED = 100;
const SHOWN_LENGTH = 40;

/** One list at a time in a process: claims get their turn in between. */
const listTurns = ofRuntime(() => openTurns(1, 20, 'Too many do-not-call lists are being read right now'));

/**
 * Puts every good number on the tenant's list and reports every bad one; row 1 is the first. What was written stays written
 * should the rest fail, and sending the same again does no harm.
 * @throws AppError unavailable when too many lists wait
 */
export async function suppressPhones(
  runtime: Runtime,
  who: Principal,
  phones: readonly string[],
  reason: string | undefined,
): Promise<ListOutcome> {
  return listTurns(runtime)(async () => {
    const list = openList(runtime, who, reason);
    phones.forEach((phone, index) => list.take(index + 1, phone));
    return list.close();
  });
}

/**
 * The same for a received file, which is removed afterwards; rows are lines of the file. A file that can't be read to its
 * end is reported as a rejected row; what stands before it counts.
 * @throws AppError naming `file`: empty, too long, no column with numbers
 */
export async function suppressFile(runtime: Runtime, who: Principal, file: ReceivedCsv, reason: string | undefined): Promise<ListOutcome> {
  try {
    if (file.records > MAX_FILE_NUMBERS + 1) {
      throw fieldError('payload_too_large', 'file', `has ${file.records} rows, and may have at most ${MAX_FILE_NUMBERS}`, 'file');
    }
    return await listTurns(runtime)(() => readList(runtime, who, file.storageKey, reason));
  } finally {
    await removeUpload(runtime.config, file.storageKey);
  }
}

async function readList(runtime: Runtime, who: Principal, storageKey: string, reason: string | undefined): Promise<ListOutcome> {
  const head = await readHead(runtime.config, storageKey, HEAD_BYTES);
  const delimiter = sniffDelimiter(head);
  const { at, hasHeader } = findPhoneColumn(firstRecord(head, delimiter));
  const list = openList(runtime, who, reason);
  let header = hasHeader;
  const reader = csvReader(delimiter, (record, row) => {
    if (!header) list.take(row, record[at] ?? '');
    header = false;
  });
  try {
    for await (const chunk of openUpload(runtime.config, storageKey)) {
      await reader.write(chunk as Buffer);
      await list.write();
    }
    await reader.end();
  } catch (error) {
    if (!(error instanceof BrokenCsvError)) throw error;
    list.reject(error.row, '', error.message);
  }
  return list.close();
}

/** Takes rows as they come and writes the good ones in batches. */
function openList(runtime: Runtime, who: Principal, reason: string | undefined) {
  const outcome: ListOutcome = { added: 0, alreadyListed: 0, rejected: [], rejectedCount: 0 };
  let waiting: string[] = [];

  const reject = (row: number, phone: string, why: string): void => {
    outcome.rejectedCount++;
    if (outcome.rejected.length < REPORTED) outcome.rejected.push({ row, phone: phone.slice(0, SHOWN_LENGTH), reason: why });
  };
  const write = async (least = BATCH): Promise<void> => {
    while (waiting.length >= least) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      const added = await suppressNumbers(runtime, who, batch, reason);
      outcome.added += added;
      outcome.alreadyListed += batch.length - added;
    }
  };
  return {
    reject,
    write,
    take(row: number, text: string): void {
      const phone = toE164(text);
      if (phone !== undefined) waiting.push(phone);
      else reject(row, text, text.trim() === '' ? 'The number is missing' : 'No E.164 number such as +919876543210');
    },
    async close(): Promise<ListOutcome> {
      await write(1);
      return outcome;
    },
  };
}
