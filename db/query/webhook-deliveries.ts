import type { DeliveryStatus } from '../../core/webhook.ts';
import type { Sql } from '../client.ts';

/** Handed to the queue, and nobody else's until its lease is over. */
export interface Leased {
  deliveryId: number;
  /** how often it was tried before */
  attempts: number;
}

/**
 * Takes deliveries that are due, of every endpoint as many as it has places left, the longest due first: a receiver that is slow,
 * or down, holds up its own events and no others. An endpoint at which nothing arrives has one place.
 */
export async function leaseDue(sql: Sql, limits: { perEndpoint: number; leaseSeconds: number }): Promise<Leased[]> {
  return sql<Leased[]>`
    with recursive waiting as (
      (select endpoint_id from webhook_deliveries where status = 'pending' order by endpoint_id limit 1)
      union all
      select (select d.endpoint_id from webhook_deliveries d where d.status = 'pending' and d.endpoint_id > w.endpoint_id
               order by d.endpoint_id limit 1)
        from waiting w where w.endpoint_id is not null
    ), due as (
      select d.id
        from waiting w
        join webhook_endpoints e on e.id = w.endpoint_id and e.is_active,
             lateral (
               select p.id from webhook_deliveries p
                where p.endpoint_id = e.id and p.status = 'pending' and p.next_attempt_at <= ${justNow(sql)}
                order by p.next_attempt_at
                limit greatest(0, case when e.failing_since is null then ${limits.perEndpoint}::int else 1 end
                  - (select count(*) from webhook_deliveries b
                      where b.endpoint_id = e.id and b.status = 'pending' and b.leased_until > now()
                        and b.next_attempt_at > now() and b.next_attempt_at <= now() + ${limits.leaseSeconds} * interval '1 second'))
                  for update skip locked
             ) d
    )
    update webhook_deliveries d set leased_until = now() + ${limits.leaseSeconds} * interval '1 second',
           next_attempt_at = now() + ${limits.leaseSeconds} * interval '1 second'
      from due where d.id = due.id
    returning d.id as "deliveryId", d.attempts`;
}

/** One attempt that has begun: what is to be sent, and where. */
export interface Attempt extends Leased {
  endpointId: number;
  tenantId: number;
  eventId: string;
  eventType: string;
  payload: Record<string, unknown>;
  failures: number;
  url: string;
  secretEncrypted: string;
  /** null: none, or its time is over */
  oldSecretEncrypted: string | null;
}

/**
 * Begins an attempt, which counts from now on, whatever becomes of us: at a delivery, if it is leased, or at the next of an endpoint
 * that is due. Undefined: there is nothing to do.
 */
export async function beginAttempt(
  sql: Sql,
  which: { deliveryId: number } | { dueOfEndpoint: number },
  leaseSeconds: number,
): Promise<Attempt | undefined> {
  const chosen =
    'deliveryId' in which
      ? sql`id = ${which.deliveryId} and status = 'pending' and leased_until is not null`
      : sql`id = (select id from webhook_deliveries
                   where endpoint_id = ${which.dueOfEndpoint} and status = 'pending' and next_attempt_at <= ${justNow(sql)}
                   order by next_attempt_at limit 1 for update skip locked)`;
  const [row] = await sql<Attempt[]>`
    with begun as (
      update webhook_deliveries set attempts = attempts + 1, last_attempt_at = now(),
             leased_until = now() + ${leaseSeconds} * interval '1 second', next_attempt_at = now() + ${leaseSeconds} * interval '1 second'
       where ${chosen} and endpoint_id in (select id from webhook_endpoints where is_active)
      returning *
    )
    select d.id as "deliveryId", d.attempts, d.endpoint_id as "endpointId", d.tenant_id as "tenantId", d.event_id as "eventId",
           d.event_type as "eventType", d.payload, d.failures, e.url, e.secret_encrypted as "secretEncrypted",
           case when e.old_secret_until > now() then e.old_secret_encrypted end as "oldSecretEncrypted"
      from begun d join webhook_endpoints e on e.id = d.endpoint_id`;
  return row;
}

/** How an attempt ended. */
export interface AttemptEnd {
  statusCode: number | undefined;
  /** in words; undefined: it was delivered */
  error: string | undefined;
  /** undefined: nobody tries again by themselves */
  againInMs: number | undefined;
}

/**
 * Writes down how an attempt ended, on the delivery and on its endpoint, which is switched off when it says so itself
 * (`disables`) or when nothing has arrived there for `disableAfterMs`. An attempt that somebody has taken over changes nothing.
 * True when the endpoint was switched off.
 */
export async function endAttempt(
  sql: Sql,
  { deliveryId, attempts, endpointId }: Pick<Attempt, 'deliveryId' | 'attempts' | 'endpointId'>,
  { statusCode, error, againInMs }: AttemptEnd,
  health: { disables: string | undefined; disableAfterMs: number },
): Promise<boolean> {
  const status: DeliveryStatus = error === undefined ? 'delivered' : againInMs === undefined ? 'dead' : 'pending';
  const rows = await sql<Array<{ disabled: boolean }>>`
    with ended as (
      update webhook_deliveries set status = ${status}, leased_until = null, last_status_code = ${statusCode ?? null}, last_error = ${error ?? null},
             failures = failures + ${error === undefined ? 0 : 1}, delivered_at = case when ${status} = 'delivered' then now() end,
             next_attempt_at = now() + ${againInMs ?? null}::float8 * interval '1 millisecond'
       where id = ${deliveryId} and attempts = ${attempts} and status = 'pending'
      returning id
    ), judged as (
      select e.id, e.is_active, coalesce(${health.disables ?? null}::text, case when e.failing_since < now() - ${health.disableAfterMs} * interval '1 millisecond'
               then 'Nothing could be delivered for ' || round(${health.disableAfterMs}::numeric / 86400000, 1)::float8 || ' days' end) as reason
        from webhook_endpoints e where e.id = ${endpointId} and ${error !== undefined} and exists (select from ended)
    )
    update webhook_endpoints e
       set failing_since = case when ${error !== undefined} then coalesce(e.failing_since, now()) end,
           is_active = e.is_active and judged.reason is null,
           disabled_at = case when e.is_active and judged.reason is not null then now() else e.disabled_at end,
           disabled_reason = case when e.is_active and judged.reason is not null then judged.reason else e.disabled_reason end
      from ended left join judged on true
     where e.id = ${endpointId} and (judged.id is not null or e.failing_since is not null)
    returning judged.is_active and not e.is_active as disabled`;
  return rows[0]?.disabled ?? false;
}

export interface Delivery {
  id: number;
  endpointId: number;
  eventId: string;
  eventType: string;
  payload: Record<string, unknown>;
  status: DeliveryStatus;
  attempts: number;
  nextAttemptAt: Date | null;
  lastAttemptAt: Date | null;
  lastStatusCode: number | null;
  lastError: string | null;
  createdAt: Date;
  deliveredAt: Date | null;
}

export interface DeliveryFilter {
  tenantId: number;
  endpointId: number;
  status: DeliveryStatus | undefined;
}

/** A page of an endpoint's deliveries, newest first. */
export async function listDeliveries(sql: Sql, filter: DeliveryFilter, page: { limit: number; offset: number }): Promise<Delivery[]> {
  return sql<Delivery[]>`
    select ${columns(sql)} from webhook_deliveries where ${matching(sql, filter)}
     order by created_at desc, id desc limit ${page.limit} offset ${page.offset}`;
}

/** How many there are, counting no further than `most`. */
export async function countDeliveries(sql: Sql, filter: DeliveryFilter, most?: number): Promise<number> {
  const found = sql`from webhook_deliveries where ${matching(sql, filter)}`;
  const [row] = await (most === undefined
    ? sql<Array<{ total: number }>>`select count(*) as total ${found}`
    : sql<Array<{ total: number }>>`select count(*) as total from (select 1 ${found} limit ${most}) counted`);
  return row?.total ?? 0;
}

/** Due at once, its pauses from the beginning; what somebody is at stays with them. Undefined: the tenant has no such delivery. */
export async function replayDelivery(sql: Sql, tenantId: number, id: number): Promise<Delivery | undefined> {
  const [row] = await sql<Delivery[]>`
    update webhook_deliveries set status = 'pending', failures = case when leased_until is null then 0 else failures end,
           delivered_at = null, next_attempt_at = case when leased_until is null then now() else next_attempt_at end
     where tenant_id = ${tenantId} and id = ${id}
    returning ${columns(sql)}`;
  return row;
}

/** The same with all dead ones of an endpoint that were written down since a time. Answers how many. */
export async function replayDead(sql: Sql, tenantId: number, endpointId: number, since: Date | undefined): Promise<number> {
  const { count } = await sql`
    update webhook_deliveries set status = 'pending', failures = 0, next_attempt_at = now()
     where tenant_id = ${tenantId} and endpoint_id = ${endpointId} and status = 'dead'
       ${since ? sql`and created_at >= ${since}` : sql``}`;
  return count;
}

/** Clears the log of what is older than so many days. */
export async function deleteOldDeliveries(sql: Sql, days: number): Promise<number> {
  const { count } = await sql`
    delete from webhook_deliveries d using webhook_endpoints e
     where d.endpoint_id = e.id and d.created_at < now() - ${days} * interval '1 day'`;
  return count;
}

/** Moments are kept in whole milliseconds: what was made due now may read as half of one later. */
function justNow(sql: Sql) {
  return sql`now() + interval '1 millisecond'`;
}

function matching(sql: Sql, { tenantId, endpointId, status }: DeliveryFilter) {
  return sql`tenant_id = ${tenantId} and endpoint_id = ${endpointId} ${status ? sql`and status = ${status}` : sql``}`;
}

function columns(sql: Sql) {
  return sql`id, endpoint_id as "endpointId", event_id as "eventId", event_type as "eventType", payload, status, attempts,
    next_attempt_at as "nextAttemptAt", last_attempt_at as "lastAttemptAt", last_status_code as "lastStatusCode",
    last_error as "lastError", created_at as "createdAt", delivered_at as "deliveredAt"`;
}
