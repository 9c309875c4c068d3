import { AppError } from '../../core/errors.ts';

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

export interface TextWatcher {
  /** how many bytes came so far */
  onBytes(bytes: number): void;
  onText(chunk: Buffer): void;
}

/**
 * Passes on what may be CSV, in UTF-8: UTF-16 with a byte order mark, as spreadsheets save "Unicode text", is recoded.
 * @throws AppError `unsupported_media_type` for a file of another kind, known by its first bytes or a NUL
 */
export async function* asCsvText(chunks: AsyncIterable<Buffer>, watcher: TextWatcher): AsyncGenerator<Buffer> {
  let recode: ((chunk?: Buffer) => Buffer) | undefined;
  let bytes = 0;
  for await (const chunk of withWholeHead(chunks)) {
    if (bytes === 0) recode = recoderOf(chunk);
    bytes += chunk.length;
    watcher.onBytes(bytes);
    const text = recode ? recode(chunk) : chunk;
    if (text.includes(0)) throw notCsv('holds NUL bytes and is no text');
    watcher.onText(text);
    yield text;
  }
  const rest = recode?.();
  if (rest && rest.length > 0) {
    watcher.onText(rest);
    yield rest;
  }
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
  return new AppError('unsupported_media_type', `The file ${message}`, { fields: [{ field: 'file', message, in: 'file' }] });
}
