import type { Sql } from '../client.ts';
import { countedColumns, countedRows } from './roll-ups.ts';

/** One UTC day (YYYY-MM-DD) of a tenant: the roll-ups are rebuilt and compared by these. */
export interface TenantDay {
  tenantId: number;
  day: string;
}

export const ROLL_UPS = ['call_slots', 'agent_days', 'agent_slots', 'campaign_days', 'charge_slots'] as const;
export type RollUp = (typeof ROLL_UPS)[number];

/** The next tenant by id; undefined: there is none. */
export async function nextTenant(sql: Sql, after: number): Promise<number | undefined> {
  const [row] = await sql<Array<{ id: number }>>`select id from tenants where id > ${after} order by id limit 1`;
  return row?.id;
}

/** The first UTC day from a given one (inclusive) on which a call of a tenant ended, or which one of its roll-ups has. */
export async function nextDay(sql: Sql, { tenantId, day }: TenantDay): Promise<string | undefined> {
  const start = sql`(${day}::date at time zone 'UTC')`;
  const [row] = await sql<Array<{ day: string | null }>>`
    select least(
      (select min(found.at) from agents a cross join lateral (
         select ended_at as at from calls where tenant_id = a.tenant_id and agent_id = a.id and ended_at >= ${start} order by ended_at limit 1) found
        where a.tenant_id = ${tenantId}),
      (select min(found.at) from agents a cross join lateral (
         select slot as at from agent_slots where tenant_id = a.tenant_id and agent_id = a.id and slot >= ${start} order by slot limit 1) found
        where a.tenant_id = ${tenantId}),
      (select min(found.day) at time zone 'UTC' from campaigns c cross join lateral (
         select day from campaign_days where campaign_id = c.id and day >= ${day}::date order by day limit 1) found where c.tenant_id = ${tenantId}),
      (select min(slot) from call_slots where tenant_id = ${tenantId} and slot >= ${start}),
      (select min(slot) from charge_slots where tenant_id = ${tenantId} and slot >= ${start}),
      (select min(day) at time zone 'UTC' from agent_days where tenant_id = ${tenantId} and day >= ${day}::date)
    )::date::text as day`;
  return row?.day ?? undefined;
}

/**
 * How many rows of each roll-up are missing on a day or are too many, against counting its calls; a row with another figure is both. One
 * statement sees the calls and the counts that were kept with their ends, so calls that end meanwhile make no difference.
 */
export async function compareDay(sql: Sql, at: TenantDay): Promise<Array<{ rollUp: RollUp; rows: number }>> {
  const rows = countedRows(sql);
  const difference = (name: RollUp, { columns, counted }: (typeof rows)[keyof typeof rows]) => sql`
    select ${name}::text as "rollUp", count(*) as rows from (
      (select ${columns} from (${counted}) now except select ${columns} from ${sql(name)} where ${isOf(sql, name, at)})
      union all (select ${columns} from ${sql(name)} where ${isOf(sql, name, at)} except select ${columns} from (${counted}) now)) wrong`;
  return sql<Array<{ rollUp: RollUp; rows: number }>>`
    with ${endedOn(sql, at)}
    select * from (
      ${difference('call_slots', rows.callSlots)} union all ${difference('agent_days', rows.agentDays)}
      union all ${difference('agent_slots', rows.agentSlots)} union all ${difference('campaign_days', rows.campaignDays)}
      union all ${difference('charge_slots', rows.chargeSlots)}) compared
     where rows > 0`;
}

/** Endings wait for ten seconds, then they give up: a day that takes longer to count is not counted while calls go on. */
const HELD_MS = 8000;

/**
 * Counts a day again, in a transaction of the caller's. Every statement that ends calls writes `call_slots`, so nobody can be between
 * counting a call and committing it while this holds that table: who was is waited for and seen, who comes adds to what is written here.
 * Reading goes on. No other table needs to be held, and with none there is no order to keep.
 */
export async function recountDay(tx: Sql, at: TenantDay, lockTimeoutMs: number): Promise<void> {
  await tx`select set_config('lock_timeout', ${`${lockTimeoutMs}ms`}, true), set_config('statement_timeout', ${`${HELD_MS}ms`}, true)`;
  await tx`lock table call_slots in share row exclusive mode`;
  for (const name of ROLL_UPS) await tx`delete from ${tx(name)} where ${isOf(tx, name, at)}`;
  const { callSlots, agentDays, agentSlots, campaignDays, chargeSlots } = countedRows(tx);
  await tx`
    with ${endedOn(tx, at)}, slotted as (
      insert into call_slots (${callSlots.columns}) ${callSlots.counted}
    ), agents_counted as (
      insert into agent_days (${agentDays.columns}) ${agentDays.counted}
    ), agents_slotted as (
      insert into agent_slots (${agentSlots.columns}) ${agentSlots.counted}
    ), campaigns_counted as (
      insert into campaign_days (${campaignDays.columns}) ${campaignDays.counted}
    )
    insert into charge_slots (${chargeSlots.columns}) ${chargeSlots.counted}`;
}

/** The calls of a day and what they were charged, as the roll-ups are counted from them. By agents: an index finds them so. */
function endedOn(sql: Sql, at: TenantDay) {
  const columns = countedColumns(sql);
  return sql`
    moved as materialized (
      select c.id, ${columns} from agents a join calls c on c.tenant_id = a.tenant_id and c.agent_id = a.id
       where a.tenant_id = ${at.tenantId} and c.tenant_id = ${at.tenantId} and ${within(sql, sql`c.ended_at`, at)}
    ), charged as materialized (
      select l.call_id, l.component, l.amount from moved join ledger_entries l on l.call_id = moved.id and l.kind = 'charge'
    )`;
}

/** For `where`: the rows that a roll-up has of a day. */
function isOf(sql: Sql, name: RollUp, at: TenantDay) {
  const { tenantId, day } = at;
  switch (name) {
    case 'agent_days':
      return sql`tenant_id = ${tenantId} and day = ${day}::date`;
    case 'campaign_days':
      return sql`campaign_id = any(array(select id from campaigns where tenant_id = ${tenantId})) and day = ${day}::date`;
    case 'agent_slots':
      return sql`tenant_id = ${tenantId} and agent_id = any(array(select id from agents where tenant_id = ${tenantId}))
        and ${within(sql, sql`slot`, at)}`;
    default:
      return sql`tenant_id = ${tenantId} and ${within(sql, sql`slot`, at)}`;
  }
}

function within(sql: Sql, column: ReturnType<Sql>, { day }: TenantDay) {
  return sql`${column} >= ${day}::date at time zone 'UTC' and ${column} < (${day}::date + 1) at time zone 'UTC'`;
}
