import type { PendingQuery, Row } from 'postgres';
import { type EventType, TEST_EVENT } from '../../core/webhook.ts';
import type { Sql } from '../client.ts';

type Fragment = PendingQuery<Row[]>;

export interface NewEvent {
  tenantId: number;
  type: EventType;
  eventId: string;
  /** the body as the receiver reads it */
  payload: Record<string, unknown>;
}

/** Those of the tenants that have an endpoint which wants a type of event. */
export async function whoListens(sql: Sql, tenantIds: readonly number[], type: string): Promise<Set<number>> {
  const rows = await sql<Array<{ tenantId: number }>>`
    select distinct tenant_id as "tenantId" from webhook_endpoints
     where tenant_id = any(${tenantIds as number[]}::bigint[]) and is_active and ${type} = any(events)`;
  return new Set(rows.map((row) => row.tenantId));
}

/** Writes events down, in their order, for every endpoint of their tenants that listens to them; without any this is one look into an index. */
export async function insertEvents(sql: Sql, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into webhook_deliveries (tenant_id, endpoint_id, event_id, event_type, payload, next_attempt_at)
    select e.tenant_id, e.id, event.id, event.type, event.payload, now()
      from unnest(${events.map((e) => e.tenantId)}::bigint[], ${events.map((e) => e.eventId)}::uuid[], ${events.map((e) => e.type)}::text[],
                  ${events.map((e) => JSON.stringify(e.payload))}::text[]::jsonb[]) with ordinality as event(tenant_id, id, type, payload, place)
      join webhook_endpoints e on e.tenant_id = event.tenant_id and e.is_active and event.type = any(e.events)
     order by event.place`;
}

/** The same for one endpoint, whatever it listens to: somebody tries it out. */
export async function insertTestEvent(sql: Sql, endpoint: { tenantId: number; id: number }, event: Omit<NewEvent, 'tenantId' | 'type'>) {
  const [row] = await sql<Array<{ id: number }>>`
    insert into webhook_deliveries (tenant_id, endpoint_id, event_id, event_type, payload, next_attempt_at)
    values (${endpoint.tenantId}, ${endpoint.id}, ${event.eventId}, ${TEST_EVENT}, ${JSON.stringify(event.payload)}::jsonb, now())
    returning id`;
  if (!row) throw new Error('An insert without a row');
  return row.id;
}

/**
 * A CTE that writes `call.started` and `call.ended` down, for statements that move calls. Such a statement has a CTE
 * `moved` with the whole row as it is now (`returning c as whole`); `started` and `ended` say which of `moved m` that is true
 * of. A call has each event once: its id is made of both, so a second one finds the first.
 */
export function tellOfCalls(sql: Sql, happened: { started?: Fragment; ended?: Fragment }) {
  const never = sql`false`;
  return sql`told as (
    insert into webhook_deliveries (tenant_id, endpoint_id, event_id, event_type, payload, next_attempt_at)
    select e.tenant_id, e.id, md5(event.type || ':' || (m.whole).id)::uuid, event.type,
           jsonb_build_object('type', event.type, 'timestamp', ${iso(sql, sql`now()`)}, 'data', jsonb_build_object(
             'id', (m.whole).id, 'callId', 'call_' || (m.whole).id, 'direction', (m.whole).direction, 'status', (m.whole).status,
             'to', (m.whole).to_number, 'from', (m.whole).from_number, 'agentId', (m.whole).agent_id,
             'campaignId', (m.whole).campaign_id, 'leadId', (m.whole).contact_id,
             'originalCallId', (m.whole).original_call_id, 'retryAttempt', (m.whole).retry_attempt,
             'createdAt', ${iso(sql, sql`(m.whole).created_at`)}, 'ringingAt', ${iso(sql, sql`(m.whole).ringing_at`)},
             'answeredAt', ${iso(sql, sql`(m.whole).answered_at`)}, 'endedAt', ${iso(sql, sql`(m.whole).ended_at`)},
             'durationSeconds', (m.whole).duration_seconds, 'answeredBy', (m.whole).answered_by,
             'disposition', (m.whole).disposition, 'failureReason', (m.whole).failure_reason)),
           now()
      from moved m
      join webhook_endpoints e on e.tenant_id = (m.whole).tenant_id and e.is_active
     cross join lateral (values (1, 'call.started', ${happened.started ?? never}), (2, 'call.ended', ${happened.ended ?? never}))
           as event(place, type, happened)
     where event.happened and event.type = any(e.events)
     order by (m.whole).id, event.place
    on conflict (endpoint_id, event_id) do nothing
  )`;
}

function iso(sql: Sql, moment: Fragment) {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
