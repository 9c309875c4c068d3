import type { Slot } from '../../core/knowledge/question.ts';
import type { Candidate, Term } from '../../core/knowledge/rank.ts';
import type { Sql } from '../client.ts';

/** Whose documents are searched: all of a tenant's, or those of one agent. */
export interface SearchScope {
  tenantId: number;
  agentId: number | undefined;
}

export interface FoundPassage {
  passageId: number;
  documentId: number;
  documentTitle: string;
  page: number | null;
  heading: string;
  content: string;
  /** 0 to 1 */
  score: number;
}

/** Beyond it a word is common, however often it is said. */
const COUNTED = 2000;
/** So many passages are looked at closely. */
const CANDIDATES = 300;
/** Of words that are spelled otherwise: what is less alike is another word. */
const LEAST_ALIKE = 0.45;
const MOST_SPELLINGS = 3;
/** passages whose words are compared */
const SPELLED = 50;

/** Ready documents of the scope, `d`, and their passages, `p`. */
export function within(sql: Sql, { tenantId, agentId }: SearchScope) {
  return sql`passages p join documents d on d.id = p.document_id
     where d.tenant_id = ${tenantId} and d.status = 'ready' ${agentId === undefined ? sql`` : sql`and p.agent_id = ${agentId} and d.agent_id = ${agentId}`}`;
}

/** Passages there are in a scope, and how many have each word of a question, counted up to a bound. */
export async function readTerms(sql: Sql, scope: SearchScope, slots: readonly Slot[]): Promise<{ terms: Term[]; total: number }> {
  const words = slots.flatMap((slot, index) => slot.words.map(({ word, weight }) => ({ index, word, weight })));
  const [[size], terms] = await Promise.all([
    sql<Array<{ total: number }>>`
      select coalesce(sum(d.passage_count), 0)::int as total from documents d
       where d.tenant_id = ${scope.tenantId} and d.status = 'ready' ${scope.agentId === undefined ? sql`` : sql`and d.agent_id = ${scope.agentId}`}`,
    sql<Term[]>`
      with said as (
        select w.slot, l.lexeme, max(w.weight) as weight
          from unnest(${words.map(({ index }) => index)}::int[], ${words.map(({ word }) => word)}::text[],
                      ${words.map(({ weight }) => weight)}::real[]) as w(slot, word, weight),
               lateral unnest(tsvector_to_array(to_tsvector('english', w.word))) as l(lexeme)
         group by w.slot, l.lexeme
      ), counted as (
        select one.lexeme, (select count(*) from (
                 select from ${within(sql, scope)} and p.searchable @@ ${lexemeQuery(sql, sql`one.lexeme`)} limit ${COUNTED}) hit)::int as passages
          from (select distinct lexeme from said) one
      )
      select said.slot, said.lexeme, said.weight::float8 as weight, counted.passages from said join counted using (lexeme) order by slot, weight desc`,
  ]);
  return { terms, total: size?.total ?? 0 };
}

/** A lexeme as a query of its own, whatever signs it holds. */
function lexemeQuery(sql: Sql, lexeme: ReturnType<Sql>) {
  return sql`(quote_literal(${lexeme}))::tsquery`;
}

/**
 * Words of the scope's passages that are spelled like those that were said, by their trigrams, or that are one of `swaps`.
 * The trigram index finds passages with a word at least half alike (pg_trgm, `strict_word_similarity_threshold`).
 */
export async function findSpellings(
  sql: Sql,
  scope: SearchScope,
  unknown: ReadonlyArray<{ slot: number; word: string; swaps: readonly string[] }>,
): Promise<Array<{ slot: number; word: string; likeness: number }>> {
  const tried = unknown.flatMap(({ slot, word, swaps }) => [word, ...swaps].map((one) => ({ slot, word: one })));
  return sql<Array<{ slot: number; word: string; likeness: number }>>`
    with tried as (
      select slot, word from unnest(${tried.map(({ slot }) => slot)}::int[], ${tried.map(({ word }) => word)}::text[]) as t(slot, word)
    ), alike as (
      select distinct tried.slot, token, similarity(tried.word, token) as likeness
        from tried, lateral (select p.content, p.heading from ${within(sql, scope)} and p.content %>> tried.word limit ${SPELLED}) near,
             lateral regexp_split_to_table(lower(near.heading || ' ' || near.content), '[^[:alnum:]]+') token
       where length(token) > 3 and similarity(tried.word, token) >= ${LEAST_ALIKE}
    ), best as (
      select slot, token as word, max(likeness)::float8 as likeness, row_number() over (partition by slot order by max(likeness) desc, token) as nth
        from alike group by slot, token
    )
    select slot, word, likeness from best where nth <= ${MOST_SPELLINGS} order by slot, nth`;
}

/** The passages that have most of some lexemes, with where they have them. */
export async function findCandidates(sql: Sql, scope: SearchScope, lexemes: readonly string[]): Promise<Candidate[]> {
  const rows = await sql<Array<Omit<Candidate, 'hits'> & { hits: Candidate['hits'] | null }>>`
    with asked as (
      select string_agg(quote_literal(lexeme), ' | ')::tsquery as words from unnest(${[...lexemes]}::text[]) lexeme
    ), rough as materialized (
      select p.id, p.searchable, ts_rank(p.searchable, asked.words) as rank from asked, ${within(sql, scope)} and p.searchable @@ asked.words
       order by rank desc, p.id limit ${CANDIDATES}
    )
    select id as "passageId", length(searchable) as length,
           (select json_agg(json_build_object('lexeme', hit.lexeme, 'positions', hit.positions, 'parts', hit.weights))
              from unnest(searchable) hit where hit.lexeme = any (${[...lexemes]}::text[])) as hits
      from rough`;
  return rows.map(({ hits, ...row }) => ({ ...row, hits: hits ?? [] }));
}

/** What is shown of passages, in no order. */
export async function readPassages(
  sql: Sql,
  scope: SearchScope,
  passageIds: readonly number[],
): Promise<Array<Omit<FoundPassage, 'score'>>> {
  return sql<Array<Omit<FoundPassage, 'score'>>>`
    select p.id as "passageId", d.id as "documentId", d.title as "documentTitle", p.page, p.heading, p.content
      from ${within(sql, scope)} and p.id = any (${[...passageIds]}::bigint[])`;
}
