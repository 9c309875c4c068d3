/** A run of letters on a page, as pdf.js tells them: where it stands and how large it is. */
export interface PdfRun {
  text: string;
  /** from the left and from the bottom, in points */
  x: number;
  y: number;
  width: number;
  /** size of the letters, in points */
  size: number;
  endsLine: boolean;
}

interface Line {
  text: string;
  y: number;
  size: number;
}

/** So much larger than the text around it, a line is a heading. */
const HEADING_RATIO = 1.15;
const LONGEST_HEADING = 120;
/** A gap of so many sizes between lines parts paragraphs. */
const PARAGRAPH_GAP = 1.75;

/**
 * The texts of pages with what the layout tells: wider gaps part paragraphs, larger lines are headings (`# …`, `##` the smaller ones), a word that
 * is broken over two lines is whole again.
 */
export function textOfPages(pages: ReadonlyArray<readonly PdfRun[]>): string[] {
  const lined = pages.map(linesOf);
  const body = usualSize(lined.flat());
  const larger = new Set(
    lined
      .flat()
      .filter((line) => isHeading(line, body))
      .map(({ size }) => Math.round(size)),
  );
  const levels = [...larger].sort((a, b) => b - a);
  const levelOf = (line: Line) => (isHeading(line, body) ? Math.min(6, levels.indexOf(Math.round(line.size)) + 1) : 0);
  return lined.map((lines) => joinLines(lines, levelOf));
}

function linesOf(runs: readonly PdfRun[]): Line[] {
  const lines: Line[] = [];
  let line: Line | undefined;
  let endX = 0;
  for (const { text, x, y, width, size, endsLine } of runs) {
    const isBlank = text.trim() === '';
    if (!line || (!isBlank && Math.abs(line.y - y) > Math.max(line.size, size) * 0.5)) {
      line = { text: '', y, size: isBlank ? 0 : size };
      lines.push(line);
      endX = x;
    }
    const isApart = line.text !== '' && !/\s$/.test(line.text) && x - endX > size * 0.2;
    line.text += isApart ? ` ${text}` : text;
    if (!isBlank) line.size = Math.max(line.size, size);
    endX = x + width;
    if (endsLine) line = undefined;
  }
  return lines.map((one) => ({ ...one, text: one.text.replace(/\s+/g, ' ').trim() })).filter(({ text }) => text !== '');
}

/** The size that most letters have. */
function usualSize(lines: readonly Line[]): number {
  const letters = new Map<number, number>();
  for (const { text, size } of lines) letters.set(Math.round(size), (letters.get(Math.round(size)) ?? 0) + text.length);
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

function isHeading({ text, size }: Line, body: number): boolean {
  return body > 0 && size >= body * HEADING_RATIO && text.length <= LONGEST_HEADING && /\p{L}/u.test(text);
}

/** `levelOf`: 1 for the largest headings, 0 for what is none. */
function joinLines(lines: readonly Line[], levelOf: (line: Line) => number): string {
  let text = '';
  let before: (Line & { level: number }) | undefined;
  for (const line of lines) {
    const level = levelOf(line);
    const gap = before ? before.y - line.y : 0;
    const isNewParagraph = !before || level !== before.level || gap < 0 || gap > Math.max(before.size, line.size) * PARAGRAPH_GAP;
    // a heading of two lines is one heading
    if (level > 0 && !isNewParagraph) text += ` ${line.text}`;
    else if (!isNewParagraph && /\p{L}-$/u.test(text) && /^\p{Ll}/u.test(line.text)) text = text.slice(0, -1) + line.text;
    else text += `${text === '' ? '' : isNewParagraph ? '\n\n' : '\n'}${level > 0 ? `${'#'.repeat(level)} ` : ''}${line.text}`;
    before = { ...line, level };
  }
  return text;
}
