import { DOCUMENT_KINDS, type DocumentKind, MIME_TYPES } from '../core/knowledge/kind.ts';
import { WORDS_VERSION } from '../core/knowledge/script-words.ts';
import { type DocumentRow, failDocument, indexAnew, noteProgress, readDocumentRow, savePieces } from '../db/query/documents.ts';
import { completeEmbedding, findUnembedded, postponeEmbedding, saveEmbeddings } from '../db/query/embeddings.ts';
import type { JobContext } from '../queue/catalog.ts';
import { readDocument, UnreadableDocument } from './document-read.ts';
import { documentPath } from './document-store.ts';
import { embedAll, embeddingModel, EmbeddingsFailure } from './embeddings.ts';
import type { Runtime } from './runtime.ts';

type Context = Pick<JobContext, 'signal' | 'progress' | 'lastAttempt'>;

const GIVEN_UP = 'The document was given up after too many faults of the system';
/** Texts of one request, and how long it may take. */
const BATCH = 64;
const PATIENCE_MS = 30_000;

/**
 * Reads a document into passages and, where an endpoint is configured, has its vectors made. A job that comes twice, or goes on
 * after a crash, does what is left: reading writes all or nothing, vectors are kept batch by batch. A document that is deleted
 * meanwhile stays so.
 * @throws when a fault of ours interrupts it; it may be tried again
 */
export async function runDocument(runtime: Runtime, documentId: number, context: Context): Promise<void> {
  const document = await readDocumentRow(runtime.db.sql, documentId);
  if (!document || document.status === 'failed') return;
  if (document.status === 'processing' && !(await readIn(runtime, document, context))) return;
  if (document.status === 'ready' && document.wordsVersion !== WORDS_VERSION) await indexAnew(runtime.db.sql, documentId, context.signal);
  await makeVectors(runtime, document, context);
  await context.progress(100);
}

/** Whether the document is ready now. */
async function readIn(runtime: Runtime, document: DocumentRow, { signal, progress, lastAttempt }: Context): Promise<boolean> {
  const { db, log, config } = runtime;
  try {
    const pieces = await readDocument({ path: documentPath(config, document.storageKey), kind: kindOf(document) }, signal);
    await noteProgress(db.sql, document.id, 50);
    await progress(50);
    return await savePieces(db, document, pieces);
  } catch (error) {
    const isItsFault = error instanceof UnreadableDocument;
    // its file went with it
    if (!isItsFault && !signal.aborted && !(await readDocumentRow(db.sql, document.id))) return false;
    if (!isItsFault && (signal.aborted || !lastAttempt)) throw error;
    log.warn({ err: error, documentId: document.id }, 'document failed');
    await failDocument(db.sql, document.id, isItsFault ? error.message : GIVEN_UP);
    if (!isItsFault) throw error;
    return false;
  }
}

function kindOf({ mimeType }: DocumentRow): DocumentKind {
  return DOCUMENT_KINDS.find((one) => MIME_TYPES[one] === mimeType) ?? 'text';
}

/** An endpoint that fails is asked again by a later job: the document is found by its words until then. */
async function makeVectors(runtime: Runtime, { id }: DocumentRow, { signal, lastAttempt }: Context): Promise<void> {
  const { sql } = runtime.db;
  const model = embeddingModel(runtime);
  if (model === undefined) return;
  try {
    for (;;) {
      signal.throwIfAborted();
      const bare = await findUnembedded(sql, id, model, BATCH);
      if (bare.length === 0) break;
      const texts = bare.map(({ title, heading, content }) => [[title, heading].filter(Boolean).join(' › '), content].join('\n'));
      const vectors = await embedAll(runtime, texts, PATIENCE_MS);
      await saveEmbeddings(
        sql,
        model,
        bare.map(({ id }, index) => ({ id, vector: vectors[index] })),
      );
    }
    await completeEmbedding(sql, id, model);
  } catch (error) {
    const isItsFault = error instanceof EmbeddingsFailure;
    if (!isItsFault && (signal.aborted || !lastAttempt)) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    runtime.log.warn({ documentId: id, cause }, 'no vectors for a document yet; it is found by its words meanwhile');
    // whatever it was: at every repair tick it would only cost money
    await postponeEmbedding(sql, id);
    if (!isItsFault) throw error;
  }
}
