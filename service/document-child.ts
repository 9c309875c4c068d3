/**
 * Reads and cuts the text of one document in a process of its own, with a memory of its own and without our secrets: whatever a hostile
 * file does to its reader ends here. Started by `document-read.ts`; speaks over IPC.
 */
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import mammoth from 'mammoth';
import { getDocumentProxy } from 'unpdf';
import { cutPages, type PageText, type Piece } from '../core/knowledge/cut.ts';
import { textOfHtml } from '../core/knowledge/html.ts';
import { MOST_LETTERS, MOST_PAGES } from '../core/knowledge/limits.ts';
import { type PdfRun, textOfPages } from '../core/knowledge/pdf-text.ts';
import { decodeText, plainText, withoutMarks } from '../core/knowledge/text.ts';
import { type ArchiveLimits, packedBytes, readArchive } from '../core/xlsx/archive.ts';
import { storedArchive } from '../core/xlsx/stored.ts';
import type { ReadOrder, ReadWord } from './document-read.ts';

const MIB = 1024 * 1024;
const MOST_PASSAGES = 20_000;
/** Fonts that do not tell their letters leave signs that nobody wrote. */
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
const ARCHIVE: ArchiveLimits = { entries: 2000, bytes: 64 * MIB, ratio: 200, ratioFromBytes: 8 * MIB };
const isXml = (name: string) => name.endsWith('.xml') || name.endsWith('.rels');

/** The file is to blame; the message goes on after its name. */
class Unreadable extends Error {}

const tell = (word: ReadWord) =>
  new Promise<void>((resolve, reject) => process.send?.(word, (error: Error | null) => (error ? reject(error) : resolve())));

// what was loaded before us may have let the channel go, and we would end with the first pause
process.channel?.ref();
process.on('disconnect', () => process.exit());
process.on('message', (order: ReadOrder) => {
  void answer(order).then(tell);
});

/** What the system does to the file is no fault of the file: it may be tried again. */
async function answer({ path, kind }: ReadOrder): Promise<ReadWord> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return { type: 'fault', message: String(error) };
  }
  try {
    return { type: 'pieces', pieces: await read(bytes, kind) };
  } catch (error) {
    return { type: 'refused', message: error instanceof Unreadable ? error.message : damaged(kind, error) };
  }
}

async function read(bytes: Buffer, kind: ReadOrder['kind']): Promise<Piece[]> {
  const pages =
    kind === 'pdf' ? await readPdf(bytes) : [{ page: null, text: kind === 'docx' ? await readWord(bytes) : readPlain(bytes, kind) }];
  const plain = pages.map(({ page, text }) => ({ page, text: plainText(text) }));
  const letters = plain.reduce((sum, { text }) => sum + text.length, 0);
  if (letters > MOST_LETTERS) throw new Unreadable(`has ${letters} letters, and may have at most ${MOST_LETTERS}`);
  if (!plain.some(({ text }) => SAYS_SOMETHING.test(text)))
    throw new Unreadable(kind === 'pdf' ? 'has no text: it may be a scan, which has to be recognised first' : 'has no text');
  const pieces = cutPages(plain);
  if (pieces.length > MOST_PASSAGES) throw new Unreadable(`has ${pieces.length} passages, and may have at most ${MOST_PASSAGES}`);
  return pieces;
}

function readPlain(bytes: Buffer, kind: 'markdown' | 'text'): string {
  const text = plainText(decodeText(bytes));
  return kind === 'markdown' ? withoutMarks(text) : text;
}

/** Pages from 1. Scripts in the file are not run (CVE-2024-4367), fonts and pictures not fetched. */
async function readPdf(bytes: Buffer): Promise<PageText[]> {
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    verbosity: 0,
  });
  if (pdf.numPages > MOST_PAGES) throw new Unreadable(`has ${pdf.numPages} pages, and may have at most ${MOST_PAGES}`);
  const pages: PdfRun[][] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(items.flatMap((item) => ('str' in item ? [runOf(item)] : [])));
    page.cleanup();
  }
  return textOfPages(pages).map((text, index) => ({ page: index + 1, text }));
}

function runOf(item: { str: string; transform: number[]; width: number; hasEOL: boolean }): PdfRun {
  const [a = 0, b = 0, c = 0, d = 0, x = 0, y = 0] = item.transform;
  return { text: item.str, x, y, width: item.width, size: Math.hypot(c, d) || Math.hypot(a, b), endsLine: item.hasEOL };
}

/** The words of a Word file. Only its XML is unpacked, to no more than it declares and we allow. */
async function readWord(bytes: Buffer): Promise<string> {
  const listed = readArchive(bytes, isXml, ARCHIVE);
  // entries may lie over each other, and what is only stored is as long as it is, whatever it declares
  const isFalse = listed.some(({ method, ...entry }) => method === 'stored' && entry.packedBytes !== entry.bytes);
  if (isFalse || listed.reduce((sum, entry) => sum + entry.packedBytes, 0) > bytes.length) throw new Error('false sizes');
  const entries = listed.map((entry) => {
    const packed = packedBytes(bytes, entry);
    return {
      name: entry.name,
      data: entry.method === 'stored' ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(entry.bytes, 1) }),
    };
  });
  const { value } = await mammoth.convertToHtml(
    { buffer: Buffer.from(storedArchive(entries)) },
    { externalFileAccess: false, convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })) },
  );
  return textOfHtml(value);
}

function damaged(kind: ReadOrder['kind'], error: unknown): string {
  if (error instanceof Error && error.name === 'PasswordException') return 'is protected by a password';
  return kind === 'docx'
    ? 'is damaged, protected by a password, or unpacks to much more than a Word document should'
    : 'is damaged, or was cut off, and cannot be read';
}
