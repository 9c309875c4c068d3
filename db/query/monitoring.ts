import type { CallStatus } from '../../core/call.ts';
import type { Sql } from '../client.ts';

/** What waits is counted up to here: more of it would cost more than the exact figure is worth. */
export const WAITING_UP_TO = 10_000;

/** A tenant's calls in the queue and in flight, by status; those that no call has are left out. The caps keep these few. */
export async function countMovingOf(sql: Sql, tenantId: number): Promise<Array<{ status: CallStatus; calls: number }>> {
  return sql<Array<{ status: CallStatus; calls: number }>>`
    select status, count(*) as calls from calls
     where tenant_id = ${tenantId} and status in ('queued', 'dialing', 'unknown', 'ringing', 'in_progress') group by status`;
}

/** How many of a tenant's calls may ring now and are not in the queue yet, up to WAITING_UP_TO. */
export async function countDueOf(sql: Sql, tenantId: number): Promise<number> {
  const [row] = await sql<Array<{ calls: number }>>`
    select count(*) as calls from (
      select from (values (1), (2), (3)) p(priority), lateral (
        select from calls c
         where c.tenant_id = ${tenantId} and c.priority = p.priority and c.status = 'scheduled' and c.held_until is null and c.due_at <= now()
         limit ${WAITING_UP_TO}) due limit ${WAITING_UP_TO}) found`;
  return row?.calls ?? 0;
}

/** A tenant's calls that ended since midnight UTC, by how they ended; read from the roll-ups. */
export async function countEndedToday(sql: Sql, tenantId: number): Promise<Array<{ status: CallStatus; calls: number }>> {
  return sql<Array<{ status: CallStatus; calls: number }>>`
    select status, sum(calls)::int as calls from call_slots
     where tenant_id = ${tenantId} and slot >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' group by status`;
}

export interface CarrierTalk {
  paused: boolean;
  /** requests in a row that it did not take for reasons of its own */
  failures: number;
  /** since the turn of the last call that was dialed over it */
  quietSeconds: number;
}

/** What came of dialing over a carrier lately; undefined when nothing was ever dialed over it. */
export async function readCarrierTalk(sql: Sql, carrier: string): Promise<CarrierTalk | undefined> {
  const [row] = await sql<CarrierTalk[]>`
    select coalesce(paused_until > now(), false) as paused, failures, extract(epoch from now() - next_start_at)::float8 as "quietSeconds"
      from carrier_pace where carrier = ${carrier}`;
  return row;
}
