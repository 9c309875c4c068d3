import type { CallStatus } from '../../core/call.ts';
import type { Sql } from '../client.ts';

/** A call as call records show it. */
export interface CallRecord {
  id: number;
  agentId: number;
  agentName: string;
  /** a person's; null: it is an AI agent's */
  extension: string | null;
  /** E.164 */
  destination: string;
  direction: 'outbound' | 'inbound';
  status: CallStatus;
  durationSeconds: number | null;
  /** when the carrier was asked for it; null: it was not */
  startedAt: Date | null;
  endedAt: Date | null;
  createdAt: Date;
  /** null: there is none */
  recordingId: number | null;
  campaignId: number | null;
  contactId: number | null;
  flowId: number | null;
  /** the moment that was asked for; null while unscheduled */
  scheduledFor: Date | null;
  disposition: string | null;
  metadata: Record<string, unknown>;
}

export interface RecordFilter {
  tenantId: number;
  status: CallStatus | undefined;
  direction: 'outbound' | 'inbound' | undefined;
  agentId: number | undefined;
  campaignId: number | undefined;
  /** part of the number or of the agent's extension, digits and a plus sign */
  search: string | undefined;
  /** created at or after, and before or at; a record of a call made elsewhere was created when that call started */
  from: Date | undefined;
  to: Date | undefined;
}

export const RECORD_ORDERS = ['createdAt', 'startTime', 'endTime', 'duration', 'status', 'destination'] as const;
export type RecordOrder = (typeof RECORD_ORDERS)[number];

export interface RecordPage {
  limit: number;
  offset: number;
  sortBy: RecordOrder;
  order: 'asc' | 'desc';
}

/** A page of a tenant's calls. By creation it is read along an index; by anything else all that the filter finds is sorted. */
export async function listRecords(sql: Sql, filter: RecordFilter, page: RecordPage): Promise<CallRecord[]> {
  return sql<CallRecord[]>`
    select ${columns(sql)} from (
      select * from calls c where ${matching(sql, filter)} order by ${ordered(sql, page)} limit ${page.limit} offset ${page.offset}
    ) c
    join agents a on a.id = c.agent_id
    order by ${ordered(sql, page)}`;
}

/** The newest calls of a filter, or those that come after a place in that order. */
export async function listRecordsAfter(
  sql: Sql,
  filter: RecordFilter,
  after: { at: Date; id: number } | undefined,
  limit: number,
): Promise<CallRecord[]> {
  return sql<CallRecord[]>`
    select ${columns(sql)} from (
      select * from calls c
       where ${matching(sql, filter)} ${after ? sql`and (c.created_at, c.id) < (${after.at}::timestamptz, ${after.id}::bigint)` : sql``}
       order by c.created_at desc, c.id desc limit ${limit}
    ) c
    join agents a on a.id = c.agent_id
    order by c.created_at desc, c.id desc`;
}

/** How many calls a filter finds, counting no further than `most`. */
export async function countRecords(sql: Sql, filter: RecordFilter, most?: number): Promise<number> {
  const found = sql`from calls c where ${matching(sql, filter)}`;
  const [row] = await (most === undefined
    ? sql<Array<{ total: number }>>`select count(*) as total ${found}`
    : sql<Array<{ total: number }>>`select count(*) as total from (select ${found} limit ${most}) counted`);
  return row?.total ?? 0;
}

/** One call of a tenant. */
export async function findRecord(sql: Sql, tenantId: number, id: number): Promise<CallRecord | undefined> {
  const [row] = await sql<CallRecord[]>`
    select ${columns(sql)} from calls c join agents a on a.id = c.agent_id where c.tenant_id = ${tenantId} and c.id = ${id}`;
  return row;
}

function columns(sql: Sql) {
  return sql`c.id, c.agent_id as "agentId", a.name as "agentName", a.extension, c.to_number as destination, c.direction, c.status,
    c.duration_seconds as "durationSeconds", ${startOf(sql)} as "startedAt", c.ended_at as "endedAt", c.created_at as "createdAt",
    (select max(r.id) from recordings r where r.call_id = c.id and r.status = 'ready' and r.deleted_at is null) as "recordingId",
    c.campaign_id as "campaignId", c.contact_id as "contactId", c.flow_id as "flowId", c.scheduled_for as "scheduledFor", c.disposition, c.metadata`;
}

/** A row that was put back after it had been claimed has not started. */
function startOf(sql: Sql) {
  return sql`case when c.status not in ('unscheduled', 'scheduled', 'queued') then coalesce(c.claimed_at, c.ringing_at, c.answered_at) end`;
}

function matching(sql: Sql, filter: RecordFilter) {
  return sql`c.tenant_id = ${filter.tenantId}
    ${filter.status === undefined ? sql`` : sql`and c.status = ${filter.status}`}
    ${filter.direction === undefined ? sql`` : sql`and c.direction = ${filter.direction}`}
    ${filter.agentId === undefined ? sql`` : sql`and c.agent_id = ${filter.agentId}`}
    ${filter.campaignId === undefined ? sql`` : sql`and c.campaign_id = ${filter.campaignId}`}
    ${filter.from ? sql`and c.created_at >= ${filter.from}` : sql``}
    ${filter.to ? sql`and c.created_at <= ${filter.to}` : sql``}
    ${
      filter.search === undefined
        ? sql``
        : sql`and (strpos(c.to_number, ${filter.search}) > 0 or c.agent_id = any(array(
                select id from agents where tenant_id = ${filter.tenantId} and strpos(extension, ${filter.search}) > 0)))`
    }`;
}

function ordered(sql: Sql, { sortBy, order }: RecordPage) {
  const by = {
    createdAt: sql`c.created_at`,
    startTime: startOf(sql),
    endTime: sql`c.ended_at`,
    duration: sql`c.duration_seconds`,
    status: sql`c.status`,
    destination: sql`c.to_number`,
  }[sortBy];
  // what has no value yet comes last in either direction; the index has nulls first, of which creation has none
  if (order === 'asc') return sql`${by} asc, c.id asc`;
  return sortBy === 'createdAt' ? sql`${by} desc, c.id desc` : sql`${by} desc nulls last, c.id desc`;
}

/** The person of a tenant who works under a user; undefined: that user does not talk. */
export async function findOwnAgentId(sql: Sql, tenantId: number, userId: number): Promise<number | undefined> {
  const [row] = await sql<Array<{ id: number }>>`
    select id from agents where tenant_id = ${tenantId} and user_id = ${userId} and kind = 'human' and deleted_at is null`;
  return row?.id;
}
