import type { campaigns } from '../schema/index.ts';
import type { Sql } from '../client.ts';

type Stored = typeof campaigns.$inferSelect;

export type CampaignStatus = Stored['status'];
export type CampaignKind = Stored['kind'];
export type DialingMode = Stored['dialingMode'];

/** What is set of a campaign, as it is kept. */
export type KeptFields = Pick<
  Stored,
  | 'name'
  | 'description'
  | 'targetAudience'
  | 'kind'
  | 'status'
  | 'agentId'
  | 'flowId'
  | 'dialingMode'
  | 'dialRatio'
  | 'callDelaySeconds'
  | 'maxAttempts'
  | 'retryIntervalMinutes'
  | 'callTimeoutSeconds'
  | 'maxCalls'
  | 'contactOrder'
  | 'abandonMessage'
  | 'startsAt'
  | 'endsAt'
  | 'timezone'
  | 'callingHours'
>;

/** A moment, or one that the wall clocks of the account's zone will tell. */
type Moment = Date | ((zone: string) => Date);

/** What people set of a campaign. */
export interface CampaignFields extends Omit<KeptFields, 'startsAt' | 'endsAt'> {
  startsAt: Moment | null;
  endsAt: Moment | null;
}

export interface CampaignRow extends KeptFields {
  id: number;
  tenantId: number;
  approval: Stored['approval'];
  agentName: string | null;
  agentKind: 'ai' | 'human' | null;
  overdial: number;
  startedAt: Date | null;
  completedAt: Date | null;
  completedBecause: Stored['completedBecause'];
  totalContacts: number;
  completedContacts: number;
  successfulContacts: number;
  createdAt: Date;
  updatedAt: Date;
}

/** A campaign of a tenant that was not deleted. */
export async function findCampaign(sql: Sql, tenantId: number, id: number): Promise<CampaignRow | undefined> {
  return read(sql, tenantId, id, sql``);
}

/** The same, held until the transaction ends. */
export async function lockCampaign(sql: Sql, tenantId: number, id: number): Promise<CampaignRow | undefined> {
  return read(sql, tenantId, id, sql`for no key update of c`);
}

async function read(sql: Sql, tenantId: number, id: number, lock: ReturnType<Sql>): Promise<CampaignRow | undefined> {
  const [row] = await sql<CampaignRow[]>`
    select ${columns(sql)} from campaigns c left join agents a on a.id = c.agent_id
     where c.tenant_id = ${tenantId} and c.id = ${id} and c.deleted_at is null ${lock}`;
  return row;
}

export interface CampaignFilter {
  tenantId: number;
  status: CampaignStatus | undefined;
  kind: CampaignKind | undefined;
  /** one of those who work for it */
  agentId: number | undefined;
  /** a part of its name or description */
  search: string | undefined;
}

export const CAMPAIGN_ORDERS = ['createdAt', 'updatedAt', 'name'] as const;

export interface CampaignPage {
  sortBy: (typeof CAMPAIGN_ORDERS)[number];
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
  /** in the order of creation, newest first: only what stands behind this one */
  after?: { createdAt: Date; id: number };
}

/** A page of a tenant's campaigns. */
export async function listCampaigns(sql: Sql, filter: CampaignFilter, page: CampaignPage): Promise<CampaignRow[]> {
  const by = { createdAt: sql`c.created_at`, updatedAt: sql`c.updated_at`, name: sql`c.name` }[page.sortBy];
  const direction = page.order === 'asc' ? sql`asc` : sql`desc`;
  const behind = page.after ? sql`and (c.created_at, c.id) < (${page.after.createdAt}::timestamptz, ${page.after.id}::bigint)` : sql``;
  return sql<CampaignRow[]>`
    select ${columns(sql)} from campaigns c left join agents a on a.id = c.agent_id
     where ${matches(sql, filter)} ${behind} order by ${by} ${direction}, c.id ${direction} limit ${page.limit} offset ${page.offset}`;
}

/** How many campaigns a filter finds, counting no further than `most`. */
export async function countCampaigns(sql: Sql, filter: CampaignFilter, most?: number): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`
    select count(*) as total from (select from campaigns c where ${matches(sql, filter)} limit ${most ?? null}) found`;
  return row?.total ?? 0;
}

function matches(sql: Sql, { tenantId, status, kind, agentId, search }: CampaignFilter) {
  const like = search === undefined ? undefined : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`c.tenant_id = ${tenantId} and c.deleted_at is null
    ${status === undefined ? sql`` : sql`and c.status = ${status}`}
    ${kind === undefined ? sql`` : sql`and c.kind = ${kind}`}
    ${agentId === undefined ? sql`` : sql`and exists (select from campaign_agents m where m.campaign_id = c.id and m.agent_id = ${agentId})`}
    ${like === undefined ? sql`` : sql`and (c.name ilike ${like} or c.description ilike ${like})`}`;
}

/** An empty draft, for `writeCampaign` in the same transaction. Answers its id. */
export async function insertCampaign(sql: Sql, who: { tenantId: number; userId: number }, name: string): Promise<number> {
  const [row] = await sql<Array<{ id: number }>>`
    insert into campaigns (tenant_id, created_by, name) values (${who.tenantId}, ${who.userId}, ${name}) returning id`;
  if (!row) throw new Error('An insert without a row');
  return row.id;
}

/**
 * Sets all that people may set. Its agent takes the place of the one before among those who work for it, and its calls that
 * nobody has begun to dial become the new agent's and the new flow's.
 */
export async function writeCampaign(sql: Sql, tenantId: number, id: number, f: KeptFields): Promise<void> {
  await sql`
    with old as (
      select id, tenant_id, agent_id, flow_id from campaigns where tenant_id = ${tenantId} and id = ${id}
    ), written as (
      update campaigns c
         set name = ${f.name}, description = ${f.description}, target_audience = ${f.targetAudience}, kind = ${f.kind}, status = ${f.status},
             agent_id = ${f.agentId}, flow_id = ${f.flowId}, dialing_mode = ${f.dialingMode}, dial_ratio = ${f.dialRatio},
             call_delay_seconds = ${f.callDelaySeconds}, max_attempts = ${f.maxAttempts}, retry_interval_minutes = ${f.retryIntervalMinutes},
             call_timeout_seconds = ${f.callTimeoutSeconds}, max_calls = ${f.maxCalls}, contact_order = ${f.contactOrder},
             abandon_message = ${f.abandonMessage}, starts_at = ${f.startsAt}::timestamptz, ends_at = ${f.endsAt}::timestamptz,
             timezone = ${f.timezone}, calling_hours = ${f.callingHours && JSON.stringify(f.callingHours)}::text::jsonb,
             hours_changed_at = case when (c.timezone, c.calling_hours) is distinct from (${f.timezone}, ${f.callingHours && JSON.stringify(f.callingHours)}::text::jsonb)
                                     then clock_timestamp() else c.hours_changed_at end,
             started_at = case when ${f.status} = 'active' then coalesce(c.started_at, now()) else c.started_at end,
             completed_at = case when ${f.status} = 'completed' then coalesce(c.completed_at, now()) end,
             completed_because = case when ${f.status} = 'completed' then coalesce(c.completed_because, 'person') end,
             updated_at = now()
        from old where c.id = old.id
    ), left_it as (
      delete from campaign_agents m using old where m.campaign_id = old.id and m.agent_id = old.agent_id and old.agent_id is distinct from ${f.agentId}
    ), joined as (
      insert into campaign_agents (tenant_id, campaign_id, agent_id)
      select tenant_id, id, ${f.agentId}::bigint from old where ${f.agentId}::bigint is not null on conflict do nothing
    )
    update calls set agent_id = coalesce(${f.agentId}::bigint, agent_id), flow_id = ${f.flowId}, updated_at = now()
     where id in (
       -- one that is locked is being claimed, which is too late to change it
       select q.id from calls q join old on old.id = q.campaign_id
        where q.status in ('scheduled', 'queued') and (old.agent_id is distinct from ${f.agentId} or old.flow_id is distinct from ${f.flowId})
          for update of q skip locked)`;
}

/** Takes a campaign out of every list; its calls and contacts stay. False when the tenant has none. */
export async function deleteCampaign(sql: Sql, tenantId: number, id: number): Promise<boolean> {
  const rows = await sql`
    update campaigns set deleted_at = now(), updated_at = now() where tenant_id = ${tenantId} and id = ${id} and deleted_at is null returning id`;
  return rows.length > 0;
}

/** Whoever may work for a campaign of this tenant: not deleted; undefined: nobody of that id. */
export async function findWorker(
  sql: Sql,
  tenantId: number,
  agentId: number,
): Promise<{ kind: 'ai' | 'human'; isActive: boolean } | undefined> {
  const [row] = await sql<Array<{ kind: 'ai' | 'human'; isActive: boolean }>>`
    select kind, is_active as "isActive" from agents where tenant_id = ${tenantId} and id = ${agentId} and deleted_at is null`;
  return row;
}

/** The AI agent that takes a campaign which names none: the tenant's oldest active one. */
export async function findOldestAiAgent(sql: Sql, tenantId: number): Promise<number | undefined> {
  const [row] = await sql<Array<{ id: number }>>`
    select id from agents where tenant_id = ${tenantId} and kind = 'ai' and is_active and deleted_at is null order by id limit 1`;
  return row?.id;
}

export async function hasFlow(sql: Sql, tenantId: number, flowId: number): Promise<boolean> {
  const rows = await sql`select from flows where tenant_id = ${tenantId} and id = ${flowId} and deleted_at is null`;
  return rows.length > 0;
}

/** Those who work for a campaign, its own agent among them. */
export async function listCampaignAgents(sql: Sql, tenantId: number, campaignId: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select agent_id as id from campaign_agents where tenant_id = ${tenantId} and campaign_id = ${campaignId} order by agent_id`;
  return rows.map((row) => row.id);
}

/** Makes these people, and its own agent, those who work for a campaign. Answers which of the ids are no people of the tenant. */
export async function setCampaignAgents(
  sql: Sql,
  tenantId: number,
  campaignId: number,
  agentIds: readonly number[],
): Promise<{ unknown: number[] }> {
  const known = await sql<Array<{ id: number }>>`
    select id from agents
     where tenant_id = ${tenantId} and id = any(${agentIds as number[]}::bigint[]) and deleted_at is null
       and (kind = 'human' or id = (select agent_id from campaigns where id = ${campaignId}))`;
  const ids = known.map((row) => row.id);
  const unknown = agentIds.filter((id) => !ids.includes(id));
  if (unknown.length > 0) return { unknown };
  await sql`
    delete from campaign_agents m using campaigns c
     where c.tenant_id = ${tenantId} and c.id = ${campaignId} and m.campaign_id = c.id and m.agent_id is distinct from c.agent_id
       and m.agent_id <> all(${ids}::bigint[])`;
  await sql`
    insert into campaign_agents (tenant_id, campaign_id, agent_id)
    select ${tenantId}::bigint, ${campaignId}::bigint, id from unnest(${ids}::bigint[]) as t(id) on conflict do nothing`;
  return { unknown };
}

function columns(sql: Sql) {
  return sql`c.id, c.tenant_id as "tenantId", c.name, c.description, c.target_audience as "targetAudience", c.kind, c.status, c.approval,
    c.agent_id as "agentId", a.name as "agentName", a.kind as "agentKind", c.flow_id as "flowId", c.dialing_mode as "dialingMode",
    c.dial_ratio as "dialRatio", c.call_delay_seconds as "callDelaySeconds", c.max_attempts as "maxAttempts",
    c.retry_interval_minutes as "retryIntervalMinutes", c.call_timeout_seconds as "callTimeoutSeconds", c.max_calls as "maxCalls",
    c.contact_order as "contactOrder", c.abandon_message as "abandonMessage", c.overdial, c.starts_at as "startsAt", c.ends_at as "endsAt",
    c.timezone, c.calling_hours as "callingHours", c.started_at as "startedAt", c.completed_at as "completedAt",
    c.completed_because as "completedBecause", c.total_contacts as "totalContacts", c.completed_contacts as "completedContacts",
    c.successful_contacts as "successfulContacts", c.created_at as "createdAt", c.updated_at as "updatedAt"`;
}
