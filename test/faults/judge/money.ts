import type { LedgerRow } from '../evidence.ts';
import { type Case, type Facts, groupBy } from './case.ts';
import type { Violation } from './violation.ts';

const MILLION = 1_000_000;
/** An entry bears the start of its transaction; a claim that began meanwhile could not see it. */
const COMMIT_SLACK_MS = 1500;
/** How far below nought an account without refill may end: what a call in flight costs beyond the minute that was held for it. */
const LOWEST_BALANCE = -0.03;

/** Promise 6, I15: money adds up, a component is charged once, what was answered was charged. Promise 3: nothing rings without credit. */
export function judgeMoney({ evidence, calls }: Case): Violation[] {
  const found: Violation[] = [...calls.values()].flatMap(judgeCharges);
  const entries = groupBy(evidence.ledger, (entry) => entry.tenantId);
  for (const tenant of evidence.tenants) {
    const own = entries.get(tenant.id) ?? [];
    const charged = own.filter((entry) => entry.kind === 'charge');
    const fail = (detail: string) => found.push({ rule: 'I15', promise: 6, detail: `tenant ${tenant.id}: ${detail}` });
    if (sum(own) !== micros(tenant.balance)) fail(`balance ${tenant.balance}, ledger ${sum(own) / MILLION}`);
    if (-sum(charged) !== micros(tenant.used)) fail(`used ${tenant.used}, charged ${-sum(charged) / MILLION}`);
    if (tenant.autoRefill) continue;
    if (Number(tenant.balance) < LOWEST_BALANCE) {
      found.push({ rule: 'credit', promise: 3, detail: `tenant ${tenant.id} may not owe anything and owes ${tenant.balance}` });
    }
    for (const { row } of calls.values()) {
      if (row.tenantId !== tenant.id || row.claimedAtMs === null) continue;
      const seenMs = row.claimedAtMs - COMMIT_SLACK_MS;
      const before = sum(own.filter((entry) => entry.atMs < (Number(entry.amount) > 0 ? (row.claimedAtMs ?? 0) : seenMs)));
      if (before <= 0)
        found.push({ rule: 'credit', promise: 3, callId: row.id, detail: `was claimed with a balance of ${before / MILLION}` });
    }
  }
  return found;
}

function judgeCharges({ row, charges, rings }: Facts): Violation[] {
  const found: Violation[] = [];
  const fail = (detail: string) => found.push({ rule: 'I15', promise: 6, detail, callId: row.id });
  const components = new Set(charges.map((charge) => charge.component));
  if (components.size !== charges.length) fail(`${charges.length} charges for ${components.size} components`);
  if (-sum(charges) !== micros(row.cost ?? '0')) fail(`cost ${row.cost}, charged ${-sum(charges) / MILLION}`);
  const answered = rings.some((ring) => ring.answered);
  if (!answered && charges.length > 0) fail('charged and never answered');
  if (answered && (row.durationSeconds ?? 0) > 0 && !components.has('carrier')) fail('answered and not charged');
  return found;
}

function sum(entries: readonly LedgerRow[]): number {
  return entries.reduce((total, entry) => total + micros(entry.amount), 0);
}

function micros(amount: string): number {
  return Math.round(Number(amount) * MILLION);
}
