import type { Sql } from '../client.ts';
import { suppressions } from '../schema/index.ts';

export type Suppression = typeof suppressions.$inferSelect;
export type SuppressionSource = Suppression['source'];
export const SUPPRESSION_SOURCES = suppressions.source.enumValues;

export interface SuppressionFilter {
  tenantId: number;
  /** in force, or released */
  active: boolean;
  /** E.164; undefined: any */
  phone: string | undefined;
  /** undefined: any */
  source: SuppressionSource | undefined;
}

const COLUMNS = `id, tenant_id as "tenantId", phone, source, reason, call_id as "callId", created_by as "createdBy",
  created_at as "createdAt", released_at as "releasedAt", released_by as "releasedBy", release_reason as "releaseReason"`;

/** A page of a tenant's own list, newest first. */
export async function listSuppressions(
  sql: Sql,
  filter: SuppressionFilter,
  page: { limit: number; offset: number },
): Promise<Suppression[]> {
  return sql<Suppression[]>`
    select ${sql.unsafe(COLUMNS)} from suppressions where ${found(sql, filter)}
     order by created_at desc, id desc limit ${page.limit} offset ${page.offset}`;
}

/** How many entries a filter finds, counting no further than `most`. */
export async function countSuppressions(sql: Sql, filter: SuppressionFilter, most?: number): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`
    select count(*) as total from (select from suppressions where ${found(sql, filter)} limit ${most ?? null}) counted`;
  return row?.total ?? 0;
}

/** With a number the expression of the unique index finds it; without one the tenant's list does. */
function found(sql: Sql, { tenantId, active, phone, source }: SuppressionFilter) {
  return sql`
    tenant_id = ${tenantId} and released_at is ${active ? sql`null` : sql`not null`}
    ${phone === undefined ? sql`` : sql`and phone = ${phone} and coalesce(tenant_id, 0) = ${tenantId}`}
    ${source === undefined ? sql`` : sql`and source = ${source}`}`;
}

/** Whether the number of a contact or a call, as `row` with `tenant_id` and `phone`, is on its tenant's list or the platform's. */
export function isSuppressed(sql: Sql, row: ReturnType<Sql>): ReturnType<Sql> {
  return sql`exists (select from suppressions x where x.phone = ${row}.phone and x.released_at is null and coalesce(x.tenant_id, 0) in (${row}.tenant_id, 0))`;
}

export async function findSuppression(sql: Sql, tenantId: number, id: number): Promise<Suppression | undefined> {
  const [row] = await sql<Suppression[]>`select ${sql.unsafe(COLUMNS)} from suppressions where tenant_id = ${tenantId} and id = ${id}`;
  return row;
}

export interface NewSuppressions {
  tenantId: number;
  /** E.164; repeated ones count once */
  phones: readonly string[];
  source: SuppressionSource;
  reason: string | undefined;
  createdBy: number;
}

/**
 * Puts numbers on a tenant's list; what is on it already stays as it is. Answers how many are new. The caller holds the
 * turnstile (`enterTurnstile`); the moment written is one after it was entered.
 */
export async function insertSuppressions(sql: Sql, given: NewSuppressions): Promise<number> {
  const rows = await sql`
    insert into suppressions (tenant_id, phone, source, reason, created_by, created_at)
    select ${given.tenantId}, phone, ${given.source}, ${given.reason ?? null}, ${given.createdBy}, clock_timestamp()
      from unnest(${given.phones as string[]}::text[]) as asked(phone) order by phone
    on conflict (phone, coalesce(tenant_id, 0)) where released_at is null do nothing`;
  return rows.count;
}

/** The same for the other party of a call, with the call as its cause. False: it was on the list already, or withheld its number. */
export async function insertSuppressionOfCall(sql: Sql, callId: number, source: SuppressionSource): Promise<boolean> {
  const rows = await sql`
    insert into suppressions (tenant_id, phone, source, call_id, created_at)
    select tenant_id, case direction when 'inbound' then from_number else to_number end, ${source}, id, clock_timestamp()
      from calls where id = ${callId} and (direction <> 'inbound' or from_number is not null)
    on conflict (phone, coalesce(tenant_id, 0)) where released_at is null do nothing`;
  return rows.count > 0;
}

/** The entry that holds a number on a tenant's own list. */
export async function findActiveSuppression(sql: Sql, tenantId: number, phone: string): Promise<Suppression | undefined> {
  const [row] = await listSuppressions(sql, { tenantId, phone, active: true, source: undefined }, { limit: 1, offset: 0 });
  return row;
}

export interface Release {
  tenantId: number;
  id: number;
  reason: string;
  userId: number;
  /** where the request came from */
  ip: string | undefined;
}

/** Marks an entry as released and notes it in the audit log, together. Undefined: the tenant has none in force with this id. */
export async function releaseSuppression(sql: Sql, { tenantId, id, reason, userId, ip }: Release): Promise<Suppression | undefined> {
  const [row] = await sql<Suppression[]>`
    with released as (
      update suppressions set released_at = clock_timestamp(), released_by = ${userId}, release_reason = ${reason}
       where tenant_id = ${tenantId} and id = ${id} and released_at is null
      returning *
    ), audited as (
      insert into audit_log (tenant_id, actor_id, action, subject, detail, ip)
      select tenant_id, ${userId}, 'do_not_call.release', 'dnc_' || id,
             jsonb_build_object('phone', phone, 'source', source, 'reason', release_reason), ${ip ?? null}::inet
        from released
    )
    select ${sql.unsafe(COLUMNS)} from released`;
  return row;
}
