import type { Sql } from '../client.ts';
import { addTo, columnList, countedColumns, countedRows, ROLL_UP_COLUMNS, type RollUp, rollUpColumns } from './roll-ups.ts';

/** One UTC day (YYYY-MM-DD) of a tenant: the roll-ups are rebuilt and compared by these. */
export interface TenantDay {
  tenantId: number;
  day: string;
}

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
  const difference = (name: RollUp) => {
    const columns = rollUpColumns(sql, name);
    const kept = sql`select ${columns} from ${sql(name)} where ${isOf(sql, name, at)}`;
    const now = sql`select ${columns} from (${rows[name]}) now`;
    return sql`
      select ${name}::text as "rollUp", count(*) as rows from ((${now} except ${kept}) union all (${kept} except ${now})) wrong`;
  };
  return sql<Array<{ rollUp: RollUp; rows: number }>>`
    with ${endedOn(sql, at)}
    select * from (
      ${difference('call_slots')} union all ${difference('agent_days')} union all ${difference('agent_slots')}
      union all ${difference('campaign_days')} union all ${difference('charge_slots')}) compared
     where rows > 0`;
}

/**
 * Makes a roll-up right on a day, in a transaction of the caller's. By how much each row is wrong is what one statement sees, and calls
 * that end meanwhile don't change it: they add as much to the count as to the row. So that difference is added, whatever the row has come
 * to, and nobody waits while the calls are counted. Only one at a time may do it for a day.
 * @throws a PostgresError 57014 after `patienceMs` (0: never), 55P03 when a lock is not to be had within `lockTimeoutMs`
 */
export async function recountDay(
  tx: Sql,
  at: TenantDay,
  name: RollUp,
  limits: { patienceMs: number; lockTimeoutMs: number },
): Promise<void> {
  const { patienceMs, lockTimeoutMs } = limits;
  const { key, figures } = ROLL_UP_COLUMNS[name];
  const list = (...given: [columns: readonly string[], as?: (column: string) => string, by?: string]) => columnList(tx, ...given);
  await tx`select set_config('lock_timeout', ${`${lockTimeoutMs}ms`}, true), set_config('statement_timeout', ${`${patienceMs}ms`}, true)`;
  // keeps out another rebuild of the same rows, and neither those who write nor a vacuum, as a lock of the table would. A statement of its
  // own: the next one sees what the other rebuild has mended
  await tx`select pg_advisory_xact_lock(hashtextextended(${`recount ${name} ${at.tenantId} ${at.day}`}, 0))`;
  const [found] = await tx<Array<{ gone: string | null }>>`
    with ${endedOn(tx, at)}, compared as (
      select ${list(key)}, ${list(figures)}, 1 as counted from (${countedRows(tx)[name]}) now
      union all
      select ${list(key)}, ${list(figures, (figure) => `-${figure}`)}, 0 from ${tx(name)} where ${isOf(tx, name, at)}
    ), wrong as materialized (
      select ${list(key)}, ${list(figures, (figure) => `sum(${figure}) as ${figure}`)}, sum(counted) as counted
        from compared group by ${list(key)} having count(*) = 1 or ${list(figures, (figure) => `sum(${figure}) <> 0`, ' or ')}
    ), mended as (
      ${addTo(tx, name, tx`select ${rollUpColumns(tx, name)} from wrong order by ${list(key)}`)}
    )
    select jsonb_agg(to_jsonb(wrong)) filter (where counted = 0)::text as gone from wrong`;
  // rows of nothing, unless something has come to them since
  if (found?.gone)
    await tx`
      delete from ${tx(name)} r using jsonb_populate_recordset(null::${tx(name)}, ${found.gone}::text::jsonb) gone
       where ${list(key, (column) => `r.${column} = gone.${column}`, ' and ')} and ${list(figures, (figure) => `r.${figure} = 0`, ' and ')}`;
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
