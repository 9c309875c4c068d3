import { derivedOf, formsOf } from './forms.ts';
import { plainLetters } from './letters.ts';
import type { Term } from './rank.ts';
import { askedWords } from './script-words.ts';
import { spelledLike } from './spelling.ts';
import { isTalk } from './talk.ts';
import { PHRASES, RELATED } from './thesaurus.ts';
import { VARIANTS } from './variants.ts';

/** One thing that a question asks about, and the words that may say it. */
export interface Slot {
  /** as it was said */
  said: string;
  words: ReadonlyArray<{ word: string; weight: number }>;
}

/** A word that means the same says half as much: it may mean something else, too. */
const RELATED_WEIGHT = 0.5;
/** Nearly the word itself: where both stand, the one that was said wins. */
const VARIANT_WEIGHT = 0.95;
/** What a word that is spelled like another counts, times how much. */
const SPELLING_WEIGHT = 0.9;
const MOST_SLOTS = 24;

/**
 * What a question asks about: its words without those that every question has, phrases taken as one, each with what else means
 * the same. A question of nothing but such words keeps them.
 */
export function slotsOf(question: string): Slot[] {
  const words = wordsOf(question);
  const slots = new Map<string, Slot>();
  for (let at = 0; at < words.length; at++) {
    const phrase = phraseAt(words, at);
    const word = words[at] ?? '';
    if (phrase) {
      slots.set(phrase.said, { said: phrase.said, words: phrase.means.map((means) => ({ word: means, weight: RELATED_WEIGHT })) });
      at += phrase.length - 1;
    } else if (!isTalk(word)) {
      slots.set(word, { said: word, words: sayings(word, 1) });
    }
  }
  if (slots.size === 0) for (const word of words) slots.set(word, { said: word, words: [{ word, weight: 1 }] });
  return [...slots.values()].slice(0, MOST_SLOTS).map((slot) => ({ ...slot, words: [...slot.words, ...writtenAs(slot.said, question)] }));
}

/** A word as it was written: documents that are not indexed by plain letters yet have it so. */
function writtenAs(said: string, question: string): Slot['words'] {
  const written =
    question
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(written)].filter((word) => word !== said && plainLetters(word) === said).map((word) => ({ word, weight: 1 }));
}

/** The slot with words that are spelled like its own, 0 to 1, and what means the same as they do. */
export function withSpellings(slot: Slot, spellings: ReadonlyArray<{ word: string; likeness: number }>): Slot {
  return {
    ...slot,
    words: [...slot.words, ...spellings.flatMap(({ word, likeness }) => sayings(plainLetters(word), likeness * SPELLING_WEIGHT))],
  };
}

/** Neighbouring letters swapped, the slip that trigrams are worst at. */
export function swapsOf(word: string): string[] {
  return Array.from({ length: word.length - 1 }, (_, at) => `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`).filter(
    (swapped) => swapped !== word,
  );
}

/** What nobody wrote is looked for by its spelling; longer words are none, and more of them are another language. */
const MISSPELLED = { shortest: 4, longest: 24, most: 4 };

/** The words of a question that no passage has and that are no general ones, long enough to be recognised all the same, and their swaps. */
export function misspelledOf(slots: readonly Slot[], terms: readonly Term[]): Array<{ slot: number; word: string; swaps: string[] }> {
  const known = new Set(terms.filter(({ weight, passages }) => weight === 1 && passages > 0).map(({ slot }) => slot));
  return slots
    .map(({ said: word }, slot) => ({ slot, word }))
    .filter(({ slot, word }) => !known.has(slot) && word.length >= MISSPELLED.shortest && word.length <= MISSPELLED.longest)
    .filter(({ word }) => /^\p{L}+$/u.test(word) && !formsOf(word).some((form) => GENERAL.has(form)))
    .slice(0, MISSPELLED.most)
    .map(({ slot, word }) => ({ slot, word, swaps: swapsOf(word) }));
}

/** A word and all that may say the same. */
function sayings(word: string, weight: number): Array<{ word: string; weight: number }> {
  const variants = variantsOf(word);
  const same = new Set([word, ...variants]);
  const related = [...same].flatMap((one) => [...relatedTo(one)]).filter((other) => !same.has(other));
  return [
    { word, weight },
    ...variants.map((variant) => ({ word: variant, weight: weight * VARIANT_WEIGHT })),
    ...[...new Set(related)].map((other) => ({ word: other, weight: weight * RELATED_WEIGHT })),
  ];
}

/** What is the same word otherwise: irregular forms, other spellings, what is done and doing it. */
function variantsOf(word: string): string[] {
  const listed = VARIANTS.get(word) ?? [];
  const derived = [word, ...listed].flatMap((one) => derivedOf(one)).flatMap((one) => [one, ...(VARIANTS.get(one) ?? [])]);
  return [...new Set([...listed, ...derived])].filter((one) => one !== word);
}

/** Words that customers use whatever the trade; who writes none of them has made a slip. */
const GENERAL: ReadonlySet<string> = new Set([...RELATED.keys(), ...VARIANTS.keys()].filter((word) => word.length >= MISSPELLED.shortest));

/** The words that customers use and a misspelled one is like. */
export function generalSpellings(word: string): Array<{ word: string; likeness: number }> {
  return spelledLike(word, GENERAL, 1);
}

/** Its words by their plain letters; `I'm` and `what's` lose their ends. */
function wordsOf(text: string): string[] {
  const plain = plainLetters(text).replace(/[’‘`]/g, "'");
  const whole = plain.replace(/(\p{L})'(?:s|m|d|re|ve|ll)\b/gu, '$1').replace(/'/g, '');
  return askedWords(whole, isTalk);
}

const LONGEST_PHRASE = Math.max(...[...PHRASES.keys()].map((phrase) => phrase.split(' ').length));

function phraseAt(words: readonly string[], at: number): { said: string; means: readonly string[]; length: number } | undefined {
  for (let length = LONGEST_PHRASE; length > 1; length--) {
    const said = words.slice(at, at + length).join(' ');
    const means = PHRASES.get(said);
    if (means) return { said, means, length };
  }
  return undefined;
}

/** What means the same as a word, or as the word that it is a form of. */
function relatedTo(word: string): ReadonlySet<string> {
  for (const form of formsOf(word)) {
    const related = RELATED.get(form);
    if (related) return related;
  }
  return new Set();
}
