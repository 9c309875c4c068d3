import type { System } from '../system.ts';

const TABLES = [
  'users',
  'agents',
  'phone_numbers',
  'calls',
  'imports',
  'retry_rules',
  'campaigns',
  'contacts',
  'flows',
  'recordings',
  'campaign_approvals',
];

/** Everything that a request could have written. */
export async function rowCounts({ runtime: { db } }: System): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES)
    counts[table] = (await db.sql<Array<{ rows: number }>>`select count(*) as rows from ${db.sql(table)}`)[0]?.rows ?? 0;
  const [schedules] = await db.sql<Array<{ rows: number }>>`select count(*) as rows from schedules where cancelled_at is null`;
  return { ...counts, schedules: schedules?.rows ?? 0 };
}
