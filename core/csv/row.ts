import { parseId } from '../id.ts';
import { toE164 } from '../phone.ts';
import { looksAssigned } from '../phone-validity.ts';
import { PRIORITY, type Priority, type PriorityName } from '../priority.ts';
import { parseInstant } from '../time/parse.ts';
import { isZone } from '../time/zone.ts';
import type { Column, Layout } from './layout.ts';

/** What one row asks for. */
export interface CallRow {
  /** E.164 */
  phone: string;
  agentId: number;
  /** epoch milliseconds; undefined: now */
  scheduledForMs: number | undefined;
  timezone: string | undefined;
  priority: Priority;
  context: string | undefined;
  /** columns we don't know, as they stand in the file */
  extra: Record<string, string> | undefined;
}

/** What is wrong with a row, in words a person reads. */
export interface RowFault {
  field: Column;
  message: string;
  value: string;
  /** the row that asks for the same call */
  duplicateOf?: number;
}

/** Warnings do not stop a row. */
export type RowVerdict = { ok: CallRow; warnings: readonly RowFault[] } | { error: RowFault };

/** What a row is judged against. */
export interface RowRules {
  layout: Layout;
  /** active AI agents of the tenant */
  agents: ReadonlySet<number>;
  /** users of the tenant */
  users: ReadonlySet<number>;
  nowMs: number;
}

const MAX_CONTEXT_LENGTH = 5000;
const MAX_EXTRA_LENGTH = 256;
const MAX_VALUE_LENGTH = 100;
const NO_WARNINGS: readonly RowFault[] = [];

/**
 * Judges one row; the first fault in the order of the columns is the one reported. A number that is well-formed but not
 * assigned, and a time that is over (it means now), are warnings. Never guesses a country.
 */
export function judgeRow(record: readonly string[], rules: RowRules): RowVerdict {
  const { at } = rules.layout;
  const phoneText = cell(record, at.phoneNumber);
  const phone = toE164(phoneText);
  if (phone === undefined)
    return fault(
      'phoneNumber',
      phoneText,
      phoneText === '' ? 'phoneNumber is missing' : 'Invalid phone number: E.164 is needed, such as +919876543210',
    );

  const agentText = cell(record, at.agentId);
  const agentId = agentText === '' ? undefined : parseId('agent', agentText);
  if (agentId === undefined || !rules.agents.has(agentId)) {
    return fault('agentId', agentText, agentText === '' ? 'agentId is missing' : 'agentId is no active agent of this account');
  }
  const userText = cell(record, at.userId);
  if (userText !== '') {
    const userId = parseId('user', userText);
    if (userId === undefined || !rules.users.has(userId)) return fault('userId', userText, 'userId is no user of this account');
  }
  const timezone = cell(record, at.timezone);
  if (timezone !== '' && !isZone(timezone)) return fault('timezone', timezone, 'timezone is not an IANA name such as Asia/Kolkata');

  const timeText = cell(record, at.scheduledFor);
  const scheduledForMs = timeText === '' ? undefined : parseInstant(timeText, timezone === '' ? 'UTC' : timezone)?.getTime();
  if (timeText !== '' && scheduledForMs === undefined)
    return fault('scheduledFor', timeText, 'scheduledFor is not an ISO 8601 time from 1970 to 9999 such as 2025-11-02T10:00:00Z');

  const priorityText = cell(record, at.priority);
  const priority = priorityText === '' ? PRIORITY.normal : readPriority(priorityText);
  if (priority === undefined) return fault('priority', priorityText, 'priority is not high, normal or low');

  const context = cell(record, at.context);
  if (context.length > MAX_CONTEXT_LENGTH) return fault('context', context, `context is longer than ${MAX_CONTEXT_LENGTH} characters`);

  const assigned = looksAssigned(phone);
  const past = scheduledForMs !== undefined && scheduledForMs < rules.nowMs;
  return {
    ok: {
      phone,
      agentId,
      scheduledForMs,
      timezone: timezone === '' ? undefined : timezone,
      priority,
      context: context === '' ? undefined : context,
      extra: rules.layout.extra.length === 0 ? undefined : readExtra(record, rules.layout),
    },
    warnings: assigned && !past ? NO_WARNINGS : warningsOf(assigned, phoneText, past, timeText),
  };
}

/** The row as the document previews it. */
export function previewRow(
  record: readonly string[],
  { at }: Layout,
): { phoneNumber: string; agentId: string; scheduledFor: string | null } {
  return {
    phoneNumber: cell(record, at.phoneNumber),
    agentId: cell(record, at.agentId),
    scheduledFor: cell(record, at.scheduledFor) || null,
  };
}

function cell(record: readonly string[], at: number | undefined): string {
  if (at === undefined) return '';
  const text = (record[at] ?? '').trim();
  // a quote after a blank is a character to the parser, and a quote to people
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}

function readPriority(text: string): Priority | undefined {
  const name = text.toLowerCase();
  return Object.hasOwn(PRIORITY, name) ? PRIORITY[name as PriorityName] : undefined;
}

function readExtra(record: readonly string[], layout: Layout): Record<string, string> | undefined {
  let extra: Record<string, string> | undefined;
  for (const { name, at } of layout.extra) {
    const value = cell(record, at);
    if (value === '' || value.length > MAX_EXTRA_LENGTH) continue;
    // without a prototype: a column may be called __proto__
    extra ??= Object.create(null) as Record<string, string>;
    extra[name] = value;
  }
  return extra;
}

function warningsOf(assigned: boolean, phone: string, past: boolean, time: string): RowFault[] {
  const warnings: RowFault[] = [];
  if (!assigned) warnings.push({ field: 'phoneNumber', message: 'The number is well-formed but not assigned', value: short(phone) });
  if (past) warnings.push({ field: 'scheduledFor', message: 'The time is over: the call is due at once', value: short(time) });
  return warnings;
}

function fault(field: Column, value: string, message: string): { error: RowFault } {
  return { error: { field, message, value: short(value) } };
}

function short(value: string): string {
  return value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;
}
