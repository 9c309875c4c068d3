import { formsIn } from './forms.ts';

/** A word of a question as the index knows it. */
export interface Term {
  /** which slot of the question it says */
  slot: number;
  lexeme: string;
  /** the words of the slot that it is the stem of */
  words: readonly string[];
  /** 1: the word itself; less: one that means the same */
  weight: number;
  /** passages that have it */
  passages: number;
}

/** Where a passage has a term: places, and which part of the passage each is in. */
export interface Hit {
  lexeme: string;
  positions: readonly number[];
  /** A title, B heading, D text: the weights of PostgreSQL's tsvector */
  parts: readonly string[];
}

/** A passage that has something of what was asked. */
export interface Candidate {
  passageId: number;
  /** different words it has */
  length: number;
  hits: readonly Hit[];
  /** what it says, where `isAmbiguous` holds of a term; else null */
  text: string | null;
}

export interface Ranked {
  passageId: number;
  /** higher is better; only to compare passages of one question */
  value: number;
  /**
   * 0 to 1, falling with the value: the share of what was asked that the passage has, rare words counting more and another word
   * for the same half; less where its words stand apart, or a better passage says more of it. 1: all of it, in a row
   */
  score: number;
}

/** Saturation and the weight of length (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009). */
const K1 = 1.2;
const B = 0.4;
/** What a word counts in each part of a passage, as in BM25F (Robertson, Zaragoza and Taylor, CIKM 2004). */
const PART_WEIGHTS: Readonly<Record<string, number>> = { A: 0.5, B: 2, C: 1, D: 1 };
/** A question of a single thing asks for what is all about it, which its heading says. */
const TOPIC_WEIGHTS: typeof PART_WEIGHTS = { ...PART_WEIGHTS, B: 4 };
/** Two neighbouring words of the question, `NEAR` words apart at most, add up to so much of the rarer one's worth. */
const NEAR = 10;
const NEARNESS_WORTH = 0.3;
/** Of its score, a passage loses so much when no two of its words stand together. */
const APART_COSTS = 0.3;
/** From this weight on a term is the word itself in another form. */
const SAME_WORD = 0.9;
/** A question of so many things is terse: one that no passage has lowers the score as a rare one does; among more it may be idle talk. */
const TERSE = 3;

/**
 * Ranks passages by their words: BM25 over title, heading and text, each thing that was asked counting once by the best word
 * that says it, and more where its words stand together.
 */
export function rankByWords(asked: readonly Term[], candidates: readonly Candidate[], total: number): Ranked[] {
  const terms = asked.map((term) => ({ ...term, passages: Math.max(term.passages, term.passages && commonness(asked, term.slot)) }));
  const slots = [...new Set(terms.map(({ slot }) => slot))];
  const unknown = idf(1, total) * Math.min(1, TERSE / Math.max(1, slots.length));
  const worths = new Map(slots.map((slot) => [slot, worthOf(terms, slot, total) ?? unknown]));
  const whole = [...worths.values()].reduce((sum, worth) => sum + worth, 0);
  const meanLength = candidates.reduce((sum, { length }) => sum + length, 0) / Math.max(1, candidates.length);
  const termsOf = new Map(slots.map((slot) => [slot, terms.filter((term) => term.slot === slot)]));
  const forms = formsIn(terms, candidates);
  const weights = slots.length === 1 ? TOPIC_WEIGHTS : PART_WEIGHTS;

  const ranked = candidates
    .map((candidate) => {
      const hits = new Map(candidate.hits.map((hit) => [hit.lexeme, hit]));
      const norm = 1 - B + B * (candidate.length / Math.max(1, meanLength));
      let value = 0;
      let covered = 0;
      let near = 0;
      let before: { places: number[]; worth: number } | undefined;
      for (const slot of slots) {
        const found = bestOf(termsOf.get(slot) ?? [], candidate, hits, forms, weights, norm, total);
        value += found.value;
        covered += Math.min(worths.get(slot) ?? 0, found.once);
        const together = before ? nearness(before.places, found.places) : 0;
        value += NEARNESS_WORTH * together * Math.min(before?.worth ?? 0, found.once);
        near += together;
        before = { places: found.places, worth: found.once };
      }
      const coverage = whole > 0 ? covered / whole : 0;
      const closeness = slots.length > 1 ? near / (slots.length - 1) : 1;
      return { passageId: candidate.passageId, value, sureness: coverage * (1 - APART_COSTS * (1 - closeness)) };
    })
    .sort((a, b) => b.value - a.value || a.passageId - b.passageId);
  const best = ranked[0]?.value ?? 0;
  let score = 1;
  return ranked.map(({ passageId, value, sureness }) => ({
    passageId,
    value,
    score: (score = Math.min(score, best > 0 ? (sureness * value) / best : 0)),
  }));
}

/**
 * Passages that have the word of a slot in any of its forms: a rare form of a common word tells no more than the word, nor does
 * a word that only means the same.
 */
function commonness(terms: readonly Term[], slot: number): number {
  return terms.reduce((sum, term) => (term.slot === slot && term.weight >= SAME_WORD ? sum + term.passages : sum), 0);
}

/** How much a term tells: the rarer, the more. */
function idf(passages: number, total: number): number {
  return Math.log(1 + (Math.max(total, passages) - passages + 0.5) / (passages + 0.5));
}

/** What a thing that was asked counts in full: its own word's worth, else that of one that means the same; undefined: no passage has it. */
function worthOf(terms: readonly Term[], slot: number, total: number): number | undefined {
  const known = terms.filter((term) => term.slot === slot && term.passages > 0);
  if (known.length === 0) return undefined;
  const own = known.filter(({ weight }) => weight >= SAME_WORD);
  return Math.max(...(own.length > 0 ? own : known).map(({ passages }) => idf(passages, total)));
}

interface Found {
  value: number;
  /** what the word is worth said once */
  once: number;
  places: number[];
}

/** The best of the words that say one thing, and where it is said in any form. */
function bestOf(
  terms: readonly Term[],
  { passageId }: Candidate,
  hits: ReadonlyMap<string, Hit>,
  forms: ReturnType<typeof formsIn<Term>>,
  weights: Readonly<Record<string, number>>,
  norm: number,
  total: number,
): Found {
  let best: Found = { value: 0, once: 0, places: [] };
  const places: number[] = [];
  for (const term of terms) {
    const hit = hits.get(term.lexeme);
    if (!hit) continue;
    const weight = term.weight * (forms.get(term)?.get(passageId) ?? 1);
    const often = hit.parts.reduce((sum, part) => sum + (weights[part] ?? 1), 0) / norm;
    const once = weight * idf(term.passages, total);
    const value = (once * often * (K1 + 1)) / (often + K1);
    if (weight >= SAME_WORD) places.push(...hit.positions);
    if (value > best.value) best = { value, once: Math.min(once, value), places: [...hit.positions] };
  }
  return { ...best, places: places.length > 0 ? places : best.places };
}

/** How near two words come to each other: 1 side by side, 0 more than `NEAR` words apart, or when one is missing. */
function nearness(some: readonly number[], others: readonly number[]): number {
  let least = Infinity;
  for (const a of some) for (const b of others) if (a !== b) least = Math.min(least, Math.abs(a - b));
  return least > NEAR ? 0 : 1 - (least - 1) / NEAR;
}
