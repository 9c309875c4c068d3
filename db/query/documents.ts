import type { Piece } from '../../core/knowledge/cut.ts';
import { WORDS_VERSION } from '../../core/knowledge/script-words.ts';
import type { Db, Sql } from '../client.ts';
import type { documents } from '../schema/index.ts';
import { type Indexed, indexedOf, type Searched, VECTOR } from './lexemes.ts';

export type DocumentRow = typeof documents.$inferSelect;

export interface NewDocument {
  tenantId: number;
  agentId: number;
  title: string;
  category: string | undefined;
  fileName: string;
  mimeType: string;
  sizeBytes: number;
  storageKey: string;
  createdBy: number;
}

const COLUMNS = `d.id, d.tenant_id as "tenantId", d.agent_id as "agentId", d.title, d.category, d.file_name as "fileName", d.mime_type as "mimeType",
  d.size_bytes as "sizeBytes", d.storage_key as "storageKey", d.status, d.error, d.progress, d.passage_count as "passageCount",
  d.embedding_model as "embeddingModel", d.embed_after as "embedAfter", d.embed_faults as "embedFaults", d.words_version as "wordsVersion",
  d.created_by as "createdBy", d.created_at as "createdAt", d.updated_at as "updatedAt"`;

/** Adds a document of an AI agent of the tenant; undefined: there is no such agent, or not any more once its deletion is through. */
export async function insertDocument(sql: Sql, given: NewDocument): Promise<DocumentRow | undefined> {
  const [row] = await sql<DocumentRow[]>`
    insert into documents as d (tenant_id, agent_id, title, category, file_name, mime_type, size_bytes, storage_key, created_by)
    select a.tenant_id, a.id, ${given.title}, ${given.category ?? null}, ${given.fileName}, ${given.mimeType}, ${given.sizeBytes}::bigint,
           ${given.storageKey}, ${given.createdBy}::bigint
      from agents a where a.tenant_id = ${given.tenantId} and a.id = ${given.agentId} and a.kind = 'ai' and a.deleted_at is null
       for share
    returning ${sql.unsafe(COLUMNS)}`;
  return row;
}

/** Newest first, with how many there are in all. */
export async function listDocuments(
  sql: Sql,
  tenantId: number,
  { agentId, limit, offset }: { agentId?: number; limit: number; offset: number },
): Promise<{ rows: DocumentRow[]; total: number }> {
  const wanted = sql`d.tenant_id = ${tenantId} ${agentId === undefined ? sql`` : sql`and d.agent_id = ${agentId}`}`;
  const [rows, [count]] = await Promise.all([
    sql<DocumentRow[]>`
      select ${sql.unsafe(COLUMNS)} from documents d where ${wanted} order by d.created_at desc, d.id desc limit ${limit} offset ${offset}`,
    sql<Array<{ total: number }>>`select count(*)::int as total from documents d where ${wanted}`,
  ]);
  return { rows, total: count?.total ?? 0 };
}

export async function countDocuments(sql: Sql, tenantId: number): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`select count(*)::int as total from documents where tenant_id = ${tenantId}`;
  return row?.total ?? 0;
}

export async function findDocument(sql: Sql, tenantId: number, id: number): Promise<DocumentRow | undefined> {
  const [row] = await sql<DocumentRow[]>`select ${sql.unsafe(COLUMNS)} from documents d where d.tenant_id = ${tenantId} and d.id = ${id}`;
  return row;
}

/** Deletes a document with its passages, and answers the name of its file. Who reads it meanwhile finds nothing to write to. */
export async function deleteDocument(sql: Sql, tenantId: number, id: number): Promise<string | undefined> {
  const [row] = await sql<Array<{ key: string }>>`
    delete from documents where tenant_id = ${tenantId} and id = ${id} returning storage_key as key`;
  return row?.key;
}

/** A document by itself, for its job. */
export async function readDocumentRow(sql: Sql, id: number): Promise<DocumentRow | undefined> {
  const [row] = await sql<DocumentRow[]>`select ${sql.unsafe(COLUMNS)} from documents d where d.id = ${id}`;
  return row;
}

export async function noteProgress(sql: Sql, id: number, percent: number): Promise<void> {
  await sql`update documents set progress = ${percent} where id = ${id} and status = 'processing'`;
}

/** Passages that are indexed at once. */
const BATCH = 200;

/**
 * Writes all passages of a document and makes it ready, or nothing: when it was deleted or is ready already. Two jobs that read
 * the same document write it once.
 */
export async function savePieces(db: Db, { id, agentId, title }: DocumentRow, pieces: readonly Piece[]): Promise<boolean> {
  return db.sql.begin(async (sql) => {
    const [open] = await sql`select from documents where id = ${id} and status = 'processing' for update`;
    if (!open) return false;
    for (let from = 0; from < pieces.length; from += BATCH) {
      const batch = pieces.slice(from, from + BATCH).map((piece) => ({ ...piece, title: [title, ...piece.above].join(' › ') }));
      const indexed = await indexedOf(sql, batch);
      await sql`
        with given as (
          select * from unnest(${batch.map(({ page }) => page)}::int[], ${batch.map(({ title }) => title)}::text[], ${batch.map(({ heading }) => heading)}::text[],
                               ${batch.map(({ content }) => content)}::text[]) with ordinality as g(page, title, heading, content, nth)
        ), indexed as (
          select nth, ${sql.unsafe(VECTOR)} as searchable from ${unnested(sql, indexed)}
        )
        insert into passages (document_id, agent_id, position, page, title, heading, content, searchable)
        select ${id}, ${agentId}, ${from}::int + nth - 1, page, title, heading, content, searchable from given join indexed using (nth) order by nth`;
    }
    await sql`
      update documents set status = 'ready', progress = 100, error = null, passage_count = ${pieces.length}, words_version = ${WORDS_VERSION},
             updated_at = now() where id = ${id}`;
    return true;
  });
}

/** What is indexed of passages, as rows; `nth` from 1. */
function unnested(sql: Sql, indexed: readonly Indexed[]) {
  return sql`unnest(${indexed.map(({ title }) => title)}::text[], ${indexed.map(({ heading }) => heading)}::text[],
                    ${indexed.map(({ content }) => content)}::text[], ${indexed.map(({ others }) => others)}::text[])
             with ordinality as i(title, heading, content, others, nth)`;
}

/**
 * Finds the words of a document's passages anew, from what is kept of them, batch by batch; it is found by the old ones meanwhile.
 * Once more does no harm.
 */
export async function indexAnew(sql: Sql, documentId: number, signal: AbortSignal): Promise<void> {
  for (let from = 0; ; from += BATCH) {
    signal.throwIfAborted();
    const batch = await sql<Array<Searched & { id: number }>>`
      select id, title, heading, content from passages where document_id = ${documentId} and position >= ${from} and position < ${from + BATCH}`;
    if (batch.length === 0) break;
    await sql`
      update passages p set searchable = indexed.searchable
        from unnest(${batch.map(({ id }) => id)}::bigint[]) with ordinality as given(id, nth)
        join (select nth, ${sql.unsafe(VECTOR)} as searchable from ${unnested(sql, await indexedOf(sql, batch))}) indexed using (nth)
       where p.id = given.id`;
  }
  await sql`update documents set words_version = ${WORDS_VERSION} where id = ${documentId} and status = 'ready'`;
}

/** The file can't be read; `error` is for people. */
export async function failDocument(sql: Sql, id: number, error: string): Promise<void> {
  await sql`update documents set status = 'failed', error = ${error}, updated_at = now() where id = ${id} and status = 'processing'`;
}

/**
 * Documents that need a job, oldest first: not read yet; or ready and indexed by other words than today's; or, with a model, ready and
 * without its vectors while the endpoint is not to be left alone.
 */
export async function findDocumentWork(
  sql: Sql,
  model: string | undefined,
  limit: number,
): Promise<Array<{ id: number; status: DocumentRow['status'] }>> {
  return sql<Array<{ id: number; status: DocumentRow['status'] }>>`
    (select id, status from documents where status = 'processing' order by id limit ${limit})
    union
    (select id, status from documents where status = 'ready' and words_version <> ${WORDS_VERSION} order by id limit ${limit})
    union
    (select id, status from documents where ${model ?? null}::text is not null and status = 'ready' and passage_count > 0
        and embedding_model is distinct from ${model ?? null} and (embed_after is null or embed_after <= now()) order by id limit ${limit})
    order by id`;
}

/** The files that documents need. */
export async function findDocumentFiles(sql: Sql, keys: readonly string[]): Promise<Set<string>> {
  const rows = await sql<Array<{ key: string }>>`select storage_key as key from documents where storage_key = any (${[...keys]}::text[])`;
  return new Set(rows.map(({ key }) => key));
}
