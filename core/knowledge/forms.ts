import { plainLetters } from './letters.ts';

/** A word and what it may be a form of: plural, past, -ing. */
export function formsOf(word: string): string[] {
  const stems = [word.replace(/ies$/, 'y'), word.replace(/e?s$/, ''), word.replace(/s$/, ''), word.replace(/(?:ed|ing)$/, '')];
  const past = word.replace(/(?:ed|ing)$/, '');
  return [word, ...stems, `${past}e`, past.replace(/(.)\1$/, '$1'), word.replace(/d$/, '')].filter((form) => form.length > 1);
}

/** What the stemmer takes a -ment from by itself: a word of two syllables before it (Porter's second region). */
const STEMMED = /[aeiouy][^aeiouy]+[aeiouy]+[^aeiouy]/;
/** A verb that has an ending already makes no noun with another. */
const VERB = /^(?!.*(?:tion|sion|ance|ence|ness|ity|able|ible|ment)$)[a-z]{3,9}$/;

/**
 * What is done, of a verb, or the verb of what is done: `pay`, `paying` → `payment`; `payments` → `pay`. Only of short ones,
 * which the stemmer leaves as they are.
 */
export function derivedOf(word: string): string[] {
  const noun = /^([a-z]{3,9})ments?$/.exec(word)?.[1];
  const past = word.replace(/(?:ed|ing)$/, '');
  const verbs = past === word ? [word.replace(/s$/, '')] : [past.replace(/([^aeiou])\1$/, '$1'), `${past}e`];
  return (noun ? [noun] : verbs.filter((verb) => VERB.test(verb)).map((verb) => `${verb}ment`)).filter(
    (form) => !STEMMED.test(form.replace(/ment$/, '')),
  );
}

/** The ending that makes a noun of its own of a stem. */
function nounEndingOf(word: string): string | undefined {
  return /(?:(ment|[ai]tion|[ae]nce)s?|(it)(?:y|ies))$/.exec(word)?.slice(1).join('');
}

/** How near words of one stem may be, nearest first. */
const KINSHIPS = ['same', 'kin', 'parted'] as const;

/**
 * How near two words of one stem are: the same but for their number, kin like a verb and what is done, or parted, being nouns with
 * different endings: `installment` and `installation`.
 */
export function kinshipOf(one: string, other: string): (typeof KINSHIPS)[number] {
  const [a, b] = [nounEndingOf(one), nounEndingOf(other)];
  if (a === b) return 'same';
  return a === undefined || b === undefined ? 'kin' : 'parted';
}

/** A stem, and the words that were said and have it. */
interface Said {
  lexeme: string;
  words: readonly string[];
}

/** Whether a stem is also that of other words, so that a passage must be read to know which it has. */
export function isAmbiguous({ lexeme, words }: Said): boolean {
  return words.some((word) => nounEndingOf(word) !== undefined && word.length > lexeme.length + 2);
}

/** What a word counts that has but the stem of the one that was said, where other passages say that one. */
const KIN_WEIGHT = 0.5;
/** What another word of the stem counts: said ever so often, less than one that means the same. */
const PARTED_WEIGHT = 0.2;

/** What ambiguous stems count in passages that have them, 0 to 1: by the form that is nearest to what was said. */
export function formsIn<T extends Said>(
  said: readonly T[],
  passages: ReadonlyArray<{ passageId: number; text: string | null }>,
): ReadonlyMap<T, ReadonlyMap<number, number>> {
  const ambiguous = said.filter(isAmbiguous);
  if (ambiguous.length === 0) return new Map();
  const written = passages.map(({ passageId, text }) => ({ passageId, words: plainLetters(text ?? '').match(/[\p{L}\p{N}]+/gu) ?? [] }));
  return new Map(
    ambiguous.map((one) => {
      const begin = one.lexeme.replace(/i$/, '');
      const nearest = written.map(({ passageId, words }) => {
        const found = words.filter((word) => word.startsWith(begin)).flatMap((word) => one.words.map((said) => kinshipOf(said, word)));
        return { passageId, kinship: KINSHIPS.find((kinship) => found.includes(kinship)) };
      });
      const isSaid = nearest.some(({ kinship }) => kinship === 'same');
      const weights = { same: 1, kin: isSaid ? KIN_WEIGHT : 1, parted: PARTED_WEIGHT };
      return [one, new Map(nearest.map(({ passageId, kinship }) => [passageId, kinship ? weights[kinship] : 1]))];
    }),
  );
}
