import type { CallStatus } from '../../core/call.ts';
import type { Place } from '../../core/signed-cursor.ts';
import type { Sql } from '../client.ts';
import { type CallLogFilter, type LoggedCall, loggedColumns } from './call-log.ts';

/**
 * The places of the newest calls of a filter, or of those that come after one: what a file will hold, known before its first
 * line. Read as `listCallLog` reads, and little else but the index is touched.
 */
export async function listLogPlaces(sql: Sql, filter: CallLogFilter, after: Place | undefined, limit: number): Promise<Place[]> {
  const { tenantId, statuses, agentId, from, to } = filter;
  const head = (status: typeof statuses) => sql`
    select created_at, id from calls
     where tenant_id = ${tenantId} ${status ? sql`and status = wanted.status` : sql``}
       ${agentId === undefined ? sql`` : sql`and agent_id = ${agentId}`}
       ${from ? sql`and created_at >= ${from}` : sql``} ${to ? sql`and created_at <= ${to}` : sql``}
       ${after ? sql`and (created_at, id) < (${after.at}::timestamptz, ${after.id}::bigint)` : sql``}
     order by created_at desc, id desc limit ${limit}`;
  if (!statuses) return sql<Place[]>`select created_at as at, id from (${head(undefined)}) h order by created_at desc, id desc`;
  return sql<Place[]>`
    select h.created_at as at, h.id from unnest(${statuses as CallStatus[]}::text[]) as wanted(status) cross join lateral (${head(statuses)}) h
     order by h.created_at desc, h.id desc limit ${limit}`;
}

/** These calls of a tenant, in the order of the ids. */
export async function listCallsOf(sql: Sql, tenantId: number, ids: readonly number[]): Promise<LoggedCall[]> {
  return sql<LoggedCall[]>`
    select ${loggedColumns(sql)}
      from unnest(${ids as number[]}::bigint[]) with ordinality as wanted(id, place)
      join calls c on c.id = wanted.id and c.tenant_id = ${tenantId}
      join agents a on a.id = c.agent_id
     order by wanted.place`;
}
