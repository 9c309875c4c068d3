import type { Sql } from '../client.ts';

/** A number of a tenant's as the dashboard shows it, but for the mask. */
export interface PhoneCard {
  id: number;
  /** E.164, to be masked before anybody sees it */
  number: string;
  agentId: number | null;
  isActive: boolean;
  tags: string[];
  createdAt: Date;
}

export interface PhoneQuery {
  tenantId: number;
  /** what the number contains, or how it begins and ends; undefined: anything */
  search: { digits: string } | { prefix: string; suffix: string } | undefined;
  limit: number;
  offset: number;
}

/** A page of a tenant's numbers, newest first, and how many there are in all. */
export async function listPhoneCards(sql: Sql, query: PhoneQuery): Promise<{ rows: PhoneCard[]; total: number }> {
  const { search } = query;
  const found = search === undefined ? sql`` : 'digits' in search ? sql`and strpos(number, ${search.digits}) > 0` : masked(sql, search);
  const where = sql`where tenant_id = ${query.tenantId} ${found}`;
  const [rows, [count]] = await Promise.all([
    sql<PhoneCard[]>`
      select ${columns(sql)} from phone_numbers ${where} order by created_at desc, id desc limit ${query.limit} offset ${query.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from phone_numbers ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}

export async function findPhoneCard(sql: Sql, tenantId: number, id: number): Promise<PhoneCard | undefined> {
  const [row] = await sql<PhoneCard[]>`select ${columns(sql)} from phone_numbers where tenant_id = ${tenantId} and id = ${id}`;
  return row;
}

/** The numbers of a tenant that begin and end so, oldest first, up to `limit`. */
export async function findMaskedPhones(
  sql: Sql,
  tenantId: number,
  mask: { prefix: string; suffix: string },
  limit: number,
): Promise<PhoneCard[]> {
  return sql<PhoneCard[]>`
    select ${columns(sql)} from phone_numbers where tenant_id = ${tenantId} ${masked(sql, mask)} order by id limit ${limit}`;
}

function masked(sql: Sql, { prefix, suffix }: { prefix: string; suffix: string }) {
  return sql`and starts_with(number, ${prefix}) and right(number, ${suffix.length}) = ${suffix}`;
}

function columns(sql: Sql) {
  return sql`id, number, agent_id as "agentId", is_active as "isActive", tags, created_at as "createdAt"`;
}
