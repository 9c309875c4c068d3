import type { CarrierCall } from '../carrier/port.ts';
import { takeStep } from '../db/query/call-life.ts';
import { countCheck, findKnownCarrierCalls, type SilentCall, takeSilent } from '../db/query/watch.ts';
import { noteCalls } from './changes.ts';
import { longestPlacingMs, refusedVerdict } from './dial.ts';
import { endCall } from './ending.ts';
import { failpoint } from './failpoint.ts';
import { applyProgress } from './progress.ts';
import type { Runtime } from './runtime.ts';
import { applyTold } from './story.ts';

const BATCH = 200;
const AT_ONCE = 20;
/** The carrier's clock and the database's may differ by this much and a call is still taken for ours. */
const CLOCK_SLACK_MS = 60_000;
/** A call within this time that nothing explains forbids the conclusion that ours was never placed: clocks may be wrong. */
const DOUBT_MS = 24 * 60 * 60_000;
/** A carrier that can't be asked is waited for this long after a call must be over. */
const OUTAGE_MS = 2 * 60 * 60_000;
/** What a carrier's books do not have so long after a talk was told to be over, they never will: Exotel's take some five minutes. */
const BOOKED_MS = 10 * 60_000;
/** A carrier that answered this often in a row that it has no such call has none. A question that failed is no answer. */
const PROOF = 2;
/** After this many checks without a clear answer somebody has to look. */
const GIVE_UP = 20;
const CANNOT_TELL = 'The carrier cannot tell what became of this call';

type Found = { call: CarrierCall } | 'nothing' | 'doubtful' | 'unasked';

/**
 * Asks the carrier about calls in flight that have been silent for too long: lost answers, lost callbacks, workers that
 * died between claim and answer. Never dials. Answers how many it asked about.
 */
export async function watchSilentCalls(runtime: Runtime): Promise<number> {
  const silent = await takeSilent(runtime.db.sql, runtime.config.WATCHDOG_SECONDS, BATCH);
  if (silent.length > 0) failpoint('silent_calls_taken');
  for (let start = 0; start < silent.length; start += AT_ONCE) {
    await Promise.all(silent.slice(start, start + AT_ONCE).map((call) => watchOne(runtime, call)));
  }
  return silent.length;
}

async function watchOne(runtime: Runtime, call: SilentCall): Promise<void> {
  const log = runtime.log.child({ callId: call.callId, status: call.status });
  let found: Found;
  try {
    found = await askCarrier(runtime, call);
    failpoint('carrier_asked_back');
  } catch (error) {
    log.warn({ err: error }, 'carrier could not be asked about a silent call; it will be asked again');
    // what was not asked proves nothing, so it is not counted before asking has been of no use for long
    if (Date.now() - call.claimedAt.getTime() < longestPlacingMs(runtime.config) + callMs(runtime) + OUTAGE_MS) return;
    found = 'unasked';
  }
  if (typeof found === 'object') {
    log.debug({ carrierCallId: found.call.carrierCallId, progress: found.call.progress.type }, 'silent call found at the carrier');
    const { carrierCallId, progress, story } = found.call;
    const word = { callId: call.callId, token: call.token, carrierCallId, progress };
    if (await applyTold(runtime, word, story)) runtime.metrics.repairs.inc({ what: 'asked_back_found' });
    return;
  }
  const counted = await countCheck(runtime.db.sql, call, found === 'nothing');
  if (!counted) return;
  if (found !== 'unasked') log[counted.checks === 1 ? 'warn' : 'debug']({ ...counted, found }, 'carrier does not know a silent call');
  const isLate = call.overForMs === null ? counted.ageMs > provesAfterMs(runtime) : call.overForMs > BOOKED_MS;
  if (found === 'nothing' ? counted.denials >= PROOF && isLate : counted.checks >= GIVE_UP) {
    const repaired = await settle(runtime, call, found);
    noteCalls(runtime, [call.callId]);
    if (!repaired) return;
    runtime.metrics.repairs.inc({ what: repaired });
    log.warn({ ...counted, repaired }, 'silent call settled without the carrier');
  }
}

/** How long after its claim a call that the carrier does not know was, or is, certainly none. */
function provesAfterMs({ carrier, config }: Runtime): number {
  return longestPlacingMs(config) + (carrier.booksLate ? callMs({ config }) + CLOCK_SLACK_MS : 0);
}

function callMs({ config }: Pick<Runtime, 'config'>): number {
  return (config.RING_TIMEOUT_SECONDS + config.CALL_TIME_LIMIT_SECONDS) * 1000;
}

async function askCarrier({ carrier, db }: Runtime, call: SilentCall): Promise<Found> {
  if (call.carrierCallId) {
    const known = await carrier.fetch(call.carrierCallId);
    return known ? { call: known } : 'nothing';
  }
  const since = new Date(call.claimedAt.getTime() - DOUBT_MS);
  const candidates = await carrier.find({ to: call.to, from: call.from, since, callId: call.callId, token: call.token });
  const known = await findKnownCarrierCalls(
    db.sql,
    call.carrier,
    candidates.map((c) => c.carrierCallId),
  );
  const unexplained = candidates.filter((candidate) => !known.has(candidate.carrierCallId));
  const earliestMs = call.claimedAt.getTime() - CLOCK_SLACK_MS;
  const ours = unexplained.find(({ startedAt, unreadable }) => !unreadable && (!startedAt || startedAt.getTime() >= earliestMs));
  if (ours) return { call: ours };
  return unexplained.length > 0 ? 'doubtful' : 'nothing';
}

type Settled = 'proved_unplaced' | 'gone_at_carrier' | 'given_up';

/**
 * Proven never placed: it may be dialed again. A talk that we were told is over, but never how long it was, is estimated. Placed once but
 * no longer known, or never to be told apart: it has failed, says so, and is not rung again. Undefined when the call has moved on meanwhile.
 */
async function settle(
  runtime: Runtime,
  { callId, token, carrierCallId, talkSeconds }: SilentCall,
  found: Exclude<Found, object>,
): Promise<Settled | undefined> {
  const { sql } = runtime.db;
  if (carrierCallId) {
    const isForgotten = found === 'nothing';
    const call = { callId, token, carrierCallId };
    const reason = isForgotten ? 'The carrier no longer knows this call' : CANNOT_TELL;
    const over = { type: 'ended', outcome: 'completed', durationSeconds: talkSeconds ?? 0, estimate: 'talk' } as const;
    const failed = { outcome: 'failed', durationSeconds: 0, reason, isUntold: true, answeredBy: undefined, carrierAt: undefined } as const;
    const ended =
      talkSeconds === null ? await endCall(runtime, { ...call, ...failed }) : await applyProgress(runtime, { ...call, progress: over });
    if (!ended) return undefined;
    return isForgotten ? 'gone_at_carrier' : 'given_up';
  }
  // books that may lack a call which was placed prove nothing, however long one waits: better not dialed than rung twice
  if (found !== 'nothing' || runtime.carrier.booksLate) {
    const failed = await takeStep(sql, 'fail', { callId, token, reason: CANNOT_TELL });
    return failed ? 'given_up' : undefined;
  }
  const freed = await takeStep(sql, 'refuse', {
    callId,
    token,
    reason: 'The carrier never received this call',
    againInMs: 0,
    verdict: refusedVerdict(0),
  });
  return freed ? 'proved_unplaced' : undefined;
}
