import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { createdAt, identity, moment, ref } from './column.ts';
import { tenants, users } from './tenant.ts';

/**
 * Requests that carried an Idempotency-Key, and how they were answered: in progress until there is a status. The body of the answer
 * and what the request asked for are held so that neither can be read here.
 */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id, { onDelete: 'cascade' }),
    userId: ref('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    surface: text('surface').notNull(),
    key: text('key').notNull(),
    /** keyed digest of method, path and body */
    requestHash: text('request_hash').notNull(),
    /** fences off an execution that was given up and comes back */
    attempt: integer('attempt').notNull().default(1),
    /** until when whoever executes it is believed to be alive */
    leasedUntil: moment('leased_until').notNull(),
    /** id of the row that the request made, written in the transaction that made it */
    madeId: ref('made_id'),
    responseStatus: integer('response_status'),
    responseHeaders: jsonb('response_headers').$type<Record<string, string>>(),
    /** sealed */
    responseBody: text('response_body'),
    createdAt: createdAt(),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [
    unique('idempotency_keys_key').on(t.tenantId, t.userId, t.surface, t.key),
    index('idempotency_keys_expiry').on(t.expiresAt),
    check('idempotency_keys_answer', sql`(${t.responseStatus} is null) = (${t.responseBody} is null)`),
  ],
);
