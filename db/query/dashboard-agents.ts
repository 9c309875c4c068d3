import type { Sql } from '../client.ts';

/** An AI agent as the dashboard lists it. */
export interface AgentCard {
  id: number;
  name: string;
  /** null: the carrier's own voice */
  voiceLabel: string | null;
  language: string;
  createdAt: Date;
}

export interface CardQuery {
  tenantId: number;
  /** part of the name, whatever its case */
  search: string | undefined;
  limit: number;
  offset: number;
}

/** A page of a tenant's AI agents, newest first, and how many there are in all. */
export async function listAgentCards(sql: Sql, query: CardQuery): Promise<{ rows: AgentCard[]; total: number }> {
  const where = sql`where tenant_id = ${query.tenantId} and kind = 'ai' and deleted_at is null ${named(sql, query)}`;
  const [rows, [count]] = await Promise.all([
    sql<AgentCard[]>`
      select id, name, coalesce(voice_label, voice) as "voiceLabel", language, created_at as "createdAt"
        from agents ${where} order by created_at desc, id desc limit ${query.limit} offset ${query.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from agents ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}

/** Narrows to what has the search in its name, each character standing for itself. */
export function named(sql: Sql, { search }: Pick<CardQuery, 'search'>) {
  return search === undefined ? sql`` : sql`and name ilike ${`%${search.replace(/[\\%_]/g, '\\$&')}%`}`;
}
