import { allowedFrom, type CallEventType, type CallStatus, leadsTo, LIVE } from '../../core/call.ts';
import type { StoredVerdict } from '../../core/gate.ts';
import type { Sql } from '../client.ts';
import { releasePeople } from './people-release.ts';
import { firstMinutePrice } from './rates.ts';
import { countedColumns, rollUps } from './roll-ups.ts';
import { tellOfCalls } from './webhook-events.ts';

/** The carrier took the request: its id is kept, the status waits for the carrier's own words. */
export async function recordPlaced(
  sql: Sql,
  placed: ReadonlyArray<{ callId: number; token: string; carrierCallId: string }>,
  checkSeconds: number,
): Promise<void> {
  await sql`
    update calls c set carrier_call_id = asked.carrier_call_id, updated_at = now(),
           check_at = greatest(c.check_at, now() + ${checkSeconds} * interval '1 second')
      from unnest(${placed.map((p) => p.callId)}::bigint[], ${placed.map((p) => p.token)}::uuid[], ${placed.map((p) => p.carrierCallId)}::text[])
           as asked(id, token, carrier_call_id)
     where c.id = asked.id and c.claim_token = asked.token and c.carrier_call_id is null`;
}

type Step = Extract<CallEventType, 'lose' | 'fail' | 'refuse' | 'ring' | 'answer'>;

/** What of a step is told to those who listen: a call starts when it first rings, or is answered without having rung. */
function told(sql: Sql, type: Step) {
  if (type === 'lose' || type === 'refuse') return sql``;
  const started = type === 'ring' ? sql`true` : type === 'answer' ? sql`m.from_status <> 'ringing'` : undefined;
  return sql`${tellOfCalls(sql, started ? { started } : { ended: sql`true` })},`;
}

interface Change {
  callId: number;
  /** the claim that this step belongs to: a word about an earlier dial of the row moves nothing */
  token: string;
  carrierCallId?: string;
  /** why, in words a person reads */
  reason?: string;
  answeredBy?: string;
  /** its answer is known only from what came after: it is taken to be when it rang */
  isAnswerUnheard?: boolean;
  carrierAt?: Date;
  /** when the watchdog looks at it next, in seconds from now */
  checkSeconds?: number;
  /** refused: how long it is passed over until it may be asked for again, its place in line kept */
  againInMs?: number;
  verdict?: StoredVerdict;
}

/**
 * One step of one call, with its event. True when the call took it; false when the step came too late, twice, or from
 * somebody whose claim is over.
 */
export async function takeStep(sql: Sql, type: Step, change: Change): Promise<boolean> {
  const to: CallStatus = leadsTo({ type });
  const over = type === 'fail' || type === 'refuse';
  const rows = await sql`
    with old as (
      select id, status from calls
       where id = ${change.callId} and status = any(${allowedFrom(type) as string[]}::text[]) and claim_token = ${change.token}::uuid
         and (${change.carrierCallId ?? null}::text is null or carrier_call_id is null or carrier_call_id = ${change.carrierCallId ?? null})
         for update
    ), moved as (
      update calls c set status = ${to}, updated_at = now(),
             carrier_call_id = coalesce(c.carrier_call_id, ${change.carrierCallId ?? null}),
             failure_reason = case when ${type === 'lose' || type === 'fail'} then ${change.reason ?? null} end,
             answered_by = coalesce(${change.answeredBy ?? null}, c.answered_by),
             ringing_at = case when ${to} = 'ringing' then now() else c.ringing_at end,
             answered_at = case when ${to} <> 'in_progress' then c.answered_at
                                when ${change.isAnswerUnheard ?? false} then coalesce(c.ringing_at, c.claimed_at) else now() end,
             ended_at = case when ${to} = 'failed' then now() else c.ended_at end,
             check_at = case when ${over} then null else now() + ${change.checkSeconds ?? 0} * interval '1 second' end,
             checks = 0, denials = 0,
             held_until = case when ${(change.againInMs ?? 0) > 0} then now() + ${change.againInMs ?? 0} * interval '1 millisecond' end,
             refusals = c.refusals + case when ${type === 'refuse'} then 1 else 0 end,
             verdict = coalesce(${change.verdict ? JSON.stringify(change.verdict) : null}::jsonb, c.verdict)
        from old where c.id = old.id
      returning c.id, old.status as from_status, c as whole, ${countedColumns(sql)}
    ), ${told(sql, type)} freed as (
      delete from capacity_leases l using moved where l.call_id = moved.id and ${over}
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status, carrier_at, detail)
      select id, ${type}, from_status, ${to}, ${change.carrierAt?.toISOString() ?? null}::timestamptz,
             ${change.reason ? JSON.stringify({ reason: change.reason }) : null}::jsonb
        from moved
    )${type === 'fail' ? sql`, ${rollUps(sql)}, ${releasePeople(sql)}` : sql``}
    select id from moved`;
  return rows.length > 0;
}

/**
 * The carrier speaks of a dial that we had given up as never placed, and the row waits to be dialed again: that dial is
 * the one that counts. The row takes its place under the caps again and is not dialed; the carrier's word comes next.
 */
export async function reviveCall(
  sql: Sql,
  attempt: { callId: number; token: string },
  carrierCallId: string,
  leaseSeconds: number,
): Promise<void> {
  await sql`
    with old as (
      select id, status from calls
       where id = ${attempt.callId} and status = any(${allowedFrom('revive') as string[]}::text[]) and claim_token = ${attempt.token}::uuid
         for update
    ), moved as (
      update calls c set status = ${leadsTo({ type: 'revive' })}, carrier_call_id = ${carrierCallId}, queued_at = null,
             checks = 0, denials = 0, verdict = jsonb_build_object('answer', 'dial', 'at', now()), check_at = now(), updated_at = now()
        from old where c.id = old.id
      returning c.id, c.tenant_id, c.campaign_id, c.agent_id, c.carrier, c.to_number, old.status as from_status
    ), leased as (
      insert into capacity_leases (call_id, tenant_id, campaign_id, agent_id, carrier, to_number, hold, expires_at)
      select id, tenant_id, campaign_id, agent_id, carrier, to_number, ${firstMinutePrice(sql)}, now() + ${leaseSeconds} * interval '1 second'
        from moved c
      on conflict (call_id) do nothing
    )
    insert into call_events (call_id, type, from_status, to_status)
    select id, 'revive', from_status, ${leadsTo({ type: 'revive' })} from moved`;
}

/**
 * A word that is no step (queued, a second report of the answer) still tells the carrier's id and who picked up. What is
 * known already stays.
 */
export async function noteFacts(
  sql: Sql,
  attempt: { callId: number; token: string },
  facts: { carrierCallId: string; answeredBy?: string },
): Promise<void> {
  await sql`
    update calls set carrier_call_id = coalesce(carrier_call_id, ${facts.carrierCallId}),
           answered_by = coalesce(answered_by, ${facts.answeredBy ?? null}), updated_at = now()
     where id = ${attempt.callId} and claim_token = ${attempt.token}::uuid and status = any(${LIVE as string[]}::text[])
       and (carrier_call_id is null or (carrier_call_id = ${facts.carrierCallId} and answered_by is null and ${facts.answeredBy !== undefined}))`;
}

/**
 * Somebody told that a talk is over, but not how long it was: keeps when, by the word's own moment where it has one that can be. The
 * first such word counts. One that came in holds its place no longer; of an outbound one the place is also the money that it may cost.
 */
export async function noteOver(sql: Sql, attempt: { callId: number; token: string }, carrierAt: Date | undefined): Promise<void> {
  await sql`
    with told as (
      update calls set updated_at = now(), over_at = case when told_at between answered_at and now() then told_at else now() end
        from (select ${carrierAt?.toISOString() ?? null}::timestamptz as told_at) word
       where id = ${attempt.callId} and claim_token = ${attempt.token}::uuid and status = 'in_progress' and over_at is null
      returning id, direction
    )
    delete from capacity_leases l using told where l.call_id = told.id and told.direction = 'inbound'`;
}

/**
 * Seconds that somebody talked in a dial which took so long altogether: from its answer, or from when it rang where we never heard of
 * one, until we were told that it was over, or until the end of that span.
 */
export async function talkWithin(sql: Sql, attempt: { callId: number; token: string }, spanSeconds: number): Promise<number> {
  const [row] = await sql<Array<{ seconds: number }>>`
    select greatest(0, coalesce(extract(epoch from over_at - began_at), ${spanSeconds} - extract(epoch from began_at - claimed_at)))::float8 as seconds
      from calls cross join lateral (select coalesce(answered_at, ringing_at, claimed_at)) as of_talk(began_at)
     where id = ${attempt.callId} and claim_token = ${attempt.token}::uuid`;
  return Math.round(row?.seconds ?? 0);
}
