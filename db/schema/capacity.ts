import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { calls } from './call.ts';
import { moment, money, ref, updatedAt } from './column.ts';

/** A place under a cap, held while a call is in flight. It expires by itself, so a dead worker cannot leak it. */
export const capacityLeases = pgTable(
  'capacity_leases',
  {
    callId: ref('call_id')
      .primaryKey()
      .references(() => calls.id, { onDelete: 'cascade' }),
    tenantId: ref('tenant_id').notNull(),
    campaignId: ref('campaign_id'),
    agentId: ref('agent_id').notNull(),
    carrier: text('carrier').notNull(),
    /** E.164: one number is rung once at a time, whoever calls; so a carrier asked by number and time tells of one call only */
    toNumber: text('to_number').notNull(),
    /** credit that is spoken for while the call is in flight: what its first minute costs */
    hold: money('hold').notNull().default('0'),
    expiresAt: moment('expires_at').notNull(),
  },
  (t) => [
    index('capacity_leases_tenant').on(t.tenantId, t.expiresAt),
    index('capacity_leases_number').on(t.toNumber),
    index('capacity_leases_carrier').on(t.carrier, t.expiresAt),
    index('capacity_leases_campaign')
      .on(t.campaignId, t.expiresAt)
      .where(sql`campaign_id is not null`),
  ],
);

/** The pace of a carrier: when its next call may start, and whether it is paused for failing. */
export const carrierPace = pgTable('carrier_pace', {
  carrier: text('carrier').primaryKey(),
  nextStartAt: moment('next_start_at').notNull().defaultNow(),
  pausedUntil: moment('paused_until'),
  pausedReason: text('paused_reason'),
  /** requests in a row that it did not take for reasons of its own; a call it takes sets this to nought */
  failures: integer('failures').notNull().default(0),
});

/** How far what a carrier has in its books has been taken over. */
export const syncCursors = pgTable(
  'sync_cursors',
  {
    carrier: text('carrier').notNull(),
    /** which of its books */
    subject: text('subject').notNull(),
    cursor: jsonb('cursor').$type<Record<string, unknown>>().notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [primaryKey({ columns: [t.carrier, t.subject] })],
);
