import type { Slot } from '../../core/knowledge/question.ts';
import type { Candidate, Term } from '../../core/knowledge/rank.ts';
import type { Db, Sql } from '../client.ts';
import { lexemesOf, stemmersOf } from './lexemes.ts';
import { atMost } from './patience.ts';

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
/** Of words that are spelled otherwise, by their trigrams: what is less alike is another word. A stem lacks an end. */
const LEAST_ALIKE = 0.3;
/** Stems whose words are compared, passages that they are taken from, and words that are told. */
const SPELLED = { stems: 10, passages: 3, words: 12 };

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
        select w.slot, l.lexeme, max(w.weight) as weight, array_agg(w.word) as words
          from unnest(${words.map(({ index }) => index)}::int[], ${words.map(({ word }) => word)}::text[],
                      ${stemmersOf(words.map(({ word }) => word))}::text[], ${words.map(({ weight }) => weight)}::real[]) as w(slot, word, stemmer, weight),
               lateral ${lexemesOf(sql, sql`w.word`, sql`w.stemmer`)}
         group by w.slot, l.lexeme
      ), counted as (
        select one.lexeme, (select count(*) from (
                 select from ${within(sql, scope)} and p.searchable @@ ${lexemeQuery(sql, sql`one.lexeme`)} limit ${COUNTED}) hit)::int as passages
          from (select distinct lexeme from said) one
      )
      select said.slot, said.lexeme, said.weight::float8 as weight, said.words, counted.passages from said join counted using (lexeme) order by slot, weight desc`,
  ]);
  return { terms, total: size?.total ?? 0 };
}

/** A lexeme as a query of its own, whatever signs it holds. */
function lexemeQuery(sql: Sql, lexeme: ReturnType<Sql>) {
  return sql`(quote_literal(${lexeme}))::tsquery`;
}

interface SaidWord {
  slot: number;
  word: string;
}

/** Words as rows `t`: their slot, word and dictionary. */
function saidRows(sql: Sql, said: readonly SaidWord[]) {
  const words = said.map(({ word }) => word);
  return sql`unnest(${said.map(({ slot }) => slot)}::int[], ${words}::text[], ${stemmersOf(words)}::text[]) as t(slot, word, stemmer)`;
}

export interface Spelling extends SaidWord {
  /** 0 to 1 */
  likeness: number;
}

/** Which of some words the scope's passages have. @throws a PostgresError 57014 after `patienceMs` */
export async function findWritten(
  { sql }: Pick<Db, 'sql'>,
  scope: SearchScope,
  tried: readonly SaidWord[],
  patienceMs: number,
): Promise<Spelling[]> {
  return atMost(
    sql,
    patienceMs,
    (sql) => sql<Spelling[]>`
    with tried as materialized (
      select slot, word, lexeme from ${saidRows(sql, tried)}, lateral ${lexemesOf(sql, sql`t.word`, sql`t.stemmer`)}
    ), near as materialized (
      select p.searchable from ${within(sql, scope)}
         and p.searchable @@ (select string_agg(quote_literal(lexeme), ' | ')::tsquery from tried) limit ${COUNTED}
    )
    select slot, word, 1::float8 as likeness from tried
     where exists (select from near where near.searchable @@ ${lexemeQuery(sql, sql`tried.lexeme`)}) order by slot, word`,
  );
}

/**
 * Words of the scope's passages that are spelled somewhat like those that were said, by their trigrams. Stems are compared first: there are
 * few different ones. Only the scope's own passages are looked at, without an index: one of trigrams would find those of all tenants first.
 * @throws a PostgresError 57014 after `patienceMs`
 */
export async function findSpellings(
  { sql }: Pick<Db, 'sql'>,
  scope: SearchScope,
  unknown: readonly SaidWord[],
  patienceMs: number,
): Promise<Spelling[]> {
  return atMost(
    sql,
    patienceMs,
    (sql) => sql<Spelling[]>`
    with tried as (
      select slot, word, coalesce((ts_lexize('english_stem', word))[1], word) as stem from ${saidRows(sql, unknown)}
    ), own as materialized (
      select p.content, p.heading, p.searchable from ${within(sql, scope)}
    ), known as materialized (
      select distinct lexeme from own, lateral unnest(tsvector_to_array(searchable)) lexeme where length(lexeme) > 2
    ), stems as materialized (
      select slot, word, lexeme, row_number() over (partition by slot order by likeness desc, lexeme) as nth
        from tried, known, lateral greatest(similarity(word, lexeme), similarity(stem, lexeme)) likeness where likeness >= ${LEAST_ALIKE}
    ), alike as (
      select distinct tried.slot, token, similarity(tried.word, token) as likeness
        from stems tried, lateral (
               select own.content, own.heading from own where own.searchable @@ ${lexemeQuery(sql, sql`tried.lexeme`)} limit ${SPELLED.passages}) near,
             lateral regexp_split_to_table(lower(near.heading || ' ' || near.content), '[^[:alnum:]]+') token
       where tried.nth <= ${SPELLED.stems} and length(token) > 3 and similarity(tried.word, token) >= ${LEAST_ALIKE}
    ), best as (
      select slot, token as word, max(likeness)::float8 as likeness, row_number() over (partition by slot order by max(likeness) desc, token) as nth
        from alike group by slot, token
    )
    select slot, word, likeness from best where nth <= ${SPELLED.words} order by slot, nth`,
  );
}

/** The passages that have most of some lexemes, with where they have them, and what they say where the `text` is needed. */
export async function findCandidates(sql: Sql, scope: SearchScope, lexemes: readonly string[], text = false): Promise<Candidate[]> {
  const rows = await sql<Array<Omit<Candidate, 'hits'> & { hits: Candidate['hits'] | null }>>`
    with asked as (
      select string_agg(quote_literal(lexeme), ' | ')::tsquery as words from unnest(${[...lexemes]}::text[]) lexeme
    ), rough as materialized (
      select p.id, p.searchable, ${text ? sql`concat_ws(' ', p.title, p.heading, p.content)` : sql`null`} as text, ts_rank(p.searchable, asked.words) as rank from asked, ${within(sql, scope)} and p.searchable @@ asked.words
       order by rank desc, p.id limit ${CANDIDATES}
    )
    select id as "passageId", length(searchable) as length, text,
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
