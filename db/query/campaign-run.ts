import type { Sql } from '../client.ts';
import { countFree, countUnbridged, sharingOf } from './free-people.ts';
import type { HoursColumns } from './hours-rule.ts';
import type { CampaignRow } from './campaigns.ts';
import { takenBack } from './taken-back.ts';

/** Campaigns that run and have something to do now: contacts to dial, calls put aside, or an end to come to. */
export async function findBusyCampaigns(sql: Sql): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select c.id from campaigns c
     where c.status = 'active' and c.deleted_at is null
       and (c.ends_at <= now() or c.hours_changed_at is not null
            or exists (select from (values (1), (2), (3)) p(priority), lateral (
                 select from contacts k where k.campaign_id = c.id and k.priority = p.priority and k.dial_state = 'waiting'
                    and k.next_attempt_at <= now() limit 1) due)
            or ${hasNothingLeft(sql)}
            or exists (select from calls q where ${isParked(sql)}))
     order by c.id`;
  return rows.map((row) => row.id);
}

/** For campaigns `c`: contacts were there, and none is left to dial. */
function hasNothingLeft(sql: Sql) {
  return sql`(c.kind <> 'inbound' and c.total_contacts > 0
    and not exists (select from contacts k where k.campaign_id = c.id and k.dial_state = 'waiting')
    and not exists (select from contacts k where k.campaign_id = c.id and k.dial_state = 'in_line'))`;
}

/** Whether contacts of a campaign wait, or are in line. */
export async function hasSomethingLeft(sql: Sql, campaignId: number): Promise<boolean> {
  const rows = await sql`select from campaigns c where c.id = ${campaignId} and not ${hasNothingLeft(sql)}`;
  return rows.length > 0;
}

/** For calls `q` of campaigns `c`: the gate has put it aside because its campaign did not run or was rejected, or its agent was switched off. */
function isParked(sql: Sql) {
  return sql`q.campaign_id = c.id and q.status = 'scheduled' and q.due_at <= now() and q.held_until is not null
    and q.verdict->>'why' in ('campaign_not_running', 'campaign_rejected', 'agent_off')`;
}

/** False when another scheduler is at this campaign; else it is ours until the transaction ends. */
export async function takeCampaign(sql: Sql, campaignId: number): Promise<boolean> {
  const [row] = await sql<Array<{ held: boolean }>>`
    select pg_try_advisory_xact_lock(hashtextextended('campaign ' || ${campaignId}::text, 0)) as held`;
  return row?.held ?? false;
}

/** A campaign that runs, as one who feeds it sees it. */
export interface RunningCampaign extends Omit<HoursColumns, 'zone'> {
  id: number;
  tenantId: number;
  kind: CampaignRow['kind'];
  dialingMode: CampaignRow['dialingMode'];
  contactOrder: CampaignRow['contactOrder'];
  approval: CampaignRow['approval'];
  callDelaySeconds: number;
  maxCalls: number | null;
  startsAt: Date | null;
  endsAt: Date | null;
  tenantActive: boolean;
  tenantMaxCalls: number | null;
  /** null: it has none */
  agentKind: 'ai' | 'human' | null;
  agentActive: boolean;
  agentMaxCalls: number | null;
  /** people who are free for it, and how many lines the pacer wants beyond that */
  free: number;
  overdial: number;
  /** calls on their way to these people that nobody has taken yet */
  unbridged: number;
  ahead: number;
  stocked: number;
  hasParked: boolean;
  /** null: contacts that wait for an opening wait for the right one */
  hoursChangedAt: Date | null;
  hasNothingLeft: boolean;
  /** the database's clock */
  now: Date;
}

/** Undefined when it does not run any more. */
export async function readRunning(sql: Sql, campaignId: number): Promise<RunningCampaign | undefined> {
  const [row] = await sql<RunningCampaign[]>`
    select c.id, c.tenant_id as "tenantId", c.kind, c.dialing_mode as "dialingMode", c.contact_order as "contactOrder", c.approval,
           c.call_delay_seconds as "callDelaySeconds", c.max_calls as "maxCalls", c.starts_at as "startsAt", c.ends_at as "endsAt", c.overdial,
           c.hours_changed_at as "hoursChangedAt",
           c.calling_hours as "campaignHours", t.calling_hours as "tenantHours", t.holidays::text[] as holidays,
           coalesce(c.timezone, t.timezone) as "fallbackZone", t.is_active as "tenantActive", t.max_calls as "tenantMaxCalls",
           a.kind as "agentKind", coalesce(a.is_active and a.deleted_at is null, false) as "agentActive", a.max_concurrency as "agentMaxCalls",
           ${countFree(sql, sql`c.id`)} as free, ${countUnbridged(sql, sharingOf(sql, sql`c.id`))} as unbridged,
           line.*, ${hasNothingLeft(sql)} as "hasNothingLeft",
           exists (select from calls q where ${isParked(sql)}) as "hasParked", now() as now
      from campaigns c
      join tenants t on t.id = c.tenant_id
      left join agents a on a.id = c.agent_id
      cross join lateral (
        select count(*) filter (where q.held_until is null or q.held_until <= now()) as ahead, count(*) as stocked
          from calls q where q.campaign_id = c.id and q.status in ('scheduled', 'queued') and q.due_at <= now()
      ) line
     where c.id = ${campaignId} and c.status = 'active' and c.deleted_at is null`;
  return row;
}

/** Calls that the gate had put aside while their campaign did not run or was rejected, or its agent was switched off, stand in line again, where they stood. */
export async function releaseParked(sql: Sql, campaignId: number): Promise<void> {
  await sql`update calls q set held_until = null from campaigns c where c.id = ${campaignId} and ${isParked(sql)}`;
}

/** All that waited for an opening is looked at anew, unless the hours have changed once more. */
export async function noteRecalled(sql: Sql, campaignId: number, hoursChangedAt: Date): Promise<void> {
  await sql`update campaigns set hours_changed_at = null where id = ${campaignId} and hours_changed_at = ${hoursChangedAt}`;
}

/** The calling hours of a tenant are others from now on. */
export async function markHoursChanged(sql: Sql, tenantId: number): Promise<void> {
  await sql`
    update campaigns set hours_changed_at = clock_timestamp() where id in (
      select id from campaigns where tenant_id = ${tenantId} and deleted_at is null and status <> 'completed' order by id for no key update)`;
}

/** A campaign that has just come to its end. */
export interface CompletedCampaign {
  id: number;
  tenantId: number;
  name: string;
  totalContacts: number;
  completedContacts: number;
  successfulContacts: number;
  completedAt: Date;
}

/**
 * Completes a campaign that has nothing left to dial, or whose end has come; undefined when neither is so. It is locked before it is
 * looked at: who adds a contact at this moment is either seen, or finds it completed and lets it go on.
 */
export async function completeCampaign(sql: Sql, campaignId: number): Promise<CompletedCampaign | undefined> {
  await sql`select from campaigns where id = ${campaignId} for no key update`;
  const [row] = await sql<CompletedCampaign[]>`
    update campaigns c set status = 'completed', completed_at = now(), updated_at = now(),
           completed_because = case when c.ends_at <= now() then 'ended' else 'done' end
     where c.id = ${campaignId} and c.status = 'active' and c.deleted_at is null and (c.ends_at <= now() or ${hasNothingLeft(sql)})
    returning c.id, c.tenant_id as "tenantId", c.name, c.total_contacts as "totalContacts", c.completed_contacts as "completedContacts",
              c.successful_contacts as "successfulContacts", c.completed_at as "completedAt"`;
  return row;
}

/** Campaigns that are over, or deleted, while calls of theirs still wait to be dialed. */
export async function findLeftOvers(sql: Sql): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select c.id from campaigns c
     where (c.status = 'completed' or c.deleted_at is not null)
       and exists (select from calls q where q.campaign_id = c.id and q.status in ('scheduled', 'queued'))`;
  return rows.map((row) => row.id);
}

/**
 * Cancels calls of a campaign that nobody has begun to dial. A contact whose first call it was waits again, as if it had never
 * been in line; one that was dialed before keeps how that ended. Answers how many calls; fewer than `limit`: there are no more.
 */
export async function takeBackCalls(sql: Sql, campaignId: number, reason: string, limit: number): Promise<number> {
  const [row] = await sql<Array<{ taken: number }>>`
    with old as materialized (
      select c.id, c.status, c.contact_id from calls c
       where c.campaign_id = ${campaignId} and c.status in ('scheduled', 'queued')
         and exists (select from campaigns over where over.id = c.campaign_id and (over.status = 'completed' or over.deleted_at is not null))
       order by c.due_at, c.id limit ${limit} for update of c skip locked
    ), ${takenBack(sql, reason)}
    select count(*) as taken from moved`;
  return row?.taken ?? 0;
}
