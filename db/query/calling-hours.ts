import type { CallingHours } from '../../core/time/window.ts';
import type { Sql } from '../client.ts';

/** When a tenant's calls may ring, as it is kept. */
export interface HoursRow {
  timezone: string;
  policy: 'campaigns' | 'all';
  /** null: 9:00–18:00 every day */
  windows: CallingHours | null;
  /** name of the preset that `windows` came from */
  preset: string | null;
  /** YYYY-MM-DD, in order */
  holidays: string[];
}

export async function readHours(sql: Sql, tenantId: number): Promise<HoursRow> {
  return found(await sql<HoursRow[]>`select ${columns(sql)} from tenants where id = ${tenantId}`);
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockHours(sql: Sql, tenantId: number): Promise<HoursRow> {
  return found(await sql<HoursRow[]>`select ${columns(sql)} from tenants where id = ${tenantId} for no key update`);
}

/** Writes the hours, and who did it with what they were before and are now into the audit log. */
export async function writeHours(
  sql: Sql,
  who: { tenantId: number; userId: number },
  { before, after }: { before: HoursRow; after: HoursRow },
): Promise<void> {
  await sql`
    with changed as (
      update tenants
         set timezone = ${after.timezone}, calling_hours_policy = ${after.policy}, calling_hours_preset = ${after.preset},
             calling_hours = ${after.windows && JSON.stringify(after.windows)}::text::jsonb,
             holidays = ${after.holidays}::text[]::date[], updated_at = now()
       where id = ${who.tenantId}
    )
    insert into audit_log (tenant_id, actor_id, action, subject, detail)
    values (${who.tenantId}, ${who.userId}, 'calling_hours.change', ${`tenant_${who.tenantId}`},
            ${JSON.stringify({ before, after })}::text::jsonb)`;
}

/** Calls that the gate sent away until the hours open are due now, to be judged by the new ones. Answers how many, `limit` at most. */
export async function makeDueAgain(sql: Sql, tenantId: number, limit: number): Promise<number> {
  const { count } = await sql`
    with waiting as materialized (
      select id from calls
       where tenant_id = ${tenantId} and status = 'scheduled' and priority in (1, 2, 3) and held_until is null and due_at > now()
         and verdict->>'why' = 'outside_hours' limit ${limit} for update skip locked
    )
    update calls c set due_at = now(), updated_at = now() from waiting where c.id = waiting.id`;
  return count;
}

function columns(sql: Sql) {
  return sql`timezone, calling_hours_policy as policy, calling_hours as windows, calling_hours_preset as preset, holidays::text[] as holidays`;
}

function found([row]: readonly HoursRow[]): HoursRow {
  if (!row) throw new Error('A principal without a tenant');
  return row;
}
