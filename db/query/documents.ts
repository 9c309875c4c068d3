import type { Piece } from '../../core/knowledge/cut.ts';
import type { Db, Sql } from '../client.ts';
import type { documents } from '../schema/index.ts';

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
  d.embedding_model as "embeddingModel", d.embed_after as "embedAfter", d.embed_faults as "embedFaults",
  d.created_by as "createdBy", d.created_at as "createdAt", d.updated_at as "updatedAt"`;

/** Adds a document of an AI agent of the tenant; undefined: there is no such agent. */
export async function insertDocument(sql: Sql, given: NewDocument): Promise<DocumentRow | undefined> {
  const [row] = await sql<DocumentRow[]>`
    insert into documents as d (tenant_id, agent_id, title, category, file_name, mime_type, size_bytes, storage_key, created_by)
    select a.tenant_id, a.id, ${given.title}, ${given.category ?? null}, ${given.fileName}, ${given.mimeType}, ${given.sizeBytes}::bigint,
           ${given.storageKey}, ${given.createdBy}::bigint
      from agents a where a.tenant_id = ${given.tenantId} and a.id = ${given.agentId} and a.kind = 'ai' and a.deleted_at is null
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

/**
 * Writes all passages of a document and makes it ready, or nothing: when it was deleted or is ready already. Two jobs that read
 * the same document write it once.
 */
export async function savePieces(db: Db, { id, agentId, title }: DocumentRow, pieces: readonly Piece[]): Promise<boolean> {
  return db.sql.begin(async (sql) => {
    const [open] = await sql`select from documents where id = ${id} and status = 'processing' for update`;
    if (!open) return false;
    await sql`
      insert into passages (document_id, agent_id, position, page, title, heading, content)
      select ${id}, ${agentId}, p.nth - 1, p.page, p.title, p.heading, p.content
        from unnest(${pieces.map((piece) => piece.page)}::int[], ${pieces.map((piece) => [title, ...piece.above].join(' › '))}::text[],
                    ${pieces.map((piece) => piece.heading)}::text[], ${pieces.map((piece) => piece.content)}::text[])
             with ordinality as p(page, title, heading, content, nth)`;
    await sql`
      update documents set status = 'ready', progress = 100, error = null, passage_count = ${pieces.length}, updated_at = now() where id = ${id}`;
    return true;
  });
}

/** The file can't be read; `error` is for people. */
export async function failDocument(sql: Sql, id: number, error: string): Promise<void> {
  await sql`update documents set status = 'failed', error = ${error}, updated_at = now() where id = ${id} and status = 'processing'`;
}

/**
 * Documents that need a job, oldest first: not read yet, or, with a model, ready and without its vectors while the endpoint is not
 * to be left alone.
 */
export async function findDocumentWork(
  sql: Sql,
  model: string | undefined,
  limit: number,
): Promise<Array<{ id: number; status: DocumentRow['status'] }>> {
  return sql<Array<{ id: number; status: DocumentRow['status'] }>>`
    (select id, status from documents where status = 'processing' order by id limit ${limit})
    union all
    (select id, status from documents where ${model ?? null}::text is not null and status = 'ready' and passage_count > 0
        and embedding_model is distinct from ${model ?? null} and (embed_after is null or embed_after <= now()) order by id limit ${limit})`;
}

/** The files that documents need. */
export async function findDocumentFiles(sql: Sql, keys: readonly string[]): Promise<Set<string>> {
  const rows = await sql<Array<{ key: string }>>`select storage_key as key from documents where storage_key = any (${[...keys]}::text[])`;
  return new Set(rows.map(({ key }) => key));
}
