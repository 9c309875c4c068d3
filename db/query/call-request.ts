import type { CallStatus } from '../../core/call.ts';
import { AppError } from '../../core/errors.ts';
import type { calls } from '../schema/index.ts';
import type { Sql } from '../client.ts';
import { countedColumns, rollUps } from './roll-ups.ts';
import { tellOfCalls } from './webhook-events.ts';

export type CallRow = typeof calls.$inferSelect;

export interface NewCall {
  tenantId: number;
  agentId: number;
  to: string;
  context: string | undefined;
  /** the moment that was asked for; undefined: now */
  scheduledFor: Date | undefined;
  timezone: string | undefined;
  priority: 1 | 2 | 3;
  createdBy: number;
  /** W3C trace context of the request */
  traceparent?: string | undefined;
}

export interface RequestedCall {
  id: number;
  status: 'scheduled' | 'queued';
  queueRound: number;
  scheduledFor: Date;
  createdAt: Date;
}

/**
 * Accepts calls in one statement: all of them or, when it throws, none. One that is due now goes straight into the queue
 * while that holds fewer than `straightPlaces` and its tenant has nothing as urgent waiting; else the dispatcher gives it its
 * turn. A moment that is over is now: it moves nobody up in the line. Answers in the order of asking; undefined where the tenant has no such active AI agent.
 */
export async function insertCalls(sql: Sql, calls: readonly NewCall[], straightPlaces: number): Promise<Array<RequestedCall | undefined>> {
  // ids are drawn before the insert, so that each row can be told to the one who asked for it
  const rows = await sql<Array<Omit<RequestedCall, 'id'> & { id: number | null; place: number }>>`
    with asked as materialized (
      select t.place, nextval(pg_get_serial_sequence('calls', 'id')) as id, a.tenant_id, a.id as agent_id, t.to_number, t.context, t.timezone,
             t.priority, t.created_by, t.traceparent, coalesce(t.at, now()) as at, t.at is null or t.at <= now() as due
        from unnest(${calls.map((c) => c.tenantId)}::bigint[], ${calls.map((c) => c.agentId)}::bigint[], ${calls.map((c) => c.to)}::text[],
                    ${calls.map((c) => c.context ?? null)}::text[], ${calls.map((c) => c.timezone ?? null)}::text[],
                    ${calls.map((c) => c.priority)}::smallint[], ${calls.map((c) => c.createdBy)}::bigint[],
                    ${calls.map((c) => c.scheduledFor?.toISOString() ?? null)}::timestamptz[],
                    ${calls.map((c) => c.traceparent ?? null)}::text[])
             with ordinality as t(tenant_id, agent_id, to_number, context, timezone, priority, created_by, at, traceparent, place)
        join agents a on a.tenant_id = t.tenant_id and a.id = t.agent_id and a.kind = 'ai' and a.is_active and a.deleted_at is null
    ), held as materialized (
      select count(*) as calls from (select from calls where status = 'queued' limit ${straightPlaces}) places
    ), ahead as materialized (
      select t.tenant_id, (select min(p.priority) from (values (1), (2), (3)) p(priority)
                            where exists (select from calls c where c.tenant_id = t.tenant_id and c.priority = p.priority
                                             and c.status = 'scheduled' and c.held_until is null and c.due_at <= now())) as priority
        from (select distinct tenant_id from asked where due) t
    ), seated as (
      select asked.*, due and held.calls + row_number() over (partition by due order by place) <= ${straightPlaces}
                          and asked.priority < coalesce(ahead.priority, 4) as straight
        from asked cross join held left join ahead using (tenant_id)
    ), made as (
      insert into calls (id, tenant_id, agent_id, to_number, context, timezone, priority, created_by, scheduled_for, due_at,
                         status, queued_at, queue_round, traceparent)
      overriding system value
      select id, tenant_id, agent_id, to_number, context, timezone, priority, created_by, at, greatest(at, now()),
             case when straight then 'queued' else 'scheduled' end, case when straight then now() end, case when straight then 1 else 0 end, traceparent
        from seated
      returning id, status, queue_round, scheduled_for, created_at
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status)
      select id, 'enqueue', 'scheduled', 'queued' from made where status = 'queued'
    )
    select t.place, made.id, made.status, made.queue_round as "queueRound", made.scheduled_for as "scheduledFor", made.created_at as "createdAt"
      from generate_series(1, ${calls.length}::int) as t(place) left join asked using (place) left join made on made.id = asked.id`;
  // a connection that was cut off has been seen to answer with fewer rows: that is no word about anybody's agent
  const byPlace = new Map(rows.map(({ place, ...call }) => [place, call]));
  return calls.map((_, index) => {
    const call = byPlace.get(index + 1);
    if (!call) throw new AppError('unavailable', 'The database did not answer', { retryAfterSeconds: 1 });
    return call.id === null ? undefined : { ...call, id: call.id };
  });
}

/** A call that was asked for before, as it was accepted; undefined: there is no such call of the tenant. */
export async function findRequested(sql: Sql, tenantId: number, callId: number): Promise<RequestedCall | undefined> {
  const [row] = await sql<RequestedCall[]>`
    select id, case when status in ('unscheduled', 'scheduled') then 'scheduled' else 'queued' end as status, queue_round as "queueRound",
           scheduled_for as "scheduledFor", created_at as "createdAt"
      from calls where tenant_id = ${tenantId} and id = ${callId}`;
  return row;
}

/** The last member of a chain as a cancellation found it. */
export interface Cancellation {
  callId: number;
  before: CallStatus;
  cancelled: boolean;
  /** it ended without success, and nobody has decided yet whether it is tried again */
  isOpen: boolean;
}

/**
 * Cancels what of a chain nobody has begun to dial: the call itself, or the retry that waits. The transaction has locked the
 * chain (`lockChain`) in a statement of its own.
 */
export async function cancelCall(sql: Sql, rootId: number): Promise<Cancellation | undefined> {
  const [row] = await sql<Cancellation[]>`
    with old as (
      select id, status, retry_open from calls where id = ${rootId} or original_call_id = ${rootId}
       order by retry_attempt desc limit 1 for update
    ), moved as (
      update calls c set status = 'cancelled', ended_at = now(), due_at = null, queued_at = null, updated_at = now()
        from old where c.id = old.id and old.status in ('unscheduled', 'scheduled', 'queued')
      returning c.id, c as whole, ${countedColumns(sql)}
    ), ${tellOfCalls(sql, { ended: sql`true` })}, noted as (
      insert into call_events (call_id, type, from_status, to_status)
      select moved.id, 'cancel', old.status, 'cancelled' from moved join old using (id)
    ), ${rollUps(sql)}
    select id as "callId", status as before, exists (select from moved) as cancelled, retry_open as "isOpen" from old`;
  return row;
}
