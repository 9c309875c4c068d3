import type { CallStatus } from '../../core/call.ts';
import type { Sql } from '../client.ts';

/** What became of one contact of a campaign. */
export interface ContactResult {
  id: number;
  /** E.164 */
  phone: string;
  name: string | null;
  email: string | null;
  status: string;
  /** where the campaign is with it */
  state: 'idle' | 'waiting' | 'in_line' | 'done';
  /** how its dialing ended; null: it has not */
  result: string | null;
  /** dials */
  attempts: number;
  lastContactedAt: Date | null;
  /** of its last call in this campaign, like the next three; null: none was made */
  lastCallId: number | null;
  lastCallStatus: CallStatus | null;
  disposition: string | null;
  durationSeconds: number | null;
  /** of all its calls in this campaign; null: none was priced */
  cost: string | null;
  createdAt: Date;
}

/** A place in the list: behind this contact. */
export type ResultPlace = Pick<ContactResult, 'createdAt' | 'id'>;

/** The next contacts of a campaign in the order in which they came, each with what became of it. */
export async function listResultsAfter(
  sql: Sql,
  where: { tenantId: number; campaignId: number },
  after: ResultPlace | undefined,
  limit: number,
): Promise<ContactResult[]> {
  const { tenantId, campaignId } = where;
  return sql<ContactResult[]>`
    select k.id, k.phone, k.name, k.email, k.status, k.dial_state as state, k.result, k.attempts, k.last_contacted_at as "lastContactedAt",
           last.id as "lastCallId", last.status as "lastCallStatus", last.disposition, last.duration_seconds as "durationSeconds",
           (select sum(c.cost) from calls c where c.contact_id = k.id and c.campaign_id = ${campaignId} and c.tenant_id = ${tenantId}) as cost,
           k.created_at as "createdAt"
      from (
        select * from contacts
         where tenant_id = ${tenantId} and campaign_id = ${campaignId} and deleted_at is null
           ${after ? sql`and (created_at, id) > (${after.createdAt}::timestamptz, ${after.id}::bigint)` : sql``}
         order by created_at, id limit ${limit}
      ) k
      left join lateral (
        select id, status, disposition, duration_seconds from calls c
         where c.contact_id = k.id and c.campaign_id = ${campaignId} and c.tenant_id = ${tenantId} order by c.id desc limit 1
      ) last on true
     order by k.created_at, k.id`;
}
