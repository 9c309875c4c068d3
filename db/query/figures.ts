import type { CallStatus } from '../../core/call.ts';
import type { OffsetPeriod } from '../../core/time/offset-periods.ts';
import type { Sql } from '../client.ts';

/** Half-open; undefined: open on that side. Both lie on quarters of an hour. */
export interface SlotRange {
  from: Date | undefined;
  before: Date | undefined;
}

/** Whose calls; without an agent everybody's. */
export interface FigureOwner {
  tenantId: number;
  agentId: number | undefined;
}

export interface StatusSum {
  status: CallStatus;
  calls: number;
  durationSeconds: number;
}

/** The slots of the first and the last call that ended; undefined: none has. */
export async function findSlotBounds(sql: Sql, owner: FigureOwner): Promise<{ first: Date; last: Date } | undefined> {
  const [row] = await sql<Array<{ first: Date | null; last: Date | null }>>`
    select min(slot) as first, max(slot) as last from ${slotsOf(sql, owner)}`;
  return row?.first && row.last ? { first: row.first, last: row.last } : undefined;
}

export interface DirectionSum {
  direction: 'outbound' | 'inbound';
  status: CallStatus;
  calls: number;
}

/** Calls that ended within the range, by direction and by how; those that were cancelled are none. */
export async function sumByDirection(sql: Sql, tenantId: number, { from, before }: SlotRange): Promise<DirectionSum[]> {
  return sql<DirectionSum[]>`
    select direction, status, sum(calls)::bigint as calls from call_slots
     where tenant_id = ${tenantId} and status <> 'cancelled'
       ${from ? sql`and slot >= ${from}` : sql``} ${before ? sql`and slot < ${before}` : sql``}
     group by direction, status`;
}

/** What ended on one local day, or in one hour of all local days, in one way. */
export interface LocalSum extends StatusSum {
  /** days since 1970-01-01, or the hour */
  at: number;
}

/**
 * Calls that ended in these periods of a zone's clocks, by local day and by how; those that were cancelled are none. The periods
 * begin and end on quarters of an hour, which every zone's days and hours are made of.
 */
export async function sumByLocalDay(sql: Sql, owner: FigureOwner, periods: readonly OffsetPeriod[]): Promise<LocalSum[]> {
  return sumLocally(sql, owner, periods, (local) => sql`floor(${local} / 86400)::int`);
}

/** The same by hour of the day, 0 to 23: an hour that comes twice on a day is one hour here. */
export async function sumByLocalHour(sql: Sql, owner: FigureOwner, periods: readonly OffsetPeriod[]): Promise<LocalSum[]> {
  return sumLocally(sql, owner, periods, (local) => sql`floor(${local} / 3600)::int % 24`);
}

async function sumLocally(
  sql: Sql,
  owner: FigureOwner,
  periods: readonly OffsetPeriod[],
  unit: (localSeconds: ReturnType<Sql>) => ReturnType<Sql>,
): Promise<LocalSum[]> {
  if (periods.length === 0) return [];
  const instants = (of: (period: OffsetPeriod) => number) => periods.map((period) => new Date(of(period)).toISOString());
  return sql<LocalSum[]>`
    select ${unit(sql`(date_part('epoch', s.slot) + p.ahead)`)} as at, s.status, sum(s.calls)::bigint as calls,
           sum(s.duration_seconds)::bigint as "durationSeconds"
      from unnest(${instants(({ fromMs }) => fromMs)}::timestamptz[], ${instants(({ beforeMs }) => beforeMs)}::timestamptz[],
                  ${periods.map(({ offsetMs }) => offsetMs / 1000)}::float8[]) as p(begins, ends, ahead)
     cross join lateral (
       select * from ${slotsOf(sql, owner)} and slot >= p.begins and slot < p.ends
     ) s group by 1, 2`;
}

function slotsOf(sql: Sql, { tenantId, agentId }: FigureOwner) {
  return agentId === undefined
    ? sql`call_slots where tenant_id = ${tenantId} and status <> 'cancelled'`
    : sql`agent_slots where tenant_id = ${tenantId} and agent_id = ${agentId} and status <> 'cancelled'`;
}

/** A range as whole UTC days, which agents are counted by, and the slots at its ends. */
export interface AgentRange {
  /** YYYY-MM-DD, half-open; undefined: open */
  firstDay: string | undefined;
  beforeDay: string | undefined;
  ends: ReadonlyArray<{ from: Date; before: Date }>;
}

export interface AgentStatusSum extends StatusSum {
  /** of the calls, how many were retries */
  retries: number;
}

/** One agent's calls that ended within a range, by how; those that were cancelled are none. */
export async function sumOfAgent(sql: Sql, owner: { tenantId: number; agentId: number }, range: AgentRange): Promise<AgentStatusSum[]> {
  return sql<AgentStatusSum[]>`
    select status, sum(calls)::bigint as calls, sum(retries)::bigint as retries, sum(duration_seconds)::bigint as "durationSeconds"
      from ${byAgent(sql, owner, range)} group by status`;
}

export interface AgentSum {
  agentId: number;
  name: string;
  calls: number;
  completed: number;
  /** money, a decimal */
  cost: string;
  /** of all agents, also of those that are left out */
  callsOfAll: number;
}

/** The agents with the most ended calls, or the costliest, within a range. Agents that were deleted are among them. */
export async function sumByAgent(
  sql: Sql,
  owner: FigureOwner,
  range: AgentRange,
  { most, limit }: { most: 'calls' | 'cost'; limit: number },
): Promise<AgentSum[]> {
  const order = most === 'calls' ? sql`calls desc` : sql`cost desc, calls desc`;
  return sql<AgentSum[]>`
    select top.agent_id as "agentId", a.name, top.calls, top.completed, top.cost, top.all_calls as "callsOfAll" from (
      select agent_id, sum(calls)::bigint as calls, coalesce(sum(calls) filter (where status = 'completed'), 0)::bigint as completed, sum(cost) as cost,
             (sum(sum(calls)) over ())::bigint as all_calls
        from ${byAgent(sql, owner, range)} group by agent_id order by ${order}, agent_id limit ${limit}
    ) top join agents a on a.tenant_id = ${owner.tenantId} and a.id = top.agent_id
    order by ${most === 'calls' ? sql`top.calls desc` : sql`top.cost desc, top.calls desc`}, top.agent_id`;
}

function byAgent(sql: Sql, { tenantId, agentId }: FigureOwner, { firstDay, beforeDay, ends }: AgentRange) {
  const columns = sql`agent_id, status, calls, retries, duration_seconds, cost`;
  const days = sql`
    select ${columns} from agent_days
     where tenant_id = ${tenantId} and status <> 'cancelled' ${agentId === undefined ? sql`` : sql`and agent_id = ${agentId}`}
       ${firstDay === undefined ? sql`` : sql`and day >= ${firstDay}::date`} ${beforeDay === undefined ? sql`` : sql`and day < ${beforeDay}::date`}`;
  // agent by agent, as the slots are kept
  const slots = ends.map(
    ({ from, before }) => sql`
      union all select s.* from agents a cross join lateral (
        select ${columns} from agent_slots
         where tenant_id = ${tenantId} and agent_id = a.id and status <> 'cancelled' and slot >= ${from} and slot < ${before}) s
       where a.tenant_id = ${tenantId} ${agentId === undefined ? sql`` : sql`and a.id = ${agentId}`}`,
  );
  // an empty list of fragments would be a parameter
  return sql`(${[days, ...slots]}) parts`;
}

/** Whose name; also of an agent that was deleted, whose past stays. Undefined: the tenant has none. */
export async function findAgentName(sql: Sql, tenantId: number, agentId: number): Promise<string | undefined> {
  const [row] = await sql<Array<{ name: string }>>`select name from agents where tenant_id = ${tenantId} and id = ${agentId}`;
  return row?.name;
}

export interface ChargeSum {
  component: 'stt' | 'llm' | 'tts' | 'carrier';
  /** empty: none is known */
  carrier: string;
  /** money, a decimal */
  amount: string;
}

/** What calls that ended within a range were charged, by component and phone company. */
export async function sumCharges(sql: Sql, tenantId: number, { from, before }: SlotRange): Promise<ChargeSum[]> {
  return sql<ChargeSum[]>`
    select component, carrier, sum(amount) as amount from charge_slots
     where tenant_id = ${tenantId} ${from ? sql`and slot >= ${from}` : sql``} ${before ? sql`and slot < ${before}` : sql``}
     group by component, carrier order by component, carrier`;
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
