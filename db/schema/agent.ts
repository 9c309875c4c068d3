import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  real,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { createdAt, facts, identity, moment, ref, updatedAt } from './column.ts';
import { tenants, users } from './tenant.ts';

/** AI agents and people in one table: pacing, calls and campaigns treat them alike. */
export const agents = pgTable(
  'agents',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    kind: text('kind', { enum: ['ai', 'human'] }).notNull(),
    name: text('name').notNull(),
    isActive: boolean('is_active').notNull().default(true),
    /** calls this agent may hold at once; people hold one */
    maxConcurrency: integer('max_concurrency'),
    carrier: text('carrier'),
    /** the agent of that carrier that it stands for */
    carrierAgentId: text('carrier_agent_id'),
    // ai
    systemPrompt: text('system_prompt'),
    greeting: text('greeting'),
    voicemailMessage: text('voicemail_message'),
    voice: text('voice'),
    voiceLabel: text('voice_label'),
    language: text('language').notNull().default('en-US'),
    model: text('model'),
    temperature: real('temperature'),
    maxTokens: integer('max_tokens'),
    flowId: ref('flow_id'),
    // human
    userId: ref('user_id').references(() => users.id),
    extension: text('extension'),
    sipUsername: text('sip_username'),
    /** AES-256-GCM with the row's id as additional data */
    sipPasswordEncrypted: text('sip_password_encrypted'),
    state: text('state', { enum: ['available', 'busy', 'on_call', 'wrap_up', 'paused', 'offline'] })
      .notNull()
      .default('offline'),
    stateSince: moment('state_since').notNull().defaultNow(),
    /** what the person asked for while on a call: it comes true when the call is over */
    nextState: text('next_state', { enum: ['available', 'busy', 'paused', 'offline'] }),
    /** the call a person is connected to */
    currentCallId: ref('current_call_id'),
    /** when a person in wrap-up is available again by themselves; null: when they say so */
    wrapUpUntil: moment('wrap_up_until'),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    unique('agents_tenant_id').on(t.tenantId, t.id),
    index('agents_list')
      .on(t.tenantId, t.kind, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`deleted_at is null`),
    uniqueIndex('agents_user')
      .on(t.userId)
      .where(sql`deleted_at is null and kind = 'human'`),
    index('agents_free')
      .on(t.tenantId, t.stateSince)
      .where(sql`kind = 'human' and state = 'available' and deleted_at is null`),
    index('agents_wrap_up')
      .on(t.wrapUpUntil)
      .where(sql`wrap_up_until is not null`),
    uniqueIndex('agents_call')
      .on(t.currentCallId)
      .where(sql`current_call_id is not null`),
    uniqueIndex('agents_sip_username')
      .on(t.tenantId, t.sipUsername)
      .where(sql`deleted_at is null and sip_username is not null`),
    uniqueIndex('agents_extension')
      .on(t.tenantId, t.extension)
      .where(sql`deleted_at is null and extension is not null`),
    uniqueIndex('agents_carrier')
      .on(t.tenantId, t.carrier, t.carrierAgentId)
      .where(sql`deleted_at is null and carrier_agent_id is not null`),
    check('agents_kind', sql`${t.kind} in ('ai', 'human')`),
    check('agents_kind_fields', sql`(${t.kind} = 'human') = (${t.userId} is not null)`),
    check('agents_state', sql`${t.state} in ('available', 'busy', 'on_call', 'wrap_up', 'paused', 'offline')`),
  ],
);

/** History of a person's states: what utilisation is counted from. */
export const agentStates = pgTable(
  'agent_states',
  {
    id: identity(),
    tenantId: ref('tenant_id').notNull(),
    agentId: ref('agent_id').notNull(),
    state: text('state').notNull(),
    reason: text('reason'),
    callId: ref('call_id'),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    index('agent_states_agent').on(t.agentId, t.at.desc().nullsFirst()),
  ],
);

/** How often and after what pause an outcome is tried again, per agent (contract: Retry Management). */
export const retryRules = pgTable(
  'retry_rules',
  {
    tenantId: ref('tenant_id').notNull(),
    agentId: ref('agent_id').notNull(),
    outcome: text('outcome', { enum: ['no_answer', 'busy', 'failed', 'voicemail', 'abandoned'] }).notNull(),
    /** dials in all, the first included */
    maxAttempts: integer('max_attempts').notNull(),
    /** up to 30 days, which an integer does not hold */
    initialDelayMs: bigint('initial_delay_ms', { mode: 'number' }).notNull(),
    backoffMultiplier: doublePrecision('backoff_multiplier').notNull(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.agentId, t.outcome] }),
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    check('retry_rules_attempts', sql`${t.maxAttempts} between 1 and 100`),
    check('retry_rules_delay', sql`${t.initialDelayMs} >= 0 and ${t.backoffMultiplier} >= 1`),
  ],
);

/** The numbers a tenant owns: caller ids outward, agents' doors inward. */
export const phoneNumbers = pgTable(
  'phone_numbers',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    /** E.164 */
    number: text('number').notNull(),
    agentId: ref('agent_id'),
    isActive: boolean('is_active').notNull().default(true),
    tags: text('tags')
      .array()
      .notNull()
      .default(sql`'{}'`),
    carrier: text('carrier'),
    carrierNumberId: text('carrier_number_id'),
    /** the carrier's agent that it had there when its books were last read; only another one is followed, so what was taken off here stays off */
    carrierAgentId: text('carrier_agent_id'),
    /** when it came to this tenant: calls over it from before are none of the tenant's */
    tenantSince: moment('tenant_since').notNull().defaultNow(),
    meta: facts('meta').notNull().default({}),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique('phone_numbers_tenant_number').on(t.tenantId, t.number),
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    index('phone_numbers_number').on(t.number),
    // anybody may enter any number, but one tenant has it from the carrier
    uniqueIndex('phone_numbers_carrier')
      .on(t.carrier, t.number)
      .where(sql`carrier is not null`),
    index('phone_numbers_agent').on(t.agentId),
    check('phone_numbers_e164', sql`${t.number} ~ '^\\+[1-9][0-9]{6,14}$'`),
  ],
);
