import { sectionsOf } from './outline.ts';

/** One page of a document, or all of it where it has none. */
export interface PageText {
  page: number | null;
  text: string;
}

/** A piece of a document that is small enough to be read out in a call. */
export interface Piece {
  /** where its first word stands */
  page: number | null;
  /** the headings above its own, outermost first */
  above: string[];
  heading: string;
  content: string;
}

/** In UTF-16 units. */
export interface CutSizes {
  longest: number;
  /** what a piece repeats of the one before, at most */
  overlap: number;
}

/** A minute of speech, and one or two sentences. */
export const SIZES: CutSizes = { longest: 900, overlap: 160 };

/** What ends a sentence and a blank behind it; in Chinese and Japanese there is none. */
const SENTENCE = String.raw`[.!?…।॥؟۔።]["'”’)\]]*\s+|[。！？]["'”’)\]」』）]*\s*`;
const BEGIN = new RegExp(`(?:${SENTENCE}|\\n+)(?=\\S)`);
const LINE_END = new RegExp(`${SENTENCE}|\\n`);
const SENTENCE_END = /[.!?…:।॥؟۔።。！？：]["'”’)\]」』）]*$/;

export interface Span {
  from: number;
  to: number;
}

/**
 * Cuts pages into pieces: never over a heading, over the end of a page only to end a sentence or a line, at paragraphs, sentences
 * or words where it can, each piece of a page's section repeating the end of the one before, so that what is said in two
 * sentences is found in one of them. All words are in some piece or its headings.
 */
export function cutPages(pages: readonly PageText[], sizes: CutSizes = SIZES): Piece[] {
  const starts: Array<{ at: number; page: number | null }> = [];
  /** where a piece ends because the page does */
  const ends: number[] = [];
  const parts: string[] = [];
  let length = 0;
  const add = (part: string) => {
    parts.push(part);
    length += part.length;
  };
  for (const page of pages) {
    if (page.text.trim() === '') continue;
    if (starts.length > 0) {
      // a sentence that goes on over the page goes on; one that ended there did end
      const hasEnded = SENTENCE_END.test(parts.at(-1) ?? '') || page.text.startsWith('#');
      add(hasEnded ? '\n\n' : '\n');
      const rest = hasEnded ? undefined : LINE_END.exec(page.text);
      if (hasEnded || rest) ends.push(length + (rest ? rest.index + rest[0].length : 0));
    }
    starts.push({ at: length, page: page.page });
    add(page.text);
  }
  const text = parts.join('');
  return sectionsOf(text).flatMap(({ heading, above, from, to }) =>
    partsOf({ from, to }, ends).flatMap((part) =>
      cutSpan(text, part, sizes).map((span) => ({
        page: starts.findLast(({ at }) => at <= span.from)?.page ?? null,
        above,
        heading,
        content: text.slice(span.from, span.to).replace(/\n{2,}/g, '\n'),
      })),
    ),
  );
}

/** A span, parted at those of some places that are within it. */
function partsOf({ from, to }: Span, places: readonly number[]): Span[] {
  const within = [from, ...places.filter((at) => at > from && at < to), to];
  return within.slice(1).map((end, index) => ({ from: within[index] ?? from, to: end }));
}

/**
 * The pieces of one stretch of text, in order, without blanks around them: each at most `longest` long, all of them together
 * every letter, each beginning before the end of the last one when there is a word to repeat.
 */
export function cutSpan(text: string, { from, to }: Span, { longest, overlap }: CutSizes): Span[] {
  const spans: Span[] = [];
  let at = skipBlanks(text, from, to);
  while (at < to) {
    const end = endOf(text, at, to, { longest, overlap });
    spans.push({ from: at, to: at + text.slice(at, end).trimEnd().length });
    const next = skipBlanks(text, end, to);
    at = next >= to ? to : Math.max(repeatFrom(text, at, end, overlap), at + 1);
  }
  return spans;
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && /\s/.test(text[at] as string)) at++;
  return at;
}

const ENDS = [/\n{2,}/g, /\n/g, new RegExp(`(?:${SENTENCE})`, 'g'), /\s+/g];

/** Where a piece that begins at `at` ends: behind the last paragraph, line, sentence or word that leaves it at least half full. */
function endOf(text: string, at: number, to: number, { longest, overlap }: CutSizes): number {
  if (to - at <= longest) return to;
  const most = at + longest;
  // less would be what the piece before ends with
  const least = Math.max(longest / 2, overlap + 1);
  // what follows decides whether the last word is whole
  const window = text.slice(at, most + 1);
  for (const end of ENDS) {
    let best = 0;
    for (const match of window.matchAll(end)) {
      const solid = window.slice(0, match.index + match[0].length).trimEnd().length;
      if (solid <= longest) best = solid;
    }
    if (best >= least) return at + best;
  }
  return isHalfLetter(text, most) ? most - 1 : most;
}

/** Where the next piece begins: at the first sentence, else the first word, of the last `overlap` letters. */
function repeatFrom(text: string, at: number, end: number, overlap: number): number {
  const earliest = Math.max(at + 1, end - overlap);
  const tail = text.slice(earliest - 1, end);
  for (const begin of [BEGIN, /\s+(?=\S)/]) {
    const match = begin.exec(tail);
    if (match) return earliest - 1 + match.index + match[0].length;
  }
  return skipBlanks(text, end, text.length);
}

/** Whether a cut would part a letter of two UTF-16 units. */
function isHalfLetter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
