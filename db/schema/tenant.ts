import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  index,
  inet,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { CallingHours } from '../../core/time/window.ts';
import { createdAt, identity, moment, money, ref, updatedAt } from './column.ts';

export const tenants = pgTable(
  'tenants',
  {
    id: identity(),
    name: text('name').notNull(),
    timezone: text('timezone').notNull().default('UTC'),
    /** `campaigns`: calls asked for by themselves dial at their time; `all`: nothing dials outside the hours */
    callingHoursPolicy: text('calling_hours_policy', { enum: ['campaigns', 'all'] })
      .notNull()
      .default('campaigns'),
    /** null: 9:00–18:00 every day */
    callingHours: jsonb('calling_hours').$type<CallingHours>(),
    /** the preset that `calling_hours` came from; null: the tenant's own */
    callingHoursPreset: text('calling_hours_preset'),
    holidays: date('holidays')
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** calls in flight; null: the installation's default */
    maxCalls: integer('max_calls'),
    carrier: text('carrier'),
    isActive: boolean('is_active').notNull().default(true),
    recordingRetentionDays: integer('recording_retention_days'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [check('tenants_calling_hours_policy', sql`${t.callingHoursPolicy} in ('campaigns', 'all')`)],
);

export const users = pgTable(
  'users',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    email: text('email').notNull(),
    name: text('name').notNull(),
    firstName: text('first_name'),
    lastName: text('last_name'),
    phone: text('phone'),
    passwordHash: text('password_hash').notNull(),
    role: text('role', { enum: ['owner', 'admin', 'manager', 'agent'] }).notNull(),
    platformRole: text('platform_role', { enum: ['user', 'admin'] })
      .notNull()
      .default('user'),
    isActive: boolean('is_active').notNull().default(true),
    lastLoginAt: moment('last_login_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    unique('users_tenant_id').on(t.tenantId, t.id),
    uniqueIndex('users_email').on(t.email),
    check('users_email_lower', sql`${t.email} = lower(${t.email})`),
    check('users_role', sql`${t.role} in ('owner', 'admin', 'manager', 'agent')`),
    check('users_platform_role', sql`${t.platformRole} in ('user', 'admin')`),
    index('users_list').on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
  ],
);

/** Grows with every change of a kind of thing that a tenant has: what an answer was made of is still true while it stands. */
export const tenantVersions = pgTable(
  'tenant_versions',
  {
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    subject: text('subject').notNull(),
    version: bigint('version', { mode: 'number' }).notNull().default(1),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.subject] })],
);

/** One log-in. Tokens name it; once `revoked_at` is set none of them works any more. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    userId: ref('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    userAgent: text('user_agent'),
    ip: inet('ip'),
    lastUsedAt: moment('last_used_at').notNull().defaultNow(),
    /** a browser has used its cookies: the session ends when it rests too long */
    byCookie: boolean('by_cookie').notNull().default(false),
    expiresAt: moment('expires_at').notNull(),
    revokedAt: moment('revoked_at'),
    revokedReason: text('revoked_reason'),
    createdAt: createdAt(),
  },
  (t) => [index('auth_sessions_user').on(t.userId), index('auth_sessions_expiry').on(t.expiresAt)],
);

/** Every refresh token a session ever had; only hashes are kept. A spent one that comes back kills the session. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    sessionId: ref('session_id')
      .notNull()
      .references(() => authSessions.id, { onDelete: 'cascade' }),
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
    createdAt: createdAt(),
  },
  (t) => [index('refresh_tokens_session').on(t.sessionId)],
);

export const auditLog = pgTable(
  'audit_log',
  {
    id: identity(),
    tenantId: ref('tenant_id').references(() => tenants.id),
    actorId: ref('actor_id').references(() => users.id),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
    ip: inet('ip'),
    at: moment('at').notNull().defaultNow(),
  },
  (t) => [index('audit_log_list').on(t.tenantId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst())],
);

/** What a tenant may still spend. `balance` and `used` are kept equal to the sums of `ledger_entries`. */
export const creditAccounts = pgTable(
  'credit_accounts',
  {
    tenantId: ref('tenant_id')
      .primaryKey()
      .references(() => tenants.id),
    balance: money('balance').notNull().default('0'),
    used: money('used').notNull().default('0'),
    autoRefill: boolean('auto_refill').notNull().default(false),
    /** what one refill adds */
    refillAmount: money('refill_amount').notNull().default('100'),
    updatedAt: updatedAt(),
  },
  (t) => [check('credit_accounts_refill', sql`${t.refillAmount} > 0`)],
);

/** One running process; `uptime` is counted from `uptime_minutes`, which these processes fill. */
export const heartbeats = pgTable(
  'heartbeats',
  {
    processId: uuid('process_id').primaryKey(),
    role: text('role').notNull(),
    host: text('host').notNull(),
    pid: integer('pid').notNull(),
    startedAt: moment('started_at').notNull(),
    lastSeenAt: moment('last_seen_at').notNull(),
  },
  (t) => [index('heartbeats_seen').on(t.role, t.lastSeenAt)],
);

export const uptimeMinutes = pgTable(
  'uptime_minutes',
  {
    role: text('role').notNull(),
    /** minutes since the epoch */
    minute: bigint('minute', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.role, t.minute] })],
);
