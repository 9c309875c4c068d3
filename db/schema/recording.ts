import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from './call.ts';
import { createdAt, identity, moment, ref } from './column.ts';
import { tenants } from './tenant.ts';

export const recordings = pgTable(
  'recordings',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    callId: ref('call_id')
      .notNull()
      .references(() => calls.id),
    source: text('source', { enum: ['carrier', 'upload'] }).notNull(),
    carrierRecordingId: text('carrier_recording_id'),
    storageKey: text('storage_key'),
    fileName: text('file_name').notNull(),
    mimeType: text('mime_type').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    durationSeconds: integer('duration_seconds'),
    /** `pending` until it was fetched from the carrier */
    status: text('status', { enum: ['pending', 'ready', 'failed'] })
      .notNull()
      .default('ready'),
    fetchAttempts: integer('fetch_attempts').notNull().default(0),
    nextFetchAt: moment('next_fetch_at'),
    createdAt: createdAt(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    index('recordings_call').on(t.callId),
    index('recordings_pending')
      .on(t.nextFetchAt)
      .where(sql`status = 'pending' and deleted_at is null`),
    index('recordings_retention')
      .on(t.tenantId, t.createdAt)
      .where(sql`deleted_at is null`),
    uniqueIndex('recordings_carrier')
      .on(t.carrierRecordingId)
      .where(sql`carrier_recording_id is not null`),
    check('recordings_source', sql`${t.source} in ('carrier', 'upload')`),
    check('recordings_status', sql`${t.status} in ('pending', 'ready', 'failed')`),
  ],
);
