import type { Sql } from '../client.ts';
import { firstMinutePrice } from './rates.ts';
import { tellOfCalls } from './webhook-events.ts';

/** A call at the carrier that has a row. */
export interface KnownLine {
  callId: number;
  token: string;
}

/** The row of a carrier's call; undefined when it has none. */
export async function findLine(sql: Sql, carrier: string, carrierCallId: string): Promise<KnownLine | undefined> {
  const [row] = await sql<KnownLine[]>`
    select id as "callId", claim_token::text as token
      from calls where carrier = ${carrier} and carrier_call_id = ${carrierCallId} and claim_token is not null`;
  return row;
}

export interface Arrival {
  carrier: string;
  carrierCallId: string;
  /** E.164; undefined when it is withheld */
  from: string | undefined;
  /** E.164, a number of ours */
  to: string;
  /** E.164, the platform's own: no tenant gets its calls for having entered it */
  platformNumber: string;
  checkSeconds: number;
  leaseSeconds: number;
}

/**
 * Somebody calls one of our numbers: a row, ringing, for the agent that answers the number, in flight like any other call. Whose number
 * it is: of the tenant that has it from the carrier, else of the first that entered it, since anybody may enter any number later. It stays
 * theirs while they have it set inactive. Told twice it is one row. Undefined when nobody has the number, or no agent answers it; and when
 * the call has a row already.
 */
export async function insertArrival(sql: Sql, arrival: Arrival): Promise<KnownLine | undefined> {
  const { carrier, carrierCallId, from, to, platformNumber, checkSeconds, leaseSeconds } = arrival;
  const [row] = await sql<KnownLine[]>`
    with owner as materialized (
      select tenant_id, agent_id, is_active from phone_numbers
       where number = ${to} and (carrier = ${carrier} or (carrier is null and number <> ${platformNumber}))
       order by carrier is null, id limit 1
    ), moved as (
      insert into calls as c (tenant_id, agent_id, direction, status, from_number, to_number, carrier, carrier_call_id, claim_token,
                              claimed_at, ringing_at, check_at)
      select o.tenant_id, o.agent_id, 'inbound', 'ringing', ${from ?? null}, ${to}, ${carrier}, ${carrierCallId}, gen_random_uuid(),
             now(), now(), now() + ${checkSeconds} * interval '1 second'
        from owner o
        join tenants t on t.id = o.tenant_id and t.is_active
        join agents a on a.tenant_id = o.tenant_id and a.id = o.agent_id and a.is_active and a.deleted_at is null
       where o.is_active
      on conflict (carrier, carrier_call_id) where carrier_call_id is not null do nothing
      returning c.id, c as whole
    ), leased as (
      insert into capacity_leases (call_id, tenant_id, agent_id, carrier, to_number, hold, expires_at)
      select c.id, (c.whole).tenant_id, (c.whole).agent_id, ${carrier}, ${from ?? to},
             (select ${firstMinutePrice(sql)} from (select (m.whole).tenant_id from moved m where m.id = c.id) c),
             now() + ${leaseSeconds} * interval '1 second'
        from moved c
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status) select id, 'arrive', 'unscheduled', 'ringing' from moved
    ), ${tellOfCalls(sql, { started: sql`true` })}
    select id as "callId", (whole).claim_token::text as token from moved`;
  return row;
}
