import { sql } from 'drizzle-orm';
import { check, date, index, integer, numeric, pgTable, primaryKey, text, uniqueIndex, bigint } from 'drizzle-orm/pg-core';
import { calls } from './call.ts';
import { createdAt, identity, moment, money, ref } from './column.ts';
import { tenants, users } from './tenant.ts';

/** Every change of a tenant's credit, never altered. A call is charged once per component. */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    callId: ref('call_id').references(() => calls.id),
    kind: text('kind', { enum: ['charge', 'grant', 'top_up', 'refill', 'adjustment'] }).notNull(),
    component: text('component', { enum: ['stt', 'llm', 'tts', 'carrier'] }),
    /** charges are negative */
    amount: money('amount').notNull(),
    quantity: numeric('quantity', { precision: 16, scale: 3 }),
    unitPrice: money('unit_price'),
    description: text('description').notNull(),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('ledger_entries_charge')
      .on(t.callId, t.component)
      .where(sql`kind = 'charge'`),
    index('ledger_entries_list').on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    check('ledger_entries_kind', sql`${t.kind} in ('charge', 'grant', 'top_up', 'refill', 'adjustment')`),
    check('ledger_entries_component', sql`(${t.kind} = 'charge') = (${t.component} is not null)`),
  ],
);

/** The rate card: what a unit of a component costs. A tenant's own row wins over the general one (tenant_id 0). */
export const rates = pgTable(
  'rates',
  {
    tenantId: bigint('tenant_id', { mode: 'number' }).notNull().default(0),
    component: text('component', { enum: ['stt', 'llm', 'tts', 'carrier'] }).notNull(),
    unit: text('unit', { enum: ['started_minute', 'minute', 'thousand_tokens', 'thousand_characters'] }).notNull(),
    price: money('price').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.component] }),
    check('rates_price', sql`${t.price} >= 0`),
    check('rates_unit', sql`${t.unit} in ('started_minute', 'minute', 'thousand_tokens', 'thousand_characters')`),
  ],
);

/** Finished calls per quarter of an hour and status, which every zone's hours are made of: what statistics read instead of the calls. */
export const callSlots = pgTable(
  'call_slots',
  {
    tenantId: ref('tenant_id').notNull(),
    slot: moment('slot').notNull(),
    direction: text('direction').notNull(),
    status: text('status').notNull(),
    calls: integer('calls').notNull(),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }).notNull(),
    cost: money('cost').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.slot, t.direction, t.status] })],
);

/** Finished calls per UTC day and agent. */
export const agentDays = pgTable(
  'agent_days',
  {
    tenantId: ref('tenant_id').notNull(),
    day: date('day').notNull(),
    agentId: ref('agent_id').notNull(),
    status: text('status').notNull(),
    calls: integer('calls').notNull(),
    retries: integer('retries').notNull(),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }).notNull(),
    cost: money('cost').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.day, t.agentId, t.status] }),
    // all days of one agent
    index('agent_days_agent').on(t.tenantId, t.agentId),
  ],
);

/** Finished calls per quarter of an hour and agent: what one agent's figures are read from, and the ends of everybody's where days do not fit. */
export const agentSlots = pgTable(
  'agent_slots',
  {
    tenantId: ref('tenant_id').notNull(),
    agentId: ref('agent_id').notNull(),
    slot: moment('slot').notNull(),
    status: text('status').notNull(),
    calls: integer('calls').notNull(),
    retries: integer('retries').notNull(),
    durationSeconds: bigint('duration_seconds', { mode: 'number' }).notNull(),
    cost: money('cost').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.agentId, t.slot, t.status] })],
);

/** What finished calls were charged per quarter of an hour, component and phone company. */
export const chargeSlots = pgTable(
  'charge_slots',
  {
    tenantId: ref('tenant_id').notNull(),
    slot: moment('slot').notNull(),
    component: text('component', { enum: ['stt', 'llm', 'tts', 'carrier'] }).notNull(),
    /** that the calls were dialed over; empty: none is known */
    carrier: text('carrier').notNull(),
    amount: money('amount').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.slot, t.component, t.carrier] })],
);
