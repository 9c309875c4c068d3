import { setTimeout as delay } from 'node:timers/promises';
import type { Placed, Rejection } from '../carrier/port.ts';
import { breakerPauseMs } from '../core/breaker.ts';
import type { Config } from '../core/config.ts';
import { PACE_PATIENCE_MS, type StoredVerdict } from '../core/gate.ts';
import { maskPhones } from '../core/phone.ts';
import { brokenUnique, withDeadlockRetry } from '../db/client.ts';
import { recordPlaced, takeStep } from '../db/query/call-life.ts';
import { countFailure, forgetFailures, pauseCarrier } from '../db/query/pace.ts';
import { noteCalls } from './changes.ts';
import { type Claimed, claimCall } from './claim.ts';
import { endCall } from './ending.ts';
import { failpoint } from './failpoint.ts';
import { ofRuntime } from './of-runtime.ts';
import { batcher } from './batch.ts';
import type { Runtime } from './runtime.ts';
import { planTalk } from './talk-plan.ts';
import { joinTrace, tracePlacing } from './call-trace.ts';

/** A request that comes so much later than its turn is not made: its process was frozen, and what it knows is old. */
const LATE_MS = 1000;
/** One tenant's refusal, however long the carrier wants it to be, holds up the others no longer than this. */
const LONGEST_PAUSE_MS = 60_000;
const LONGEST_REFUSAL_MS = 60 * 60_000;
const ACCOUNT_PAUSE_SECONDS = 30;
const SHORTEST_HOLD_MS = 10;
const LONGEST_HOLD_MS = 2000;
const MAX_BATCH = 200;

/** The last moment after a claim at which its request may still be on its way, with a margin. */
export function longestPlacingMs(config: Pick<Config, 'CARRIER_TIMEOUT_MS'>): number {
  return PACE_PATIENCE_MS + LATE_MS + config.CARRIER_TIMEOUT_MS + 2000;
}

/** Refusals that are about this call: it ends. All others are about the carrier or our account with it: it waits. */
const FINAL: Partial<Record<Rejection, string>> = {
  invalid_number: 'The carrier says that the number is invalid',
  blocked: 'The carrier does not allow calls to this number',
  refused: 'The carrier refused the call',
};

interface PlacedCall {
  callId: number;
  token: string;
  carrierCallId: string;
}

const placedOf = ofRuntime((runtime) => {
  const record = (placed: PlacedCall[]) => withDeadlockRetry(() => recordPlaced(runtime.db.sql, placed, runtime.config.WATCHDOG_SECONDS));
  return batcher(async (placed: PlacedCall[]): Promise<Array<Promise<void> | undefined>> => {
    try {
      await record(placed);
      return placed.map(() => undefined);
    } catch (error) {
      if (placed.length === 1 || !brokenUnique(error)) throw error;
      // one id that another row has already must not cost the others theirs
      return placed.map((one) => record([one]));
    }
  }, MAX_BATCH);
});

/**
 * Dials one queued call, at most once: claim first, then ask the carrier, then write down what it answered. Returns when
 * the carrier has answered; its callbacks drive the rest (DESIGN §3). Quietly does nothing for a call that is not, or
 * no longer, queued or that the gate turns away. `signal` ends its wait for the carrier, by throwing.
 */
export async function dialCall(runtime: Runtime, callId: number, signal: AbortSignal): Promise<void> {
  const claimed = await waitForClaim(runtime, callId, signal);
  if (!claimed) return;
  await runtime.tracing.span({ name: 'dial call', callId, traceparent: claimed.traceparent }, () => dialClaimed(runtime, claimed));
}

async function dialClaimed(runtime: Runtime, claimed: Claimed): Promise<void> {
  const { callId } = claimed;
  const { metrics, carrier, log } = runtime;
  const plan = await Promise.all([planTalk(runtime, callId), joinTrace(runtime, claimed)]).then(
    ([talk]) => talk,
    (error: unknown) => ({ error }),
  );
  if ('error' in plan) {
    log.error({ err: plan.error, callId }, 'who talks could not be found out; not dialed, back in line');
    await giveBack(runtime, claimed, 'Who talks could not be found out', againAfterMs(claimed));
    return;
  }
  const earlyMs = claimed.notBeforeMs - performance.now();
  if (earlyMs > 0) await delay(Math.ceil(earlyMs));
  failpoint('carrier_about_to_be_asked');
  const lateMs = performance.now() - claimed.turnMs;
  if (lateMs > LATE_MS) {
    log.warn({ callId, lateMs: Math.round(lateMs) }, 'its turn has passed while this process stood still; not dialed, back in line');
    await giveBack(runtime, claimed, 'The worker stood still', 0);
    return;
  }
  metrics.startLateness.observe(Math.max(0, Date.now() - claimed.dueAt.getTime()) / 1000);
  const placed =
    'refused' in plan
      ? plan.refused
      : await tracePlacing(runtime, callId, () =>
          carrier.place({
            callId,
            token: claimed.token,
            to: claimed.to,
            from: claimed.from,
            ringTimeoutSeconds: claimed.ringTimeoutSeconds,
            timeLimitSeconds: runtime.config.CALL_TIME_LIMIT_SECONDS,
            detectMachine: runtime.config.MACHINE_DETECTION,
            record: runtime.config.RECORD_CALLS,
            ...plan,
          }),
        );
  failpoint('carrier_answered');
  metrics.placements.inc({ carrier: carrier.name, answer: placed.answer === 'rejected' ? placed.kind : placed.answer });
  // a refusal pauses the carrier, too, and a failure of what was claimed before that does not count
  if (placed.answer === 'rejected') await noteHealth(runtime, claimed, placed);
  await settle(runtime, claimed, placed);
  noteCalls(runtime, [callId]);
  failpoint('placement_recorded');
  if (placed.answer !== 'rejected') await noteHealth(runtime, claimed, placed);
}

/** Nothing was asked of the carrier under this claim, and nothing will be: the call stands in line again. */
async function giveBack(runtime: Runtime, { callId, token }: Claimed, reason: string, againInMs: number): Promise<void> {
  await takeStep(runtime.db.sql, 'refuse', { callId, token, reason, againInMs, verdict: refusedVerdict(againInMs) });
  noteCalls(runtime, [callId]);
}

/** Longer after each time that it came to nothing. */
function againAfterMs({ refusals }: Claimed): number {
  return Math.min(60, 2 ** refusals) * 1000;
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
        token,
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
      runtime.log.warn(
        { callId, carrier: runtime.carrier.name, reason: maskPhones(placed.message) },
        'carrier gave no answer; it will be asked back',
      );
      await takeStep(sql, 'lose', { callId, token, reason: placed.message, checkSeconds: runtime.config.WATCHDOG_SECONDS });
      return;
    case 'rejected': {
      const final = FINAL[placed.kind];
      if (final === undefined) await refused(runtime, claimed, placed);
      else await takeStep(sql, 'fail', { callId, token, reason: `${final}: ${placed.message}` });
    }
  }
}

/**
 * The carrier takes nothing just now: this call waits, longer each time, and all others over this carrier for a moment.
 * Without credentials or balance nothing can be placed at all, so nothing is used up while somebody mends that.
 */
async function refused(runtime: Runtime, claimed: Claimed, placed: Extract<Placed, { answer: 'rejected' }>): Promise<void> {
  const { config, db, carrier, log } = runtime;
  const ours = placed.kind === 'misconfigured' || placed.kind === 'no_balance';
  const seconds = placed.retryAfterSeconds ?? (ours ? ACCOUNT_PAUSE_SECONDS : 1);
  const againInMs = Math.min(LONGEST_REFUSAL_MS, Math.max(seconds * 1000, againAfterMs(claimed)));
  log[ours ? 'error' : 'warn'](
    { callId: claimed.callId, carrier: carrier.name, kind: placed.kind, reason: maskPhones(placed.message), againInMs },
    'carrier takes no calls just now',
  );
  await takeStep(db.sql, 'refuse', {
    callId: claimed.callId,
    token: claimed.token,
    reason: placed.message,
    againInMs,
    verdict: refusedVerdict(againInMs),
  });
  await pauseCarrier(db.sql, config.CARRIER, Math.min(LONGEST_PAUSE_MS, seconds * 1000), maskPhones(placed.message));
  runtime.metrics.pauses.inc({ carrier: carrier.name });
}

/** A carrier that does not answer, again and again, is left alone for a while, then tried with single calls (core/breaker.ts). */
async function noteHealth({ config, db, carrier, log, metrics }: Runtime, { callId, probes }: Claimed, placed: Placed): Promise<void> {
  const failed = placed.answer === 'unknown' || (placed.answer === 'rejected' && placed.kind === 'down');
  if (!failed) {
    if (probes) await forgetFailures(db.sql, config.CARRIER);
    return;
  }
  const reason = maskPhones(placed.message);
  // in one step: who fails at the same moment finds it paused
  const { failures, pauseMs } = await db.sql.begin(async (sql) => {
    const failures = await countFailure(sql, config.CARRIER, callId);
    const pauseMs = breakerPauseMs(failures ?? 0);
    if (pauseMs > 0) await pauseCarrier(sql, config.CARRIER, pauseMs, `The carrier fails: ${reason}`);
    return { failures, pauseMs };
  });
  if (pauseMs === 0) return;
  log.error({ carrier: carrier.name, failures, pauseMs, reason }, 'carrier fails; nothing is dialed over it for a while');
  metrics.pauses.inc({ carrier: carrier.name });
}

/** What the row says while it waits for the carrier. */
export function refusedVerdict(againInMs: number): StoredVerdict {
  const now = Date.now();
  return { answer: 'wait', why: 'carrier_refused', until: new Date(now + againInMs).toISOString(), at: new Date(now).toISOString() };
}
