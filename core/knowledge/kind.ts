import { isUtf8 } from 'node:buffer';

export const DOCUMENT_KINDS = ['pdf', 'docx', 'markdown', 'text'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What the bytes alone tell: Markdown is text. `archive`: a ZIP, which a Word file is and much else too. */
export type Bytes = 'pdf' | 'archive' | 'text';

export const MIME_TYPES: Record<DocumentKind, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  markdown: 'text/markdown',
  text: 'text/plain',
};

const BY_EXTENSION: Readonly<Record<string, DocumentKind>> = {
  pdf: 'pdf',
  docx: 'docx',
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  text: 'text',
};
const BY_MIME_TYPE = new Map<string, DocumentKind>([
  ...DOCUMENT_KINDS.map((kind) => [MIME_TYPES[kind], kind] as const),
  ['application/x-pdf', 'pdf'],
  ['text/x-markdown', 'markdown'],
]);
/** What programs send that don't know or don't say. */
const NO_TYPE = new Set(['', 'application/octet-stream', 'binary/octet-stream']);
const NAMES: Record<DocumentKind | Bytes, string> = {
  pdf: 'a PDF',
  docx: 'a Word document (DOCX)',
  markdown: 'Markdown',
  text: 'text',
  archive: 'a ZIP archive',
};
const ACCEPTED = 'must be a PDF, DOCX, TXT or MD file';
/** What a text that is neither is told: Windows-1252 and others don't say which letters they mean. */
export const ENCODINGS = 'must be UTF-8, or UTF-16 with a byte order mark, and is neither: save the text as UTF-8';

/** So many bytes at the beginning tell what a file is. */
export const DOCUMENT_HEAD_BYTES = 1024;

/**
 * What the beginning of a file shows it to be; `whole`: there is no more of it; `saidText`: it is sent or called so. Undefined:
 * none of ours.
 */
export function sniffDocument(head: Uint8Array, whole: boolean, saidText = false): Bytes | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const begin = bytes.subarray(0, DOCUMENT_HEAD_BYTES);
  // readers accept a PDF that begins within the first 1024 bytes (ISO 32000-1, annex H.3.4.1); a text may speak of one there
  if (begin.includes('%PDF-') && !(saidText && begin.indexOf('%PDF-') > 0 && isText(bytes, whole))) return 'pdf';
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return 'archive';
  return utf16Of(bytes) || isText(bytes, whole) ? 'text' : undefined;
}

/** Whether a type or a name says that a file is text. */
export function saysText(mimeType: string, fileName: string): boolean {
  const { declared, named } = saidOf(mimeType, fileName);
  return [declared ?? named, named ?? declared].every((kind) => kind === 'text' || kind === 'markdown');
}

function isText(bytes: Buffer, whole: boolean): boolean {
  // the last letter may be cut
  const readable = [0, 1, 2, 3].some((cut) => (cut === 0 || !whole) && isUtf8(bytes.subarray(0, bytes.length - cut)));
  return bytes.length > 0 && readable && !hasControls(bytes);
}

/** The encoding that a byte order mark names; undefined: UTF-8. */
export function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** Bytes that no text has: below the blank, but for tab, line ends, form feed and escape. */
function hasControls(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b].includes(byte));
}

/**
 * What a file is: what its type and its name say, if its bytes agree. Answers the complaint otherwise, to go on after the
 * field's name.
 */
export function judgeKind(bytes: Bytes | undefined, mimeType: string, fileName: string): { kind: DocumentKind } | { complaint: string } {
  if (bytes === undefined) return { complaint: saysText(mimeType, fileName) ? ENCODINGS : ACCEPTED };
  const { type, extension, declared, named } = saidOf(mimeType, fileName);
  if (!declared && !NO_TYPE.has(type)) return { complaint: `${ACCEPTED}, and is sent as ${type.slice(0, 80)}` };
  for (const [said, kind] of [
    [`is sent as ${type}`, declared],
    [`is called .${extension}`, named],
  ] as const) {
    if (kind && !fits(kind, bytes)) return { complaint: `${said}, but its content is ${NAMES[bytes]}` };
  }
  // many programs send Markdown as plain text: there the name knows more
  const said = declared === 'text' && named === 'markdown' ? named : (declared ?? named);
  return { kind: said ?? (bytes === 'archive' ? 'docx' : bytes) };
}

function saidOf(mimeType: string, fileName: string) {
  const type = mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const extension = /\.([a-z0-9]{1,8})$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return { type, extension, declared: BY_MIME_TYPE.get(type), named: BY_EXTENSION[extension] };
}

function fits(kind: DocumentKind, bytes: Bytes): boolean {
  return bytes === (kind === 'pdf' ? 'pdf' : kind === 'docx' ? 'archive' : 'text');
}
