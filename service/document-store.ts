import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError, badField, fieldError } from '../core/errors.ts';
import { DOCUMENT_HEAD_BYTES, type DocumentKind, ENCODINGS, judgeKind, saysText, sniffDocument, utf16Of } from '../core/knowledge/kind.ts';
import { readArchive } from '../core/xlsx/archive.ts';
import type { Config } from '../core/config.ts';
import { fileStore } from './file-store.ts';

type Place = Pick<Config, 'DATA_DIR' | 'DOCUMENT_MAX_BYTES'>;

const files = fileStore('documents');

export const documentPath = files.path;
export const openDocument = files.read;
export const removeDocumentFile = files.remove;
export const listDocumentFiles = files.list;

/** A document that was streamed to the store. */
export interface ReceivedDocument {
  kind: DocumentKind;
  fileName: string;
  storageKey: string;
  sizeBytes: number;
}

/**
 * Streams a document to the store. Its bytes must be what its type and its name say.
 * @throws AppError naming `file`: payload_too_large, unsupported_media_type, validation; then no file is left
 */
export async function storeDocument(
  place: Place,
  tenantId: number,
  source: Readable,
  declared: { mimeType: string; fileName: string },
): Promise<ReceivedDocument> {
  let kind: DocumentKind | undefined;
  const stored = await files.store(place, tenantId, source, async function* (chunks) {
    let head: Buffer | undefined = Buffer.alloc(0);
    const judge = (bytes: Buffer, whole: boolean) => {
      if (bytes.length === 0) throw badField('file', 'is empty', 'file');
      const { mimeType, fileName } = declared;
      const judged = judgeKind(sniffDocument(bytes, whole, saysText(mimeType, fileName)), mimeType, fileName);
      if ('complaint' in judged) throw fieldError('unsupported_media_type', 'file', judged.complaint, 'file');
      kind = judged.kind;
    };
    for await (const chunk of checked(chunks, place.DOCUMENT_MAX_BYTES)) {
      if (!head) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < DOCUMENT_HEAD_BYTES) continue;
      judge(head.subarray(0, DOCUMENT_HEAD_BYTES), false);
      yield head;
      head = undefined;
    }
    if (!head) return;
    judge(head, true);
    yield head;
  });
  const received = { kind: kind ?? 'text', fileName: declared.fileName, storageKey: stored.key, sizeBytes: stored.sizeBytes };
  try {
    await refuseOthers(files.path(place, stored.key), received.kind);
    return received;
  } catch (error) {
    await files.remove(place, stored.key);
    throw error;
  }
}

async function* checked(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw fieldError('payload_too_large', 'file', `must have at most ${maxBytes} bytes`, 'file');
    yield chunk;
  }
}

/** What the head could not tell: a ZIP archive without a Word document, text that is no UTF-8. */
async function refuseOthers(path: string, kind: DocumentKind): Promise<void> {
  if (kind === 'pdf') return;
  const bytes = await readFile(path);
  const complaint = kind === 'docx' ? notWord(bytes) : notText(bytes);
  if (complaint) throw fieldError('unsupported_media_type', 'file', complaint, 'file');
}

function notWord(bytes: Buffer): string | undefined {
  try {
    const found = readArchive(bytes, (name) => name === 'word/document.xml', {
      entries: 2000,
      bytes: Infinity,
      ratio: Infinity,
      ratioFromBytes: Infinity,
    });
    return found.length === 1 ? undefined : 'is a ZIP archive, but no Word document (DOCX)';
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return 'is damaged, or was cut off: it is no whole Word document (DOCX)';
  }
}

function notText(bytes: Buffer): string | undefined {
  if (utf16Of(bytes)) return undefined;
  if (bytes.includes(0)) return 'holds NUL bytes and is no text';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return ENCODINGS;
  }
}
