import type { Sql } from '../client.ts';

/** One kind of thing that one tenant has. */
export interface Change {
  tenantId: number;
  subject: string;
}

/** The version of each subject that somebody has asked about before. */
export async function readVersions(sql: Sql, tenantId: number): Promise<Map<string, number>> {
  const rows = await sql<Array<{ subject: string; version: number }>>`
    select subject, version from tenant_versions where tenant_id = ${tenantId}`;
  return new Map(rows.map((row) => [row.subject, row.version]));
}

/** From here on changes of these subjects are counted. Who calls this reads the versions afterwards. */
export async function beginVersions(sql: Sql, tenantId: number, subjects: readonly string[]): Promise<void> {
  await sql`
    insert into tenant_versions (tenant_id, subject) select ${tenantId}, * from unnest(${subjects as string[]}::text[]) order by 2
    on conflict do nothing`;
}

/**
 * Counts changes, where anybody has ever asked: what nobody has read has no answer that could be stale, so its writers pay for
 * no row. `callIds` stand for the calls of their tenants. Rows are locked in one order, so that writers don't wait in a circle.
 */
export async function raiseVersions(sql: Sql, changes: readonly Change[], callIds: readonly number[]): Promise<void> {
  await sql`
    with asked as (
      select * from unnest(${changes.map((c) => c.tenantId)}::bigint[], ${changes.map((c) => c.subject)}::text[]) as t(tenant_id, subject)
       union
      select tenant_id, 'calls' from calls where id = any(${callIds as number[]}::bigint[])
    ), held as materialized (
      select v.tenant_id, v.subject from tenant_versions v join asked using (tenant_id, subject) order by 1, 2 for update of v
    )
    update tenant_versions v set version = v.version + 1 from held where v.tenant_id = held.tenant_id and v.subject = held.subject`;
}
