import { isAmbiguous } from '../core/knowledge/forms.ts';
import { fuse, type Found } from '../core/knowledge/fuse.ts';
import { generalSpellings, misspelledOf, type Slot, slotsOf, withSpellings } from '../core/knowledge/question.ts';
import { rankByWords, type Term } from '../core/knowledge/rank.ts';
import { bestSpellings } from '../core/knowledge/spelling.ts';
import { hasVectorType, nearestPassages } from '../db/query/embeddings.ts';
import {
  findCandidates,
  findSpellings,
  findWritten,
  type FoundPassage,
  readPassages,
  readTerms,
  type SearchScope,
  type Spelling,
} from '../db/query/passages.ts';
import { tookTooLong } from '../db/query/patience.ts';
import { embed, embeddingModel } from './embeddings.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

/** So deep each way of searching looks. */
const DEPTH = 50;
/** A caller waits: what only makes an answer better takes no longer than this, a step. */
const PATIENCE_MS = { swaps: 150, spellings: 350, vectors: 500 };

/**
 * The passages that answer a question best, best first: by words and, where an endpoint is configured, by the meaning of the whole
 * question, fused; no text twice. An endpoint that fails is named in the log, and words alone decide.
 */
export async function searchKnowledge(runtime: Runtime, scope: SearchScope, question: string, limit: number): Promise<FoundPassage[]> {
  const { sql } = runtime.db;
  const lists = await Promise.all([searchWords(runtime, scope, question), searchMeaning(runtime, scope, question)]);
  const fused = fuse(lists);
  if (fused.length === 0) return [];
  const ids = fused.map(({ passageId }) => passageId);
  const passages = new Map((await readPassages(sql, scope, ids)).map((one) => [one.passageId, one]));
  const found = fused.flatMap(({ passageId, score }) => {
    const passage = passages.get(passageId);
    return passage ? [{ ...passage, score }] : [];
  });
  return withoutRepeats(found).slice(0, limit);
}

/** The same text once, of the passage that comes first: a document may have been uploaded twice. */
function withoutRepeats(passages: readonly FoundPassage[]): FoundPassage[] {
  const seen = new Set<string>();
  return passages.filter(({ heading, content }) => {
    const text = `${heading}\n${content}`;
    return !seen.has(text) && seen.add(text);
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
    const wanted = { model, vector, question, pgvector, limit: DEPTH, patienceMs: PATIENCE_MS.vectors };
    const near = await nearestPassages(runtime.db, scope, wanted);
    return near.map(({ passageId, cosine }) => ({ passageId, evidence: cosine }));
  } catch (error) {
    // whatever it was, words still answer
    runtime.log.warn({ cause: error instanceof Error ? error.message : String(error) }, 'the knowledge base is searched by words alone');
    return [];
  }
}

/** By words: their stems, what means the same, and what is spelled alike where nobody wrote the word itself. */
async function searchWords(runtime: Runtime, scope: SearchScope, question: string): Promise<Found[]> {
  const { sql } = runtime.db;
  let slots = slotsOf(question);
  if (slots.length === 0) return [];
  let { terms, total } = await readTerms(sql, scope, slots);
  const spellings = await spellingsOf(runtime, scope, slots, terms);
  if (spellings.length > 0) {
    slots = slots.map((slot, index) =>
      withSpellings(
        slot,
        spellings.filter((one) => one.slot === index),
      ),
    );
    ({ terms, total } = await readTerms(sql, scope, slots));
  }
  const known = terms.filter(({ passages }) => passages > 0);
  if (known.length === 0) return [];
  const lexemes = [...new Set(known.map(({ lexeme }) => lexeme))];
  return rankByWords(terms, await findCandidates(sql, scope, lexemes, known.some(isAmbiguous)), total)
    .slice(0, DEPTH)
    .map(({ passageId, score }) => ({ passageId, evidence: score }));
}

/** How words that no passage has may have been meant: letters swapped, else spelled like the passages' own, else like general ones. None of the passages' when it would take too long. */
async function spellingsOf({ db, log }: Runtime, scope: SearchScope, slots: readonly Slot[], terms: readonly Term[]): Promise<Spelling[]> {
  const unknown = misspelledOf(slots, terms);
  if (unknown.length === 0) return [];
  const orNone = (error: unknown) => {
    if (!tookTooLong(error)) throw error;
    log.warn({ tenantId: scope.tenantId }, 'spellings of a question were not found in time');
    return [];
  };
  const swapped = unknown.flatMap(({ slot, swaps }) => swaps.map((word) => ({ slot, word })));
  const written = await findWritten(db, scope, swapped, PATIENCE_MS.swaps).catch(orNone);
  const left = unknown.filter(({ slot }) => !written.some((one) => one.slot === slot));
  if (left.length === 0) return written;
  const alike = await findSpellings(db, scope, left, PATIENCE_MS.spellings).catch(orNone);
  const meant = left.flatMap(({ slot, word }) => {
    const own = bestSpellings(
      word,
      alike.filter((one) => one.slot === slot),
    );
    return own.length > 0 ? own : generalSpellings(word).map((one) => ({ ...one, slot }));
  });
  return [...written, ...meant];
}
