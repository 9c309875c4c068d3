import type { CampaignRow } from './campaigns.ts';
import type { Sql } from '../client.ts';
import { type CardQuery, named } from './dashboard-agents.ts';

/** A campaign as the dashboard lists it. */
export type CampaignCard = Pick<CampaignRow, 'id' | 'name' | 'status' | 'approval' | 'createdAt'>;

/** A page of a tenant's campaigns, newest first, and how many there are in all. */
export async function listCampaignCards(sql: Sql, query: CardQuery): Promise<{ rows: CampaignCard[]; total: number }> {
  const where = sql`where tenant_id = ${query.tenantId} and deleted_at is null ${named(sql, query)}`;
  const [rows, [count]] = await Promise.all([
    sql<CampaignCard[]>`
      select id, name, status, approval, created_at as "createdAt"
        from campaigns ${where} order by created_at desc, id desc limit ${query.limit} offset ${query.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from campaigns ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}

/** How many of a campaign's calls have ended, and how many of these were completed: sums of the days that its calls were counted in. */
export async function countCampaignCalls(sql: Sql, tenantId: number, campaignId: number): Promise<{ total: number; completed: number }> {
  const [row] = await sql<Array<{ total: number; completed: number }>>`
    select coalesce(sum(d.dials), 0)::bigint as total, coalesce(sum(d.completed), 0)::bigint as completed
      from campaign_days d join campaigns c on c.id = d.campaign_id where c.tenant_id = ${tenantId} and c.id = ${campaignId}`;
  return row ?? { total: 0, completed: 0 };
}
