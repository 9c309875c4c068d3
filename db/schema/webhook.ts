import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, identity, moment, ref, updatedAt } from './column.ts';
import { tenants } from './tenant.ts';

export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    url: text('url').notNull(),
    description: text('description'),
    /** AES-256-GCM */
    secretEncrypted: text('secret_encrypted').notNull(),
    /** the one before the last change, which signs too until its time is over */
    oldSecretEncrypted: text('old_secret_encrypted'),
    oldSecretUntil: moment('old_secret_until'),
    events: text('events').array().notNull(),
    isActive: boolean('is_active').notNull().default(true),
    /** since when every attempt has failed; null: the last one was delivered, or there was none */
    failingSince: moment('failing_since'),
    /** when it was switched off because of its answers, and why */
    disabledAt: moment('disabled_at'),
    disabledReason: text('disabled_reason'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('webhook_endpoints_tenant').on(t.tenantId)],
);

/** One event on its way to one endpoint: log, retry state and dead letter in one row. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    endpointId: ref('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    eventId: uuid('event_id').notNull(),
    eventType: text('event_type').notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    status: text('status', { enum: ['pending', 'delivered', 'dead'] })
      .notNull()
      .default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** failed attempts since it was written down or replayed: how long the next pause is */
    failures: integer('failures').notNull().default(0),
    nextAttemptAt: moment('next_attempt_at'),
    /** somebody is at it; when it is over nobody is, whatever became of them */
    leasedUntil: moment('leased_until'),
    lastAttemptAt: moment('last_attempt_at'),
    lastStatusCode: integer('last_status_code'),
    lastError: text('last_error'),
    createdAt: createdAt(),
    deliveredAt: moment('delivered_at'),
  },
  (t) => [
    uniqueIndex('webhook_deliveries_event').on(t.endpointId, t.eventId),
    index('webhook_deliveries_list').on(t.endpointId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('webhook_deliveries_list_status').on(t.endpointId, t.status, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('webhook_deliveries_due')
      .on(t.endpointId, t.nextAttemptAt)
      .where(sql`status = 'pending'`),
    check('webhook_deliveries_status', sql`${t.status} in ('pending', 'delivered', 'dead')`),
  ],
);
