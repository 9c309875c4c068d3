import type { Sql } from '../client.ts';

export interface PhoneRow {
  id: number;
  number: string;
  agentId: number | null;
  isActive: boolean;
  createdBy: number | null;
  createdAt: Date;
}

export interface PhoneWithAgent extends PhoneRow {
  agentName: string | null;
}

export interface NewPhone {
  tenantId: number;
  number: string;
  agentId: number | undefined;
  createdBy: number;
}

/** @throws the database's unique violation of `phone_numbers_tenant_number` when the tenant has the number */
export async function insertPhone(sql: Sql, phone: NewPhone): Promise<PhoneRow> {
  const [row] = await sql<PhoneRow[]>`
    insert into phone_numbers (tenant_id, number, agent_id, created_by)
    values (${phone.tenantId}, ${phone.number}, ${phone.agentId ?? null}, ${phone.createdBy})
    returning ${columns(sql)}`;
  if (!row) throw new Error('An insert without a row');
  return row;
}

/** A tenant's numbers with the names of their agents, newest first. */
export async function listPhones(sql: Sql, tenantId: number, query: { limit: number; offset: number }): Promise<PhoneWithAgent[]> {
  return sql<PhoneWithAgent[]>`
    select p.id, p.number, p.agent_id as "agentId", a.name as "agentName", p.is_active as "isActive", p.created_by as "createdBy",
           p.created_at as "createdAt"
      from phone_numbers p left join agents a on a.tenant_id = p.tenant_id and a.id = p.agent_id
     where p.tenant_id = ${tenantId}
     order by p.created_at desc, p.id desc limit ${query.limit} offset ${query.offset}`;
}

export interface PhoneChange {
  /** null: no agent any more; undefined: as it was */
  agentId?: number | null | undefined;
  isActive?: boolean | undefined;
}

/** Changes what is given and leaves the rest; undefined when the tenant has no such number. */
export async function updatePhone(sql: Sql, tenantId: number, id: number, change: PhoneChange): Promise<PhoneRow | undefined> {
  const [row] = await sql<PhoneRow[]>`
    update phone_numbers
       set agent_id = case when ${change.agentId === undefined} then agent_id else ${change.agentId ?? null}::bigint end,
           is_active = coalesce(${change.isActive ?? null}, is_active), updated_at = now()
     where tenant_id = ${tenantId} and id = ${id}
    returning ${columns(sql)}`;
  return row;
}

function columns(sql: Sql) {
  return sql`id, number, agent_id as "agentId", is_active as "isActive", created_by as "createdBy", created_at as "createdAt"`;
}
