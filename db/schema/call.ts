import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, integer, jsonb, pgTable, smallint, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { CALL_STATUSES } from '../../core/call.ts';
import type { StoredVerdict } from '../../core/gate.ts';
import { agents } from './agent.ts';
import { campaigns } from './campaign.ts';
import { createdAt, facts, identity, moment, money, ref, updatedAt } from './column.ts';
import { contacts } from './contact.ts';
import { flows } from './flow.ts';
import { schedules } from './schedule.ts';

/**
 * One dial, past or to come. A retry is a new row. Its children hold only `call_id`: they are written by the engine
 * alone and read through the call, whose tenant is in every where.
 */
export const calls = pgTable(
  'calls',
  {
    id: identity(),
    tenantId: ref('tenant_id').notNull(),
    direction: text('direction', { enum: ['outbound', 'inbound'] })
      .notNull()
      .default('outbound'),
    status: text('status', { enum: CALL_STATUSES }).notNull(),
    priority: smallint('priority').notNull().default(2),
    /** E.164 */
    toNumber: text('to_number').notNull(),
    /** E.164; chosen when the call is dialed */
    fromNumber: text('from_number'),
    agentId: ref('agent_id').notNull(),
    campaignId: ref('campaign_id'),
    contactId: ref('contact_id'),
    flowId: ref('flow_id'),
    scheduleId: ref('schedule_id'),
    /** no foreign key: imports are never deleted, and the check would cost a million-row file a third of its time */
    importId: ref('import_id'),
    /** line of the import's file, as a person counts it */
    importRow: integer('import_row'),
    originalCallId: ref('original_call_id'),
    retryAttempt: integer('retry_attempt').notNull().default(0),
    context: text('context'),
    /** the zone that was asked for; null: none, which reads as UTC */
    timezone: text('timezone'),
    /** the moment that was asked for */
    scheduledFor: moment('scheduled_for'),
    /** since when it may ring, which is its place in line: the asked moment, or the next one that its own rules allow; null while unscheduled */
    dueAt: moment('due_at'),
    /** it keeps its place, but the dispatcher passes it over until then: its number is busy, the carrier refused it */
    heldUntil: moment('held_until'),
    queuedAt: moment('queued_at'),
    /** how often it was put into the queue; makes each job id new */
    queueRound: integer('queue_round').notNull().default(0),
    /** fencing token of the last claim, in every callback URL of its dial: who holds another one changes nothing */
    claimToken: uuid('claim_token'),
    claimedAt: moment('claimed_at'),
    ringingAt: moment('ringing_at'),
    answeredAt: moment('answered_at'),
    endedAt: moment('ended_at'),
    /** when the watchdog asks the carrier about it next */
    checkAt: moment('check_at'),
    /** how often the carrier was asked to no avail */
    checks: smallint('checks').notNull().default(0),
    /** how often in a row, up to now, the carrier answered that it has no such call */
    denials: smallint('denials').notNull().default(0),
    /** it was talked, and somebody told that this is over, but not how long it was */
    overAt: moment('over_at'),
    /** how often the carrier refused to take it just now */
    refusals: smallint('refusals').notNull().default(0),
    /** it ended without success, and nobody has decided yet whether it is tried again */
    retryOpen: boolean('retry_open').notNull().default(false),
    /** how often our workers failed on it for good */
    faults: smallint('faults').notNull().default(0),
    durationSeconds: integer('duration_seconds'),
    carrier: text('carrier'),
    carrierCallId: text('carrier_call_id'),
    answeredBy: text('answered_by'),
    /** when a person took it */
    bridgedAt: moment('bridged_at'),
    /** until when somebody must be found, once it is answered: two seconds later (47 CFR 64.1200(a)(7)) */
    connectBy: moment('connect_by'),
    /** how many people it was put through to, one after the other */
    bridges: smallint('bridges').notNull().default(0),
    /** when it was given up for want of a free person: the caller heard the safe-harbour message */
    abandonedAt: moment('abandoned_at'),
    /** what the person who talked made of it */
    disposition: text('disposition'),
    flowVersion: integer('flow_version'),
    /** where in its flow it stands, and what it knows */
    flowState: jsonb('flow_state').$type<Record<string, unknown>>(),
    /** why it failed, was dropped or is unknown, in words a person reads */
    failureReason: text('failure_reason'),
    /** it ended, nothing of it is open, and its contact and its campaign know of it */
    contactSettled: boolean('contact_settled').notNull().default(false),
    cost: money('cost'),
    /** the gate's last answer: why it was or was not dialed, and when it is looked at again */
    verdict: jsonb('verdict').$type<StoredVerdict>(),
    metadata: facts('metadata').notNull().default({}),
    /** W3C trace context of who asked for it, shown to nobody; null: not traced */
    traceparent: text('traceparent'),
    createdBy: ref('created_by'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    foreignKey({ columns: [t.tenantId, t.agentId], foreignColumns: [agents.tenantId, agents.id] }),
    foreignKey({ columns: [t.tenantId, t.campaignId], foreignColumns: [campaigns.tenantId, campaigns.id] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    foreignKey({ columns: [t.tenantId, t.flowId], foreignColumns: [flows.tenantId, flows.id] }),
    foreignKey({ columns: [t.tenantId, t.scheduleId], foreignColumns: [schedules.tenantId, schedules.id] }),
    foreignKey({ columns: [t.originalCallId], foreignColumns: [t.id] }),
    index('calls_list').on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('calls_list_status').on(t.tenantId, t.status, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    // the dispatcher: one probe a tenant and priority
    index('calls_due')
      .on(t.tenantId, t.priority, t.dueAt, t.id)
      .where(sql`status = 'scheduled' and due_at is not null and held_until is null`),
    index('calls_held')
      .on(t.heldUntil)
      .where(sql`status = 'scheduled' and held_until is not null`),
    index('calls_retry_open')
      .on(t.endedAt)
      .where(sql`retry_open`),
    index('calls_retry_pending')
      .on(t.tenantId, t.dueAt, t.id)
      .where(sql`retry_attempt > 0 and status in ('scheduled', 'queued')`),
    index('calls_schedule')
      .on(t.scheduleId, t.id)
      .where(sql`schedule_id is not null`),
    index('calls_queued')
      .on(t.tenantId, t.queuedAt)
      .where(sql`status = 'queued'`),
    index('calls_check')
      .on(t.checkAt)
      .where(sql`status in ('dialing', 'unknown', 'ringing', 'in_progress')`),
    // what a person did, and their hours: without it the rare agent's calls are looked for among everybody's
    index('calls_agent').on(t.tenantId, t.agentId, t.endedAt),
    index('calls_campaign')
      .on(t.campaignId, t.id)
      .where(sql`campaign_id is not null`),
    // what the platform's administrators read, over all tenants: dials by status, talks by agent and by the person talked to
    index('calls_log')
      .on(t.status, t.claimedAt, t.id)
      .where(sql`claimed_at is not null`),
    index('calls_talks_agent')
      .on(t.agentId, t.claimedAt, t.id)
      .where(sql`answered_at is not null and status in ('in_progress', 'completed')`),
    index('calls_talks_phone')
      .on(sql`(case when direction = 'inbound' then from_number else to_number end)`, t.claimedAt, t.id)
      .where(sql`answered_at is not null and status in ('in_progress', 'completed')`),
    // the last dials, which teach the pacer
    index('calls_campaign_dialed')
      .on(t.campaignId, t.claimedAt)
      .where(sql`campaign_id is not null and claimed_at is not null`),
    index('calls_campaign_waiting')
      .on(t.campaignId, t.dueAt)
      .where(sql`campaign_id is not null and status in ('scheduled', 'queued')`),
    index('calls_contact')
      .on(t.contactId, t.id)
      .where(sql`contact_id is not null`),
    index('calls_to_settle')
      .on(t.id)
      .where(sql`contact_id is not null and ended_at is not null and not contact_settled`),
    uniqueIndex('calls_import_row')
      .on(t.importId, t.importRow)
      .where(sql`import_id is not null`),
    uniqueIndex('calls_schedule_run')
      .on(t.scheduleId, t.scheduledFor)
      .where(sql`schedule_id is not null`),
    uniqueIndex('calls_retry')
      .on(t.originalCallId, t.retryAttempt)
      .where(sql`original_call_id is not null`),
    uniqueIndex('calls_carrier')
      .on(t.carrier, t.carrierCallId)
      .where(sql`carrier_call_id is not null`),
    check('calls_status', sql.raw(`status in (${CALL_STATUSES.map((s) => `'${s}'`).join(', ')})`)),
    check('calls_priority', sql`${t.priority} in (1, 2, 3)`),
    check('calls_direction', sql`${t.direction} in ('outbound', 'inbound')`),
    check('calls_e164', sql`${t.toNumber} ~ '^\\+[1-9][0-9]{6,14}$'`),
  ],
);
