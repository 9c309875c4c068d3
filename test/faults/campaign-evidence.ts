/** What is left of the campaigns after a run. Times are epoch ms. */
import type postgres from 'postgres';
import type { CallingHours } from '../../core/time/window.ts';

export interface CampaignRow {
  id: number;
  status: 'draft' | 'active' | 'paused' | 'completed';
  maxAttempts: number;
  hours: CallingHours | null;
  overdial: number;
  totalContacts: number;
  completedContacts: number;
  successfulContacts: number;
  completedAtMs: number | null;
  /** what its days say in sum */
  dials: number;
  answered: number;
  abandoned: number;
  completed: number;
}

export interface ContactRow {
  id: number;
  campaignId: number | null;
  phone: string;
  status: string;
  attempts: number;
  dialState: 'idle' | 'waiting' | 'in_line' | 'done';
  result: string | null;
  rootCallId: number | null;
  nextAttemptAtMs: number;
  isDeleted: boolean;
}

export interface PersonRow {
  id: number;
  state: string;
  stateSinceMs: number;
  wrapUpUntilMs: number | null;
  currentCallId: number | null;
  sipUsername: string | null;
}

export interface PastState {
  agentId: number;
  state: string;
  callId: number | null;
  atMs: number;
}

export interface DeliveryRow {
  eventId: string;
  type: string;
  /** of the call, the campaign, the lead that it tells of */
  subjectId: number;
  status: string;
  /** of a campaign that is completed */
  totalLeads: number | null;
  completedLeads: number | null;
  createdAtMs: number;
}

export interface CampaignEvidence {
  campaigns: CampaignRow[];
  contacts: ContactRow[];
  people: PersonRow[];
  /** in the order in which they came about */
  states: PastState[];
  deliveries: DeliveryRow[];
}

/** For `where` of what is under way: something of a campaign is still to be done, and will be without waiting for anything. */
export function campaignsAtWork(sql: postgres.Sql, far: string) {
  return sql`
    exists (select from calls where contact_id is not null and ended_at is not null and not contact_settled)
    or exists (select from campaigns c join contacts k on k.campaign_id = c.id
                where c.status = 'active' and c.deleted_at is null and k.deleted_at is null
                  and k.dial_state = 'waiting' and k.next_attempt_at <= now() + ${far}::interval)
    or exists (select from campaigns c where c.status = 'active' and c.deleted_at is null and c.total_contacts > 0
                  and not exists (select from contacts k where k.campaign_id = c.id and k.dial_state in ('waiting', 'in_line')))
    or exists (select from agents where current_call_id is not null or state = 'wrap_up')
    or exists (select from webhook_deliveries where status = 'pending' and next_attempt_at <= now())`;
}

export async function readCampaignRows(sql: postgres.Sql): Promise<CampaignEvidence> {
  const ms = (column: string) => sql.unsafe(`(extract(epoch from ${column}) * 1000)::float8`);
  return {
    campaigns: await sql<CampaignRow[]>`
      select c.id::int, c.status, c.max_attempts as "maxAttempts", c.calling_hours as hours, c.overdial,
             c.total_contacts as "totalContacts", c.completed_contacts as "completedContacts", c.successful_contacts as "successfulContacts",
             ${ms('c.completed_at')} as "completedAtMs", days.*
        from campaigns c cross join lateral (
          select coalesce(sum(dials), 0)::int as dials, coalesce(sum(answered), 0)::int as answered,
                 coalesce(sum(abandoned), 0)::int as abandoned, coalesce(sum(completed), 0)::int as completed
            from campaign_days d where d.campaign_id = c.id) days
       order by c.id`,
    contacts: await sql<ContactRow[]>`
      select id::int, campaign_id::int as "campaignId", phone, status, attempts, dial_state as "dialState", result,
             root_call_id::int as "rootCallId", ${ms('next_attempt_at')} as "nextAttemptAtMs", deleted_at is not null as "isDeleted"
        from contacts order by id`,
    people: await sql<PersonRow[]>`
      select id::int, state, ${ms('state_since')} as "stateSinceMs", ${ms('wrap_up_until')} as "wrapUpUntilMs",
             current_call_id::int as "currentCallId", sip_username as "sipUsername"
        from agents where kind = 'human' order by id`,
    states: await sql<PastState[]>`
      select agent_id::int as "agentId", state, call_id::int as "callId", ${ms('at')} as "atMs" from agent_states order by id`,
    deliveries: await sql<DeliveryRow[]>`
      select event_id as "eventId", event_type as type, status, ${ms('created_at')} as "createdAtMs",
             coalesce(case when event_type = 'campaign.completed' then payload->'data'->>'campaignId' else payload->'data'->>'id' end, '0')::int as "subjectId",
             (payload->'data'->>'totalLeads')::int as "totalLeads", (payload->'data'->>'completedLeads')::int as "completedLeads"
        from webhook_deliveries order by id`,
  };
}
