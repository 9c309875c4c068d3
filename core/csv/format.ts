import { parse } from 'csv-parse/sync';
import { badField } from '../errors.ts';

/** Longest record that is read, in characters; a quote that is never closed must not swallow the memory. */
export const MAX_RECORD_SIZE = 256 * 1024;

/** How much of a file's beginning decides its delimiter: enough for the longest first record. */
export const HEAD_BYTES = MAX_RECORD_SIZE;

const DELIMITERS = [',', ';', '\t', '|'];
const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * How csv-parse reads people's files: any mix of line ends, rows shorter or longer than the first, and a stray quote
 * inside a field is a character (RFC 4180 where the file keeps to it).
 */
export function parseOptions(delimiter: string) {
  return {
    delimiter,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_SIZE,
  };
}

/** Length of a UTF-8 byte order mark at the start of `head`: 3 or 0. */
export function bomLength(head: Buffer): number {
  return head.length >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/** The delimiter that the first line with text uses most, outside quotes; a comma when it has none. */
export function sniffDelimiter(head: Buffer): string {
  const counts = new Map(DELIMITERS.map((delimiter) => [delimiter.charCodeAt(0), 0]));
  let quoted = false;
  let text = false;
  for (let i = bomLength(head); i < head.length; i++) {
    const byte = head[i] as number;
    if (byte === QUOTE) quoted = !quoted;
    if (quoted) continue;
    if (byte === LF || byte === CR) {
      if (text) break;
      continue;
    }
    text ||= byte > 32;
    const count = counts.get(byte);
    if (count !== undefined) counts.set(byte, count + 1);
  }
  let best = ',';
  for (const [byte, count] of counts) if (count > (counts.get(best.charCodeAt(0)) ?? 0)) best = String.fromCharCode(byte);
  return best;
}

/** A record without any text, such as the `,,,,` that spreadsheets leave below a table: no row. */
export function isBlank(record: readonly string[]): boolean {
  return record.every((field) => BLANK.test(field));
}

// eslint-disable-next-line no-control-regex -- the row counter calls these bytes blank, and both must agree
const BLANK = /^[\u0000-\u0020"]*$/;

/**
 * The first record with text at the head of a file.
 * @throws AppError naming `file` when there is none, or it is too long to be one
 */
export function firstRecord(head: Buffer, delimiter: string): string[] {
  let records: string[][];
  try {
    records = parse(head, { ...parseOptions(delimiter), to: 1, skip_records_with_empty_values: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw badField('file', `has a first row that cannot be read: ${error.message}`, 'file');
  }
  const first = records[0];
  if (!first || isBlank(first)) throw badField('file', 'is empty', 'file');
  return first;
}
