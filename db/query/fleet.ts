/** What the whole fleet has, over all tenants, for monitoring: each statement reads little however many calls there are. */
import type { CallStatus } from '../../core/call.ts';
import type { Sql } from '../client.ts';

/** A backlog is counted up to here: reading more of it would cost more than the exact figure is worth. */
export const COUNTED_UP_TO = 10_000;

export interface Moving {
  status: Extract<CallStatus, 'queued' | 'dialing' | 'unknown' | 'ringing' | 'in_progress'>;
  calls: number;
  /** since the claim of the oldest one; null for queued ones */
  oldestSeconds: number | null;
}

/** Calls in the queue and in flight, by status; a status that no call has is left out. The caps keep these few. */
export async function countMoving(sql: Sql): Promise<Moving[]> {
  return sql<Moving[]>`
    select status, count(*) as calls, extract(epoch from now() - min(claimed_at))::float8 as "oldestSeconds"
      from calls where status in ('dialing', 'unknown', 'ringing', 'in_progress') group by status
     union all
    select 'queued', count(*), null from calls where status = 'queued'`;
}

export interface Backlog {
  /** these four up to COUNTED_UP_TO */
  due: number;
  held: number;
  retriesPending: number;
  schedulesActive: number;
  /** since the oldest of them was due; null: none is */
  oldestDueSeconds: number | null;
  /** since the oldest attempt ended about whose retry nobody has decided; null: there is none */
  oldestOpenRetrySeconds: number | null;
}

/**
 * What waits: calls that may ring now and are the dispatcher's to take, calls that are held, retries to come, schedules.
 * A suspended tenant's calls wait for nobody.
 */
export async function readBacklog(sql: Sql): Promise<Backlog> {
  const [row] = await sql<Backlog[]>`
    select (select count(*) from (
              select from tenants t, (values (1), (2), (3)) p(priority), lateral (
                select from calls c
                 where c.tenant_id = t.id and c.priority = p.priority and c.status = 'scheduled' and c.held_until is null and c.due_at <= now()
                 order by c.due_at, c.id limit ${COUNTED_UP_TO}) c
               where t.is_active limit ${COUNTED_UP_TO}) found) as due,
           (select extract(epoch from now() - min(c.due_at))::float8 from tenants t, (values (1), (2), (3)) p(priority), lateral (
              select c.due_at from calls c
               where c.tenant_id = t.id and c.priority = p.priority and c.status = 'scheduled' and c.held_until is null and c.due_at <= now()
               order by c.due_at, c.id limit 1) c
             where t.is_active) as "oldestDueSeconds",
           (select count(*) from (
              select from calls where status = 'scheduled' and held_until is not null order by held_until limit ${COUNTED_UP_TO}) found) as held,
           (select count(*) from (
              select from calls where retry_attempt > 0 and status in ('scheduled', 'queued')
               order by tenant_id, due_at, id limit ${COUNTED_UP_TO}) found) as "retriesPending",
           (select extract(epoch from now() - min(ended_at))::float8 from calls where retry_open) as "oldestOpenRetrySeconds",
           (select count(*) from (
              select from schedules where is_active and next_run_at is not null
               order by next_run_at limit ${COUNTED_UP_TO}) found) as "schedulesActive"`;
  if (!row) throw new Error('The database counted nothing');
  return row;
}

export interface CarrierState {
  carrier: string;
  /** places under its cap that calls in flight hold */
  leases: number;
  paused: boolean;
  /** requests in a row that it did not take for reasons of its own */
  failures: number;
}

/** Every carrier that was ever used. */
export async function readCarriers(sql: Sql): Promise<CarrierState[]> {
  return sql<CarrierState[]>`
    select carrier, coalesce(l.leases, 0) as leases, coalesce(p.paused_until > now(), false) as paused, coalesce(p.failures, 0) as failures
      from carrier_pace p
      full join (select carrier, count(*) as leases from capacity_leases where expires_at > now() group by carrier) l using (carrier)`;
}

/** Processes of each of these roles that gave a sign of life within `seconds`. */
export async function countProcesses(
  sql: Sql,
  roles: readonly string[],
  seconds: number,
): Promise<Array<{ role: string; processes: number }>> {
  return sql`
    select role, (select count(*) from heartbeats h where h.role = r.role and h.last_seen_at > now() - ${seconds} * interval '1 second') as processes
      from unnest(${roles as string[]}::text[]) r(role)`;
}
