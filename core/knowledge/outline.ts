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

const MARKED = /^(#{1,6})\s+(\S.*?)\s*#*$/;
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
    current = { heading: found.text, above: above.map((one) => one.text), from: line.to, to: line.to, level: found.level, at };
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
  const marked = MARKED.exec(text);
  if (marked) return { level: marked[1]?.length ?? 1, text: marked[2] ?? '' };
  const next = index + 2;
  const leads = (lines[next]?.text ?? '') !== '' && !standsAlone(lines, next) && !MARKED.test(lines[next]?.text ?? '');
  if (!leads || !standsAlone(lines, index)) return undefined;
  const numbered = NUMBERED.exec(text);
  // below the marked ones: a file that has those has its own outline
  return { level: 7 + (numbered ? (numbered[1]?.split('.').length ?? 1) : 1), text: text.slice(numbered?.[0].length ?? 0) };
}

/** Whether a line looks like a heading that nobody marked. */
function standsAlone(lines: readonly Line[], index: number): boolean {
  const text = lines[index]?.text ?? '';
  const isAlone = (lines[index - 1]?.text ?? '') === '' && (lines[index + 1]?.text ?? '') === '';
  return isAlone && text.length <= LONGEST_UNMARKED && /\p{L}/u.test(text) && !/[.!?:;,]$/.test(text) && !/^[-*•|]/.test(text);
}
