import type { StoredVerdict } from '../../core/gate.ts';
import type { Sql } from '../client.ts';
import { countedColumns, rollUps } from './roll-ups.ts';
import { tellOfCalls } from './webhook-events.ts';

interface Judged {
  callId: number;
  verdict: StoredVerdict;
}

export interface Waiting extends Judged {
  /** its new place in line; undefined: it keeps the one it has */
  dueAt: Date | undefined;
  /** until then it is passed over */
  heldUntil: Date | undefined;
}

export interface Dropped extends Judged {
  reason: string;
}

export interface Admitted extends Judged {
  from: string;
  /** credit that is spoken for while it is in flight */
  hold: number;
}

/** Calls that may not ring now go back to wait, with the reason; one that already waits keeps waiting. */
export async function putBack(sql: Sql, waiting: readonly Waiting[]): Promise<void> {
  if (waiting.length === 0) return;
  await sql`
    with asked as (
      select * from unnest(${waiting.map((w) => w.callId)}::bigint[], ${waiting.map((w) => w.dueAt?.toISOString() ?? null)}::timestamptz[],
                           ${waiting.map((w) => w.heldUntil?.toISOString() ?? null)}::timestamptz[],
                           ${waiting.map((w) => JSON.stringify(w.verdict))}::jsonb[]) as t(id, due_at, held_until, verdict)
    ), old as (
      select c.id, c.status from calls c join asked using (id) where c.status in ('scheduled', 'queued') for update of c
    ), moved as (
      update calls c set status = 'scheduled', due_at = coalesce(asked.due_at, c.due_at), held_until = asked.held_until,
             queued_at = null, verdict = asked.verdict, updated_at = now()
        from asked, old where c.id = asked.id and old.id = c.id
      returning c.id, old.status as from_status, c.verdict
    )
    insert into call_events (call_id, type, from_status, to_status, detail)
    select id, 'wait', from_status, 'scheduled', verdict from moved where from_status <> 'scheduled'`;
}

/** Calls that will never ring end here, with the reason a person reads. */
export async function drop(sql: Sql, dropped: readonly Dropped[]): Promise<void> {
  if (dropped.length === 0) return;
  await sql`
    with asked as (
      select * from unnest(${dropped.map((d) => d.callId)}::bigint[], ${dropped.map((d) => d.reason)}::text[],
                           ${dropped.map((d) => JSON.stringify(d.verdict))}::jsonb[]) as t(id, reason, verdict)
    ), old as (
      select c.id, c.status from calls c join asked using (id) where c.status in ('scheduled', 'queued') for update of c
    ), moved as (
      update calls c set status = 'failed', failure_reason = asked.reason, verdict = asked.verdict, ended_at = now(),
             due_at = null, queued_at = null, updated_at = now()
        from asked, old where c.id = asked.id and old.id = c.id
      returning c.id, old.status as from_status, c.verdict, c as whole, ${countedColumns(sql)}
    ), ${tellOfCalls(sql, { ended: sql`true` })}, ${rollUps(sql)}
    insert into call_events (call_id, type, from_status, to_status, detail)
    select id, 'fail', from_status, 'failed', verdict from moved`;
}

export interface Queued {
  callId: number;
  queueRound: number;
  traceparent: string | null;
}

/** What a claim gives: the fencing token, and the trace that the call belongs to. */
export interface Claim {
  callId: number;
  token: string;
  traceparent: string | null;
}

/** Due and admitted: each gets its place in the queue and a job id of its own. */
export async function putInQueue(sql: Sql, admitted: readonly Judged[]): Promise<Queued[]> {
  if (admitted.length === 0) return [];
  return sql<Queued[]>`
    with asked as (
      select * from unnest(${admitted.map((a) => a.callId)}::bigint[], ${admitted.map((a) => JSON.stringify(a.verdict))}::jsonb[])
        with ordinality as t(id, verdict, place)
    ), moved as (
      update calls c set status = 'queued', held_until = null, queued_at = now(), queue_round = c.queue_round + 1, verdict = asked.verdict, updated_at = now()
        from asked where c.id = asked.id and c.status = 'scheduled'
      returning c.id, c.queue_round, c.traceparent
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status) select id, 'enqueue', 'scheduled', 'queued' from moved
    )
    select moved.id as "callId", moved.queue_round as "queueRound", moved.traceparent from moved join asked using (id) order by asked.place`;
}

/**
 * The right to dial: the row, its fencing token, its lease, its event, the carrier's next turn and that of
 * campaigns that pause between calls, in one statement.
 * Whoever holds another token changes nothing any more.
 */
export async function claim(
  sql: Sql,
  admitted: readonly Admitted[],
  by: { carrier: string; nextStartAt: Date; nextCallAts: ReadonlyMap<number, Date>; leaseSeconds: number; checkSeconds: number },
): Promise<Map<number, Claim>> {
  if (admitted.length === 0) return new Map();
  const rows = await sql<Claim[]>`
    with asked as (
      select * from unnest(${admitted.map((a) => a.callId)}::bigint[], ${admitted.map((a) => a.from)}::text[],
                           ${admitted.map((a) => String(a.hold))}::numeric[], ${admitted.map((a) => JSON.stringify(a.verdict))}::jsonb[])
        as t(id, from_number, hold, verdict)
    ), moved as (
      update calls c set status = 'dialing', claim_token = gen_random_uuid(), claimed_at = clock_timestamp(), from_number = asked.from_number,
             carrier = ${by.carrier}, carrier_call_id = null, verdict = asked.verdict, queued_at = null, checks = 0, denials = 0, over_at = null,
             check_at = clock_timestamp() + ${by.checkSeconds} * interval '1 second', updated_at = now()
        from asked where c.id = asked.id and c.status = 'queued'
      returning c.id, c.claim_token, c.traceparent, c.tenant_id, c.campaign_id, c.agent_id, c.to_number, asked.hold
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status) select id, 'claim', 'queued', 'dialing' from moved
    ), leased as (
      insert into capacity_leases (call_id, tenant_id, campaign_id, agent_id, carrier, to_number, hold, expires_at)
      select id, tenant_id, campaign_id, agent_id, ${by.carrier}, to_number, hold, clock_timestamp() + ${by.leaseSeconds} * interval '1 second' from moved
      on conflict (call_id) do update set expires_at = excluded.expires_at, hold = excluded.hold
    ), paused as (
      update campaigns set next_call_at = p.at
        from (select c.id, asked_for.at from campaigns c
                join unnest(${[...by.nextCallAts.keys()]}::bigint[], ${[...by.nextCallAts.values()].map((at) => at.toISOString())}::timestamptz[])
                  as asked_for(id, at) on asked_for.id = c.id
               order by c.id for no key update of c) p
       where campaigns.id = p.id
    ), paced as (
      update carrier_pace set next_start_at = ${by.nextStartAt} where carrier = ${by.carrier}
    )
    select id as "callId", claim_token::text as token, traceparent from moved`;
  return new Map(rows.map((row) => [row.callId, row]));
}
