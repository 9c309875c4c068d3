import type { CallStatus } from '../../core/call.ts';
import type { Sql } from '../client.ts';

/** Half-open; undefined: open on that side. Both lie on quarters of an hour. */
export interface SlotRange {
  from: Date | undefined;
  before: Date | undefined;
}

export interface FigureFilter extends SlotRange {
  tenantId: number;
  /** one agent's calls are counted from the rows, which an index finds by agent and ending; everybody's from the roll-up */
  agentId: number | undefined;
}

export interface StatusSum {
  status: CallStatus;
  calls: number;
  durationSeconds: number;
}

/** Calls that ended within the range, by how; those that were cancelled are none. */
export async function sumByStatus(sql: Sql, filter: FigureFilter): Promise<StatusSum[]> {
  return sql<StatusSum[]>`
    select status, sum(calls)::bigint as calls, sum(duration_seconds)::bigint as "durationSeconds" from ${ended(sql, filter)} group by status`;
}

export interface SlotSum {
  slot: Date;
  calls: number;
  completed: number;
}

/** The same by quarters of an hour, in order. */
export async function sumBySlot(sql: Sql, filter: FigureFilter): Promise<SlotSum[]> {
  return sql<SlotSum[]>`
    select slot, sum(calls)::bigint as calls, coalesce(sum(calls) filter (where status = 'completed'), 0)::bigint as completed
      from ${ended(sql, filter)} group by slot order by slot`;
}

function ended(sql: Sql, { tenantId, agentId, from, before }: FigureFilter) {
  const within = (column: ReturnType<Sql>) => sql`tenant_id = ${tenantId} and status <> 'cancelled'
    ${from ? sql`and ${column} >= ${from}` : sql``} ${before ? sql`and ${column} < ${before}` : sql``}`;
  return agentId === undefined
    ? sql`(select slot, status, calls, duration_seconds from call_slots where ${within(sql`slot`)}) ended`
    : sql`(select date_bin('15 minutes', ended_at, 'epoch'::timestamptz) as slot, status, 1 as calls, coalesce(duration_seconds, 0) as duration_seconds
             from calls where agent_id = ${agentId} and ended_at is not null and ${within(sql`ended_at`)}) ended`;
}

export interface AgentSum {
  agentId: number;
  name: string;
  calls: number;
  completed: number;
}

/** The agents with the most ended calls within whole UTC days, both inclusive (YYYY-MM-DD). */
export async function sumTopAgents(
  sql: Sql,
  filter: { tenantId: number; agentId: number | undefined; firstDay: string | undefined; lastDay: string | undefined },
  limit: number,
): Promise<AgentSum[]> {
  return sql<AgentSum[]>`
    select top.*, a.name from (
      select agent_id as "agentId", sum(calls)::bigint as calls, coalesce(sum(calls) filter (where status = 'completed'), 0)::bigint as completed
        from agent_days
       where tenant_id = ${filter.tenantId} and status <> 'cancelled'
         ${filter.agentId === undefined ? sql`` : sql`and agent_id = ${filter.agentId}`}
         ${filter.firstDay === undefined ? sql`` : sql`and day >= ${filter.firstDay}::date`}
         ${filter.lastDay === undefined ? sql`` : sql`and day <= ${filter.lastDay}::date`}
       group by agent_id order by calls desc, agent_id limit ${limit}
    ) top join agents a on a.tenant_id = ${filter.tenantId} and a.id = top."agentId"
    order by top.calls desc, top."agentId"`;
}

export interface CampaignDay {
  /** YYYY-MM-DD, UTC */
  day: string;
  dials: number;
  answered: number;
  completed: number;
  talkSeconds: number;
}

/** A campaign's dials by the UTC days on which they ended, both inclusive; undefined: the tenant has no such campaign. */
export async function listCampaignDays(
  sql: Sql,
  tenantId: number,
  campaignId: number,
  days: { first: string; last: string },
): Promise<CampaignDay[] | undefined> {
  const [row] = await sql<Array<{ days: CampaignDay[] }>>`
    select coalesce((
             select json_agg(json_build_object('day', d.day, 'dials', d.dials, 'answered', d.answered, 'completed', d.completed,
                                               'talkSeconds', d.talk_seconds) order by d.day)
               from campaign_days d where d.campaign_id = c.id and d.day between ${days.first}::date and ${days.last}::date), '[]') as days
      from campaigns c where c.tenant_id = ${tenantId} and c.id = ${campaignId} and c.deleted_at is null`;
  return row?.days;
}
