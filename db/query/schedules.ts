import { allowedFrom } from '../../core/call.ts';
import type { Priority } from '../../core/priority.ts';
import type { Recurrence } from '../../core/time/recurrence.ts';
import type { Sql } from '../client.ts';
import { countedColumns, rollUps } from './roll-ups.ts';
import { tellOfCalls } from './webhook-events.ts';

export interface NewSchedule extends Recurrence {
  tenantId: number;
  agentId: number;
  to: string;
  context: string | undefined;
  priority: Priority;
  businessHoursOnly: boolean;
  /** its zone was asked for, and is the callee's */
  timezoneGiven: boolean;
  nextRunAt: Date;
  createdBy: number;
}

export interface Schedule extends Recurrence {
  id: number;
  agentId: number;
  to: string;
  context: string | null;
  priority: Priority;
  businessHoursOnly: boolean;
  isActive: boolean;
  /** null: it is over */
  nextRunAt: Date | null;
  /** the last run that became a call */
  lastRunAt: Date | null;
  createdAt: Date;
}

/** Undefined when the tenant has no such active AI agent. */
export async function insertSchedule(sql: Sql, given: NewSchedule): Promise<Schedule | undefined> {
  const [row] = await sql<Schedule[]>`
    insert into schedules (tenant_id, agent_id, to_number, context, priority, pattern, time_of_day, timezone, timezone_given,
                           start_date, end_date, business_hours_only, next_run_at, created_by)
    select tenant_id, id, ${given.to}, ${given.context ?? null}, ${given.priority}::smallint, ${given.pattern}, ${given.time}::time,
           ${given.timezone}, ${given.timezoneGiven}::boolean, ${given.startDate}::date, ${given.endDate}::date, ${given.businessHoursOnly}::boolean,
           ${given.nextRunAt}::timestamptz, ${given.createdBy}::bigint
      from agents
     where tenant_id = ${given.tenantId} and id = ${given.agentId} and kind = 'ai' and is_active and deleted_at is null
    returning ${columns(sql)}`;
  return row;
}

/** One schedule, whatever became of it. */
export async function findSchedule(sql: Sql, tenantId: number, scheduleId: number): Promise<Schedule | undefined> {
  const [row] = await sql<Schedule[]>`select ${columns(sql)} from schedules where tenant_id = ${tenantId} and id = ${scheduleId}`;
  return row;
}

/** A page of a tenant's schedules that were not cancelled, the soonest next run first, and how many there are in all. */
export async function listSchedules(
  sql: Sql,
  tenantId: number,
  query: { isActive: boolean | undefined; limit: number; offset: number },
): Promise<{ rows: Schedule[]; total: number }> {
  const where = sql`where tenant_id = ${tenantId} and cancelled_at is null
    ${query.isActive === undefined ? sql`` : sql`and is_active = ${query.isActive}`}`;
  const [rows, [count]] = await Promise.all([
    sql<Schedule[]>`select ${columns(sql)} from schedules ${where} order by next_run_at, id limit ${query.limit} offset ${query.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from schedules ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}

export async function readTenantZone(sql: Sql, tenantId: number): Promise<string | undefined> {
  const [row] = await sql<Array<{ timezone: string }>>`select timezone from tenants where id = ${tenantId}`;
  return row?.timezone;
}

/** The database's clock. */
export async function readClock(sql: Sql): Promise<Date> {
  const [row] = await sql<Array<{ now: Date }>>`select now()`;
  if (!row) throw new Error('The database told no time');
  return row.now;
}

export interface DueSchedule extends Recurrence {
  id: number;
  nextRunAt: Date;
}

/** Schedules with a run at or before `until` that nobody else holds, locked until the transaction ends. */
export async function holdDueSchedules(sql: Sql, until: Date, limit: number): Promise<DueSchedule[]> {
  return sql<DueSchedule[]>`
    select id, next_run_at as "nextRunAt", ${ruleColumns(sql)} from schedules
     where is_active and next_run_at <= ${until} order by next_run_at limit ${limit} for update skip locked`;
}

export interface Run {
  scheduleId: number;
  at: Date;
  /** undefined: this was the last */
  next: Date | undefined;
}

/**
 * Makes each run a call and moves its schedule on. A run that came too late is due now. Answers whose run became a call: one
 * that is a call already is not made again.
 */
export async function insertRuns(sql: Sql, runs: readonly Run[], now: Date): Promise<Array<[scheduleId: number, tenantId: number]>> {
  const rows = await sql<Array<{ scheduleId: number; tenantId: number }>>`
    with asked as materialized (
      select * from unnest(${runs.map((run) => run.scheduleId)}::bigint[], ${runs.map((run) => run.at.toISOString())}::timestamptz[],
                           ${runs.map((run) => run.next?.toISOString() ?? null)}::timestamptz[]) as t(id, at, next)
    ), moved as (
      update schedules s set next_run_at = asked.next, is_active = asked.next is not null, last_run_at = asked.at, updated_at = now()
        from asked where s.id = asked.id
    )
    insert into calls (tenant_id, agent_id, to_number, context, timezone, priority, schedule_id, created_by, status, scheduled_for, due_at)
    select s.tenant_id, s.agent_id, s.to_number, s.context, case when s.timezone_given then s.timezone end, s.priority, s.id, s.created_by, 'scheduled', asked.at,
           greatest(asked.at, ${now}::timestamptz)
      from asked join schedules s using (id)
        on conflict do nothing
    returning schedule_id as "scheduleId", tenant_id as "tenantId"`;
  return rows.map((row) => [row.scheduleId, row.tenantId]);
}

/** Ends a schedule for good; false when the tenant has none of that id that was not cancelled before. */
export async function closeSchedule(sql: Sql, tenantId: number, scheduleId: number): Promise<boolean> {
  const rows = await sql`
    update schedules set is_active = false, cancelled_at = now(), next_run_at = null, updated_at = now()
     where tenant_id = ${tenantId} and id = ${scheduleId} and cancelled_at is null returning id`;
  return rows.length > 0;
}

/**
 * Locks the runs of a schedule, which are the first calls of their chains: what the next statement reads of the chains holds
 * until the transaction ends.
 */
export async function lockRuns(sql: Sql, tenantId: number, scheduleId: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select id from calls where tenant_id = ${tenantId} and schedule_id = ${scheduleId} order by id for update`;
  return rows.map((row) => row.id);
}

/** Cancels what nobody has begun to dial of runs and their retries; no retry follows those that have ended. */
export async function cancelChains(sql: Sql, rootIds: readonly number[]): Promise<void> {
  await sql`
    with old as (
      select id, status, retry_open from calls
       where (id = any(${rootIds as number[]}) or original_call_id = any(${rootIds as number[]}))
         and (retry_open or status = any(${allowedFrom('cancel') as string[]}::text[]))
       order by id for update
    ), closed as (
      update calls c set retry_open = false, updated_at = now() from old where c.id = old.id and old.retry_open
    ), moved as (
      update calls c set status = 'cancelled', ended_at = now(), due_at = null, held_until = null, queued_at = null, updated_at = now()
        from old where c.id = old.id and not old.retry_open
      returning c.id, old.status as from_status, c as whole, ${countedColumns(sql)}
    ), ${tellOfCalls(sql, { ended: sql`true` })}, ${rollUps(sql)}
    insert into call_events (call_id, type, from_status, to_status, detail)
    select id, 'cancel', from_status, 'cancelled', '{"reason": "its schedule was cancelled"}'::jsonb from moved`;
}

/** Rules of a tenant with a run before `until` that is no call yet: the same rule of several schedules once, with their number. */
export async function listComing(
  sql: Sql,
  tenantId: number,
  until: Date,
  most: number,
): Promise<Array<Recurrence & { nextRunAt: Date; schedules: number }>> {
  return sql<Array<Recurrence & { nextRunAt: Date; schedules: number }>>`
    select ${ruleColumns(sql)}, next_run_at as "nextRunAt", count(*) as schedules from schedules
     where tenant_id = ${tenantId} and is_active and next_run_at < ${until}
     group by pattern, time_of_day, timezone, start_date, end_date, next_run_at order by next_run_at limit ${most}`;
}

function ruleColumns(sql: Sql) {
  return sql`pattern, left(time_of_day::text, 5) as time, timezone, start_date::text as "startDate", end_date::text as "endDate"`;
}

function columns(sql: Sql) {
  return sql`id, agent_id as "agentId", to_number as "to", context, priority, ${ruleColumns(sql)}, business_hours_only as "businessHoursOnly",
    is_active as "isActive", next_run_at as "nextRunAt", last_run_at as "lastRunAt", created_at as "createdAt"`;
}
