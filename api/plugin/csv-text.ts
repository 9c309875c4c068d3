import { isUtf8 } from 'node:buffer';
import { type AppError, fieldError } from '../../core/errors.ts';

const MAGIC: ReadonlyArray<readonly [what: string, bytes: Buffer]> = [
  ['a ZIP archive or an Excel workbook; save it as CSV', Buffer.from('PK\x03\x04', 'latin1')],
  ['an old Excel workbook; save it as CSV', Buffer.from('d0cf11e0', 'hex')],
  ['a PDF', Buffer.from('%PDF-')],
  ['a PNG image', Buffer.from('89504e47', 'hex')],
  ['a JPEG image', Buffer.from('ffd8ff', 'hex')],
  ['a gzip archive', Buffer.from('1f8b', 'hex')],
];
const MAGIC_BYTES = 8;
const UTF16: ReadonlyArray<readonly [encoding: string, bom: Buffer]> = [
  ['utf-16le', Buffer.from('fffe', 'hex')],
  ['utf-16be', Buffer.from('feff', 'hex')],
];

const NOT_UTF8 = 'is not UTF-8, which is needed to keep its letters: save it as "CSV UTF-8"';

export interface TextWatcher {
  /** how many bytes came so far */
  onBytes(bytes: number): void;
  onText(chunk: Buffer): void;
}

/**
 * Passes on what may be CSV, in UTF-8: UTF-16 with a byte order mark, as spreadsheets save "Unicode text", is recoded.
 * @throws AppError `unsupported_media_type` for a file of another kind, known by its first bytes, a NUL, or bytes that are no
 * UTF-8: read as if they were, a spreadsheet's Windows-1252 would lose its umlauts for good
 */
export async function* asCsvText(chunks: AsyncIterable<Buffer>, watcher: TextWatcher): AsyncGenerator<Buffer> {
  let recode: ((chunk?: Buffer) => Buffer) | undefined;
  const utf8 = utf8Check();
  let bytes = 0;
  for await (const chunk of withWholeHead(chunks)) {
    if (bytes === 0) recode = recoderOf(chunk);
    bytes += chunk.length;
    watcher.onBytes(bytes);
    const text = recode ? recode(chunk) : chunk;
    if (text.includes(0)) throw notCsv('holds NUL bytes and is no text');
    if (!utf8.goesOn(text)) throw notCsv(NOT_UTF8);
    watcher.onText(text);
    yield text;
  }
  if (!utf8.ends()) throw notCsv(NOT_UTF8);
  const rest = recode?.();
  if (rest && rest.length > 0) {
    watcher.onText(rest);
    yield rest;
  }
}

/** Follows a text chunk by chunk, some GB/s; a letter may lie in two of them. */
function utf8Check() {
  let begun = Buffer.alloc(0);
  return {
    goesOn(chunk: Buffer): boolean {
      const bytes = begun.length > 0 ? Buffer.concat([begun, chunk]) : chunk;
      const whole = bytes.length - unfinished(bytes);
      begun = Buffer.from(bytes.subarray(whole));
      return isUtf8(bytes.subarray(0, whole));
    },
    ends: () => begun.length === 0,
  };
}

/** How many bytes at the end are the beginning of a letter of more bytes: 0 to 3. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    // else a byte that goes on with a letter: the one it begins with lies further back
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

/** Joins the first chunks until they hold what tells the kind of the file. */
async function* withWholeHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head) head = Buffer.concat([head, chunk]);
    if (head && head.length < MAGIC_BYTES) continue;
    yield head ?? chunk;
    head = undefined;
  }
  if (head && head.length > 0) yield head;
}

function recoderOf(head: Buffer): ((chunk?: Buffer) => Buffer) | undefined {
  const startsWith = (bytes: Buffer) => head.subarray(0, bytes.length).equals(bytes);
  const kind = MAGIC.find(([, bytes]) => startsWith(bytes));
  if (kind) throw notCsv(`is ${kind[0]}`);
  const utf16 = UTF16.find(([, bom]) => startsWith(bom));
  if (!utf16) return undefined;
  const decoder = new TextDecoder(utf16[0]);
  return (chunk) => Buffer.from(chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode());
}

function notCsv(message: string): AppError {
  return fieldError('unsupported_media_type', 'file', message, 'file');
}
