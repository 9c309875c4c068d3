import type { CarrierCall } from '../carrier/port.ts';
import { takeStep } from '../db/query/call-life.ts';
import { countCheck, findKnownCarrierCalls, type SilentCall, takeSilent } from '../db/query/watch.ts';
import { applyCarrierCall } from './progress.ts';
import type { Runtime } from './runtime.ts';

const BATCH = 200;
const AT_ONCE = 10;
/** The carrier's clock and ours may differ by this much. */
const CLOCK_SLACK_MS = 60_000;
/** A carrier that was asked this often and knew nothing has nothing. */
const PROOF = 2;

/**
 * Asks the carrier about calls in flight that have been silent for too long: lost answers, lost callbacks, workers that
 * died between claim and answer. Never dials. Answers how many it asked about.
 */
export async function watchSilentCalls(runtime: Runtime): Promise<number> {
  const silent = await takeSilent(runtime.db.sql, runtime.config.WATCHDOG_SECONDS, BATCH);
  for (let start = 0; start < silent.length; start += AT_ONCE) {
    await Promise.all(silent.slice(start, start + AT_ONCE).map((call) => watchOne(runtime, call)));
  }
  return silent.length;
}

async function watchOne(runtime: Runtime, call: SilentCall): Promise<void> {
  const log = runtime.log.child({ callId: call.callId, status: call.status });
  let found: CarrierCall | undefined;
  try {
    found = await askCarrier(runtime, call);
  } catch (error) {
    log.warn({ err: error }, 'carrier could not be asked about a silent call; it will be asked again');
    return;
  }
  if (found) {
    log.info({ carrierCallId: found.carrierCallId, progress: found.progress.type }, 'silent call found at the carrier');
    await applyCarrierCall(runtime, call.callId, found);
  } else if ((await countCheck(runtime.db.sql, call.callId)) >= PROOF) {
    await settleUnknown(runtime, call);
  }
}

async function askCarrier({ carrier, db }: Runtime, call: SilentCall): Promise<CarrierCall | undefined> {
  if (call.carrierCallId) return carrier.fetch(call.carrierCallId);
  const since = new Date(call.claimedAt.getTime() - CLOCK_SLACK_MS);
  const candidates = await carrier.find({ to: call.to, from: call.from, since });
  const known = await findKnownCarrierCalls(
    db.sql,
    call.carrier,
    candidates.map((c) => c.carrierCallId),
  );
  return candidates.find((candidate) => !known.has(candidate.carrierCallId));
}

/** Proven never placed: it may be dialed again. Placed once but no longer known: nobody can say how it ended. */
async function settleUnknown(runtime: Runtime, { callId, carrierCallId }: SilentCall): Promise<void> {
  const { sql } = runtime.db;
  if (carrierCallId) {
    await takeStep(sql, 'fail', { callId, reason: 'The carrier no longer knows this call' });
    return;
  }
  const now = new Date();
  await takeStep(sql, 'refuse', {
    callId,
    reason: 'The carrier never received this call',
    until: now,
    verdict: { answer: 'wait', why: 'carrier_refused', until: now.toISOString(), at: now.toISOString() },
  });
}
