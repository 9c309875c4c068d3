import type { CallStatus } from '../core/call.ts';
import { AppError, badField, badFields, type FieldError, fieldError } from '../core/errors.ts';
import { toE164 } from '../core/phone.ts';
import type { Principal } from '../core/principal.ts';
import { MUST_BE_TIME, parseInstant } from '../core/time/parse.ts';
import { type CallRecord, findOwnAgentId, findRecord } from '../db/query/call-records.ts';
import { insertRecord } from '../db/query/foreign-calls.ts';
import { noteChange } from './changes.ts';
import type { Runtime } from './runtime.ts';
import { zoneOf } from './tenant-zone.ts';

/** Whose calls somebody may see: everybody's, one person's, or nobody's. */
export type Sight = 'all' | 'none' | { agentId: number };

/** A manager sees every call of the account; who has the role agent, those of the person they are. */
export async function sightOf({ db }: Runtime, who: Principal): Promise<Sight> {
  if (who.role !== 'agent') return 'all';
  const agentId = await findOwnAgentId(db.sql, who.tenantId, who.userId);
  return agentId === undefined ? 'none' : { agentId };
}

/** Whose calls a list for them is made of, when they ask for one agent's or (undefined) for any. Undefined: everybody's; null: nobody's. */
export function agentInSight(sight: Sight, asked: number | undefined): number | undefined | null {
  if (sight === 'all') return asked;
  return sight === 'none' || (asked !== undefined && asked !== sight.agentId) ? null : sight.agentId;
}

/** One call that somebody may see. @throws AppError `not_found` */
export async function readRecord(runtime: Runtime, who: Principal, id: number | undefined): Promise<CallRecord> {
  const sight = await sightOf(runtime, who);
  const call = id === undefined || sight === 'none' ? undefined : await findRecord(runtime.db.sql, who.tenantId, id);
  if (!call || (typeof sight === 'object' && sight.agentId !== call.agentId)) throw new AppError('not_found', 'Call not found');
  return call;
}

export interface RecordInput {
  agentId: number;
  /** E.164, or as people write it */
  destination: string;
  direction: 'outbound' | 'inbound';
  status: CallStatus;
  /** seconds; default: from start to end of an answered call, else 0 */
  duration?: number;
  /** ISO 8601; without an offset it is local time in the account's zone */
  startTime: string;
  /** the same; default: the start and the duration */
  endTime?: string;
  campaignId?: number;
  contactId?: number;
  disposition?: string;
  metadata: Record<string, unknown>;
}

/** Clocks of two machines differ; what lies further ahead has not happened. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Keeps a call that was made elsewhere. It counts in the statistics of the time in which it ended; it is never dialed or charged.
 * @throws AppError `validation`, `invalid_phone_number` or `invalid_agent` naming the field; `forbidden` for somebody else's call
 */
export async function recordCall(runtime: Runtime, who: Principal, input: RecordInput, now = new Date()): Promise<CallRecord> {
  const destination = toE164(input.destination);
  if (destination === undefined) throw fieldError('invalid_phone_number', 'destination', 'must be an E.164 number such as +1234567890');
  const times = timesOf(input, await zoneOf(runtime, who.tenantId), now);
  const sight = await sightOf(runtime, who);
  if (sight === 'none' || (typeof sight === 'object' && sight.agentId !== input.agentId))
    throw new AppError('forbidden', 'With the role agent only calls of your own can be recorded');
  const { agentId, direction, status, campaignId, contactId, disposition, metadata } = input;
  const { tenantId, userId: createdBy } = who;
  const { sql } = runtime.db;
  const facts = { tenantId, createdBy, agentId, destination, direction, status, campaignId, contactId, disposition, metadata };
  const made = await insertRecord(sql, { ...facts, ...times });
  if (!('id' in made)) {
    const missing: Array<[boolean, string]> = [
      [made.agent, 'agentId'],
      [made.campaign, 'metadata.campaignId'],
      [made.contact, 'metadata.leadId'],
    ];
    const faults = missing.flatMap(([is, field]): FieldError[] =>
      is ? [{ field, message: 'does not name one of this account', in: 'body' }] : [],
    );
    throw badFields(faults);
  }
  await noteChange(runtime, tenantId, 'calls');
  const call = await findRecord(sql, tenantId, made.id);
  if (!call) throw new Error('A record that was written is not there');
  return call;
}

function timesOf({ startTime, endTime, duration, status }: RecordInput, zone: string, now: Date) {
  const startedAt = instant('startTime', startTime, zone);
  const given = endTime === undefined ? undefined : instant('endTime', endTime, zone);
  if (given && given < startedAt) throw badField('endTime', 'must not be before startTime');
  const endedAt = given ?? new Date(startedAt.getTime() + (duration ?? 0) * 1000);
  if (endedAt.getTime() > now.getTime() + CLOCK_SLACK_MS) throw badField(given ? 'endTime' : 'startTime', 'must not be in the future');
  const lengthSeconds = Math.round((endedAt.getTime() - startedAt.getTime()) / 1000);
  if (duration !== undefined && duration > lengthSeconds + 1)
    throw badField('duration', 'must not be longer than from startTime to endTime');
  return { startedAt, endedAt, durationSeconds: duration ?? (status === 'completed' ? lengthSeconds : 0) };
}

function instant(field: string, text: string, zone: string): Date {
  const found = parseInstant(text, zone);
  if (!found) throw badField(field, MUST_BE_TIME);
  return found;
}
