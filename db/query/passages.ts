import type { Sql } from '../client.ts';

export interface FoundPassage {
  passageId: number;
  documentId: number;
  documentTitle: string;
  content: string;
  score: number;
}

/**
 * The passages of an agent's documents that fit a question best. Every word need not occur: the ranking puts the
 * passage with more and closer hits first.
 */
export async function searchPassages(sql: Sql, agentId: number, question: string, limit: number): Promise<FoundPassage[]> {
  return sql<FoundPassage[]>`
    with q as (
      select replace(plainto_tsquery('english', ${question})::text, '&', '|')::tsquery as words
    )
    select p.id as "passageId", d.id as "documentId", d.title as "documentTitle", p.content,
           ts_rank_cd(p.searchable, q.words, 32) as score
      from passages p join documents d on d.id = p.document_id, q
     where p.agent_id = ${agentId} and d.status = 'ready' and p.searchable @@ q.words
     order by score desc, p.id limit ${limit}`;
}
