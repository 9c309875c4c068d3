import type { Db, Sql } from '../client.ts';
import { lockCarrierNumbers } from './carrier-sync.ts';

/** Of what a list holds, which may be no number at all, a report shows this much. */
export const SHOWN = 100;

/** An import of numbers. The list itself stands in the row: it comes in a request's body, not in a file. */
export interface PhoneImport {
  id: number;
  tenantId: number;
  createdBy: number | null;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  /** how many of the list were dealt with */
  position: number;
  totalRows: number;
  processedRows: number;
  successfulRows: number;
  duplicateRows: number;
  failedRows: number;
  error: string | null;
  createdAt: Date;
  completedAt: Date | null;
}

const COLUMNS = `id, tenant_id as "tenantId", created_by as "createdBy", status, position, total_rows as "totalRows", processed_rows as "processedRows",
  successful_rows as "successfulRows", duplicate_rows as "duplicateRows", failed_rows as "failedRows", error, created_at as "createdAt",
  completed_at as "completedAt"`;

/** Keeps a list of numbers that is to be imported into a tenant. Answers its id. */
export async function insertPhoneImport(
  sql: Sql,
  given: { tenantId: number; userId: number; numbers: readonly string[] },
): Promise<number> {
  const options = JSON.stringify({ numbers: given.numbers });
  const [row] = await sql<Array<{ id: number }>>`
    insert into imports (tenant_id, kind, file_name, storage_key, size_bytes, total_rows, options, created_by)
    values (${given.tenantId}, 'phones', 'phones.json', '', ${Buffer.byteLength(options)}, ${given.numbers.length}, ${options}::text::jsonb, ${given.userId})
    returning id`;
  if (!row) throw new Error('The database returned no id for an import');
  return row.id;
}

/** An import of numbers, whoever asked for it. */
export async function findPhoneImport(sql: Sql, id: number): Promise<PhoneImport | undefined> {
  const [row] = await sql<PhoneImport[]>`select ${sql.unsafe(COLUMNS)} from imports where id = ${id} and kind = 'phones'`;
  return row;
}

/** Whether an import is one of numbers. */
export async function isPhoneImport(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql`select from imports where id = ${id} and kind = 'phones'`;
  return rows.length > 0;
}

/** Makes `reader` the one who works on it: whoever did before changes no row any more. Undefined when it is over. */
export async function beginPhoneImport(sql: Sql, id: number, reader: string): Promise<(PhoneImport & { numbers: string[] }) | undefined> {
  const [row] = await sql<Array<PhoneImport & { numbers: string[] }>>`
    update imports set status = 'processing', started_at = coalesce(started_at, now()), options = options || jsonb_build_object('reader', ${reader}::text)
     where id = ${id} and kind = 'phones' and status in ('pending', 'processing')
    returning ${sql.unsafe(COLUMNS)}, options -> 'numbers' as numbers`;
  return row;
}

/**
 * An open import of numbers is given up: each number behind its position is named with the reason. `reader`: only if it still is. False
 * when it is over, or none of numbers.
 */
export async function failPhoneImport(sql: Sql, id: number, reason: string, reader?: string): Promise<boolean> {
  const rows = await sql`
    with failed as (
      update imports set status = 'failed', completed_at = now(), error = ${reason}, processed_rows = total_rows,
             failed_rows = failed_rows + total_rows - position
       where id = ${id} and kind = 'phones' and status in ('pending', 'processing')
         and (${reader ?? null}::text is null or options ->> 'reader' = ${reader ?? null})
      returning id, position, options -> 'numbers' as numbers
    ), named as (
      insert into import_errors (import_id, row, field, message, value)
      select id, n.row, 'phones', 'Not imported: ' || ${reason}::text, left(n.value, ${SHOWN})
        from failed, jsonb_array_elements_text(failed.numbers) with ordinality as n(value, row) where n.row > failed.position
      on conflict do nothing
    )
    select id from failed`;
  return rows.length > 0;
}

export interface PhoneBatch {
  from: number;
  to: number;
  /** E.164, each once, and the carrier's own id where a carrier has it */
  numbers: ReadonlyArray<{ number: string; carrierNumberId: string | undefined }>;
  faults: ReadonlyArray<{ row: number; message: string; value: string }>;
  /** came before in the list */
  repeated: number;
}

/** Numbers without an agent get the carrier's again, also one that was deleted here: a person wants them as the carrier has them. */
async function welcomeBack(
  sql: Sql,
  { tenantId, carrier }: { tenantId: number; carrier: string | undefined },
  { numbers }: PhoneBatch,
): Promise<void> {
  await sql`
    with bare as (
      select id, carrier_agent_id from phone_numbers
       where tenant_id = ${tenantId} and carrier = ${carrier ?? null} and number = any(${numbers.map((n) => n.number)}::text[]) and agent_id is null
    ), forgotten as (
      update agents a set carrier_agent_id = null from bare
       where a.tenant_id = ${tenantId} and a.carrier = ${carrier ?? null} and a.carrier_agent_id = bare.carrier_agent_id and a.deleted_at is not null
    )
    update phone_numbers p set carrier_agent_id = null from bare where p.id = bare.id and p.tenant_id = ${tenantId}`;
}

/**
 * Writes a stretch of the list, its faults and the position behind it, all or nothing. A number that the tenant has, or that another one
 * got from the carrier or from an administrator, is passed over and counted.
 * @throws when somebody else works on the import by now
 */
export async function savePhoneBatch(
  db: Db,
  target: { importId: number; reader: string; tenantId: number; createdBy: number | null; carrier: string | undefined },
  batch: PhoneBatch,
): Promise<void> {
  const { importId, tenantId } = target;
  await db.sql.begin(async (sql) => {
    await lockCarrierNumbers(sql);
    await welcomeBack(sql, target, batch);
    const [made] = await sql<Array<{ created: number }>>`
      with made as (
        insert into phone_numbers as p (tenant_id, number, carrier, carrier_number_id, meta, created_by)
        select ${tenantId}, t.number, case when t.id is not null then ${target.carrier ?? null} end, t.id,
               jsonb_build_object('importId', ${`import_${importId}`}::text), ${target.createdBy}::bigint
          from unnest(${batch.numbers.map((n) => n.number)}::text[], ${batch.numbers.map((n) => n.carrierNumberId ?? null)}::text[])
               with ordinality as t(number, id, place)
         where not exists (select from phone_numbers o
                            where o.number = t.number and o.tenant_id <> ${tenantId} and (o.carrier is not null or o.meta ? 'importId'))
         order by t.place
        on conflict (tenant_id, number) do update
           set carrier = excluded.carrier, carrier_number_id = excluded.carrier_number_id, updated_at = now(),
               -- it was merely entered until now
               tenant_since = now()
         where excluded.carrier is not null and p.carrier is distinct from excluded.carrier
        returning xmax = 0 as created
      )
      select count(*) filter (where created) as created from made`;
    const created = made?.created ?? 0;
    if (batch.faults.length > 0) {
      await sql`
        insert into import_errors (import_id, row, field, message, value)
        select ${importId}, f.row, 'phones', f.message, f.value
          from unnest(${batch.faults.map((f) => f.row)}::int[], ${batch.faults.map((f) => f.message)}::text[],
                      ${batch.faults.map((f) => f.value)}::text[]) as f(row, message, value)
        on conflict do nothing`;
    }
    const moved = await sql`
      update imports set position = ${batch.to}, processed_rows = processed_rows + ${batch.to - batch.from},
             successful_rows = successful_rows + ${created}, failed_rows = failed_rows + ${batch.faults.length},
             duplicate_rows = duplicate_rows + ${batch.repeated + batch.numbers.length - created}
       where id = ${importId} and status = 'processing' and position = ${batch.from} and options ->> 'reader' = ${target.reader}`;
    if (moved.count === 0) throw new Error(`Import ${importId} is worked on by another process`);
  });
}
