/** What has to be true of the rows at any moment, by the names of the fault harness's judge; each is one statement that only reads. */
import type { Sql } from '../client.ts';

export type Fragment = ReturnType<Sql>;

/** Calls by their ids, `from` included. */
export interface IdRange {
  from: number;
  to: number;
}

export interface Invariant {
  /** as the judge names it: I11, C4, … */
  rule: string;
  /** the promise of DESIGN §7 that it belongs to, 1 to 8 */
  promise: number;
  /** what is true when nothing is broken */
  says: string;
  /** looked at by ranges of calls, so that no statement is long; else all at once */
  byCalls: boolean;
  /** selects `subject` (`call_12`) and `detail` of what breaks it */
  breaches: (sql: Sql, calls: IdRange) => Fragment;
}

export interface Breach {
  /** `call_12`, `tenant_3` */
  subject: string;
  detail: string;
}

/** How many breaches there are, and the first of them. */
export async function readBreaches(
  sql: Sql,
  { breaches }: Invariant,
  calls: IdRange,
  most: number,
): Promise<{ count: number; first: Breach[] }> {
  const rows = await sql<Array<Breach & { total: number }>>`
    select subject, detail, count(*) over () as total from (${breaches(sql, calls)}) broken(subject, detail) limit ${most}`;
  return { count: rows[0]?.total ?? 0, first: rows.map(({ subject, detail }) => ({ subject, detail })) };
}

/** The ids of the calls that were made since a moment, each tenant's first one found by an index, or of all; undefined: there is none. */
export async function callIds(sql: Sql, since: Date | undefined): Promise<IdRange | undefined> {
  const first = since
    ? sql`select min(found.id) from tenants t cross join lateral (
            select id from calls where tenant_id = t.id and created_at >= ${since} order by created_at, id limit 1) found`
    : sql`select min(id) from calls`;
  const [row] = await sql<
    Array<{ first: number | null; last: number | null }>
  >`select (${first}) as first, (select max(id) from calls) as last`;
  return row?.first == null || row.last === null ? undefined : { from: row.first, to: row.last + 1 };
}
