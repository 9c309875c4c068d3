import type { CallStatus } from '../../core/call.ts';
import type { WhyFacts } from '../../core/why.ts';
import type { Sql } from '../client.ts';

export interface CallStory extends WhyFacts {
  id: number;
  retryAttempt: number;
  originalCallId: number | null;
  nextRetryId: number | null;
}

export interface CallEventRow {
  at: Date;
  type: string;
  from: CallStatus;
  to: CallStatus;
  detail: { reason?: string; why?: string } | null;
}

/** What one of a tenant's calls tells about its being dialed; undefined: it has no such call. */
export async function findCallStory(sql: Sql, tenantId: number, id: number): Promise<CallStory | undefined> {
  const [row] = await sql<CallStory[]>`
    select c.id, c.direction, c.status, c.verdict, c.due_at as "dueAt", c.held_until as "heldUntil", c.failure_reason as "failureReason",
           c.retry_open as "retryOpen", c.retry_attempt as "retryAttempt", c.original_call_id as "originalCallId",
           ending.type as "failedBy", ending.from_status as "failedFrom", retry.id as "nextRetryId",
           case when retry.status in ('scheduled', 'queued') then retry.due_at end as "nextRetryAt"
      from calls c
      left join lateral (
        select e.type, e.from_status from call_events e where c.status = 'failed' and e.call_id = c.id and e.to_status = 'failed' order by e.id desc limit 1
      ) ending on true
      left join lateral (
        select r.id, r.status, r.due_at from calls r
         where r.original_call_id = coalesce(c.original_call_id, c.id) and r.retry_attempt > c.retry_attempt
         order by r.retry_attempt limit 1
      ) retry on true
     where c.tenant_id = ${tenantId} and c.id = ${id}`;
  return row;
}

/** The last steps of a tenant's call, oldest first. */
export async function listCallEvents(sql: Sql, tenantId: number, callId: number, limit: number): Promise<CallEventRow[]> {
  return sql<CallEventRow[]>`
    select at, type, "from", "to", detail from (
      select e.id, e.at, e.type, e.from_status as "from", e.to_status as "to", e.detail
        from call_events e join calls c on c.id = e.call_id
       where c.tenant_id = ${tenantId} and e.call_id = ${callId} order by e.id desc limit ${limit}
    ) last order by id`;
}
