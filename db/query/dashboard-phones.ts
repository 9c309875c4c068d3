import { CALLING_CODE } from '../../core/mask.ts';
import type { Sql } from '../client.ts';
import type { CardQuery } from './dashboard-agents.ts';

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

/** A page of a tenant's numbers, newest first, and how many there are in all. */
export async function listPhoneCards(sql: Sql, query: CardQuery): Promise<{ rows: PhoneCard[]; total: number }> {
  const where = sql`where tenant_id = ${query.tenantId} ${query.search === undefined ? sql`` : sql`and (${found(sql, query.search)})`}`;
  const [rows, [count]] = await Promise.all([
    sql<PhoneCard[]>`
      select ${columns(sql)} from phone_numbers ${where} order by created_at desc, id desc limit ${query.limit} offset ${query.offset}`,
    sql<Array<{ total: number }>>`select count(*) as total from phone_numbers ${where}`,
  ]);
  return { rows: [...rows], total: count?.total ?? 0 };
}

/** Part of the mask or of a tag, or all of a number: part of what the mask hides would tell it, digit by digit. */
function found(sql: Sql, search: string) {
  const code = sql`coalesce(substring(number from ${CALLING_CODE.source}), '+')`;
  const digits = search.replaceAll(/[\s().-]/g, '').replace(/^\+/, '');
  return sql`
    strpos(${code} || '*** **' || right(number, 2), ${search}) > 0
    or exists (select from unnest(tags) tag where strpos(lower(tag), lower(${search})) > 0)
    or number = '+' || ${digits} or substr(number, length(${code}) + 1) = ${digits}`;
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
