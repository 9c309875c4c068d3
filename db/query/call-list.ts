import type { CallStatus } from '../../core/call.ts';
import type { StoredVerdict } from '../../core/gate.ts';
import type { Priority } from '../../core/priority.ts';
import type { Sql } from '../client.ts';

export interface CallFilter {
  tenantId: number;
  /** undefined: any */
  statuses: readonly CallStatus[] | undefined;
  agentId: number | undefined;
  /** created at or after */
  from: Date | undefined;
  /** created before or at */
  to: Date | undefined;
}

export interface ListedCall {
  id: number;
  toNumber: string;
  agentId: number;
  direction: 'outbound' | 'inbound';
  /** which number it is dialed from, or who calls; null: not chosen yet, or withheld */
  fromNumber: string | null;
  status: CallStatus;
  failureReason: string | null;
  durationSeconds: number | null;
  createdAt: Date;
}

/**
 * A page of a tenant's calls, newest first. Each status is read along its own index and the heads are merged, so a rare
 * status costs no walk over the common ones.
 */
export async function listCalls(sql: Sql, filter: CallFilter, page: { limit: number; offset: number }): Promise<ListedCall[]> {
  const columns = sql`id, to_number as "toNumber", from_number as "fromNumber", direction, agent_id as "agentId", status, failure_reason as "failureReason",
    duration_seconds as "durationSeconds", created_at as "createdAt"`;
  if (!filter.statuses) {
    return sql<ListedCall[]>`
      select ${columns} from calls where tenant_id = ${filter.tenantId} ${narrowed(sql, filter)}
       order by created_at desc, id desc limit ${page.limit} offset ${page.offset}`;
  }
  return sql<ListedCall[]>`
    select head.* from unnest(${filter.statuses as CallStatus[]}::text[]) as wanted(status)
     cross join lateral (
       select ${columns} from calls where tenant_id = ${filter.tenantId} and status = wanted.status ${narrowed(sql, filter)}
        order by created_at desc, id desc limit ${page.limit + page.offset}
     ) head
     order by head."createdAt" desc, head.id desc limit ${page.limit} offset ${page.offset}`;
}

/** How many calls a filter finds, counting no further than `most`. */
export async function countCalls(sql: Sql, filter: CallFilter, most?: number): Promise<number> {
  const found = sql`
    from calls where tenant_id = ${filter.tenantId} ${narrowed(sql, filter)}
     ${filter.statuses ? sql`and status = any(${filter.statuses as CallStatus[]}::text[])` : sql``}`;
  const [row] = await (most === undefined
    ? sql<Array<{ total: number }>>`select count(*) as total ${found}`
    : sql<Array<{ total: number }>>`select count(*) as total from (select 1 ${found} limit ${most}) counted`);
  return row?.total ?? 0;
}

function narrowed(sql: Sql, filter: CallFilter) {
  return sql`
    ${filter.agentId === undefined ? sql`` : sql`and agent_id = ${filter.agentId}`}
    ${filter.from ? sql`and created_at >= ${filter.from}` : sql``}
    ${filter.to ? sql`and created_at <= ${filter.to}` : sql``}`;
}

export interface CallDetail extends ListedCall {
  context: string | null;
  timezone: string | null;
  scheduledFor: Date | null;
  priority: Priority;
  cost: string | null;
  answeredAt: Date | null;
  endedAt: Date | null;
  answeredBy: string | null;
  verdict: StoredVerdict | null;
  /** null: it is no retry */
  originalCallId: number | null;
  retryAttempt: number;
  /** null: no recurring schedule made it */
  scheduleId: number | null;
}

export interface Turn {
  role: 'assistant' | 'user' | 'system';
  content: string;
  at: Date;
  metadata: Record<string, unknown> | null;
}

/** One call of a tenant with everything that was said, in order. */
export async function findCallWithTranscript(
  sql: Sql,
  tenantId: number,
  id: number,
): Promise<{ call: CallDetail; turns: Turn[] } | undefined> {
  const [[call], turns] = await Promise.all([
    sql<CallDetail[]>`
      select id, to_number as "toNumber", from_number as "fromNumber", agent_id as "agentId", status, failure_reason as "failureReason",
             duration_seconds as "durationSeconds", created_at as "createdAt", direction, context, timezone,
             scheduled_for as "scheduledFor", priority, cost, answered_at as "answeredAt", ended_at as "endedAt",
             answered_by as "answeredBy", verdict, original_call_id as "originalCallId", retry_attempt as "retryAttempt",
             schedule_id as "scheduleId"
        from calls where tenant_id = ${tenantId} and id = ${id}`,
    sql<Turn[]>`
      select t.role, t.content, t.at, t.metadata from transcript_turns t join calls c on c.id = t.call_id
       where c.tenant_id = ${tenantId} and t.call_id = ${id} order by t.position`,
  ]);
  return call && { call, turns: [...turns] };
}

/** How many of a tenant's calls may be dialed already and are not in the queue, those included that the dispatcher passes over for a while. */
export async function countWaiting(sql: Sql, tenantId: number): Promise<number> {
  // each half has an index that ends where it does
  const [row] = await sql<Array<{ calls: number }>>`
    select (select count(*) from calls
             where tenant_id = ${tenantId} and priority in (1, 2, 3) and status = 'scheduled' and held_until is null and due_at <= now())
         + (select count(*) from calls where tenant_id = ${tenantId} and status = 'scheduled' and held_until is not null and due_at <= now()) as calls`;
  return row?.calls ?? 0;
}

/** How many calls wait for a moment within the next 24 hours and within the next seven days. */
export async function countUpcoming(sql: Sql, tenantId: number): Promise<{ next24Hours: number; nextWeek: number }> {
  const [row] = await sql<Array<{ next24Hours: number; nextWeek: number }>>`
    select count(*) filter (where due_at < now() + interval '24 hours') as "next24Hours", count(*) as "nextWeek"
      from calls
     where tenant_id = ${tenantId} and status = 'scheduled' and priority in (1, 2, 3) and due_at > now() and due_at < now() + interval '7 days'`;
  return row ?? { next24Hours: 0, nextWeek: 0 };
}
