/** Calls that wait for their time, made inside the database and spread over all tenants. */
import type { Sql } from '../db/client.ts';

/** The first digits of numbers that are measured; the others' only wait. */
const MEASURED = '+9161';

/** Calls that wait around the measured ones: every second of them for the minutes after the benchmark, the others from an hour on. */
export async function seedWaiting(sql: Sql, count: number): Promise<void> {
  await sql`
    insert into calls (tenant_id, agent_id, to_number, status, priority, scheduled_for, due_at)
    select a.tenant_id, a.id, '+91' || (7000000000 + n), 'scheduled', 1 + n % 3, t.at, t.at
      from generate_series(1::bigint, ${count}::bigint) n
     cross join lateral (select case when n % 2 = 0 then now() + interval '20 minutes' + n * interval '10 minutes' / ${count}
                                     else now() + interval '1 hour' + n * interval '1 day' / ${count} end as at) t
      join (select *, row_number() over (order by id) - 1 as place, count(*) over () as among from agents) a on a.place = (n + n / 1000) % a.among`;
  await sql`vacuum analyze calls`;
}

/** Scheduled calls, one every `everyMs` from `firstInMs` on. Answers when each number is to ring, by the database's clock. */
export async function seedExact(sql: Sql, calls: { count: number; firstInMs: number; everyMs: number }): Promise<Map<string, number>> {
  const rows = await sql<Array<{ to: string; atMs: number }>>`
    insert into calls (tenant_id, agent_id, to_number, status, scheduled_for, due_at)
    select a.tenant_id, a.id, ${MEASURED} || lpad(n::text, 8, '0'), 'scheduled', t.at, t.at
      from generate_series(0, ${calls.count - 1}::int) n
     cross join lateral (select date_trunc('milliseconds', now()) + (${calls.firstInMs} + n * ${calls.everyMs}) * interval '1 millisecond' as at) t
      join (select *, row_number() over (order by id) - 1 as place, count(*) over () as among from agents) a on a.place = n % a.among
    returning to_number as "to", extract(epoch from due_at)::float8 * 1000 as "atMs"`;
  return new Map(rows.map(({ to, atMs }) => [to, atMs]));
}

/** Forgets the measured calls and all that hangs on them; the others still wait. */
export async function removeMeasured(sql: Sql): Promise<void> {
  await sql`delete from ledger_entries where call_id in (select id from calls where to_number like ${`${MEASURED}%`})`;
  await sql`delete from capacity_leases`;
  await sql`delete from calls where to_number like ${`${MEASURED}%`}`;
}
