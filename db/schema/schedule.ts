import { sql } from 'drizzle-orm';
import { boolean, check, date, foreignKey, index, pgTable, smallint, text, time, unique } from 'drizzle-orm/pg-core';
import { agents } from './agent.ts';
import { createdAt, identity, moment, ref, updatedAt } from './column.ts';
import { tenants, users } from './tenant.ts';

/** A call that comes back: its next moment is a column, so it can be edited and survives a wiped queue. */
export const schedules = pgTable(
  'schedules',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    agentId: ref('agent_id').notNull(),
    toNumber: text('to_number').notNull(),
    context: text('context'),
    priority: smallint('priority').notNull().default(2),
    pattern: text('pattern', { enum: ['daily', 'weekly', 'monthly'] }).notNull(),
    timeOfDay: time('time_of_day').notNull(),
    timezone: text('timezone').notNull(),
    /** it was asked for; else it is the tenant's, and tells nothing of where the callee is */
    timezoneGiven: boolean('timezone_given').notNull().default(true),
    startDate: date('start_date').notNull(),
    /** inclusive */
    endDate: date('end_date'),
    businessHoursOnly: boolean('business_hours_only').notNull().default(false),
    isActive: boolean('is_active').notNull().default(true),
    /** the next run that is not a row in `calls` yet; null: there is none */
    nextRunAt: moment('next_run_at'),
    lastRunAt: moment('last_run_at'),
    cancelledAt: moment('cancelled_at'),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique('schedules_tenant_id').on(t.tenantId, t.id),
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    index('schedules_due')
      .on(t.nextRunAt)
      .where(sql`is_active`),
    index('schedules_list')
      .on(t.tenantId, t.nextRunAt, t.id)
      .where(sql`cancelled_at is null`),
    check('schedules_pattern', sql`${t.pattern} in ('daily', 'weekly', 'monthly')`),
  ],
);
