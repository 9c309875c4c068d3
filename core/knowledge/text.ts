import { utf16Of } from './kind.ts';

// eslint-disable-next-line no-control-regex -- NUL and halves of letters: no database keeps them
const UNSTORABLE = /\u0000|\p{Surrogate}/gu;
const SOFT_HYPHEN = /\u00ad/g;

/** The text of bytes in UTF-8, or UTF-16 with a byte order mark. Bytes that are none become U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return plainText(new TextDecoder(utf16Of(bytes) ?? 'utf-8').decode(bytes));
}

/** Text as we keep it: composed letters, one kind of line end, no soft hyphens, at most one empty line in a row. */
export function plainText(text: string): string {
  return text
    .replace(UNSTORABLE, '')
    .replace(SOFT_HYPHEN, '')
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029\f\v]/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Markdown without the marks that nobody reads aloud; headings keep theirs (CommonMark 0.31). */
export function withoutMarks(markdown: string): string {
  return markdown
    .replace(/^(?:```|~~~).*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])/g, '$2')
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/^([^\n]+)\n=+ *$/gm, '# $1')
    .replace(/^([^\n]+)\n-{2,} *$/gm, '## $1')
    .replace(/^ *>+ ?/gm, '');
}
