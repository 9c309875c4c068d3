import { enterTurnstile, advancePace } from '../db/query/pace.ts';
import { readCandidates } from '../db/query/gate-facts.ts';
import { claim } from '../db/query/verdicts.ts';
import { batcher } from './batch.ts';
import { judge } from './judge.ts';
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
  /** how long to wait for its turn in the carrier's pace */
  startInMs: number;
  /** how often the carrier refused it before */
  refusals: number;
}

const MAX_BATCH = 100;
/** Beyond the longest possible call a lease is of no use: the watchdog has long decided. */
const LEASE_GRACE_SECONDS = 300;

const claims = ofRuntime((runtime) => batcher((callIds: number[]) => claimMany(runtime, callIds), MAX_BATCH));

/** Claims a queued call if the gate still says dial; undefined when it is no longer queued or has to wait. */
export function claimCall(runtime: Runtime, callId: number): Promise<Claimed | undefined> {
  return claims(runtime)(callId);
}

async function claimMany(runtime: Runtime, callIds: number[]): Promise<Array<Claimed | undefined>> {
  const { config, db } = runtime;
  const carrier = config.CARRIER;
  const claimed = await db.sql.begin(async (sql): Promise<Claimed[]> => {
    const pace = await enterTurnstile(sql, carrier);
    const candidates = await readCandidates(sql, callIds, 'queued');
    const { admitted, nextStartAt } = await judge(sql, config, candidates, { ...pace, stepMs: 1000 / config.CARRIER_CALLS_PER_SECOND });
    if (admitted.length === 0) return [];
    await advancePace(sql, carrier, nextStartAt);
    const tokens = await claim(
      sql,
      admitted.map(({ candidate, verdict }) => ({ ...candidate, from: candidate.from ?? config.TWILIO_FROM_NUMBER, verdict })),
      {
        carrier,
        leaseSeconds: config.RING_TIMEOUT_SECONDS + config.CALL_TIME_LIMIT_SECONDS + LEASE_GRACE_SECONDS,
        checkSeconds: config.WATCHDOG_SECONDS + config.CARRIER_TIMEOUT_MS / 1000,
      },
    );
    return admitted.flatMap(({ candidate, startAt }) => {
      const token = tokens.get(candidate.callId);
      if (token === undefined) return [];
      return {
        callId: candidate.callId,
        token,
        to: candidate.to,
        from: candidate.from ?? config.TWILIO_FROM_NUMBER,
        ringTimeoutSeconds: candidate.ringTimeoutSeconds ?? config.RING_TIMEOUT_SECONDS,
        startInMs: Math.max(0, startAt.getTime() - pace.now.getTime()),
        refusals: candidate.refusals,
      };
    });
  });
  const byId = new Map(claimed.map((c) => [c.callId, c]));
  return callIds.map((callId) => byId.get(callId));
}
