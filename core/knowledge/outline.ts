/** A part of a text under one heading; `from` and `to` bound its body. */
export interface Section {
  heading: string;
  /** the headings above it, outermost first */
  above: string[];
  from: number;
  to: number;
}

interface Heading {
  level: number;
  text: string;
}

interface Line {
  text: string;
  from: number;
  to: number;
}

/** A longer line is text, whatever it begins with: headings are copied to every passage below them. */
const LONGEST_HEADING = 200;
/** Of the headings above one, together; the innermost are kept. */
const LONGEST_ABOVE = 400;
const NUMBERED = /^(\d{1,3}(?:\.\d{1,3}){0,4})[.)]?\s+(?=\p{L})/u;
const LONGEST_UNMARKED = 80;

/**
 * Parts a text at its headings: lines that begin with `#`, and short lines without a full stop that stand alone above a
 * paragraph. Headings without a body become the ones above what follows; one with nothing below it is a section of its own words.
 */
export function sectionsOf(text: string): Section[] {
  const lines = linesOf(text);
  const sections: Section[] = [];
  let above: Heading[] = [];
  let current: Section & { level: number; at: number } = { heading: '', above: [], from: 0, to: 0, level: 0, at: 0 };
  const close = (to: number, nextLevel: number) => {
    const { heading, from, level, at } = current;
    if (text.slice(from, to).trim() !== '') sections.push({ heading, above: current.above, from, to });
    else if (heading !== '' && nextLevel <= level) sections.push({ heading: '', above: current.above, from: at, to });
  };
  lines.forEach((line, index) => {
    const found = headingAt(lines, index);
    if (!found) return;
    close(line.from, found.level);
    above = above.filter(({ level }) => level < found.level);
    const at = text.indexOf(found.text, line.from);
    current = { heading: found.text, above: innermost(above), from: line.to, to: line.to, level: found.level, at };
    above.push(found);
  });
  close(text.length, 0);
  return sections;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (const line of text.split('\n')) {
    lines.push({ text: line.trim(), from, to: from + line.length });
    from += line.length + 1;
  }
  return lines;
}

function headingAt(lines: readonly Line[], index: number): Heading | undefined {
  const text = lines[index]?.text ?? '';
  const marked = markedHeading(text);
  if (marked) return marked;
  const next = index + 2;
  const leads = (lines[next]?.text ?? '') !== '' && !standsAlone(lines, next) && !markedHeading(lines[next]?.text ?? '');
  if (!leads || !standsAlone(lines, index)) return undefined;
  const numbered = NUMBERED.exec(text);
  // below the marked ones: a file that has those has its own outline
  return { level: 7 + (numbered ? (numbered[1]?.split('.').length ?? 1) : 1), text: text.slice(numbered?.[0].length ?? 0) };
}

/** `## Words ##`; the signs behind them are no part of it. Without a pattern that could look at a long line again and again. */
function markedHeading(line: string): Heading | undefined {
  if (line.length > LONGEST_HEADING) return undefined;
  const level = /^#{1,6}(?=\s)/.exec(line)?.[0].length;
  if (level === undefined) return undefined;
  let end = line.length;
  while (line[end - 1] === '#') end--;
  const text = line.slice(level, end).trim();
  return text === '' ? undefined : { level, text };
}

function innermost(above: readonly Heading[]): string[] {
  let left = LONGEST_ABOVE;
  const tooMany = above.findLastIndex(({ text }) => (left -= text.length) < 0);
  return above.slice(tooMany + 1).map(({ text }) => text);
}

/** Whether a line looks like a heading that nobody marked. */
function standsAlone(lines: readonly Line[], index: number): boolean {
  const text = lines[index]?.text ?? '';
  const isAlone = (lines[index - 1]?.text ?? '') === '' && (lines[index + 1]?.text ?? '') === '';
  return isAlone && text.length <= LONGEST_UNMARKED && /\p{L}/u.test(text) && !/[.!?:;,]$/.test(text) && !/^[-*•|]/.test(text);
}
