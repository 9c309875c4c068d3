import { setTimeout as delay } from 'node:timers/promises';
import type { Placed, Rejection } from '../carrier/port.ts';
import { recordPlaced, takeStep } from '../db/query/call-life.ts';
import { pauseCarrier } from '../db/query/pace.ts';
import { type Claimed, claimCall } from './claim.ts';
import { endCall } from './ending.ts';
import { ofRuntime } from './of-runtime.ts';
import { batcher } from './batch.ts';
import type { Runtime } from './runtime.ts';

/**
 * A worker that was frozen this long between its claim and its request gives up: by then the watchdog may have begun
 * to ask the carrier about the call.
 */
const STALE_CLAIM_MS = 5000;
const LONGEST_REFUSAL_MS = 60_000;
const SHORTEST_HOLD_MS = 10;
const LONGEST_HOLD_MS = 2000;
const MAX_BATCH = 200;

const REJECTED: Record<Exclude<Rejection, 'throttled' | 'down'>, string> = {
  invalid_number: 'The carrier says that the number is invalid',
  blocked: 'The carrier does not allow calls to this number',
  no_balance: 'The carrier account has no balance',
  misconfigured: 'The carrier refused our credentials or settings',
};

const placedOf = ofRuntime((runtime) =>
  batcher(async (placed: Array<{ callId: number; token: string; carrierCallId: string }>) => {
    await recordPlaced(runtime.db.sql, placed, runtime.config.WATCHDOG_SECONDS);
    return placed.map(() => undefined);
  }, MAX_BATCH),
);

/**
 * Dials one queued call, at most once: claim first, then ask the carrier, then write down what it answered. Returns when
 * the carrier has answered; its callbacks drive the rest (DESIGN §3). Quietly does nothing for a call that is not, or
 * no longer, queued or that the gate turns away. `signal` ends its wait for the carrier, by throwing.
 */
export async function dialCall(runtime: Runtime, callId: number, signal: AbortSignal): Promise<void> {
  const claimed = await waitForClaim(runtime, callId, signal);
  if (!claimed) return;
  const claimedAtMs = performance.now();
  if (claimed.startInMs > 0) await delay(claimed.startInMs);
  if (performance.now() - claimedAtMs - claimed.startInMs > STALE_CLAIM_MS) {
    runtime.log.warn({ callId }, 'claim went stale before the carrier was asked; left to the watchdog');
    return;
  }
  const placed = await runtime.carrier.place({
    callId,
    to: claimed.to,
    from: claimed.from,
    ringTimeoutSeconds: claimed.ringTimeoutSeconds,
    timeLimitSeconds: runtime.config.CALL_TIME_LIMIT_SECONDS,
    detectMachine: runtime.config.MACHINE_DETECTION,
  });
  await settle(runtime, claimed, placed);
}

/** Stays in line while only the carrier keeps the call back. */
async function waitForClaim(runtime: Runtime, callId: number, signal: AbortSignal): Promise<Claimed | undefined> {
  for (;;) {
    const answer = await claimCall(runtime, callId);
    if (answer.answer !== 'hold') return answer.answer === 'dial' ? answer.claimed : undefined;
    await delay(Math.min(LONGEST_HOLD_MS, Math.max(SHORTEST_HOLD_MS, answer.forMs)), undefined, { signal });
  }
}

async function settle(runtime: Runtime, claimed: Claimed, placed: Placed): Promise<void> {
  const { callId, token } = claimed;
  const { sql } = runtime.db;
  switch (placed.answer) {
    case 'accepted':
      await placedOf(runtime)({ callId, token, carrierCallId: placed.carrierCallId });
      return;
    case 'finished': {
      const { carrierCallId, outcome, durationSeconds } = placed;
      await endCall(runtime, {
        callId,
        carrierCallId,
        outcome,
        durationSeconds,
        reason: undefined,
        answeredBy: undefined,
        carrierAt: undefined,
      });
      return;
    }
    case 'unknown':
      runtime.log.warn({ callId, carrier: runtime.carrier.name, reason: placed.message }, 'carrier gave no answer; it will be asked back');
      await takeStep(sql, 'lose', { callId, token, reason: placed.message, checkSeconds: runtime.config.WATCHDOG_SECONDS });
      return;
    case 'rejected':
      if (placed.kind === 'throttled' || placed.kind === 'down') {
        await refused(runtime, claimed, placed.message, placed.retryAfterSeconds);
      } else {
        await takeStep(sql, 'fail', { callId, token, reason: `${REJECTED[placed.kind]}: ${placed.message}` });
      }
  }
}

/** The carrier took nothing just now: this call waits, longer each time, and with it the carrier for a moment. */
async function refused(runtime: Runtime, claimed: Claimed, message: string, retryAfterSeconds: number | undefined): Promise<void> {
  const { config, db, carrier, log } = runtime;
  const waitMs = Math.min(LONGEST_REFUSAL_MS, (retryAfterSeconds ?? 1) * 1000 * 2 ** claimed.refusals);
  const until = new Date(Date.now() + waitMs);
  log.warn({ callId: claimed.callId, carrier: carrier.name, reason: message, waitMs }, 'carrier refused the call for now');
  await takeStep(db.sql, 'refuse', {
    callId: claimed.callId,
    token: claimed.token,
    reason: message,
    until,
    verdict: { answer: 'wait', why: 'carrier_refused', until: until.toISOString(), at: new Date().toISOString() },
  });
  await pauseCarrier(db.sql, config.CARRIER, (retryAfterSeconds ?? 1) * 1000, message);
}
