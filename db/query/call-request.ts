import type { calls } from '../schema/index.ts';
import type { Sql } from '../client.ts';

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
}

export interface RequestedCall {
  id: number;
  status: 'scheduled' | 'queued';
  queueRound: number;
  scheduledFor: Date;
  createdAt: Date;
}

/**
 * Accepts one call in one statement. Due now, and its tenant has a place in the queue: it goes straight there; else it
 * waits for the dispatcher. Undefined when the tenant has no such active AI agent.
 */
export async function insertCall(sql: Sql, call: NewCall, queuePlaces: number): Promise<RequestedCall | undefined> {
  const asked = call.scheduledFor?.toISOString() ?? null;
  const [row] = await sql<RequestedCall[]>`
    with asked as (
      select a.tenant_id, a.id as agent_id, coalesce(${asked}::timestamptz, now()) as at,
             (${asked}::timestamptz is null or ${asked}::timestamptz <= now())
               and (select count(*) from (select from calls q where q.tenant_id = ${call.tenantId} and q.status = 'queued'
                                           limit ${queuePlaces}) held) < ${queuePlaces} as straight
        from agents a
       where a.tenant_id = ${call.tenantId} and a.id = ${call.agentId} and a.kind = 'ai' and a.is_active and a.deleted_at is null
    ), made as (
      insert into calls (tenant_id, agent_id, to_number, context, timezone, priority, created_by, scheduled_for, due_at,
                         status, queued_at, queue_round)
      select tenant_id, agent_id, ${call.to}, ${call.context ?? null}, ${call.timezone ?? null}, ${call.priority}, ${call.createdBy}, at, at,
             case when straight then 'queued' else 'scheduled' end, case when straight then now() end, case when straight then 1 else 0 end
        from asked
      returning id, status, queue_round, scheduled_for, created_at
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status)
      select id, 'enqueue', 'scheduled', 'queued' from made where status = 'queued'
    )
    select id, status, queue_round as "queueRound", scheduled_for as "scheduledFor", created_at as "createdAt" from made`;
  return row;
}

/** Cancels a call nobody has begun to dial. Answers the status it was found in; undefined when there is no such call. */
export async function cancelCall(sql: Sql, tenantId: number, callId: number): Promise<{ before: string; cancelled: boolean } | undefined> {
  const [row] = await sql<Array<{ before: string; cancelled: boolean }>>`
    with old as (
      select id, status from calls where tenant_id = ${tenantId} and id = ${callId} for update
    ), moved as (
      update calls c set status = 'cancelled', ended_at = now(), due_at = null, queued_at = null, updated_at = now()
        from old where c.id = old.id and old.status in ('unscheduled', 'scheduled', 'queued')
      returning c.id
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status)
      select moved.id, 'cancel', old.status, 'cancelled' from moved join old using (id)
    )
    select status as before, exists (select from moved) as cancelled from old`;
  return row;
}
