/** A call as a test of the judge tells it, with all that it leaves behind. */
import type { CallRow, Evidence, EventRow } from './evidence.ts';
import { countedAs } from './judge/roll-ups.ts';

/** Sunday 2026-11-22, 12:00 UTC: 17:30 in Kolkata, 07:00 in New York. */
export const START = Date.UTC(2026, 10, 22, 12);
/** A moment of the story, in ms from its start. */
export const at = (ms: number) => START + ms;

export interface Story {
  id: number;
  tenantId?: number;
  to: string;
  /** how it ended, when its claim was, and for how long its phone rang; nothing: it never rang */
  status: CallRow['status'];
  claimMs?: number;
  forMs?: number;
  answered?: boolean;
  row?: Partial<CallRow>;
}

/** One call with the events, the ring and the charge that its end implies. */
export function tell(evidence: Evidence, { id, tenantId = 1, to, status, claimMs, forMs = 100, answered = false, row }: Story): void {
  const rang = claimMs !== undefined;
  const sid = `CA${id}`;
  const endMs = rang ? at(claimMs + 20 + forMs) : null;
  evidence.calls.push({
    id,
    tenantId,
    status,
    priority: 2,
    to,
    agentId: tenantId,
    direction: 'outbound',
    campaignId: null,
    contactId: null,
    scheduleId: null,
    importId: null,
    importRow: null,
    originalCallId: null,
    retryAttempt: 0,
    retryOpen: false,
    context: `call-${id}`,
    timezone: null,
    scheduledForMs: START,
    dueAtMs: START,
    heldUntilMs: null,
    queueRound: 1,
    refusals: 0,
    claimedAtMs: rang ? at(claimMs) : null,
    answeredAtMs: answered && rang ? at(claimMs + 20) : null,
    connectByMs: null,
    bridgedAtMs: null,
    abandonedAtMs: null,
    endedAtMs: endMs,
    durationSeconds: answered ? 30 : 0,
    carrierCallId: rang ? sid : null,
    failureReason: null,
    cost: answered ? '0.014000' : '0',
    verdict: null,
    createdAtMs: START - 100,
    ...row,
  });
  if (status === 'scheduled') return;
  const step = (type: string, from: EventRow['from'], to: EventRow['to'], ms: number) =>
    evidence.events.push({ callId: id, type, from, to, atMs: at(ms) });
  if (!rang) {
    step(status === 'cancelled' ? 'cancel' : 'fail', 'scheduled', status, 1);
    return;
  }
  step('enqueue', 'scheduled', 'queued', claimMs - 5);
  step('claim', 'queued', 'dialing', claimMs);
  step('end', 'dialing', status, claimMs + 20 + forMs);
  const ringAt = new Date(at(claimMs + 20)).toISOString();
  const endedAt = endMs === null ? null : new Date(endMs).toISOString();
  evidence.rings.push({ to, from: '+15005550006', at: ringAt, sid, answeredAt: answered ? ringAt : null, endedAt, status: 'completed' });
  evidence.requests.push({ method: 'POST', path: '/2010-04-01/Accounts/AC/Calls.json', to, at: ringAt, status: 201 });
  if (!answered) return;
  evidence.ledger.push({ tenantId, callId: id, kind: 'charge', component: 'carrier', amount: '-0.014000', atMs: endMs ?? 0 });
  const tenant = evidence.tenants.find((one) => one.id === tenantId);
  if (!tenant) throw new Error('no such tenant');
  tenant.balance = (Number(tenant.balance) - 0.014).toFixed(6);
  tenant.used = (Number(tenant.used) + 0.014).toFixed(6);
}

/** Counts what was told as the product does with every end; each call gets a row of its own, which adds up to the same. */
export function rollUp(evidence: Evidence): void {
  for (const call of evidence.calls) {
    const { tenantId, agentId, direction, endedAtMs, durationSeconds, cost } = call;
    if (endedAtMs === null) continue;
    const slotMs = Math.floor(endedAtMs / SLOT_MS) * SLOT_MS;
    const row = { tenantId, slotMs, status: countedAs(call), calls: 1, durationSeconds: durationSeconds ?? 0, cost: cost ?? '0' };
    evidence.slots.push({ ...row, of: direction });
    evidence.agentSlots.push({ ...row, of: String(agentId) });
  }
}

const SLOT_MS = 15 * 60 * 1000;
