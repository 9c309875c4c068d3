import type { Sql } from '../client.ts';

/**
 * What the roll-ups take from a call that has just ended. A statement that ends calls returns these columns of `calls c` from
 * its CTE `moved`, beside its own.
 */
export function countedColumns(sql: Sql) {
  return sql`c.tenant_id, c.direction, c.status, ${countedAs(sql)} as counted_as, c.ended_at, c.agent_id, c.campaign_id, c.retry_attempt, c.cost, c.carrier,
    coalesce(c.duration_seconds, 0) as duration,
    c.claimed_at is not null and c.status <> 'cancelled' and coalesce(c.verdict->>'answer', 'dial') = 'dial' as dialed,
    (c.answered_at is not null or c.status in ('completed', 'abandoned')) and coalesce(c.answered_by, 'human') not in ('machine', 'fax') as answered,
    c.claim_token is null as elsewhere, c.abandoned_at is not null or c.status = 'abandoned' as abandoned`;
}

/** What we stopped before it was dialed, as for a number on the do-not-call list, has not failed: of calls, it is none. */
function countedAs(sql: Sql) {
  return sql`case when c.status = 'failed' and c.verdict->>'answer' = 'drop' then 'cancelled' else c.status end`;
}

/**
 * CTEs that count each row of `moved` once in `call_slots`, `agent_days`, `agent_slots` and, dialed for a campaign, in
 * `campaign_days`: they stand in the `with` of the statement that ends the calls, so that a count is as true as its rows. Every
 * statement takes the tables and the rows of each in this order, so that two of them never wait for each other.
 */
export function rollUps(sql: Sql) {
  const rows = countedRows(sql);
  return sql`
    slotted as (
      insert into call_slots as s (${rows.callSlots.columns}) ${rows.callSlots.counted}
      on conflict (tenant_id, slot, direction, status) do update
         set calls = s.calls + excluded.calls, duration_seconds = s.duration_seconds + excluded.duration_seconds, cost = s.cost + excluded.cost
    ), agents_counted as (
      insert into agent_days as d (${rows.agentDays.columns}) ${rows.agentDays.counted}
      on conflict (tenant_id, day, agent_id, status) do update
         set calls = d.calls + excluded.calls, retries = d.retries + excluded.retries,
             duration_seconds = d.duration_seconds + excluded.duration_seconds, cost = d.cost + excluded.cost
    ), agents_slotted as (
      insert into agent_slots as s (${rows.agentSlots.columns}) ${rows.agentSlots.counted}
      on conflict (tenant_id, agent_id, slot, status) do update
         set calls = s.calls + excluded.calls, retries = s.retries + excluded.retries,
             duration_seconds = s.duration_seconds + excluded.duration_seconds, cost = s.cost + excluded.cost
    ), campaigns_counted as (
      insert into campaign_days as d (${rows.campaignDays.columns}) ${rows.campaignDays.counted}
      on conflict (campaign_id, day) do update
         set dials = d.dials + excluded.dials, answered = d.answered + excluded.answered,
             answered_elsewhere = d.answered_elsewhere + excluded.answered_elsewhere, abandoned = d.abandoned + excluded.abandoned,
             completed = d.completed + excluded.completed, talk_seconds = d.talk_seconds + excluded.talk_seconds
    )`;
}

/** The CTE that does the same in `charge_slots` for what `moved` is charged: rows of `charged` (`call_id`, `component`, negative `amount`). */
export function chargeRollUp(sql: Sql) {
  const { chargeSlots } = countedRows(sql);
  return sql`
    charges_counted as (
      insert into charge_slots as s (${chargeSlots.columns}) ${chargeSlots.counted}
      on conflict (tenant_id, slot, component, carrier) do update set amount = s.amount + excluded.amount
    )`;
}

/** Of each roll-up: its columns, and its rows as counting `moved` (and `charged`) gives them. */
export function countedRows(sql: Sql) {
  const slot = sql`date_bin('15 minutes', ended_at, 'epoch'::timestamptz)`;
  const day = sql`(ended_at at time zone 'UTC')::date`;
  const ofAgent = sql`count(*) as calls, count(*) filter (where retry_attempt > 0) as retries, sum(duration) as duration_seconds, coalesce(sum(cost), 0) as cost`;
  return {
    callSlots: {
      columns: sql`tenant_id, slot, direction, status, calls, duration_seconds, cost`,
      counted: sql`
        select tenant_id, ${slot} as slot, direction, counted_as as status, count(*) as calls, sum(duration) as duration_seconds, coalesce(sum(cost), 0) as cost
          from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    },
    agentDays: {
      columns: sql`tenant_id, day, agent_id, status, calls, retries, duration_seconds, cost`,
      counted: sql`select tenant_id, ${day} as day, agent_id, counted_as as status, ${ofAgent} from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    },
    agentSlots: {
      columns: sql`tenant_id, agent_id, slot, status, calls, retries, duration_seconds, cost`,
      counted: sql`select tenant_id, agent_id, ${slot} as slot, counted_as as status, ${ofAgent} from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    },
    campaignDays: {
      columns: sql`campaign_id, day, dials, answered, answered_elsewhere, abandoned, completed, talk_seconds`,
      counted: sql`
        select campaign_id, ${day} as day, count(*) as dials, count(*) filter (where answered) as answered,
               count(*) filter (where answered and elsewhere) as answered_elsewhere, count(*) filter (where abandoned and not elsewhere) as abandoned,
               count(*) filter (where status = 'completed') as completed, coalesce(sum(duration) filter (where answered), 0) as talk_seconds
          from moved where campaign_id is not null and dialed group by 1, 2 order by 1, 2`,
    },
    chargeSlots: {
      columns: sql`tenant_id, slot, component, carrier, amount`,
      counted: sql`
        select moved.tenant_id, ${slot} as slot, l.component, coalesce(moved.carrier, '') as carrier, sum(-l.amount) as amount
          from charged l join moved on moved.id = l.call_id group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    },
  };
}
