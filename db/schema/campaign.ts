import { sql } from 'drizzle-orm';
import { bigint, check, date, foreignKey, index, integer, jsonb, pgTable, primaryKey, real, text, unique } from 'drizzle-orm/pg-core';
import type { CallingHours } from '../../core/time/window.ts';
import { agents } from './agent.ts';
import { createdAt, facts, identity, moment, ref, updatedAt } from './column.ts';
import { flows } from './flow.ts';
import { tenants, users } from './tenant.ts';

export const campaigns = pgTable(
  'campaigns',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    description: text('description'),
    targetAudience: text('target_audience'),
    kind: text('kind', { enum: ['outbound', 'inbound', 'predictive'] })
      .notNull()
      .default('outbound'),
    status: text('status', { enum: ['draft', 'active', 'paused', 'completed'] })
      .notNull()
      .default('draft'),
    approval: text('approval', { enum: ['pending', 'approved', 'rejected'] })
      .notNull()
      .default('pending'),
    /** the campaign of the phone company that it stands for: what is decided here is told there */
    carrierCampaignId: text('carrier_campaign_id'),
    agentId: ref('agent_id'),
    flowId: ref('flow_id'),
    dialingMode: text('dialing_mode', { enum: ['auto', 'progressive', 'predictive', 'preview'] })
      .notNull()
      .default('auto'),
    dialRatio: real('dial_ratio').notNull().default(1),
    callDelaySeconds: integer('call_delay_seconds').notNull().default(0),
    /** dials in all for one contact, the first included */
    maxAttempts: integer('max_attempts').notNull().default(3),
    retryIntervalMinutes: integer('retry_interval_minutes'),
    callTimeoutSeconds: integer('call_timeout_seconds'),
    maxCalls: integer('max_calls'),
    /** which of the contacts that may be dialed comes first */
    contactOrder: text('contact_order', { enum: ['oldest_first', 'newest_first'] })
      .notNull()
      .default('oldest_first'),
    /** said to who answered and can't be connected within two seconds (47 CFR 64.1200(a)(7)); null: the general one */
    abandonMessage: text('abandon_message'),
    /** the pacer's word: lines dialed beyond one per free person */
    overdial: integer('overdial').notNull().default(0),
    /** what the pacer remembers from one look to the next, and shows */
    pacing: jsonb('pacing').$type<Record<string, unknown>>(),
    /** when its next call may start, which `callDelaySeconds` sets */
    nextCallAt: moment('next_call_at'),
    startedAt: moment('started_at'),
    completedAt: moment('completed_at'),
    /** `done`: nothing was left to dial, so contacts that are added let it go on; `ended`: its end date came; or a `person` said so */
    completedBecause: text('completed_because', { enum: ['done', 'ended', 'person'] }),
    startsAt: moment('starts_at'),
    endsAt: moment('ends_at'),
    timezone: text('timezone'),
    callingHours: jsonb('calling_hours').$type<CallingHours>(),
    /** its hours, or its account's, are others since then, and contacts that wait for an opening have to be looked at anew */
    hoursChangedAt: moment('hours_changed_at'),
    totalContacts: integer('total_contacts').notNull().default(0),
    completedContacts: integer('completed_contacts').notNull().default(0),
    successfulContacts: integer('successful_contacts').notNull().default(0),
    createdBy: ref('created_by').references(() => users.id),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    unique('campaigns_tenant_id').on(t.tenantId, t.id),
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    foreignKey({ columns: [t.tenantId, t.flowId], foreignColumns: [flows.tenantId, flows.id] }),
    index('campaigns_list')
      .on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`deleted_at is null`),
    index('campaigns_running')
      .on(t.id)
      .where(sql`status = 'active' and deleted_at is null`),
    check('campaigns_status', sql`${t.status} in ('draft', 'active', 'paused', 'completed')`),
    check('campaigns_kind', sql`${t.kind} in ('outbound', 'inbound', 'predictive')`),
    check('campaigns_approval', sql`${t.approval} in ('pending', 'approved', 'rejected')`),
    check('campaigns_dialing_mode', sql`${t.dialingMode} in ('auto', 'progressive', 'predictive', 'preview')`),
  ],
);

/** The administrator's word on a campaign, each kept (contract: admin, Approve/Reject Campaign). */
export const campaignApprovals = pgTable(
  'campaign_approvals',
  {
    id: identity(),
    campaignId: ref('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    approvedBy: ref('approved_by')
      .notNull()
      .references(() => users.id),
    status: text('status', { enum: ['approved', 'rejected'] }).notNull(),
    reason: text('reason'),
    carrierResponse: facts('carrier_response'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [index('campaign_approvals_campaign').on(t.campaignId, t.createdAt.desc().nullsFirst())],
);

export const campaignAgents = pgTable(
  'campaign_agents',
  {
    tenantId: ref('tenant_id').notNull(),
    campaignId: ref('campaign_id').notNull(),
    agentId: ref('agent_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.campaignId, t.agentId] }),
    foreignKey({ columns: [t.tenantId, t.campaignId], foreignColumns: [campaigns.tenantId, campaigns.id] }),
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    index('campaign_agents_agent').on(t.agentId),
  ],
);

/** What became of a campaign's dials, per UTC day: what pacing, progress and the abandonment rule (30 days) are counted from. */
export const campaignDays = pgTable(
  'campaign_days',
  {
    campaignId: ref('campaign_id')
      .notNull()
      .references(() => campaigns.id),
    day: date('day').notNull(),
    /** dials that have ended */
    dials: integer('dials').notNull().default(0),
    /** of these, answered by a person */
    answered: integer('answered').notNull().default(0),
    /** of the answered ones, made elsewhere and only recorded here: they tell nothing of our pace */
    answeredElsewhere: integer('answered_elsewhere').notNull().default(0),
    /** of the answered ones, dialed by us: without anybody to talk to within two seconds */
    abandoned: integer('abandoned').notNull().default(0),
    completed: integer('completed').notNull().default(0),
    talkSeconds: bigint('talk_seconds', { mode: 'number' }).notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.day] })],
);
