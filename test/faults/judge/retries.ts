import { isTerminal } from '../../../core/call.ts';
import type { RetryRule } from '../evidence.ts';
import { type Case, type Facts, groupBy } from './case.ts';
import type { Violation } from './violation.ts';

/** Rounding, and the clocks of database and carrier, which are one machine's. */
const CLOCK_SLACK_MS = 50;

/**
 * I10, and I3 for chains: attempts are numbered without a gap, each begins only after the one before has ended and its
 * pause is over, and there are no more than the rule allows.
 */
export function judgeRetries(given: Case): Violation[] {
  const { evidence, calls } = given;
  const chains = groupBy([...calls.values()], ({ row }) => row.originalCallId ?? row.id);
  const rules = new Map(evidence.retryRules.map((rule) => [`${rule.agentId} ${rule.outcome}`, rule]));
  return [...chains.values()].flatMap((unsorted) => {
    const chain = [...unsorted].sort((a, b) => a.row.retryAttempt - b.row.retryAttempt);
    const found: Violation[] = [];
    const fail = ({ row }: Facts, detail: string) => found.push({ rule: 'I10', promise: 2, detail, callId: row.id });
    chain.forEach((attempt, index) => {
      const before = chain[index - 1];
      if (attempt.row.retryAttempt !== index) fail(attempt, `attempt ${attempt.row.retryAttempt} stands in place ${index}`);
      if (!before) return;
      if (!isTerminal(before.row.status)) fail(attempt, `attempt ${index} exists while the one before is ${before.row.status}`);
      const rule = ruleOf(rules, before);
      if (before.row.status === 'completed' || before.row.status === 'cancelled')
        fail(attempt, `a ${before.row.status} call was tried again`);
      if (!rule) return;
      if (index + 1 > rule.maxAttempts) fail(attempt, `dial ${index + 1} of ${rule.maxAttempts}`);
      const pauseMs = rule.initialDelayMs * rule.backoffMultiplier ** (index - 1);
      const earliestMs = (before.row.endedAtMs ?? Infinity) + pauseMs - CLOCK_SLACK_MS;
      // the moment of a claim is kept for the last one only; its event bears the start of its transaction
      const claimMs = attempt.claimsMs.length === 1 ? (attempt.row.claimedAtMs ?? Infinity) : Infinity;
      const firstMs = Math.min(claimMs, ...attempt.rings.map((ring) => ring.atMs));
      if (firstMs < earliestMs) fail(attempt, `dialed ${Math.round(earliestMs - firstMs)} ms before its pause of ${pauseMs} ms was over`);
    });
    const last = chain.at(-1);
    const rule = last && ruleOf(rules, last);
    if (evidence.quiet && last && rule && last.rings.length > 0 && chain.length < rule.maxAttempts && !isBarred(given, chain, last)) {
      fail(last, `ended ${last.row.status} as dial ${chain.length} of ${rule.maxAttempts} and was not tried again`);
    }
    return found;
  });
}

/** That of the agent whose call it was, with the campaign's limit over it. */
function ruleOf(rules: ReadonlyMap<string, RetryRule>, { row, campaign }: Facts): RetryRule | undefined {
  const rule = rules.get(`${row.agentId} ${row.status}`);
  return rule && campaign ? { ...rule, maxAttempts: campaign.maxAttempts } : rule;
}

/** Nothing may follow: somebody cancelled the chain, the number may not be called any more, or its lead is to be left alone. */
function isBarred({ evidence }: Case, chain: readonly Facts[], { row }: Facts): boolean {
  const cancelled = evidence.promised.cancelled.some(({ callId }) => chain.some((facts) => facts.row.id === callId));
  const parted = evidence.contacts.some(({ id, isDeleted, status }) => id === row.contactId && (isDeleted || status === 'not_interested'));
  return (
    cancelled ||
    parted ||
    evidence.suppressions.some(({ phone, tenantId }) => phone === row.to && (tenantId ?? row.tenantId) === row.tenantId)
  );
}
