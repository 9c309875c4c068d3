import type { Db, Sql } from '../client.ts';

/** One line of an import's report. */
export interface ImportFault {
  row: number;
  severity: 'error' | 'warning';
  field: string;
  message: string;
  value: string;
}

/**
 * The rows of one stretch of a file, column by column, as `unnest` takes them. Numbers where a number does: a text a row
 * that waits for its turn is garbage the collector finds late, and made half of the memory of an import.
 */
export interface RowBatch {
  /** the position that must stand in the import for this batch to be the next, and the one it leaves */
  from: number;
  to: number;
  rows: number[];
  /** the digits of the E.164 number */
  phones: number[];
  agentIds: number[];
  priorities: number[];
  /** epoch milliseconds; NaN: none */
  timesMs: number[];
  timezones: Array<string | null>;
  contexts: Array<string | null>;
  /** JSON */
  metadata: Array<string | null>;
  faults: ImportFault[];
  processed: number;
  failed: number;
  duplicates: number;
  warned: number;
}

export interface BatchTarget {
  importId: number;
  /** who reads the import, as `beginImport` was told */
  reader: string;
  tenantId: number;
  createdBy: number | null;
  autoSchedule: boolean;
}

/**
 * Writes a batch: its calls, its faults, and the import's position and counts, all or nothing. `turn` resolves when the
 * batches before it are committed; batches may so be written side by side, and still count in their order.
 * @throws when someone else reads the import by now
 */
export async function saveBatch(db: Db, target: BatchTarget, batch: RowBatch, turn: Promise<void>): Promise<void> {
  await db.sql.begin(async (sql) => {
    await Promise.all([
      // a crash may undo the last batches, rows and position together; every later commit that must last makes them last too
      sql`set local synchronous_commit to off`,
      batch.rows.length > 0 && insertCalls(sql, target, batch),
      batch.faults.length > 0 && insertFaults(sql, target.importId, batch.faults),
      turn,
    ]);
    const moved = await sql`
      update imports set position = ${batch.to}, processed_rows = processed_rows + ${batch.processed},
             successful_rows = successful_rows + ${batch.rows.length}, failed_rows = failed_rows + ${batch.failed},
             duplicate_rows = duplicate_rows + ${batch.duplicates}, warning_rows = warning_rows + ${batch.warned}
       where id = ${target.importId} and status = 'processing' and position = ${batch.from}
         and options ->> 'reader' = ${target.reader}`;
    if (moved.count === 0) throw new Error(`Import ${target.importId} is read by another process`);
  });
}

/** No events: a call that was never anything else has no history yet. A time that is over is due now. */
async function insertCalls(sql: Sql, target: BatchTarget, batch: RowBatch): Promise<void> {
  await sql`
    insert into calls (tenant_id, import_id, created_by, status, import_row, to_number, agent_id, priority, timezone, context, metadata,
                       scheduled_for, due_at)
    select ${target.tenantId}, ${target.importId}, ${target.createdBy}::bigint, ${target.autoSchedule ? 'scheduled' : 'unscheduled'},
           r.import_row, '+' || r.phone, r.agent_id, r.priority, r.timezone, r.context, coalesce(r.metadata, '{}')::jsonb,
           case when ${target.autoSchedule} then coalesce(r.at, now()) else r.at end,
           case when ${target.autoSchedule} then greatest(r.at, now()) end
      from (select u.*, to_timestamp(nullif(u.ms, 'NaN') / 1000) as at
              from unnest(${literal(batch.rows)}::text::int[], ${literal(batch.phones)}::text::bigint[], ${literal(batch.agentIds)}::text::bigint[],
                          ${literal(batch.priorities)}::text::smallint[], ${literal(batch.timesMs)}::text::float8[],
                          ${orNull(batch.timezones)}::text[], ${orNull(batch.contexts)}::text[], ${orNull(batch.metadata)}::text[])
                   as u(import_row, phone, agent_id, priority, ms, timezone, context, metadata)) as r
    on conflict (import_id, import_row) where import_id is not null do nothing`;
}

/** Numbers as PostgreSQL writes an array: the driver would make three texts of each. */
function literal(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`;
}

/** `unnest` fills a column that is null with nulls: nothing to send for a column that nobody uses. */
function orNull<T>(values: Array<T | null>): Array<T | null> | null {
  return values.some((value) => value !== null) ? values : null;
}

async function insertFaults(sql: Sql, importId: number, faults: readonly ImportFault[]): Promise<void> {
  await sql`
    insert into import_errors (import_id, row, severity, field, message, value)
    select ${importId}, f.* from unnest(${faults.map((f) => f.row)}::int[], ${faults.map((f) => f.severity)}::text[], ${faults.map((f) => f.field)}::text[],
                                        ${faults.map((f) => f.message)}::text[], ${faults.map((f) => f.value)}::text[]) as f
    on conflict do nothing`;
}

export async function countFaults(sql: Sql, importId: number): Promise<{ error: number; warning: number }> {
  const rows = await sql<Array<{ severity: 'error' | 'warning'; n: number }>>`
    select severity, count(*)::int as n from import_errors where import_id = ${importId} group by severity`;
  const of = (severity: string) => rows.find((row) => row.severity === severity)?.n ?? 0;
  return { error: of('error'), warning: of('warning') };
}

/** In the order of the file; `after`: only what stands behind this one. `importId` must be known to be the tenant's. */
export async function listFaults(
  sql: Sql,
  importId: number,
  { severity, after, limit }: { severity?: ImportFault['severity']; after?: Pick<ImportFault, 'row' | 'field'>; limit: number },
): Promise<ImportFault[]> {
  return sql<ImportFault[]>`
    select row, severity, field, message, coalesce(value, '') as value from import_errors
     where import_id = ${importId} and (${severity ?? null}::text is null or severity = ${severity ?? null})
       ${after ? sql`and (row, field) > (${after.row}::int, ${after.field}::text)` : sql``}
     order by row, field limit ${limit}`;
}

/**
 * Schedules the calls of one stretch of an import that were kept unscheduled, with their events. Answers how many, and the
 * row to go on after; undefined when there are no more.
 */
export async function releaseCalls(
  sql: Sql,
  where: { tenantId: number; importId: number; afterRow: number; limit: number },
): Promise<{ released: number; lastRow: number } | undefined> {
  const [row] = await sql<Array<{ released: number; lastRow: number | null }>>`
    with picked as (
      select id, import_row from calls
       where import_id = ${where.importId} and tenant_id = ${where.tenantId} and import_row > ${where.afterRow} and status = 'unscheduled'
       order by import_row limit ${where.limit} for update
    ), moved as (
      update calls c set status = 'scheduled', scheduled_for = coalesce(c.scheduled_for, now()), due_at = greatest(c.scheduled_for, now()), updated_at = now()
        from picked where c.id = picked.id
      returning c.id
    ), noted as (
      insert into call_events (call_id, type, from_status, to_status) select id, 'release', 'unscheduled', 'scheduled' from moved
    )
    select (select count(*)::int from moved) as released, max(import_row) as "lastRow" from picked`;
  return row?.lastRow == null ? undefined : { released: row.released, lastRow: row.lastRow };
}
