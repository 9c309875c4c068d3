import { indexedWords, type ScriptWord, stemmerOf } from '../../core/knowledge/script-words.ts';
import type { Sql } from '../client.ts';

/** The texts of a passage that are searched. */
export interface Searched {
  title: string;
  heading: string;
  content: string;
}

/** The same as PostgreSQL parses it in any locale: Latin texts, and a tsvector of all other words. */
export interface Indexed extends Searched {
  others: string;
}

/** A tsvector of columns that hold an `Indexed`. Weights: A title, B heading, D text. */
export const VECTOR = `setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', heading), 'B') || to_tsvector('english', content) || others::tsvector`;

/** What is indexed of passages, in their order. */
export async function indexedOf(sql: Sql, passages: readonly Searched[]): Promise<Indexed[]> {
  const found = passages.map(({ title, heading, content }) => {
    const [a, b, d] = [indexedWords(title), indexedWords(heading), indexedWords(content)];
    const others = [
      ...placed(a.words, 'A', 0),
      ...placed(b.words, 'B', a.words.length),
      ...placed(d.words, 'D', a.words.length + b.words.length),
    ];
    return { title: a.latin, heading: b.latin, content: d.latin, others };
  });
  const stems = await stemsOf(
    sql,
    found.flatMap(({ others }) => others),
  );
  return found.map(({ others, ...latin }) => ({ ...latin, others: vectorOf(others, stems) }));
}

type Placed = ScriptWord & { part: 'A' | 'B' | 'D' };

const placed = (words: readonly ScriptWord[], part: Placed['part'], behind: number): Placed[] =>
  words.map((word) => ({ ...word, part, at: word.at + behind }));

/** The stems of words that have any; none of one that its dictionary leaves out. */
async function stemsOf(sql: Sql, words: readonly ScriptWord[]): Promise<Map<string, string[]>> {
  const distinct = [...new Map(words.filter(({ stemmer }) => stemmer !== 'simple').map((one) => [one.word, one.stemmer]))];
  if (distinct.length === 0) return new Map();
  const rows = await sql<Array<{ word: string; stems: string[] }>>`
    select word, ts_lexize(stemmer::regdictionary, word) as stems
      from unnest(${distinct.map(([word]) => word)}::text[], ${distinct.map(([, stemmer]) => stemmer)}::text[]) as w(word, stemmer)
     where ts_lexize(stemmer::regdictionary, word) is not null`;
  return new Map(rows.map(({ word, stems }) => [word, stems]));
}

/** PostgreSQL keeps no place beyond it. */
const LAST_PLACE = 16_383;

function vectorOf(words: readonly Placed[], stems: ReadonlyMap<string, string[]>): string {
  return words
    .flatMap(({ word, at, part }) => (stems.get(word) ?? [word]).map((stem) => `'${stem}':${Math.min(at, LAST_PLACE)}${part}`))
    .join(' ');
}

/** The lexemes of a word of a question, as rows of `lexeme`: as they are indexed, and as they were before other scripts were. */
export function lexemesOf(sql: Sql, word: ReturnType<Sql>, stemmer: ReturnType<Sql>) {
  return sql`(select unnest(tsvector_to_array(to_tsvector('english', ${word})))
              union select unnest(ts_lexize(${stemmer}::regdictionary, ${word}))) as l(lexeme)`;
}

/** The dictionaries of words, for `lexemesOf`; null: PostgreSQL's parser knows what to do. */
export const stemmersOf = (words: readonly string[]): Array<string | null> => words.map((word) => stemmerOf(word) ?? null);
