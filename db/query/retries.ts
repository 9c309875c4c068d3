import type { CallStatus, Outcome } from '../../core/call.ts';
import type { AgentStanding } from '../../core/gate.ts';
import type { Sql } from '../client.ts';
import { countsOf, moveCounters } from './campaign-counters.ts';
import { bars, standing } from './gate-facts.ts';
import { type HoursColumns, hoursColumns, type HoursRule, hoursRuleOf } from './hours-rule.ts';

/**
 * Locks a chain (a call and its retries) by its first call, whichever member is named, and answers that call's id. What is
 * read of the chain afterwards, in statements of their own, holds until the transaction ends; undefined: no such call.
 */
export async function lockChain(sql: Sql, tenantId: number, callId: number): Promise<number | undefined> {
  const [row] = await sql<Array<{ rootId: number }>>`
    select root.id as "rootId" from calls c join calls root on root.id = coalesce(c.original_call_id, c.id)
     where c.tenant_id = ${tenantId} and c.id = ${callId} for update of root`;
  return row?.rootId;
}

/** Whose call it is, its number, and the calling hours that a retry of it is held to. */
export interface RetryPlace {
  tenantId: number;
  to: string;
  /** it ended without success and nobody has decided yet what follows */
  isOpen: boolean;
  hours: HoursRule;
}

/** `tenantId` undefined: any tenant's call, for the scheduler. */
export async function readRetryPlace(sql: Sql, callId: number, tenantId?: number): Promise<RetryPlace | undefined> {
  const [row] = await sql<Array<Omit<RetryPlace, 'hours'> & HoursColumns>>`
    select c.tenant_id as "tenantId", c.to_number as "to", c.retry_open as "isOpen", ${hoursColumns(sql)}
      from calls c
      join tenants t on t.id = c.tenant_id
      left join campaigns campaign on campaign.id = c.campaign_id
      left join contacts contact on contact.id = c.contact_id
     where c.id = ${callId} and c.tenant_id = coalesce(${tenantId ?? null}, c.tenant_id)`;
  if (!row) return undefined;
  const { tenantId: owner, to, isOpen } = row;
  return { tenantId: owner, to, isOpen, hours: hoursRuleOf(row) };
}

/** A chain as it stands: its last member, and what bears on the next. */
export interface Chain {
  rootId: number;
  lastId: number;
  lastStatus: CallStatus;
  direction: 'outbound' | 'inbound';
  /** the last member ended without success and nobody has decided yet */
  isOpen: boolean;
  endedAt: Date | null;
  dials: number;
  /** how the last dial ended; null: none has */
  outcome: Outcome | null;
  isCompleted: boolean;
  /** a member of it was, or the schedule that it came from; or its contact was deleted */
  isCancelled: boolean;
  agentId: number;
  /** of the agent that the next member would be for: the campaign's, else the call's */
  agent: AgentStanding;
  campaign: { status: string; maxAttempts: number; retryIntervalMinutes: number | undefined } | undefined;
  suppressed: boolean;
  notInterested: boolean;
  /** the database's clock */
  now: Date;
}

interface ChainRow extends Omit<Chain, 'campaign'> {
  campaignStatus: string | null;
  maxAttempts: number | null;
  retryIntervalMinutes: number | null;
}

/** Reads a chain that the transaction has locked. */
export async function readChain(sql: Sql, rootId: number): Promise<Chain> {
  // a dial is what the gate let through and the carrier did not send away: only then is that its last verdict
  const [row] = await sql<ChainRow[]>`
    select ${rootId}::bigint as "rootId", c.id as "lastId", c.status as "lastStatus", c.direction, c.retry_open as "isOpen",
           c.ended_at as "endedAt", past.*,
           c.agent_id as "agentId", ${standing(sql)} as agent,
           case when campaign.deleted_at is null then campaign.status else 'completed' end as "campaignStatus",
           campaign.max_attempts as "maxAttempts", campaign.retry_interval_minutes as "retryIntervalMinutes",
           ${bars(sql)}, now() as now
      from (
        select count(*) filter (where claimed_at is not null and coalesce(verdict->>'answer', 'dial') = 'dial') as dials, max(retry_attempt) as "lastAttempt",
               (array_agg(status order by retry_attempt desc)
                 filter (where claimed_at is not null and coalesce(verdict->>'answer', 'dial') = 'dial' and ended_at is not null and status <> 'cancelled'))[1] as outcome,
               bool_or(status = 'completed') as "isCompleted", bool_or(status = 'cancelled') or exists (
                 select from calls root join schedules s on s.id = root.schedule_id where root.id = ${rootId} and s.cancelled_at is not null
               ) or exists (
                 select from calls root join contacts k on k.id = root.contact_id where root.id = ${rootId} and k.deleted_at is not null
               ) as "isCancelled"
          from calls where id = ${rootId} or original_call_id = ${rootId}
      ) past
      join calls c on (c.id = ${rootId} or c.original_call_id = ${rootId}) and c.retry_attempt = past."lastAttempt"
      left join campaigns campaign on campaign.id = c.campaign_id
      left join contacts contact on contact.id = c.contact_id
      join agents a on a.id = coalesce(campaign.agent_id, c.agent_id)`;
  if (!row) throw new Error(`No chain of call ${rootId}`);
  const { campaignStatus, maxAttempts, retryIntervalMinutes, ...chain } = row;
  return {
    ...chain,
    campaign:
      campaignStatus === null || maxAttempts === null
        ? undefined
        : { status: campaignStatus, maxAttempts, retryIntervalMinutes: retryIntervalMinutes ?? undefined },
  };
}

/** A retry that waits for its moment. */
export interface Retry {
  callId: number;
  originalCallId: number;
  retryAttempt: number;
  scheduledFor: Date;
}

/**
 * Adds the next member to a chain, due at `at`; with it the last one is decided. It is the agent's that its campaign has now, and a
 * contact whose dialing was over is in line again. The contact is locked in any case: who settles it must see this member.
 */
export async function insertRetry(sql: Sql, { rootId, lastId }: Pick<Chain, 'rootId' | 'lastId'>, at: Date): Promise<Retry> {
  const [row] = await sql<Retry[]>`
    with decided as (
      update calls set retry_open = false, updated_at = now() where id = ${lastId} and retry_open
    ), held as materialized (
      select k.* from contacts k join calls c on c.contact_id = k.id
       where c.id = ${lastId} and k.root_call_id = ${rootId} and k.deleted_at is null for no key update of k
    ), old as (
      select * from held where dial_state = 'done'
    ), reopened as (
      update contacts k set dial_state = 'in_line', result = null, updated_at = now() from old where k.id = old.id
    ), counted as (
      ${moveCounters(
        sql,
        sql`select campaign_id, 0 as total, -completed as completed, -successful as successful from old, lateral (select ${countsOf(sql, sql`old`)}) counts`,
      )}
    )
    insert into calls (tenant_id, agent_id, to_number, context, timezone, priority, campaign_id, contact_id, flow_id, created_by, metadata,
                       original_call_id, retry_attempt, status, scheduled_for, due_at)
    select tenant_id, coalesce((select agent_id from campaigns where id = calls.campaign_id), agent_id), to_number, context, timezone, priority,
           campaign_id, contact_id, flow_id, created_by, metadata, ${rootId}, retry_attempt + 1, 'scheduled', ${at}::timestamptz, ${at}::timestamptz
      from calls where id = ${lastId}
    returning id as "callId", original_call_id as "originalCallId", retry_attempt as "retryAttempt", scheduled_for as "scheduledFor"`;
  if (!row) throw new Error('An insert without a row');
  return row;
}

/** No retry follows an attempt. */
export async function closeAttempt(sql: Sql, callId: number): Promise<void> {
  await sql`update calls set retry_open = false, updated_at = now() where id = ${callId} and retry_open`;
}

/** Lets a retry that waits for its moment ring earlier; undefined: it has left its place meanwhile. */
export async function bringForward(sql: Sql, callId: number, at: Date): Promise<Retry | undefined> {
  const [row] = await sql<Retry[]>`
    update calls set scheduled_for = least(scheduled_for, ${at}::timestamptz), due_at = least(due_at, ${at}::timestamptz), updated_at = now()
     where id = ${callId} and status = 'scheduled' and original_call_id is not null
    returning id as "callId", original_call_id as "originalCallId", retry_attempt as "retryAttempt", scheduled_for as "scheduledFor"`;
  return row;
}

/** A retry, whatever became of it. */
export async function findRetry(sql: Sql, tenantId: number, callId: number): Promise<Retry | undefined> {
  const [row] = await sql<Retry[]>`
    select id as "callId", original_call_id as "originalCallId", retry_attempt as "retryAttempt", scheduled_for as "scheduledFor"
      from calls where tenant_id = ${tenantId} and id = ${callId} and original_call_id is not null`;
  return row;
}

/** Attempts that ended without success a while ago and are not decided, the oldest first. */
export async function findUndecided(sql: Sql, olderThanMs: number, limit: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select id from calls where retry_open and ended_at < now() - ${olderThanMs} * interval '1 millisecond' order by ended_at limit ${limit}`;
  return rows.map((row) => row.id);
}

export interface PendingRetry {
  callId: number;
  to: string;
  retryAttempt: number;
  nextRetryAt: Date;
  /** how the attempt before it ended; null: none was dialed */
  failureReason: string | null;
}

/** A page of a tenant's waiting retries, soonest first, and how many there are. */
export async function listPendingRetries(
  sql: Sql,
  tenantId: number,
  page: { limit: number; offset: number },
): Promise<{ rows: PendingRetry[]; total: number }> {
  const pending = sql`from calls c where c.tenant_id = ${tenantId} and c.retry_attempt > 0 and c.status in ('scheduled', 'queued')`;
  const [rows, [count]] = await Promise.all([
    sql<PendingRetry[]>`
      select c.id as "callId", c.to_number as "to", c.retry_attempt as "retryAttempt", greatest(c.due_at, c.held_until) as "nextRetryAt",
             (select p.status from calls p
               where (p.id = c.original_call_id or p.original_call_id = c.original_call_id) and p.retry_attempt < c.retry_attempt
                 and p.claimed_at is not null and p.status <> 'cancelled'
               order by p.retry_attempt desc limit 1) as "failureReason"
        ${pending} order by c.due_at, c.id limit ${page.limit} offset ${page.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total ${pending}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}
