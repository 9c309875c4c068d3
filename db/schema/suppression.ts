import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from './call.ts';
import { createdAt, identity, moment, ref } from './column.ts';
import { tenants, users } from './tenant.ts';

/** Numbers that must not be rung. Append-only: a release is a mark on the row, never its deletion. */
export const suppressions = pgTable(
  'suppressions',
  {
    id: identity(),
    /** null: the whole platform */
    tenantId: ref('tenant_id').references(() => tenants.id),
    phone: text('phone').notNull(),
    source: text('source', { enum: ['api', 'import', 'keypress', 'speech', 'agent', 'carrier'] }).notNull(),
    reason: text('reason'),
    callId: ref('call_id').references(() => calls.id),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    releasedAt: moment('released_at'),
    releasedBy: ref('released_by').references(() => users.id),
    releaseReason: text('release_reason'),
  },
  (t) => [
    uniqueIndex('suppressions_active')
      .on(t.phone, sql`coalesce(tenant_id, 0)`)
      .where(sql`released_at is null`),
    index('suppressions_list')
      .on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`released_at is null`),
    // opt-outs are few among a million imported numbers
    index('suppressions_by_source')
      .on(t.tenantId, t.source, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`released_at is null`),
    index('suppressions_released')
      .on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`released_at is not null`),
    check('suppressions_source', sql`${t.source} in ('api', 'import', 'keypress', 'speech', 'agent', 'carrier')`),
  ],
);
