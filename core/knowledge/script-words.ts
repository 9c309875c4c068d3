import { plainLetters } from './letters.ts';

/** A dictionary of PostgreSQL's that finds the stem of a word; `simple`: it has none. */
export type Stemmer = 'hindi_stem' | 'tamil_stem' | 'arabic_stem' | 'russian_stem' | 'greek_stem' | 'armenian_stem' | 'simple';

/** A word of a script that is not Latin, as the index keeps it. */
export interface ScriptWord {
  word: string;
  stemmer: Stemmer;
  /** its place, from 1; two words may have the same */
  at: number;
}

/** Raise it when the words of a text change: all documents are indexed anew then. */
export const WORDS_VERSION = 1;

const STEMMERS: ReadonlyArray<[RegExp, Stemmer]> = [
  [/\p{Script=Devanagari}/u, 'hindi_stem'],
  [/\p{Script=Tamil}/u, 'tamil_stem'],
  [/\p{Script=Arabic}/u, 'arabic_stem'],
  [/\p{Script=Cyrillic}/u, 'russian_stem'],
  [/\p{Script=Greek}/u, 'greek_stem'],
  [/\p{Script=Armenian}/u, 'armenian_stem'],
];
/** Written without blanks, or with endings that nobody takes off: found by pairs of neighbouring letters, as in Lucene's CJKAnalyzer. */
const PAIRED = String.raw`(?=[\p{L}\p{M}\p{Nd}])[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}]`;
/** Written without blanks; ICU's dictionaries know the words (Unicode UAX #29, §4). */
const UNSPACED = String.raw`[\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
const LATIN = String.raw`[\p{scx=Latn}0-9]`;
const SPACED = String.raw`(?!${LATIN}|${PAIRED}|${UNSPACED})[\p{L}\p{M}\p{Nd}]`;
const RUNS = new RegExp(`(?<paired>(?:${PAIRED})+)|(?<unspaced>${UNSPACED}+)|(?<spaced>(?:${SPACED})+)`, 'gu');
const RUNS_AND_LATIN = new RegExp(`${RUNS.source}|(?:(?=[\\p{L}\\p{N}])${LATIN})+`, 'gu');
const IS_LATIN = new RegExp(`^${LATIN}`, 'u');
const NO_LATIN = /[^\p{ASCII}\p{scx=Latn}]+/gu;
/** A longer one is no word, and no index keeps it. */
const LONGEST_WORD = 100;

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** The words that ICU finds in a text without blanks. */
function segments(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment, isWordLike }) => (isWordLike ? segment : '')).filter(Boolean);
}

/** The dictionary for a word; undefined: it is Latin. */
export function stemmerOf(word: string): Stemmer | undefined {
  if (IS_LATIN.test(word)) return undefined;
  return STEMMERS.find(([script]) => script.test(word))?.[1] ?? 'simple';
}

/** What an index keeps of a text: `latin`, which PostgreSQL parses in any locale, and the words of all other scripts. */
export function indexedWords(text: string): { latin: string; words: ScriptWord[] } {
  const words: ScriptWord[] = [];
  let at = 0;
  const add = (word: string, stemmer: Stemmer, place: number) => {
    if (word.length <= LONGEST_WORD) words.push({ word, stemmer, at: place });
  };
  const latin = plainLetters(text).replace(RUNS, (run: string, paired?: string, unspaced?: string) => {
    if (paired) {
      const letters = [...run];
      for (const [index, letter] of letters.entries()) {
        add(letter, 'simple', ++at);
        if (index + 1 < letters.length) add(`${letter}${letters[index + 1]}`, 'simple', at);
      }
    } else {
      for (const word of unspaced ? segments(run) : [run]) add(word, stemmerOf(word) ?? 'simple', ++at);
    }
    return ' ';
  });
  // what is no letter of any script is a letter to PostgreSQL's parser in some locales
  return { latin: latin.replace(/’/g, "'").replace(NO_LATIN, ' '), words };
}

/**
 * The words of a question in plain letters as an index has them, in their order. Of paired letters, a word is its pairs, letters
 * that stand alone are taken together, and words for which `isTalk` holds are left out.
 */
export function askedWords(text: string, isTalk: (word: string) => boolean): string[] {
  const words = Array.from(text.matchAll(RUNS_AND_LATIN)).flatMap(({ 0: run, groups }) => {
    if (groups?.paired) return pairedWords(segments(run), isTalk);
    return groups?.unspaced ? segments(run) : [run];
  });
  return words.filter(({ length }) => length <= LONGEST_WORD);
}

function pairedWords(words: readonly string[], isTalk: (word: string) => boolean): string[] {
  const joined: string[][] = [];
  let single: string[] | undefined;
  for (const word of words) {
    const letters = [...word];
    if (isTalk(word)) single = undefined;
    else if (letters.length > 1) single = void joined.push(letters);
    else if (single) single.push(word);
    else joined.push((single = [word]));
  }
  return joined.flatMap((letters) =>
    letters.length === 1 ? letters : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`),
  );
}
