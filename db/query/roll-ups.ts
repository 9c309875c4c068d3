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

export type RollUp = 'call_slots' | 'agent_days' | 'agent_slots' | 'campaign_days' | 'charge_slots';

const OF_AGENT = ['calls', 'retries', 'duration_seconds', 'cost'];
/** What a row of a roll-up is known by, and what it counts. */
export const ROLL_UP_COLUMNS: Readonly<Record<RollUp, { key: readonly string[]; figures: readonly string[] }>> = {
  call_slots: { key: ['tenant_id', 'slot', 'direction', 'status'], figures: ['calls', 'duration_seconds', 'cost'] },
  agent_days: { key: ['tenant_id', 'day', 'agent_id', 'status'], figures: OF_AGENT },
  agent_slots: { key: ['tenant_id', 'agent_id', 'slot', 'status'], figures: OF_AGENT },
  campaign_days: {
    key: ['campaign_id', 'day'],
    figures: ['dials', 'answered', 'answered_elsewhere', 'abandoned', 'completed', 'talk_seconds'],
  },
  charge_slots: { key: ['tenant_id', 'slot', 'component', 'carrier'], figures: ['amount'] },
};

/** Columns for a statement, each as `as` writes it. */
export function columnList(sql: Sql, columns: readonly string[], as: (column: string) => string = (column) => column, by = ', ') {
  return sql.unsafe(columns.map(as).join(by));
}

/** All columns of a roll-up, in the order in which `countedRows` gives them. */
export function rollUpColumns(sql: Sql, name: RollUp) {
  const { key, figures } = ROLL_UP_COLUMNS[name];
  return columnList(sql, [...key, ...figures]);
}

/** The statement that adds rows of all columns of a roll-up to what it has. */
export function addTo(sql: Sql, name: RollUp, rows: ReturnType<Sql>) {
  const { key, figures } = ROLL_UP_COLUMNS[name];
  return sql`
    insert into ${sql(name)} as r (${rollUpColumns(sql, name)}) ${rows}
    on conflict (${columnList(sql, key)}) do update set ${columnList(sql, figures, (figure) => `${figure} = r.${figure} + excluded.${figure}`)}`;
}

/**
 * CTEs that count each row of `moved` once in `call_slots`, `agent_days`, `agent_slots` and, dialed for a campaign, in
 * `campaign_days`: they stand in the `with` of the statement that ends the calls, so that a count is as true as its rows. Every
 * statement takes the tables and the rows of each in this order, so that two of them never wait for each other.
 */
export function rollUps(sql: Sql) {
  const rows = countedRows(sql);
  const added = (name: RollUp) => addTo(sql, name, rows[name]);
  return sql`
    slotted as (${added('call_slots')}), agents_counted as (${added('agent_days')}), agents_slotted as (${added('agent_slots')}),
    campaigns_counted as (${added('campaign_days')})`;
}

/** The CTE that does the same in `charge_slots` for what `moved` is charged: rows of `charged` (`call_id`, `component`, negative `amount`). */
export function chargeRollUp(sql: Sql) {
  return sql`charges_counted as (${addTo(sql, 'charge_slots', countedRows(sql).charge_slots)})`;
}

/** The rows of each roll-up as counting `moved` (and `charged`) gives them. */
export function countedRows(sql: Sql): Record<RollUp, ReturnType<Sql>> {
  const slot = sql`date_bin('15 minutes', ended_at, 'epoch'::timestamptz)`;
  const day = sql`(ended_at at time zone 'UTC')::date`;
  const ofAgent = sql`count(*) as calls, count(*) filter (where retry_attempt > 0) as retries, sum(duration) as duration_seconds, coalesce(sum(cost), 0) as cost`;
  return {
    call_slots: sql`
        select tenant_id, ${slot} as slot, direction, counted_as as status, count(*) as calls, sum(duration) as duration_seconds, coalesce(sum(cost), 0) as cost
          from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    agent_days: sql`select tenant_id, ${day} as day, agent_id, counted_as as status, ${ofAgent} from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    agent_slots: sql`select tenant_id, agent_id, ${slot} as slot, counted_as as status, ${ofAgent} from moved group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    campaign_days: sql`
        select campaign_id, ${day} as day, count(*) as dials, count(*) filter (where answered) as answered,
               count(*) filter (where answered and elsewhere) as answered_elsewhere, count(*) filter (where abandoned and not elsewhere) as abandoned,
               count(*) filter (where status = 'completed') as completed, coalesce(sum(duration) filter (where answered), 0) as talk_seconds
          from moved where campaign_id is not null and dialed group by 1, 2 order by 1, 2`,
    charge_slots: sql`
        select moved.tenant_id, ${slot} as slot, l.component, coalesce(moved.carrier, '') as carrier, sum(-l.amount) as amount
          from charged l join moved on moved.id = l.call_id group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  };
}
