import { AppError, fieldError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import { MIME_TYPES } from '../core/knowledge/kind.ts';
import type { Principal } from '../core/principal.ts';
import { isSurelyUndone } from '../db/client.ts';
import { findAgent } from '../db/query/agents.ts';
import {
  countDocuments,
  deleteDocument,
  type DocumentRow,
  failDocument,
  findDocument,
  findDocumentFiles,
  findDocumentWork,
  insertDocument,
} from '../db/query/documents.ts';
import { listDocumentFiles, type ReceivedDocument, removeDocumentFile } from './document-store.ts';
import { embeddingModel } from './embeddings.ts';
import type { Runtime } from './runtime.ts';

/** Documents one tenant may have. */
const MOST_DOCUMENTS = 2000;
const GIVEN_UP = 'The document was given up after too many faults of the system';

export function documentJobId(documentId: number): string {
  return `document_${documentId}`;
}

/**
 * Accepts a received document for an agent; it is read in the background.
 * @throws AppError invalid_agent, conflict when there are too many; the file is then removed
 */
export async function addDocument(
  runtime: Runtime,
  who: Principal,
  file: ReceivedDocument,
  { agentId, title, category }: { agentId: string | undefined; title?: string; category?: string },
): Promise<DocumentRow> {
  const { db, config } = runtime;
  try {
    if (agentId === undefined || agentId === '') throw fieldError('validation', 'agentId', 'is required');
    if ((await countDocuments(db.sql, who.tenantId)) >= MOST_DOCUMENTS) {
      throw new AppError('conflict', `There are ${MOST_DOCUMENTS} documents already: delete some first`);
    }
    const document = await insertDocument(db.sql, {
      tenantId: who.tenantId,
      agentId: parseId('agent', agentId) ?? 0,
      title: title?.trim() || titleOf(file.fileName),
      category: category?.trim() || undefined,
      fileName: file.fileName,
      mimeType: MIME_TYPES[file.kind],
      sizeBytes: file.sizeBytes,
      storageKey: file.storageKey,
      createdBy: who.userId,
    });
    if (!document) throw noAgent();
    await enqueue(runtime, document.id);
    return document;
  } catch (error) {
    // a document that may have been taken keeps its file; of one that was not, the file is removed a day later
    if (error instanceof AppError || isSurelyUndone(error)) await removeDocumentFile(config, file.storageKey);
    throw error;
  }
}

/** `manual.pdf` → `manual` */
function titleOf(fileName: string): string {
  return fileName.replace(/(?<=.)\.[^.]{1,10}$/, '');
}

/** The row is its own outbox: a job that can't be put in now is put in by the repair tick. */
async function enqueue(runtime: Runtime, documentId: number): Promise<void> {
  try {
    await runtime.producer.enqueue('documents', { documentId }, { jobId: documentJobId(documentId), fresh: true });
  } catch (error) {
    runtime.log.warn({ err: error, documentId }, 'queue not reached; the scheduler will queue the document');
  }
}

/** One document of the tenant. @throws AppError not_found */
export async function documentOf({ db }: Runtime, { tenantId }: Principal, text: string): Promise<DocumentRow> {
  const id = parseId('doc', text);
  const found = id === undefined ? undefined : await findDocument(db.sql, tenantId, id);
  if (!found) throw noDocument();
  return found;
}

/** Deletes a document, its passages and its file; one that is being read is read for nothing. @throws AppError not_found */
export async function removeDocument({ db, config }: Runtime, { tenantId }: Principal, text: string): Promise<void> {
  const id = parseId('doc', text);
  const key = id === undefined ? undefined : await deleteDocument(db.sql, tenantId, id);
  if (key === undefined) throw noDocument();
  await removeDocumentFile(config, key);
}

/** The agent whose documents are meant, if one is. @throws AppError invalid_agent */
export async function agentMeant({ db }: Runtime, { tenantId }: Principal, text: string | undefined): Promise<number | undefined> {
  if (text === undefined) return undefined;
  const agent = await findAgent(db.sql, tenantId, parseId('agent', text) ?? 0);
  if (!agent) throw noAgent();
  return agent.id;
}

const WORK = 200;

/**
 * Documents that are not read yet, or whose vectors are due again, and have no job get one; one whose reading failed for good has
 * failed. Answers how many were queued.
 */
export async function requeueDocuments(runtime: Runtime): Promise<number> {
  const { db, producer, log } = runtime;
  const work = await findDocumentWork(db.sql, embeddingModel(runtime), WORK);
  if (work.length === 0) return 0;
  const states = await producer.jobState(
    'documents',
    work.map(({ id }) => documentJobId(id)),
  );
  const stateOf = (id: number) => states.get(documentJobId(id));
  for (const { id, status } of work) if (status === 'processing' && stateOf(id) === 'failed') await failDocument(db.sql, id, GIVEN_UP);
  // a failed job of a document that is ready was about its vectors, and gives way to a new one
  const lost = work.filter(({ id, status }) => stateOf(id) === 'missing' || (status === 'ready' && stateOf(id) === 'failed'));
  if (lost.length === 0) return 0;
  log.info({ documents: lost.length }, 'documents to be read had no job; queued again');
  await producer.enqueueMany(
    'documents',
    lost.map(({ id }) => ({ payload: { documentId: id }, jobId: documentJobId(id) })),
  );
  return lost.length;
}

const ORPHAN_AFTER_MS = 24 * 60 * 60 * 1000;

/** Removes files that a process left behind when it was killed between upload and row, or row and file, a day later. Answers how many. */
export async function removeOrphanDocuments({ db, config }: Runtime, now: Date): Promise<number> {
  const old = await listDocumentFiles(config, new Date(now.getTime() - ORPHAN_AFTER_MS));
  const wanted = await findDocumentFiles(db.sql, old);
  const orphans = old.filter((key) => !wanted.has(key));
  for (const key of orphans) await removeDocumentFile(config, key);
  return orphans.length;
}

function noAgent(): AppError {
  return fieldError('invalid_agent', 'agentId', 'names no agent of yours');
}

function noDocument(): AppError {
  return new AppError('not_found', 'Document not found');
}
