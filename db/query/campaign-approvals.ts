import type { campaignApprovals } from '../schema/index.ts';
import type { Sql } from '../client.ts';

export type Approval = typeof campaignApprovals.$inferSelect;

export interface DecidedCampaign {
  tenantId: number;
  approval: 'pending' | Approval['status'];
  /** the phone company's campaign that it stands for */
  carrierCampaignId: string | null;
}

/** A campaign of any tenant that was not deleted. */
export async function findAnyCampaign(sql: Sql, id: number): Promise<DecidedCampaign | undefined> {
  const [row] = await sql<DecidedCampaign[]>`
    select tenant_id as "tenantId", approval, carrier_campaign_id as "carrierCampaignId" from campaigns where id = ${id} and deleted_at is null`;
  return row;
}

/** One decides about a campaign at a time, until the transaction ends. Who dials for it waits for nobody. */
export async function lockDecision(sql: Sql, campaignId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('approval ' || ${campaignId}::text, 0))`;
}

export interface Decision {
  campaignId: number;
  approvedBy: number;
  status: Approval['status'];
  reason: string | undefined;
  /** undefined: as it was */
  carrierCampaignId: string | undefined;
  carrierResponse: Record<string, unknown>;
}

/** The administrator's word becomes true and is kept, in one statement; undefined when the campaign was deleted meanwhile. */
export async function keepDecision(sql: Sql, decision: Decision): Promise<Approval | undefined> {
  const [row] = await sql<Approval[]>`
    with decided as (
      update campaigns set approval = ${decision.status}, updated_at = now(),
             carrier_campaign_id = coalesce(${decision.carrierCampaignId ?? null}, carrier_campaign_id)
       where id = ${decision.campaignId} and deleted_at is null returning id
    )
    insert into campaign_approvals (campaign_id, approved_by, status, reason, carrier_response)
    select id, ${decision.approvedBy}, ${decision.status}, ${decision.reason ?? null}, ${JSON.stringify(decision.carrierResponse)}::text::jsonb from decided
    returning id, campaign_id as "campaignId", approved_by as "approvedBy", status, reason, carrier_response as "carrierResponse",
              created_at as "createdAt", updated_at as "updatedAt"`;
  return row;
}
