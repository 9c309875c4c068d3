import { fuse, type Found } from '../core/knowledge/fuse.ts';
import { slotsOf, swapsOf, withSpellings } from '../core/knowledge/question.ts';
import { rankByWords, type Term } from '../core/knowledge/rank.ts';
import { hasVectorType, nearestPassages } from '../db/query/embeddings.ts';
import { findCandidates, findSpellings, type FoundPassage, readPassages, readTerms, type SearchScope } from '../db/query/passages.ts';
import { embed, embeddingModel, EmbeddingsFailure } from './embeddings.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

/** So deep each way of searching looks. */
const DEPTH = 50;

/**
 * The passages that answer a question best, best first: by words and, where an endpoint is configured, by the meaning of the whole
 * question, fused. An endpoint that fails is named in the log, and words alone decide.
 */
export async function searchKnowledge(runtime: Runtime, scope: SearchScope, question: string, limit: number): Promise<FoundPassage[]> {
  const { sql } = runtime.db;
  const lists = await Promise.all([searchWords(runtime, scope, question), searchMeaning(runtime, scope, question)]);
  const fused = fuse(lists).slice(0, limit);
  if (fused.length === 0) return [];
  const ids = fused.map(({ passageId }) => passageId);
  const passages = new Map((await readPassages(sql, scope, ids)).map((one) => [one.passageId, one]));
  return fused.flatMap(({ passageId, score }) => {
    const passage = passages.get(passageId);
    return passage ? [{ ...passage, score }] : [];
  });
}

/** Whether the database has pgvector, once it was asked. */
const vectorsOf = ofRuntime((): { pgvector?: boolean } => ({}));

/** By the nearness of vectors. */
async function searchMeaning(runtime: Runtime, scope: SearchScope, question: string): Promise<Found[]> {
  const model = embeddingModel(runtime);
  if (model === undefined) return [];
  try {
    const [vector = []] = await embed(runtime, [question], runtime.config.EMBEDDINGS_TIMEOUT_MS);
    const known = vectorsOf(runtime);
    const pgvector = (known.pgvector ??= await hasVectorType(runtime.db.sql));
    const near = await nearestPassages(runtime.db.sql, scope, { model, vector, question, pgvector, limit: DEPTH });
    return near.map(({ passageId, cosine }) => ({ passageId, evidence: cosine }));
  } catch (error) {
    if (!(error instanceof EmbeddingsFailure)) throw error;
    runtime.log.warn({ cause: error.message }, 'the knowledge base is searched by words alone');
    return [];
  }
}

/** By words: their stems, what means the same, and what is spelled alike where nobody wrote the word itself. */
async function searchWords({ db: { sql } }: Runtime, scope: SearchScope, question: string): Promise<Found[]> {
  let slots = slotsOf(question);
  if (slots.length === 0) return [];
  let { terms, total } = await readTerms(sql, scope, slots);
  const unknown = slots.flatMap(({ said: word }, slot) => (isMisspelled(terms, slot, word) ? [{ slot, word, swaps: swapsOf(word) }] : []));
  const spellings = unknown.length > 0 ? await findSpellings(sql, scope, unknown) : [];
  if (spellings.length > 0) {
    slots = slots.map((slot, index) =>
      withSpellings(
        slot,
        spellings.filter((one) => one.slot === index),
      ),
    );
    ({ terms, total } = await readTerms(sql, scope, slots));
  }
  const known = new Set(terms.filter(({ passages }) => passages > 0).map(({ lexeme }) => lexeme));
  if (known.size === 0) return [];
  return rankByWords(terms, await findCandidates(sql, scope, [...known]), total)
    .slice(0, DEPTH)
    .map(({ passageId, coverage }) => ({ passageId, evidence: coverage }));
}

const SHORTEST_MISSPELLED = 4;
const PLAIN_WORD = /^\p{L}+$/u;

/** Whether no passage has the very word that was said, and it is long enough to be recognised all the same. */
function isMisspelled(terms: readonly Term[], slot: number, word: string): boolean {
  const isKnown = terms.some((term) => term.slot === slot && term.weight === 1 && term.passages > 0);
  return !isKnown && word.length >= SHORTEST_MISSPELLED && PLAIN_WORD.test(word);
}
