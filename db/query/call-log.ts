import type { CallStatus } from '../../core/call.ts';
import type { Component } from '../../core/money.ts';
import type { Place } from '../../core/signed-cursor.ts';
import type { Sql } from '../client.ts';

/** A call as the dashboard's log and its exports list it. */
export interface LoggedCall {
  id: number;
  createdAt: Date;
  agentId: number;
  agentName: string;
  /** when it was dialed; else for when it was asked, or when */
  startsAt: Date;
  /** of whom we talked with: E.164, to be masked before anybody sees it */
  theirNumber: string;
  durationSeconds: number | null;
  status: CallStatus;
  /** of one that failed, in words; may name a number */
  failureReason: string | null;
  /** null: not priced, or not yet */
  cost: string | null;
}

export interface CallLogFilter {
  tenantId: number;
  /** undefined: any */
  statuses: readonly CallStatus[] | undefined;
  agentId: number | undefined;
  /** created at or after, and before or at */
  from: Date | undefined;
  to: Date | undefined;
}

/**
 * The newest calls of a filter, or those that come after a place: creation and id, by which they are ordered, never change, as the
 * moment of a dial does. Each status is read along its own index and the heads are merged, so that a rare one costs no walk over the
 * others.
 */
export async function listCallLog(sql: Sql, filter: CallLogFilter, after: Place | undefined, limit: number): Promise<LoggedCall[]> {
  const columns = sql`id, created_at, agent_id, direction, from_number, to_number, duration_seconds, status, cost, failure_reason,
    scheduled_for, claimed_at, ringing_at, answered_at`;
  const narrowed = sql`
    ${filter.agentId === undefined ? sql`` : sql`and agent_id = ${filter.agentId}`}
    ${filter.from ? sql`and created_at >= ${filter.from}` : sql``}
    ${filter.to ? sql`and created_at <= ${filter.to}` : sql``}
    ${after ? sql`and (created_at, id) < (${after.at}::timestamptz, ${after.id}::bigint)` : sql``}`;
  const page = filter.statuses
    ? sql`
      select head.* from unnest(${filter.statuses as CallStatus[]}::text[]) as wanted(status)
       cross join lateral (
         select ${columns} from calls where tenant_id = ${filter.tenantId} and status = wanted.status ${narrowed}
          order by created_at desc, id desc limit ${limit}
       ) head
       order by head.created_at desc, head.id desc limit ${limit}`
    : sql`
      select ${columns} from calls where tenant_id = ${filter.tenantId} ${narrowed}
       order by created_at desc, id desc limit ${limit}`;
  return sql<LoggedCall[]>`
    select ${loggedColumns(sql)}
      from (${page}) c join agents a on a.id = c.agent_id
     order by c.created_at desc, c.id desc`;
}

/** Of call `c` and its agent `a`: all of a `LoggedCall`. One that was put back after it had been claimed was not dialed. */
export function loggedColumns(sql: Sql) {
  return sql`c.id, c.created_at as "createdAt", c.agent_id as "agentId", a.name as "agentName", ${theirNumber(sql)} as "theirNumber",
    coalesce(case when c.status <> all(${NOT_DIALED as string[]}::text[]) then coalesce(c.claimed_at, c.ringing_at, c.answered_at) end,
             c.scheduled_for, c.created_at) as "startsAt",
    c.duration_seconds as "durationSeconds", c.status, c.failure_reason as "failureReason", c.cost`;
}

/** What a call is before it is dialed, or instead. */
const NOT_DIALED: readonly CallStatus[] = ['unscheduled', 'scheduled', 'queued', 'cancelled'];

/** Of call `c`: the other side's number, which is not the one that was dialed when they called us. */
function theirNumber(sql: Sql) {
  return sql`case when c.direction = 'inbound' then coalesce(c.from_number, c.to_number) else c.to_number end`;
}

export interface CallLogDetail extends LoggedCall {
  /** the latest whose audio is here; null: there is none */
  recordingId: number | null;
  turns: Array<{ role: 'assistant' | 'user'; content: string; at: Date }>;
  /** what the call was charged, component by component */
  charges: Array<{ component: Component; amount: string; description: string }>;
}

/** One call of a tenant, what was said in it, and what it cost. */
export async function findLoggedCall(sql: Sql, tenantId: number, id: number): Promise<CallLogDetail | undefined> {
  const [[call], turns, charges] = await Promise.all([
    sql<Array<Omit<CallLogDetail, 'turns' | 'charges'>>>`
      select ${loggedColumns(sql)},
             (select max(r.id) from recordings r where r.call_id = c.id and r.status = 'ready' and r.deleted_at is null) as "recordingId"
        from calls c join agents a on a.id = c.agent_id where c.tenant_id = ${tenantId} and c.id = ${id}`,
    sql<CallLogDetail['turns']>`
      select t.role, t.content, t.at from transcript_turns t join calls c on c.id = t.call_id
       where c.tenant_id = ${tenantId} and t.call_id = ${id} and t.role in ('assistant', 'user') order by t.position`,
    sql<CallLogDetail['charges']>`
      select component, -amount as amount, description from ledger_entries
       where tenant_id = ${tenantId} and call_id = ${id} and kind = 'charge' order by id`,
  ]);
  return call && { ...call, turns: [...turns], charges: [...charges] };
}
