import type { imports } from '../schema/index.ts';
import type { Sql } from '../client.ts';

export type ImportRecord = typeof imports.$inferSelect;

/** What an import of calls was asked to do. */
export interface ImportOptions {
  skipHeader: boolean;
  autoSchedule: boolean;
}

export interface NewImport {
  tenantId: number;
  fileName: string;
  storageKey: string;
  sizeBytes: number;
  totalRows: number;
  options: ImportOptions;
  createdBy: number;
}

const COLUMNS = `id, tenant_id as "tenantId", kind, status, file_name as "fileName", storage_key as "storageKey", size_bytes as "sizeBytes",
  options, total_rows as "totalRows", position, processed_rows as "processedRows", successful_rows as "successfulRows",
  failed_rows as "failedRows", duplicate_rows as "duplicateRows", warning_rows as "warningRows", error, created_by as "createdBy",
  created_at as "createdAt", started_at as "startedAt", completed_at as "completedAt"`;

export async function insertImport(sql: Sql, given: NewImport): Promise<number> {
  const [row] = await sql<Array<{ id: number }>>`
    insert into imports (tenant_id, kind, file_name, storage_key, size_bytes, total_rows, options, created_by)
    values (${given.tenantId}, 'calls', ${given.fileName}, ${given.storageKey}, ${given.sizeBytes}, ${given.totalRows},
            ${JSON.stringify(given.options)}::text::jsonb, ${given.createdBy})
    returning id`;
  if (!row) throw new Error('The database returned no id for an import');
  return row.id;
}

export async function findImport(sql: Sql, tenantId: number, importId: number): Promise<ImportRecord | undefined> {
  const [row] = await sql<ImportRecord[]>`select ${sql.unsafe(COLUMNS)} from imports where tenant_id = ${tenantId} and id = ${importId}`;
  return row;
}

/** Imports that are not over, oldest first: each needs a job, and the repair tick puts in the missing ones. */
export async function findOpenImports(sql: Sql, limit: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select id from imports where status in ('pending', 'processing') and kind in ('calls', 'phones') order by id limit ${limit}`;
  return rows.map((row) => row.id);
}

/** The files that open imports still need. */
export async function findOpenFiles(sql: Sql): Promise<Set<string>> {
  const rows = await sql<Array<{ key: string }>>`select storage_key as key from imports where status in ('pending', 'processing')`;
  return new Set(rows.map((row) => row.key));
}

/**
 * Makes `reader` the one who reads an open import, and returns it; whoever read it before changes no row any more (a
 * fencing token, DESIGN §3). Undefined when it is over or unknown.
 */
export async function beginImport(sql: Sql, importId: number, reader: string): Promise<ImportRecord | undefined> {
  const [row] = await sql<ImportRecord[]>`
    update imports set status = 'processing', started_at = coalesce(started_at, now()), options = options || jsonb_build_object('reader', ${reader}::text)
     where id = ${importId} and kind = 'calls' and status in ('pending', 'processing')
    returning ${sql.unsafe(COLUMNS)}`;
  return row;
}

/** Every row was read: what was read is now the total. */
export async function completeImport(sql: Sql, importId: number, reader: string): Promise<boolean> {
  const done = await sql`
    update imports set status = 'completed', completed_at = now(), total_rows = processed_rows
     where id = ${importId} and status = 'processing' and options ->> 'reader' = ${reader}`;
  return done.count > 0;
}

/** The file cannot be read (any further); `row` is the one that is to blame, if one is. `reader`: only if it still is. */
export async function failImport(
  sql: Sql,
  importId: number,
  error: string,
  { row, reader }: { row?: number; reader?: string } = {},
): Promise<void> {
  await sql`
    with failed as (
      update imports set status = 'failed', completed_at = now(), error = ${error},
             failed_rows = failed_rows + ${row === undefined ? 0 : 1}, processed_rows = processed_rows + ${row === undefined ? 0 : 1}
       where id = ${importId} and status in ('pending', 'processing')
         and (${reader ?? null}::text is null or options ->> 'reader' = ${reader ?? null})
      returning id
    )
    insert into import_errors (import_id, row, message) select id, ${row ?? 0}, ${error} from failed where ${row !== undefined}
    on conflict do nothing`;
}

/** Who may be named in a tenant's rows. */
export async function findRowSubjects(sql: Sql, tenantId: number): Promise<{ agents: Set<number>; users: Set<number> }> {
  const [agents, users] = await Promise.all([
    sql<Array<{ id: number }>>`
      select id from agents where tenant_id = ${tenantId} and kind = 'ai' and is_active and deleted_at is null`,
    sql<Array<{ id: number }>>`select id from users where tenant_id = ${tenantId} and is_active`,
  ]);
  return { agents: new Set(agents.map((row) => row.id)), users: new Set(users.map((row) => row.id)) };
}
