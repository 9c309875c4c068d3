import type { Outcome } from '../../core/call.ts';
import { allowedFrom } from '../../core/call.ts';
import type { Component, Rate, Unit } from '../../core/money.ts';
import type { Sql } from '../client.ts';
import { releasePeople } from './people-release.ts';
import { chargeRollUp, countedColumns, rollUps } from './roll-ups.ts';
import { tellOfCalls } from './webhook-events.ts';

/** What a live call used up, and what its tenant pays for it. */
export interface Bill {
  callId: number;
  tenantId: number;
  answeredBy: string | undefined;
  /** it was for a person, without a flow before, and none was connected */
  isUnmet: boolean;
  /** nobody was found for it in time, and we gave it up */
  isGivenUp: boolean;
  spokenCharacters: number;
  tokens: number;
  rates: Rate[];
}

export async function readBills(sql: Sql, callIds: readonly number[]): Promise<Map<number, Bill>> {
  const rows = await sql<Array<Omit<Bill, 'rates'> & { rates: Array<{ component: Component; unit: Unit; price: string }> }>>`
    select c.id as "callId", c.tenant_id as "tenantId", c.answered_by as "answeredBy",
           c.bridged_at is null and c.flow_version is null and exists (select from agents a where a.id = c.agent_id and a.kind = 'human') as "isUnmet", c.abandoned_at is not null as "isGivenUp",
           coalesce(spoken.characters, 0) as "spokenCharacters", coalesce(spoken.tokens, 0) as tokens,
           (select json_agg(r) from (
              select distinct on (component) component, unit, price::text from rates
               where tenant_id in (0, c.tenant_id) order by component, tenant_id desc) r) as rates
      from calls c
      left join lateral (
        select sum(length(content)) filter (where role = 'assistant') as characters, sum(tokens) as tokens
          from transcript_turns where call_id = c.id) spoken on true
     where c.id = any(${callIds as number[]})`;
  return new Map(
    rows.map((row) => [row.callId, { ...row, rates: (row.rates ?? []).map((rate) => ({ ...rate, price: Number(rate.price) })) }]),
  );
}

export interface Ending {
  callId: number;
  /** the claim that ended: the end of an earlier dial is not the end of this one */
  token: string;
  carrierCallId: string | undefined;
  outcome: Outcome;
  durationSeconds: number;
  reason: string | undefined;
  /** what its event says where there is no reason */
  note?: string;
  /** nobody could tell how it ended: it may have rung, so it is not tried again */
  isUntold?: boolean;
  answeredBy: string | undefined;
  carrierAt: Date | undefined;
  /** told together with the end, by carriers that tell of nothing before */
  answeredAt?: Date;
}

export interface ChargeRow {
  callId: number;
  component: Component;
  amount: number;
  quantity: number;
  unitPrice: number;
  description: string;
}

/** The end came before any word of the beginning, and shows that there was one. */
function beganUnseen(sql: Sql) {
  return sql`m.from_status in ('dialing', 'unknown') and m.status in ('completed', 'voicemail', 'abandoned', 'no_answer')`;
}

/**
 * Ends calls once and for all, in one statement: status, event, charges, credit (with the refill that keeps it from falling
 * below nought, where the account has one), the place under the caps, the roll-ups. A call that
 * has already ended is left as it is and charged nothing. Whether an unsuccessful one is tried again is open from then on, unless
 * somebody had answered it, or nobody could tell how it ended. Answers the ids that ended now.
 */
export async function endCalls(sql: Sql, endings: readonly Ending[], charges: readonly ChargeRow[]): Promise<Set<number>> {
  if (endings.length === 0) return new Set();
  const rows = await sql<Array<{ id: number }>>`
    with asked as (
      select * from unnest(${endings.map((e) => e.callId)}::bigint[], ${endings.map((e) => e.carrierCallId ?? null)}::text[],
                           ${endings.map((e) => e.outcome)}::text[], ${endings.map((e) => e.durationSeconds)}::int[],
                           ${endings.map((e) => e.reason ?? null)}::text[], ${endings.map((e) => e.answeredBy ?? null)}::text[],
                           ${endings.map((e) => e.carrierAt?.toISOString() ?? null)}::timestamptz[], ${endings.map((e) => e.token)}::uuid[],
                           ${endings.map((e) => e.answeredAt?.toISOString() ?? null)}::timestamptz[], ${endings.map((e) => e.note ?? null)}::text[],
                           ${endings.map((e) => String(e.isUntold ?? false))}::text[]::boolean[])
        as t(id, carrier_call_id, outcome, duration, reason, answered_by, carrier_at, token, answered_at, note, untold)
    ), priced as (
      select * from unnest(${charges.map((c) => c.callId)}::bigint[], ${charges.map((c) => c.component)}::text[],
                           ${charges.map((c) => String(c.amount))}::numeric[], ${charges.map((c) => String(c.quantity))}::numeric[],
                           ${charges.map((c) => String(c.unitPrice))}::numeric[], ${charges.map((c) => c.description)}::text[])
        as t(call_id, component, amount, quantity, unit_price, description)
    ), old as (
      select c.id, c.status from calls c join asked using (id)
       where c.status = any(${allowedFrom('end') as string[]}::text[]) and c.claim_token = asked.token
         and (asked.carrier_call_id is null or c.carrier_call_id is null or c.carrier_call_id = asked.carrier_call_id)
       order by c.id for update of c
    ), moved as (
      update calls c set status = asked.outcome, ended_at = now(), duration_seconds = asked.duration, failure_reason = asked.reason,
             answered_by = coalesce(asked.answered_by, c.answered_by), answered_at = coalesce(c.answered_at, asked.answered_at), carrier_call_id = coalesce(c.carrier_call_id, asked.carrier_call_id),
             cost = coalesce((select sum(p.amount) from priced p where p.call_id = c.id), 0),
             check_at = null, 
             retry_open = c.direction = 'outbound' and not asked.untold and asked.outcome <> 'completed' and (asked.outcome <> 'failed' or coalesce(c.answered_at, asked.answered_at) is null), updated_at = now()
        from asked, old where c.id = asked.id and old.id = c.id
      returning c.id, old.status as from_status, asked.carrier_at, coalesce(asked.reason, asked.note) as reason, c as whole, ${countedColumns(sql)}
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status, carrier_at, detail)
      select id, 'end', from_status, status, carrier_at, case when reason is not null then jsonb_build_object('reason', reason) end from moved
    ), ${tellOfCalls(sql, { started: beganUnseen(sql), ended: sql`true` })}, freed as (
      delete from capacity_leases l using moved where l.call_id = moved.id
    ), charged as (
      insert into ledger_entries (tenant_id, call_id, kind, component, amount, quantity, unit_price, description)
      select moved.tenant_id, moved.id, 'charge', p.component, -p.amount, p.quantity, p.unit_price, p.description
        from priced p join moved on moved.id = p.call_id
      returning tenant_id, call_id, component, amount
    ), sums as (
      select tenant_id, sum(amount) as amount from charged group by tenant_id
    ), accounts as materialized (
      select a.* from credit_accounts a join sums using (tenant_id) order by a.tenant_id for update of a
    ), refilled as (
      insert into ledger_entries (tenant_id, kind, amount, description)
      select a.tenant_id, 'refill', a.refill_amount * ceil(-(a.balance + sums.amount) / a.refill_amount), 'Automatic refill'
        from accounts a join sums using (tenant_id)
       where a.auto_refill and a.balance + sums.amount < 0
      returning tenant_id, amount
    ), billed as (
      update credit_accounts c
         set balance = a.balance + sums.amount + coalesce((select r.amount from refilled r where r.tenant_id = a.tenant_id), 0),
             used = a.used - sums.amount, updated_at = now()
        from accounts a join sums using (tenant_id) where c.tenant_id = a.tenant_id
    ), ${rollUps(sql)}, ${chargeRollUp(sql)}, ${releasePeople(sql)}
    select id from moved`;
  return new Set(rows.map((row) => row.id));
}
