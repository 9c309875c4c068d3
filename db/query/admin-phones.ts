import type { Sql } from '../client.ts';
import { lockCarrierNumbers } from './carrier-sync.ts';

/** A number of any tenant, as the platform's administrators see it. */
export interface AdminPhone {
  id: number;
  tenantId: number;
  number: string;
  tags: string[];
  agentId: number | null;
  isActive: boolean;
  carrier: string | null;
  meta: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

/** A part of the number, of one of its tags or of its agent's name; undefined: all. */
export interface PhoneFilter {
  search: string | undefined;
}

/** A page of the numbers of all tenants, newest first: ids are given out in the order of creation. */
export async function listAllPhones(sql: Sql, filter: PhoneFilter, page: { limit: number; offset: number }): Promise<AdminPhone[]> {
  return sql<AdminPhone[]>`
    select ${columns(sql)} from phone_numbers p where ${matching(sql, filter)} order by p.id desc limit ${page.limit} offset ${page.offset}`;
}

/** How many numbers a filter finds, counting no further than `most`. */
export async function countAllPhones(sql: Sql, filter: PhoneFilter, most?: number): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`
    select count(*) as total from (select from phone_numbers p where ${matching(sql, filter)} limit ${most ?? null}) found`;
  return row?.total ?? 0;
}

/** The number with this id, or whoever has this number: several tenants may. Oldest first. */
export async function findAnyPhones(sql: Sql, named: { id: number } | { number: string }): Promise<AdminPhone[]> {
  return sql<AdminPhone[]>`
    select ${columns(sql)} from phone_numbers p
     where ${'id' in named ? sql`p.id = ${named.id}` : sql`p.number = ${named.number}`} order by p.id`;
}

/** Whose a number was when it was looked at, and who changes it: both stand in the audit log. */
export interface PhoneHandle {
  id: number;
  tenantId: number;
  actorId: number;
}

/**
 * Gives a number to an agent, and to that agent's tenant; `id` null: to nobody. It is locked until the transaction ends. False when it
 * is no longer there, or no longer that tenant's.
 * @throws the database's unique violation of `phone_numbers_tenant_number` when the agent's tenant has the number already
 */
export async function giveToAgent(sql: Sql, phone: PhoneHandle, agent: { id: number | null; tenantId: number }): Promise<boolean> {
  const rows = await sql`
    with changed as (
      update phone_numbers set tenant_id = ${agent.tenantId}, agent_id = ${agent.id}, updated_at = now(),
             tenant_since = case when tenant_id = ${agent.tenantId} then tenant_since else now() end
       where id = ${phone.id} and tenant_id = ${phone.tenantId} returning id
    )
    ${noted(sql, phone, 'phone.set_agent', { agentId: agent.id, tenantId: agent.tenantId, fromTenantId: phone.tenantId })}`;
  return rows.length > 0;
}

/**
 * Writes down that an account's number is the carrier's: until now any account may merely have entered it, and calls to it go to the
 * first that did. One account has it from a carrier, so another that had loses the mark; what another carrier holds stays that one's.
 */
export async function markOfCarrier(sql: Sql, phone: Pick<AdminPhone, 'id' | 'tenantId' | 'number'>, carrier: string): Promise<void> {
  // before any row is locked, as who brings numbers does it
  await lockCarrierNumbers(sql);
  const row = sql`id = ${phone.id} and tenant_id = ${phone.tenantId} and carrier is null`;
  // first, since only one may have it at any moment
  await sql`
    update phone_numbers set carrier = null, carrier_number_id = null, updated_at = now()
     where number = ${phone.number} and carrier = ${carrier} and exists (select from phone_numbers where ${row})`;
  await sql`update phone_numbers set carrier = ${carrier}, carrier_number_id = number, updated_at = now() where ${row}`;
}

/** Replaces a number's tags. False when it is no longer there, or no longer that tenant's. */
export async function tagPhone(sql: Sql, phone: PhoneHandle, tags: readonly string[]): Promise<boolean> {
  const rows = await sql`
    with changed as (
      update phone_numbers set tags = ${tags as string[]}::text[], updated_at = now()
       where id = ${phone.id} and tenant_id = ${phone.tenantId} returning id
    )
    ${noted(sql, phone, 'phone.tags', { tags })}`;
  return rows.length > 0;
}

export interface AnyAgent {
  id: number;
  tenantId: number;
  carrier: string | null;
  carrierAgentId: string | null;
}

/** An AI agent of any tenant that was not deleted. */
export async function findAnyAgent(sql: Sql, id: number): Promise<AnyAgent | undefined> {
  const [row] = await sql<AnyAgent[]>`
    select id, tenant_id as "tenantId", carrier, carrier_agent_id as "carrierAgentId" from agents
     where id = ${id} and kind = 'ai' and deleted_at is null`;
  return row;
}

/** Of a statement whose CTE `changed` holds what an administrator has changed of somebody's. */
function noted(sql: Sql, phone: PhoneHandle, action: string, detail: object) {
  return sql`
    insert into audit_log (tenant_id, actor_id, action, subject, detail)
    select ${phone.tenantId}, ${phone.actorId}, ${action}, 'phone_' || id, ${JSON.stringify(detail)}::text::jsonb from changed returning id`;
}

function matching(sql: Sql, { search }: PhoneFilter) {
  if (search === undefined) return sql`true`;
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(p.number like ${like} or exists (select from unnest(p.tags) tag where tag ilike ${like})
    or exists (select from agents a where a.tenant_id = p.tenant_id and a.id = p.agent_id and a.name ilike ${like}))`;
}

function columns(sql: Sql) {
  return sql`p.id, p.tenant_id as "tenantId", p.number, p.tags, p.agent_id as "agentId", p.is_active as "isActive", p.carrier, p.meta,
    p.created_at as "createdAt", p.updated_at as "updatedAt"`;
}
