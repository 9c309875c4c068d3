import type { Priority } from '../../core/priority.ts';
import type { Sql } from '../client.ts';
import { countFree, countQueued, countUnbridged } from './free-people.ts';
import { countedColumns, rollUps } from './roll-ups.ts';
import { tellOfCalls } from './webhook-events.ts';

export interface DueLimits {
  /** calls of one tenant that are looked through, beyond those it has room for */
  look: number;
  /** calls in all */
  depth: number;
  tenantMaxCalls: number;
  /** how far ahead of now a call may be due */
  aheadMs: number;
  /** so much waiting makes up for one step of priority */
  ageingMs: number;
}

/** Of an account without credit so many are told why they wait; the others need no statement to wait on. */
const BROKE_LOOK = 5;

/**
 * Due calls by priority and due time, of tenants and campaigns that have room under their caps; more than have a place, since
 * some may have to wait for reasons of their own. Between tenants in turns, where whoever has more calls under way has had
 * more turns. Only reads: the caller locks what it takes.
 */
export async function findDue(sql: Sql, limits: DueLimits): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    with soon as materialized (
      select now() + ${limits.aheadMs} * interval '1 millisecond' as at
    ), full_campaigns as materialized (
      select campaign.id from campaigns campaign
       where campaign.status = 'active' and campaign.deleted_at is null and campaign.max_calls is not null
         and campaign.max_calls <= (select count(*) from capacity_leases l where l.campaign_id = campaign.id and l.expires_at > now())
                                 + (select count(*) from calls q
                                     where q.tenant_id = campaign.tenant_id and q.status = 'queued' and q.campaign_id = campaign.id)
      union
      select campaign.id from campaigns campaign join agents own on own.id = campaign.agent_id and own.kind = 'human'
       where campaign.status = 'active' and campaign.deleted_at is null and campaign.dialing_mode <> 'preview'
         and campaign.overdial + ${countFree(sql, sql`campaign.id`)}
          <= ${countUnbridged(sql, sql`array[campaign.id]`)} + ${countQueued(sql, sql`array[campaign.id]`)}
    ), open as materialized (
      select t.id, busy.calls as busy,
             case when coalesce(t.max_calls, ${limits.tenantMaxCalls}) <= busy.calls then 0
                  when credit.balance > 0 or credit.auto_refill then ${limits.look} + coalesce(t.max_calls, ${limits.tenantMaxCalls}) - busy.calls
                  else ${BROKE_LOOK} end as look
        from tenants t
        left join credit_accounts credit on credit.tenant_id = t.id,
             lateral (select (select count(*) from capacity_leases l where l.tenant_id = t.id and l.expires_at > now())
                           + (select count(*) from calls q where q.tenant_id = t.id and q.status = 'queued') as calls) busy
       where t.is_active
         and exists (select from (values (1), (2), (3)) p(priority), lateral (
               select from calls c where c.tenant_id = t.id and c.priority = p.priority and c.status = 'scheduled'
                  and c.held_until is null and c.due_at <= (select at from soon) limit 1) due)
    ), due as (
      select c.id, c.line_at, row_number() over (partition by open.id order by c.line_at, c.id) as turn, open.look, open.busy
        from open, (values (1), (2), (3)) p(priority),
             lateral (select id, due_at + (p.priority - 1) * ${limits.ageingMs} * interval '1 millisecond' as line_at from calls c
                       where c.tenant_id = open.id and c.priority = p.priority and c.status = 'scheduled'
                         and c.held_until is null and c.due_at <= (select at from soon)
                         and (c.campaign_id is null or c.campaign_id not in (select id from full_campaigns))
                       order by due_at, id limit least(open.look, ${limits.depth})) c
    )
    select id from due where turn <= look order by turn + busy, line_at, id limit ${limits.depth}`;
  return rows.map((row) => row.id);
}

/** Calls that were passed over for a while stand in line again, where they stood. Answers how many. */
export async function releaseHeld(sql: Sql, limit: number): Promise<number> {
  const { count } = await sql`
    with ready as materialized (
      select id from calls where status = 'scheduled' and held_until <= now() order by held_until limit ${limit} for update skip locked
    )
    update calls c set held_until = null from ready where c.id = ready.id`;
  return count;
}

/** Calls of all tenants in the queue, and those in flight over a carrier. */
export async function countUnderWay(sql: Sql, carrier: string): Promise<{ queued: number; live: number }> {
  const [row] = await sql<Array<{ queued: number; live: number }>>`
    select (select count(*) from calls where status = 'queued') as queued,
           (select count(*) from capacity_leases where carrier = ${carrier} and expires_at > now()) as live`;
  return row ?? { queued: 0, live: 0 };
}

/** Queued rows that have waited long enough for their job to be looked for. */
export async function findLongQueued(
  sql: Sql,
  olderThanMs: number,
  limit: number,
): Promise<Array<{ callId: number; queueRound: number; priority: Priority; dueForMs: number; faults: number }>> {
  return sql`
    select id as "callId", queue_round as "queueRound", priority, faults, extract(epoch from now() - due_at)::float8 * 1000 as "dueForMs"
      from calls
     where status = 'queued' and queued_at < now() - ${olderThanMs} * interval '1 millisecond'
     order by queued_at limit ${limit}`;
}

/** A new round for a queued row whose job is gone, or has failed; false when the row has moved on meanwhile. */
export async function nextRound(sql: Sql, call: { callId: number; queueRound: number }, failed: boolean): Promise<boolean> {
  const rows = await sql`
    update calls set queue_round = queue_round + 1, faults = faults + ${failed ? 1 : 0}, queued_at = now(), updated_at = now()
     where id = ${call.callId} and status = 'queued' and queue_round = ${call.queueRound} returning id`;
  return rows.length > 0;
}

/** A queued call that our workers can't deal with: it ends, and stays visible as a fault of ours. */
export async function giveUpQueued(sql: Sql, callId: number, reason: string): Promise<void> {
  await sql`
    with moved as (
      update calls c set status = 'failed', failure_reason = ${reason}, ended_at = now(), due_at = null, queued_at = null, updated_at = now()
       where id = ${callId} and status = 'queued' returning c.id, c as whole, ${countedColumns(sql)}
    ), ${tellOfCalls(sql, { ended: sql`true` })}, ${rollUps(sql)}
    insert into call_events (call_id, type, from_status, to_status, detail)
    select id, 'fail', 'queued', 'failed', jsonb_build_object('reason', ${reason}::text) from moved`;
}
