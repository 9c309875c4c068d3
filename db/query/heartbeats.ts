import type { Sql } from '../client.ts';

export interface Heartbeat {
  processId: string;
  role: string;
  host: string;
  pid: number;
  startedAt: Date;
}

/** Says that a process is alive now; its minute counts as one in which its role was up. */
export async function beat(sql: Sql, heart: Heartbeat): Promise<void> {
  await sql`
    with seen as (
      insert into heartbeats (process_id, role, host, pid, started_at, last_seen_at)
      values (${heart.processId}, ${heart.role}, ${heart.host}, ${heart.pid}, ${heart.startedAt}, now())
      on conflict (process_id) do update set last_seen_at = excluded.last_seen_at
    )
    insert into uptime_minutes (role, minute) values (${heart.role}, floor(extract(epoch from now()) / 60))
    on conflict do nothing`;
}

/**
 * Share of minutes in which a role was up, in percent, over the last `days` or since its first minute.
 * Undefined when nothing was ever recorded.
 */
export async function uptimePercent(sql: Sql, role: string, days: number): Promise<number | undefined> {
  const [row] = await sql<Array<{ up: number; since: number | null; now: number }>>`
    select count(*) as up, min(minute) as since, floor(extract(epoch from now()) / 60)::bigint as now
      from uptime_minutes
     where role = ${role} and minute > floor(extract(epoch from now()) / 60) - ${days * 24 * 60}::int`;
  if (!row || row.since === null) return undefined;
  return Math.min(100, (row.up / (row.now - row.since + 1)) * 100);
}
