import type { Db, Sql } from '../client.ts';
import { atMost } from './patience.ts';
import { type SearchScope, within } from './passages.ts';

export interface BarePassage {
  id: number;
  title: string;
  heading: string;
  content: string;
}

/** Passages of a document that have no vector of a model, in their order. */
export async function findUnembedded(sql: Sql, documentId: number, model: string, limit: number): Promise<BarePassage[]> {
  return sql<BarePassage[]>`
    select id, title, heading, content from passages
     where document_id = ${documentId} and embedding_model is distinct from ${model} order by position limit ${limit}`;
}

/** Keeps the vectors of passages, also that one has none; of one that was deleted meanwhile, nothing. */
export async function saveEmbeddings(
  sql: Sql,
  model: string,
  vectors: ReadonlyArray<{ id: number; vector: readonly number[] | undefined }>,
): Promise<void> {
  await sql`
    update passages p set embedding = e.vector::real[], embedding_model = ${model}
      from unnest(${vectors.map(({ id }) => id)}::bigint[], ${vectors.map(({ vector }) => vector && `{${vector.join(',')}}`).map((one) => one ?? null)}::text[]) e(id, vector)
     where p.id = e.id`;
}

/** All passages of a document have vectors of a model. */
export async function completeEmbedding(sql: Sql, documentId: number, model: string): Promise<void> {
  await sql`update documents set embedding_model = ${model}, embed_after = null, embed_faults = 0 where id = ${documentId}`;
}

const FIRST_PAUSE_SECONDS = 15;
const LONGEST_PAUSE_SECONDS = 3600;

/** The endpoint failed for a document: it is asked again later, each time twice as late, an hour at most. */
export async function postponeEmbedding(sql: Sql, documentId: number): Promise<void> {
  await sql`
    update documents set embed_faults = embed_faults + 1,
           embed_after = now() + least(${LONGEST_PAUSE_SECONDS}, ${FIRST_PAUSE_SECONDS} * 2 ^ least(embed_faults, 20)) * interval '1 second'
     where id = ${documentId}`;
}

/** Whether the database has pgvector (https://github.com/pgvector/pgvector). */
export async function hasVectorType(sql: Sql): Promise<boolean> {
  const [row] = await sql<Array<{ found: boolean }>>`select to_regtype('vector') is not null as found`;
  return row?.found ?? false;
}

/** So many numbers are compared one by one: plain SQL takes 139 ms for 2,000 vectors of 384, pgvector a tenth. */
const COMPARED = { plain: 2000 * 384, pgvector: 20_000 * 384 };

/**
 * The passages whose vectors of a model are nearest to one of length 1, by the cosine. Exact; of more than can be compared those
 * that share most words with the question. `pgvector`: let its operators do it. Takes `patienceMs` at most.
 * @throws a PostgresError 57014 when it would take longer
 */
export async function nearestPassages(
  { sql }: Pick<Db, 'sql'>,
  scope: SearchScope,
  {
    model,
    vector,
    question,
    pgvector,
    limit,
    patienceMs,
  }: { model: string; vector: readonly number[]; question: string; pgvector: boolean; limit: number; patienceMs: number },
): Promise<Array<{ passageId: number; cosine: number }>> {
  const cosine = pgvector
    ? sql`1 - (embedding::vector <=> ${`[${vector.join(',')}]`}::text::vector)`
    : sql`(select sum(v.a * v.b) from unnest(embedding, asked) as v(a, b))`;
  const compared = Math.max(limit, Math.floor((pgvector ? COMPARED.pgvector : COMPARED.plain) / vector.length));
  return atMost(
    sql,
    patienceMs,
    (sql) => sql<Array<{ passageId: number; cosine: number }>>`
    with question as (
      select replace(plainto_tsquery('english', ${question})::text, '&', '|')::tsquery as words
    ), sharing as materialized (
      select p.id from question, ${within(sql, scope)} and p.embedding_model = ${model} and p.searchable @@ question.words
       order by ts_rank(p.searchable, question.words) desc, p.id limit ${compared}
    ), others as materialized (
      select p.id from ${within(sql, scope)} and p.embedding_model = ${model} and p.id not in (select id from sharing)
       order by p.id limit greatest(0, ${compared}::bigint - (select count(*) from sharing))
    ), near as materialized (
      select p.id, p.embedding, ${[...vector]}::real[] as asked from passages p
       where p.id in (select id from sharing union all select id from others) and cardinality(p.embedding) = ${vector.length}
    )
    select id as "passageId", (${cosine})::float8 as cosine from near order by cosine desc, id limit ${limit}`,
  );
}
