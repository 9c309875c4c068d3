import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, facts, identity, moment, ref } from './column.ts';
import { tenants, users } from './tenant.ts';

/** One uploaded file. `position` is the last line that was committed: a killed import goes on after it. */
export const imports = pgTable(
  'imports',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    kind: text('kind', { enum: ['calls', 'contacts', 'phones'] }).notNull(),
    status: text('status', { enum: ['pending', 'processing', 'completed', 'failed'] })
      .notNull()
      .default('pending'),
    fileName: text('file_name').notNull(),
    storageKey: text('storage_key').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    options: facts('options').notNull().default({}),
    totalRows: integer('total_rows').notNull().default(0),
    /** last line of the file that was dealt with, as a person counts lines */
    position: integer('position').notNull().default(0),
    processedRows: integer('processed_rows').notNull().default(0),
    successfulRows: integer('successful_rows').notNull().default(0),
    failedRows: integer('failed_rows').notNull().default(0),
    duplicateRows: integer('duplicate_rows').notNull().default(0),
    warningRows: integer('warning_rows').notNull().default(0),
    /** why the whole file could not be read */
    error: text('error'),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    startedAt: moment('started_at'),
    completedAt: moment('completed_at'),
  },
  (t) => [
    index('imports_list').on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('imports_open')
      .on(t.id)
      .where(sql`status in ('pending', 'processing')`),
    check('imports_status', sql`${t.status} in ('pending', 'processing', 'completed', 'failed')`),
    check('imports_kind', sql`${t.kind} in ('calls', 'contacts', 'phones')`),
  ],
);

export const importErrors = pgTable(
  'import_errors',
  {
    importId: ref('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    row: integer('row').notNull(),
    severity: text('severity', { enum: ['error', 'warning'] })
      .notNull()
      .default('error'),
    /** the column at fault */
    field: text('field').notNull().default(''),
    message: text('message').notNull(),
    value: text('value'),
    /** the whole row as it stands in the file, for who corrects it and sends it again */
    cells: jsonb('cells').$type<string[]>(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.row, t.field] })],
);
