import { isTerminal } from '../../../core/call.ts';
import { isOpen } from '../../../core/time/window.ts';
import type { AskedCall } from '../promised.ts';
import { type Case, type Facts, groupBy } from './case.ts';
import { hoursOf } from './hours-of.ts';
import type { Violation } from './violation.ts';

/** Ends without a ring that only an honest doubt explains: the carrier itself could not say. */
export const DOUBT = /cannot tell|no longer knows/;

/**
 * Promise 1: every accepted request is a row, once; nobody asked for more rows than there are; and each row was dialed or
 * says why not. I20: all came to rest.
 */
export function judgeAccepted(found: Case): Violation[] {
  const { evidence, calls } = found;
  const violations: Violation[] = [];
  if (!evidence.quiet) violations.push({ rule: 'I20', promise: 1, detail: unrest(found) });
  const originals = [...calls.values()].filter(({ row }) => row.originalCallId === null);
  const byTag = groupBy(originals, ({ row }) => row.context ?? '');
  const fileRows = evidence.promised.imports.flatMap((file) => file.good);
  const asked = [...evidence.promised.calls, ...fileRows];
  for (const call of asked) violations.push(...judgeAsked(found, call, byTag.get(call.tag) ?? []));
  const tags = new Set(asked.map((call) => call.tag));
  const planned = new Set(evidence.promised.schedules.map((schedule) => schedule.scheduleId));
  for (const { row } of originals) {
    // whom a campaign may call is another question: C1
    if (row.campaignId !== null) continue;
    if (tags.has(row.context ?? '') || (row.scheduleId !== null && planned.has(row.scheduleId))) continue;
    violations.push({ rule: 'I1', promise: 1, callId: row.id, detail: `nobody asked for this call (${row.context})` });
  }
  if (evidence.quiet) for (const facts of calls.values()) violations.push(...judgeRest(found, facts));
  return violations;
}

function judgeAsked({ evidence, calls }: Case, asked: AskedCall, rows: readonly Facts[]): Violation[] {
  const fail = (detail: string, callId?: number): Violation[] => [{ rule: 'I1', promise: 1, detail: `${asked.tag}: ${detail}`, callId }];
  if (rows.length > 1) return fail(`one request, ${rows.length} rows`, rows[1]?.row.id);
  if (asked.callId !== undefined && !calls.has(asked.callId)) return fail('an accepted call is gone', asked.callId);
  const [only] = rows;
  // a row of a file counts when its import is over: I14
  if (!only) return asked.outcome === 'accepted' && asked.callId !== undefined ? fail('an accepted call is gone', asked.callId) : [];
  const tenantId = evidence.promised.tenants[asked.account];
  if (only.row.to !== asked.to || only.row.tenantId !== tenantId) return fail('the row is not what was asked for', only.row.id);
  if (asked.callId !== undefined && asked.callId !== only.row.id) return fail(`the answer said call ${asked.callId}`, only.row.id);
  return [];
}

/** At rest a row has ended for a reason, or waits for one. */
function judgeRest({ evidence }: Case, facts: Facts): Violation[] {
  const { row, rings, tenant } = facts;
  const fail = (detail: string): Violation[] => [{ rule: 'I1', promise: 1, detail, callId: row.id }];
  if (row.status === 'failed' && rings.length === 0) {
    const suppressed = evidence.suppressions.some((s) => s.phone === row.to && (s.tenantId ?? row.tenantId) === row.tenantId);
    const uninterested = evidence.contacts.some((contact) => contact.id === row.contactId && contact.status === 'not_interested');
    const reason = row.verdict?.why;
    const doubt = DOUBT.test(row.failureReason ?? '');
    const explained = reason === 'suppressed' ? suppressed : reason === 'not_interested' ? uninterested : doubt;
    return explained ? [] : fail(`failed without a ring or a good reason: ${row.failureReason}`);
  }
  if (isTerminal(row.status)) return [];
  if (row.status !== 'scheduled') return fail(`left ${row.status}`);
  const why = row.verdict?.answer === 'wait' ? row.verdict.why : undefined;
  const isBroke = !tenant.autoRefill && Number(tenant.balance) < Number(evidence.firstMinuteCost);
  if (isBroke) return [];
  if (why === 'no_credit') return fail(`waits for credit that is there: ${tenant.balance}`);
  if (why === 'campaign_not_running' && facts.campaign?.status === 'active') return fail('waits for a campaign that runs');
  const dueMs = Math.max(row.dueAtMs ?? 0, row.heldUntilMs ?? 0);
  if (dueMs <= evidence.atMs) return fail(`due and not dialed: ${JSON.stringify(row.verdict)}`);
  const hours = hoursOf(facts);
  if (hours !== undefined && !isOpen(hours, new Date(evidence.atMs))) return [];
  return row.retryAttempt > 0 ? [] : fail(`waits without a reason: ${JSON.stringify(row.verdict)}`);
}

function unrest({ calls }: Case): string {
  const counts = groupBy([...calls.values()], ({ row }) => (row.retryOpen ? `${row.status}, retry undecided` : row.status));
  return `not at rest in time: ${[...counts].map(([status, rows]) => `${rows.length} ${status}`).join(', ')}`;
}
