import { bigint, jsonb, numeric, timestamp } from 'drizzle-orm/pg-core';

/** The identity of every row: bigint, made by the database, a safe integer in JavaScript. */
export const identity = () => bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity();

/** A reference to another row's identity. */
export const ref = (name: string) => bigint(name, { mode: 'number' });

/** A moment, in UTC, to the millisecond. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const createdAt = () => moment('created_at').notNull().defaultNow();
export const updatedAt = () => moment('updated_at').notNull().defaultNow();

/** Money: exact decimals, text in JavaScript. */
export const money = (name: string) => numeric(name, { precision: 16, scale: 6 });

/** Open-ended facts: what the caller sent and we only keep. */
export const facts = (name: string) => jsonb(name).$type<Record<string, unknown>>();
