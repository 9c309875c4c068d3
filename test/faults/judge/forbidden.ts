import { isOpen } from '../../../core/time/window.ts';
import { type Case, type Facts, groupBy } from './case.ts';
import { hoursOf } from './hours-of.ts';
import type { Violation } from './violation.ts';

/**
 * Promise 3, I4, I5, I7. A claim is the moment that counts: what was claimed in time may reach the phone a little later,
 * but never later than the worker's own bounds allow.
 */
export function judgeForbidden(found: Case): Violation[] {
  return [...judgeCancelled(found), ...judgeSuppressed(found), ...[...found.calls.values()].flatMap((facts) => judgeHours(found, facts))];
}

function judgeHours({ placingMs }: Case, facts: Facts): Violation[] {
  const hours = hoursOf(facts);
  if (!hours) return [];
  const shut = (ms: number) => !isOpen(hours, new Date(ms));
  const fail = (detail: string): Violation => ({ rule: 'I4', promise: 3, detail, callId: facts.row.id });
  const claims = facts.claimsMs.filter((ms) => shut(ms) && shut(ms + BOUNDARY_MS));
  const rings = facts.rings.filter((ring) => shut(ring.atMs) && shut(ring.atMs - placingMs));
  return [
    ...claims.map((ms) => fail(`claimed outside the hours, at ${time(ms)} (${facts.row.timezone})`)),
    ...rings.map((ring) => fail(`rang outside the hours, at ${time(ring.atMs)} (${facts.row.timezone})`)),
  ];
}

/** A claim's event bears the start of its transaction; the gate may have been asked a little later. */
const BOUNDARY_MS = 1000;

function judgeSuppressed({ evidence, calls, placingMs }: Case): Violation[] {
  return evidence.promised.suppressed.flatMap(({ account, to, answeredAtMs }) => {
    const tenantId = evidence.promised.tenants[account];
    const own = [...calls.values()].filter(({ row }) => row.tenantId === tenantId && row.to === to);
    return own.flatMap(({ row, claimsMs, rings }): Violation[] => {
      const claimed = claimsMs.find((ms) => ms > answeredAtMs);
      const rang = rings.find((ring) => ring.atMs > answeredAtMs + placingMs);
      if (claimed === undefined && rang === undefined) return [];
      const what = rang ? `rang at ${time(rang.atMs)}` : `was claimed at ${time(claimed ?? 0)}`;
      return [{ rule: 'I5', promise: 3, callId: row.id, detail: `${to} ${what}, suppressed at ${time(answeredAtMs)}` }];
    });
  });
}

function judgeCancelled({ evidence, calls }: Case): Violation[] {
  const found: Violation[] = [];
  const fail = (callId: number, detail: string) => found.push({ rule: 'I7', promise: 3, detail, callId });
  const chains = groupBy([...calls.values()], ({ row }) => row.originalCallId ?? row.id);
  for (const { callId, answeredAtMs } of evidence.promised.cancelled) {
    // a cancel ends the whole chain: the call, or the retry that waits
    for (const { row, claimsMs } of chains.get(calls.get(callId)?.row.originalCallId ?? callId) ?? []) {
      const later = claimsMs.find((ms) => ms > answeredAtMs);
      if (later !== undefined) fail(row.id, `was claimed at ${time(later)}, cancelled at ${time(answeredAtMs)}`);
      else if (claimsMs.length === 0 && row.status !== 'cancelled')
        fail(row.id, `was cancelled at ${time(answeredAtMs)} and is ${row.status}`);
    }
  }
  for (const { row, rings, events } of calls.values()) {
    if (row.status !== 'cancelled') continue;
    const [ring] = rings;
    if (ring) fail(row.id, `is cancelled and rang at ${time(ring.atMs)}`);
    const cancelled = events.findIndex((event) => event.type === 'cancel');
    if (events.slice(cancelled + 1).some((event) => event.type === 'claim')) fail(row.id, 'was claimed after its cancel');
  }
  return found;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
