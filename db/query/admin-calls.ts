import type { PendingQuery, Row } from 'postgres';
import { type CallStatus, LIVE, OUTCOMES } from '../../core/call.ts';
import type { Sql } from '../client.ts';

/** What a call that was dialed can be; one that was put back waits again, and is no part of the log. */
export const LOGGED: readonly CallStatus[] = [...LIVE, ...OUTCOMES];
/** What a call is while somebody talks, and after it. */
const TALKED: readonly CallStatus[] = ['in_progress', 'completed'];

/** A dial of any tenant. */
export interface LoggedCall {
  id: number;
  tenantId: number;
  direction: 'outbound' | 'inbound';
  status: CallStatus;
  /** E.164; null: a record of a call that was made elsewhere does not say */
  from: string | null;
  to: string;
  agentId: number;
  campaignId: number | null;
  startedAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
  durationSeconds: number | null;
  failureReason: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface LogFilter {
  /** undefined: any */
  status: CallStatus | undefined;
  /** dialed at or after, and before or at */
  from: Date | undefined;
  to: Date | undefined;
}

export interface TalkFilter {
  /** of the person talked to; undefined: any */
  phone: string | undefined;
  agentId: number | undefined;
}

interface Page {
  limit: number;
  offset: number;
}

/**
 * A page of all tenants' dials, newest first. Each status is read along its index and the heads are merged as far as the page goes.
 */
export async function listLog(sql: Sql, filter: LogFilter, page: Page): Promise<LoggedCall[]> {
  const statuses = filter.status === undefined ? LOGGED : [filter.status];
  return read(sql, merged(sql, statuses, dialed(sql, filter), page), page);
}

/** How many dials a filter finds, counting no further than `most`. */
export async function countLog(sql: Sql, filter: LogFilter, most?: number): Promise<number> {
  const statuses = filter.status === undefined ? LOGGED : [filter.status];
  return count(sql, sql`status = any(${statuses as CallStatus[]}::text[]) and ${dialed(sql, filter)}`, most);
}

/** A page of all tenants' talks, those dialed last first: along the agent's or the person's index, else along the log. */
export async function listTalks(sql: Sql, filter: TalkFilter, page: Page): Promise<LoggedCall[]> {
  const talks = talked(sql, filter);
  if (filter.agentId === undefined && filter.phone === undefined) {
    return read(sql, merged(sql, TALKED, sql`claimed_at is not null and answered_at is not null`, page), page);
  }
  return read(sql, sql`select id, claimed_at from calls where ${talks}`, page);
}

/** How many talks a filter finds, counting no further than `most`. */
export async function countTalks(sql: Sql, filter: TalkFilter, most?: number): Promise<number> {
  return count(sql, talked(sql, filter), most);
}

type Fragment = PendingQuery<Row[]>;

/** The rows of the page are found in the index, and only they are read whole. */
async function read(sql: Sql, ids: Fragment, { limit, offset }: Page): Promise<LoggedCall[]> {
  return sql<LoggedCall[]>`
    select c.id, c.tenant_id as "tenantId", c.direction, c.status, c.from_number as "from", c.to_number as "to", c.agent_id as "agentId",
           c.campaign_id as "campaignId", c.claimed_at as "startedAt", c.answered_at as "answeredAt", c.ended_at as "endedAt",
           c.duration_seconds as "durationSeconds", c.failure_reason as "failureReason", c.created_at as "createdAt", c.updated_at as "updatedAt"
      from (select id, claimed_at from (${ids}) found order by claimed_at desc, id desc limit ${limit} offset ${offset}) picked
      join calls c on c.id = picked.id
     order by picked.claimed_at desc, picked.id desc`;
}

/** Each status in its own order, so that they are merged row by row and none is read further than the page needs. */
function merged(sql: Sql, statuses: readonly CallStatus[], where: Fragment, { limit, offset }: Page): Fragment {
  return statuses
    .map(
      (status) => sql`
        (select id, claimed_at from calls where status = ${status} and ${where} order by claimed_at desc, id desc limit ${limit + offset})`,
    )
    .reduce((all, one) => sql`${all} union all ${one}`);
}

async function count(sql: Sql, where: Fragment, most: number | undefined): Promise<number> {
  const [row] = await (most === undefined
    ? sql<Array<{ total: number }>>`select count(*) as total from calls where ${where}`
    : sql<Array<{ total: number }>>`select count(*) as total from (select from calls where ${where} limit ${most}) counted`);
  return row?.total ?? 0;
}

function dialed(sql: Sql, { from, to }: LogFilter): Fragment {
  return sql`claimed_at is not null
    ${from ? sql`and claimed_at >= ${from}` : sql``} ${to ? sql`and claimed_at <= ${to}` : sql``}`;
}

function talked(sql: Sql, { phone, agentId }: TalkFilter): Fragment {
  // word for word what their indexes say, or a prepared plan does not see that it may use them
  return sql`status in ('in_progress', 'completed') and claimed_at is not null and answered_at is not null
    ${agentId === undefined ? sql`` : sql`and agent_id = ${agentId}`}
    ${phone === undefined ? sql`` : sql`and (case when direction = 'inbound' then from_number else to_number end) = ${phone}`}`;
}
