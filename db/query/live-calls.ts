import { type CallStatus, LIVE } from '../../core/call.ts';
import type { Sql } from '../client.ts';

/** A call that the carrier holds just now. */
export interface LiveCall {
  id: number;
  status: CallStatus;
  agentId: number;
  agentName: string;
  agentKind: 'ai' | 'human';
  /** E.164 */
  to: string;
  direction: 'outbound' | 'inbound';
  campaignId: number | null;
  contactId: number | null;
  contactName: string | null;
  /** in this state */
  since: Date;
  answeredAt: Date | null;
  bridgedAt: Date | null;
}

/** A page of a tenant's calls in flight, the longest first, and how many there are: no more than its cap. */
export async function listLiveCalls(
  sql: Sql,
  filter: { tenantId: number; campaignId: number | undefined },
  page: { limit: number; offset: number },
): Promise<{ rows: LiveCall[]; total: number }> {
  const where = sql`where c.tenant_id = ${filter.tenantId} and c.status = any(${LIVE as string[]}::text[])
    ${filter.campaignId === undefined ? sql`` : sql`and c.campaign_id = ${filter.campaignId}`}`;
  const [rows, [count]] = await Promise.all([
    sql<LiveCall[]>`
      select c.id, c.status, c.agent_id as "agentId", a.name as "agentName", a.kind as "agentKind", c.to_number as "to", c.direction,
             c.campaign_id as "campaignId", c.contact_id as "contactId", k.name as "contactName",
             coalesce(c.bridged_at, c.answered_at, c.ringing_at, c.claimed_at, c.created_at) as since,
             c.answered_at as "answeredAt", c.bridged_at as "bridgedAt"
        from calls c join agents a on a.id = c.agent_id left join contacts k on k.id = c.contact_id
       ${where} order by coalesce(c.claimed_at, c.created_at), c.id limit ${page.limit} offset ${page.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from calls c ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}
