import { constants, createWriteStream } from 'node:fs';
import { access, open, readlink, realpath, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { firstRecord, HEAD_BYTES, sniffDelimiter } from '../../core/csv/format.ts';
import { readLayout, REPORT_COLUMN } from '../../core/csv/layout.ts';
import { BrokenCsvError, csvReader } from '../../core/csv/reader.ts';
import { CliError, UsageError } from '../terminal.ts';

/**
 * Before anything is sent: whoever learns afterwards that there is no report imports again, and everybody is rung twice. Leaves what is
 * there as it is. @throws UsageError when no report can be written at `path`
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    await tryWriting(path);
  } catch (error) {
    throw new UsageError(`--report: ${unwritable(path, error)}`);
  }
}

async function tryWriting(path: string): Promise<void> {
  try {
    // makes a file only where nothing was, not even a link
    const handle = await open(path, 'ax');
    await handle.close();
    return await rm(path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  try {
    if ((await stat(path)).isDirectory()) throw new Error('EISDIR: it is a directory');
    // never opened: a pipe would wait for its reader, who would take it for all that comes
    await access(path, constants.W_OK);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    // a link to what is still to be made
    await tryWriting(resolve(await realpath(dirname(path)), await readlink(path)));
  }
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;

/**
 * Writes the named rows of a CSV file as they stand there, each behind its reason, into a file that can be mended and imported as it is:
 * an import passes the reasons by. `reasons` by line of the file. @throws CliError when it can't be written
 */
export async function writeReport(path: string, file: Blob, reasons: ReadonlyMap<number, string>): Promise<void> {
  try {
    await pipeline(Readable.from(reportOf(file, reasons)), createWriteStream(path));
  } catch (error) {
    throw new CliError(unwritable(path, error));
  }
}

const unwritable = (path: string, error: unknown) => `${path} can't be written: ${error instanceof Error ? error.message : String(error)}`;

async function* reportOf(file: Blob, reasons: ReadonlyMap<number, string>): AsyncGenerator<string> {
  const encoding = await encodingOf(file);
  const head = Buffer.from(new TextDecoder(encoding).decode(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  const delimiter = sniffDelimiter(head);
  const first = firstRecord(head, delimiter);
  const { hasHeader, at } = readLayout(first, false);
  const names = hasHeader ? first : Object.keys(at);
  // of a report that is imported with faults once more
  const old = names.indexOf(REPORT_COLUMN);
  const line = (reason: string, record: readonly string[]) =>
    `${[reason, ...record.filter((_cell, index) => index !== old)].map(quoted).join(delimiter)}\r\n`;

  // spreadsheets know by the mark that it is UTF-8
  let lines = `\uFEFF${line(REPORT_COLUMN, names)}`;
  const reader = csvReader(delimiter, (record, row) => {
    const reason = reasons.get(row);
    if (reason !== undefined) lines += line(reason, record);
  });
  try {
    for await (const text of file.stream().pipeThrough(new TextDecoderStream(encoding))) {
      await reader.write(Buffer.from(text));
      yield lines;
      lines = '';
    }
    await reader.end();
  } catch (error) {
    // the import could not read on either, and has said so
    if (!(error instanceof BrokenCsvError)) throw error;
  }
  yield lines;
}

/** As a spreadsheet saves it: "Unicode text" is UTF-16 with a mark. */
async function encodingOf(file: Blob): Promise<'utf-8' | 'utf-16le' | 'utf-16be'> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** As it stands in the file, which is its owner's own: no apostrophes, which an import would not take away. */
function quoted(text: string): string {
  return /[",;|\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
