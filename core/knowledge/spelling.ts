/** What slips of the pen and of the ear cost: what sounds much the same is missed more often, and a letter sooner left out than put in. */
const SLIP = { light: 0.5, missing: 0.8, heavy: 1 };
/** A word of so many letters bears one heavy slip; of short ones a letter makes another word (`card`, `cord`). */
const LETTERS_PER_SLIP = 7;
const SHORTEST = 5;
/** Vowels, and the signs that are the vowels of other scripts. */
const VOWEL = /^(?:[aeiouy]|\p{M})$/u;

/**
 * How alike two words are spelled, 0 to 1; undefined: more than slips are between them. A slip is a letter that is missing, added
 * or another (Levenshtein), or two that are swapped (Damerau); vowels, double letters and swaps are light ones. The first letter is right.
 */
export function likenessOf(said: string, word: string): number | undefined {
  const [a, b] = [[...said], [...word]];
  const most = Math.max(a.length, b.length) / LETTERS_PER_SLIP;
  if (Math.min(a.length, b.length) < SHORTEST || a[0] !== b[0] || Math.abs(a.length - b.length) * SLIP.light > most) return undefined;
  const cost = slipsBetween(a, b);
  return cost > most ? undefined : 1 - cost / Math.max(a.length, b.length);
}

/** The least cost of the slips that make `a`, as it was said, of `b`. */
function slipsBetween(a: readonly string[], b: readonly string[]): number {
  const costs: number[][] = [[0]];
  const costAt = (i: number, j: number) => costs[i]?.[j] ?? Infinity;
  for (let i = 0; i <= a.length; i++) {
    const row = (costs[i] ??= []);
    for (let j = i === 0 ? 1 : 0; j <= b.length; j++) {
      const [x, y] = [a[i - 1] ?? '', b[j - 1] ?? ''];
      const isSwap = i > 1 && j > 1 && x !== y && x === b[j - 2] && y === a[i - 2];
      row[j] = Math.min(
        costAt(i - 1, j) + (VOWEL.test(x) || x === a[i - 2] ? SLIP.light : SLIP.heavy),
        costAt(i, j - 1) + (VOWEL.test(y) || y === b[j - 2] ? SLIP.light : SLIP.missing),
        costAt(i - 1, j - 1) + (x === y ? 0 : VOWEL.test(x) && VOWEL.test(y) ? SLIP.light : SLIP.heavy),
        isSwap ? costAt(i - 2, j - 2) + SLIP.light : Infinity,
      );
    }
  }
  return costAt(a.length, b.length);
}

/** The words that are spelled most like one, best first, a plural like what it is many of. */
export function spelledLike(said: string, words: Iterable<string>, most: number): Array<{ word: string; likeness: number }> {
  return Array.from(words, (word) => ({ word, likeness: likenessOf(said, word) ?? likenessOf(said, word.replace(/s$/, '')) ?? 0 }))
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness || (a.word < b.word ? -1 : 1))
    .slice(0, most);
}

const MOST = 3;
/** By trigrams, which forgive an ending: what is less alike is another word. */
const LEAST_TRIGRAMS = 0.45;

/** Of words that are somewhat like one by their trigrams, those that are it but for slips, else those that are very much like it. */
export function bestSpellings<T extends { word: string; likeness: number }>(said: string, found: readonly T[]): T[] {
  const words = new Map(found.map((one) => [one.word, one]));
  const slips = spelledLike(said, words.keys(), MOST).flatMap(({ word, likeness }) => {
    const one = words.get(word);
    return one ? [{ ...one, likeness: Math.max(likeness, one.likeness) }] : [];
  });
  return slips.length > 0 ? slips : found.filter(({ likeness }) => likeness >= LEAST_TRIGRAMS).slice(0, MOST);
}
