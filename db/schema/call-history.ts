import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { calls } from './call.ts';
import { facts, identity, moment, ref } from './column.ts';

/** Every step of a call's life, written with the step itself. */
export const callEvents = pgTable(
  'call_events',
  {
    id: identity(),
    callId: ref('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    type: text('type').notNull(),
    fromStatus: text('from_status').notNull(),
    toStatus: text('to_status').notNull(),
    at: moment('at').notNull().defaultNow(),
    /** the carrier's own clock, when it was the carrier's word */
    carrierAt: moment('carrier_at'),
    detail: facts('detail'),
  },
  (t) => [index('call_events_call').on(t.callId, t.id)],
);

export const transcriptTurns = pgTable(
  'transcript_turns',
  {
    callId: ref('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** 0 is the greeting; a repeated callback writes the same position again and changes nothing */
    position: integer('position').notNull(),
    role: text('role', { enum: ['assistant', 'user', 'system'] }).notNull(),
    content: text('content').notNull(),
    at: moment('at').notNull().defaultNow(),
    /** tokens the model used for it, when a model was asked */
    tokens: integer('tokens'),
    metadata: facts('metadata'),
  },
  (t) => [
    primaryKey({ columns: [t.callId, t.position] }),
    check('transcript_turns_role', sql`${t.role} in ('assistant', 'user', 'system')`),
  ],
);
