import { probingStepMs } from '../core/breaker.ts';
import { enterTurnstile } from '../db/query/pace.ts';
import type { Candidate } from '../db/query/gate-facts.ts';
import { claim } from '../db/query/verdicts.ts';
import { batcher } from './batch.ts';
import { noteCalls } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { CLAIM_AHEAD_MS, judge } from './judge.ts';
import { ofRuntime } from './of-runtime.ts';
import type { Runtime } from './runtime.ts';

/** The right to dial one call, once. */
export interface Claimed {
  callId: number;
  /** fencing token: later writes of this claim carry it */
  token: string;
  to: string;
  from: string;
  ringTimeoutSeconds: number;
  /**
   * Its turn, of this process's `performance.now()`: by the database's clock it has come at the latest at `notBeforeMs` and not
   * before `turnMs`. What lies between is the way to the database, or a freeze.
   */
  notBeforeMs: number;
  turnMs: number;
  dueAt: Date;
  /** the carrier had failed before: this one is to find out whether it works again */
  probes: boolean;
  /** how often the carrier refused it before */
  refusals: number;
  /** W3C trace context of who asked for it; null: it was not traced */
  traceparent: string | null;
}

/** What came of asking for a call: the right to dial it, a while to wait for the carrier, or nothing to do. */
export type ClaimAnswer = { answer: 'dial'; claimed: Claimed } | { answer: 'hold'; forMs: number } | { answer: 'leave' };

const MAX_BATCH = 100;
/** Beyond the longest possible call a lease is of no use: the watchdog has long decided. */
const LEASE_GRACE_SECONDS = 300;

const claims = ofRuntime((runtime) => batcher((callIds: number[]) => claimMany(runtime, callIds), MAX_BATCH));

/**
 * Claims a queued call if the gate still says dial. `hold` when only the carrier keeps it back: it stays queued, so that
 * what is urgent stays first in line. `leave` when it is no longer queued or was put back to wait.
 */
export function claimCall(runtime: Runtime, callId: number): Promise<ClaimAnswer> {
  return claims(runtime)(callId);
}

async function claimMany(runtime: Runtime, askedFor: number[]): Promise<ClaimAnswer[]> {
  // two jobs may name one call: it is asked about once, and one of them gets the answer
  const callIds = [...new Set(askedFor)];
  const { config, db } = runtime;
  const carrier = config.CARRIER;
  const answers = await db.sql.begin(async (sql): Promise<ClaimAnswer[]> => {
    const beforeMs = performance.now();
    const pace = await enterTurnstile(sql, carrier);
    const enteredMs = performance.now();
    const stepMs = probingStepMs(1000 / config.CARRIER_CALLS_PER_SECOND, pace.failures);
    const { admitted, held, nextStartAt, nextCallAts } = await judge(
      sql,
      runtime,
      { at: 'claim', callIds, aheadMs: CLAIM_AHEAD_MS },
      { ...pace, stepMs },
    );
    const fromOf = (candidate: Candidate) => candidate.from ?? config.callerId;
    const rights = await claim(
      sql,
      admitted.map(({ candidate, verdict }) => ({ ...candidate, from: fromOf(candidate), verdict })),
      {
        carrier,
        nextStartAt,
        nextCallAts,
        leaseSeconds: config.RING_TIMEOUT_SECONDS + config.CALL_TIME_LIMIT_SECONDS + LEASE_GRACE_SECONDS,
        checkSeconds: config.WATCHDOG_SECONDS + config.CARRIER_TIMEOUT_MS / 1000,
      },
    );
    const answers = new Map<number, ClaimAnswer>();
    for (const [callId, until] of held) answers.set(callId, { answer: 'hold', forMs: until.getTime() - pace.now.getTime() });
    for (const { candidate, startAt } of admitted) {
      const right = rights.get(candidate.callId);
      if (!right) continue;
      const claimed: Claimed = {
        ...right,
        to: candidate.to,
        from: fromOf(candidate),
        ringTimeoutSeconds: candidate.ringTimeoutSeconds ?? config.RING_TIMEOUT_SECONDS,
        notBeforeMs: enteredMs + startAt.getTime() - pace.now.getTime(),
        turnMs: beforeMs + pace.waitedMs + startAt.getTime() - pace.now.getTime(),
        dueAt: candidate.dueAt,
        probes: pace.failures > 0,
        refusals: candidate.refusals,
      };
      answers.set(candidate.callId, { answer: 'dial', claimed });
    }
    return askedFor.map((callId, place) => (askedFor.indexOf(callId) === place && answers.get(callId)) || { answer: 'leave' });
  });
  failpoint('calls_claimed');
  noteCalls(runtime, callIds);
  return answers;
}
