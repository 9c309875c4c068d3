import type { EventType } from '../../core/webhook.ts';
import type { Sql } from '../client.ts';

/** A receiver of a tenant, without its secret. */
export interface Endpoint {
  id: number;
  url: string;
  description: string | null;
  events: EventType[];
  isActive: boolean;
  failingSince: Date | null;
  disabledAt: Date | null;
  disabledReason: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface NewEndpoint {
  tenantId: number;
  url: string;
  description: string | null;
  events: readonly EventType[];
  isActive: boolean;
}

/** What is to be changed; undefined: stays. */
export type EndpointChange = Partial<Omit<NewEndpoint, 'tenantId'>>;

/** A secret is sealed for its row, so it is written when the row has its id: in the same transaction. */
export async function insertEndpoint(sql: Sql, given: NewEndpoint): Promise<Endpoint> {
  const [row] = await sql<Endpoint[]>`
    insert into webhook_endpoints (tenant_id, url, description, events, is_active, secret_encrypted)
    values (${given.tenantId}, ${given.url}, ${given.description}, ${[...given.events]}::text[], ${given.isActive}, '')
    returning ${columns(sql)}`;
  if (!row) throw new Error('An insert without a row');
  return row;
}

/**
 * A new secret in place of the one it has, which goes on signing for `oldForSeconds`; without it nothing of the old one is kept.
 * Undefined: the tenant has no such endpoint.
 */
export async function replaceSecret(
  sql: Sql,
  endpoint: { tenantId: number; id: number },
  secretEncrypted: string,
  oldForSeconds?: number,
): Promise<{ oldUntil: Date | null } | undefined> {
  const seconds = oldForSeconds ?? null;
  const [row] = await sql<Array<{ oldUntil: Date | null }>>`
    update webhook_endpoints set secret_encrypted = ${secretEncrypted}, updated_at = now(),
           old_secret_encrypted = case when ${seconds}::int is not null then secret_encrypted end,
           old_secret_until = now() + ${seconds}::int * interval '1 second'
     where tenant_id = ${endpoint.tenantId} and id = ${endpoint.id}
    returning old_secret_until as "oldUntil"`;
  return row;
}

export async function findEndpoint(sql: Sql, tenantId: number, id: number): Promise<Endpoint | undefined> {
  const [row] = await sql<Endpoint[]>`select ${columns(sql)} from webhook_endpoints where tenant_id = ${tenantId} and id = ${id}`;
  return row;
}

/** A tenant's endpoints, newest first. */
export async function listEndpoints(sql: Sql, tenantId: number, page: { limit: number; offset: number }): Promise<Endpoint[]> {
  return sql<Endpoint[]>`
    select ${columns(sql)} from webhook_endpoints where tenant_id = ${tenantId} order by id desc limit ${page.limit} offset ${page.offset}`;
}

export async function countEndpoints(sql: Sql, tenantId: number): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`select count(*) as total from webhook_endpoints where tenant_id = ${tenantId}`;
  return row?.total ?? 0;
}

/** Switching it on forgets why it was switched off. */
export async function updateEndpoint(sql: Sql, tenantId: number, id: number, change: EndpointChange): Promise<Endpoint | undefined> {
  const { url = null, events, isActive = null } = change;
  const [row] = await sql<Endpoint[]>`
    update webhook_endpoints set url = coalesce(${url}, url), events = coalesce(${events ? [...events] : null}::text[], events),
           description = case when ${change.description !== undefined} then ${change.description ?? null}::text else description end,
           is_active = coalesce(${isActive}, is_active), updated_at = now(),
           failing_since = case when ${isActive === true} and not is_active then null else failing_since end,
           disabled_at = case when ${isActive === true} then null else disabled_at end,
           disabled_reason = case when ${isActive === true} then null else disabled_reason end
     where tenant_id = ${tenantId} and id = ${id}
    returning ${columns(sql)}`;
  return row;
}

/** With everything that was to be delivered there. */
export async function deleteEndpoint(sql: Sql, tenantId: number, id: number): Promise<boolean> {
  const { count } = await sql`delete from webhook_endpoints where tenant_id = ${tenantId} and id = ${id}`;
  return count > 0;
}

function columns(sql: Sql) {
  return sql`id, url, description, events, is_active as "isActive", failing_since as "failingSince", disabled_at as "disabledAt",
    disabled_reason as "disabledReason", created_at as "createdAt", updated_at as "updatedAt"`;
}
