import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, integer, pgTable, smallint, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { campaigns } from './campaign.ts';
import { createdAt, facts, identity, moment, ref, updatedAt } from './column.ts';
import { tenants } from './tenant.ts';

/** Somebody who may be called: the dialer document's lead, the omnivox document's contact. */
export const contacts = pgTable(
  'contacts',
  {
    id: identity(),
    tenantId: ref('tenant_id')
      .notNull()
      .references(() => tenants.id),
    campaignId: ref('campaign_id'),
    /** E.164 */
    phone: text('phone').notNull(),
    name: text('name'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    email: text('email'),
    timezone: text('timezone'),
    status: text('status').notNull().default('new'),
    attempts: integer('attempts').notNull().default(0),
    lastContactedAt: moment('last_contacted_at'),
    /**
     * Where its campaign is with it: `waiting` for its first dial, `in_line` while a chain of calls is open for it, `done`;
     * `idle` without a campaign
     */
    dialState: text('dial_state', { enum: ['idle', 'waiting', 'in_line', 'done'] })
      .notNull()
      .default('idle'),
    /** how the dialing ended: an outcome of its last call, or why it was never dialed */
    result: text('result'),
    /** since when it may be dialed; what keeps it waiting (calling hours) moves it */
    nextAttemptAt: moment('next_attempt_at').notNull().defaultNow(),
    /** that moment is an opening of the calling hours, and moves with them */
    awaitsOpening: boolean('awaits_opening').notNull().default(false),
    priority: smallint('priority').notNull().default(2),
    /** the first call of its chain in this campaign */
    rootCallId: ref('root_call_id'),
    /** preview: the person who looks at it, and until when nobody else may */
    reservedBy: ref('reserved_by'),
    reservedUntil: moment('reserved_until'),
    customFields: facts('custom_fields').notNull().default({}),
    tags: text('tags')
      .array()
      .notNull()
      .default(sql`'{}'`),
    importId: ref('import_id'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: moment('deleted_at'),
  },
  (t) => [
    unique('contacts_tenant_id').on(t.tenantId, t.id),
    foreignKey({ columns: [t.tenantId, t.campaignId], foreignColumns: [campaigns.tenantId, campaigns.id] }),
    uniqueIndex('contacts_campaign_phone')
      .on(t.campaignId, t.phone)
      .where(sql`deleted_at is null and campaign_id is not null`),
    index('contacts_list')
      .on(t.tenantId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`deleted_at is null`),
    index('contacts_by_update')
      .on(t.tenantId, t.updatedAt, t.id)
      .where(sql`deleted_at is null`),
    index('contacts_by_name')
      .on(t.tenantId, sql`lower(name)`, t.id)
      .where(sql`deleted_at is null`),
    index('contacts_by_attempts')
      .on(t.tenantId, t.attempts, t.id)
      .where(sql`deleted_at is null`),
    index('contacts_by_reach')
      .on(t.tenantId, t.lastContactedAt, t.id)
      .where(sql`deleted_at is null`),
    // a part of a name, a number or an address (extension pg_trgm)
    index('contacts_search')
      .using('gin', sql`(coalesce(name, '') || ' ' || phone || ' ' || coalesce(email, '')) gin_trgm_ops`)
      .where(sql`deleted_at is null`),
    index('contacts_without_campaign')
      .on(t.tenantId)
      .where(sql`campaign_id is null and deleted_at is null`),
    index('contacts_by_status')
      .on(t.tenantId, t.status, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`deleted_at is null`),
    index('contacts_to_dial')
      .on(t.campaignId, t.priority, t.nextAttemptAt, t.id)
      .where(sql`dial_state = 'waiting'`),
    index('contacts_in_line')
      .on(t.campaignId, t.id)
      .where(sql`dial_state = 'in_line'`),
    index('contacts_campaign')
      .on(t.campaignId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`deleted_at is null and campaign_id is not null`),
    check('contacts_priority', sql`${t.priority} in (1, 2, 3)`),
    check('contacts_dial_state', sql`${t.dialState} in ('idle', 'waiting', 'in_line', 'done')`),
    check('contacts_waits_in_campaign', sql`${t.dialState} = 'idle' or ${t.campaignId} is not null`),
    index('contacts_phone').on(t.tenantId, t.phone),
    index('contacts_tags').using('gin', t.tags),
    check('contacts_e164', sql`${t.phone} ~ '^\\+[1-9][0-9]{6,14}$'`),
  ],
);
