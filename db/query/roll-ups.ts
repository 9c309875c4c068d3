import type { Sql } from '../client.ts';

/**
 * What the roll-ups take from a call that has just ended. A statement that ends calls returns these columns of `calls c` from
 * its CTE `moved`, beside its own.
 */
export function countedColumns(sql: Sql) {
  return sql`c.tenant_id, c.direction, c.status, c.ended_at, c.agent_id, c.campaign_id, c.retry_attempt, c.cost,
    coalesce(c.duration_seconds, 0) as duration,
    c.claimed_at is not null and c.status <> 'cancelled' and coalesce(c.verdict->>'answer', 'dial') = 'dial' as dialed,
    (c.answered_at is not null or c.status in ('completed', 'abandoned')) and coalesce(c.answered_by, 'human') not in ('machine', 'fax') as answered,
    c.claim_token is null as elsewhere, c.abandoned_at is not null or c.status = 'abandoned' as abandoned`;
}

/**
 * CTEs that count each row of `moved` once in `call_slots`, `agent_days` and, dialed for a campaign, in `campaign_days`: they
 * stand in the `with` of the statement that ends the calls, so that a count is as true as its rows. Every statement takes the
 * tables and the rows of each in this order, so that two of them never wait for each other.
 */
export function rollUps(sql: Sql) {
  return sql`
    slotted as (
      insert into call_slots as s (tenant_id, slot, direction, status, calls, duration_seconds, cost)
      select tenant_id, date_bin('15 minutes', ended_at, 'epoch'::timestamptz) as slot, direction, status,
             count(*), sum(duration), coalesce(sum(cost), 0)
        from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (tenant_id, slot, direction, status) do update
         set calls = s.calls + excluded.calls, duration_seconds = s.duration_seconds + excluded.duration_seconds, cost = s.cost + excluded.cost
    ), agents_counted as (
      insert into agent_days as d (tenant_id, day, agent_id, status, calls, retries, duration_seconds, cost)
      select tenant_id, (ended_at at time zone 'UTC')::date as day, agent_id, status,
             count(*), count(*) filter (where retry_attempt > 0), sum(duration), coalesce(sum(cost), 0)
        from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (tenant_id, day, agent_id, status) do update
         set calls = d.calls + excluded.calls, retries = d.retries + excluded.retries,
             duration_seconds = d.duration_seconds + excluded.duration_seconds, cost = d.cost + excluded.cost
    ), campaigns_counted as (
      insert into campaign_days as d (campaign_id, day, dials, answered, answered_elsewhere, abandoned, completed, talk_seconds)
      select campaign_id, (ended_at at time zone 'UTC')::date as day, count(*), count(*) filter (where answered),
             count(*) filter (where answered and elsewhere), count(*) filter (where abandoned and not elsewhere),
             count(*) filter (where status = 'completed'), coalesce(sum(duration) filter (where answered), 0)
        from moved where campaign_id is not null and dialed group by 1, 2 order by 1, 2
      on conflict (campaign_id, day) do update
         set dials = d.dials + excluded.dials, answered = d.answered + excluded.answered,
             answered_elsewhere = d.answered_elsewhere + excluded.answered_elsewhere, abandoned = d.abandoned + excluded.abandoned,
             completed = d.completed + excluded.completed, talk_seconds = d.talk_seconds + excluded.talk_seconds
    )`;
}
