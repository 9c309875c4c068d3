import { type Cap, CARRIER_WIDE, gate, type StoredVerdict, storedVerdict, WHY } from '../core/gate.ts';
import { type Candidate, countInFlight, type InFlight, readCandidates } from '../db/query/gate-facts.ts';
import type { Pace } from '../db/query/pace.ts';
import { drop, type Dropped, putBack, type Waiting } from '../db/query/verdicts.ts';
import type { Sql } from '../db/client.ts';
import type { Config } from '../core/config.ts';

export interface Admitted {
  candidate: Candidate;
  verdict: StoredVerdict;
  /** when the carrier's pace lets it start */
  startAt: Date;
}

export interface Judged {
  admitted: Admitted[];
  /** calls that only the carrier keeps back, which stay as they are, and until when */
  held: Map<number, Date>;
  /** when the carrier's next call may start after these */
  nextStartAt: Date;
}

/**
 * Locks the calls that are still in `status` and asks the gate about each in turn: an admitted call takes its place under
 * the caps and its turn in the carrier's pace (one start every `stepMs`) before the next is asked. Those that must wait or
 * never ring are written back in the same transaction; the admitted and the held ones are the caller's.
 */
export async function judge(
  sql: Sql,
  config: Config,
  calls: { callIds: readonly number[]; status: 'scheduled' | 'queued' },
  pace: Pace & { stepMs: number },
): Promise<Judged> {
  const { now } = pace;
  const [candidates, inFlight] = await Promise.all([
    readCandidates(sql, calls.callIds, calls.status),
    countInFlight(sql, config.CARRIER, calls.callIds),
  ]);
  const numbers = new Set<string>();
  let nextStartMs = pace.nextStartAt.getTime();
  const admitted: Admitted[] = [];
  const held: Judged['held'] = new Map();
  const waiting: Waiting[] = [];
  const dropped: Dropped[] = [];

  for (const candidate of candidates) {
    const startMs = Math.max(nextStartMs, now.getTime());
    const verdict = gate(
      {
        ...candidate.facts,
        numberLive: candidate.facts.numberLive || numbers.has(candidate.to),
        ...capsOf(candidate, inFlight, config),
        paceOpensAt: new Date(startMs),
        carrierPausedUntil: pace.pausedUntil,
      },
      now,
    );
    const stored = storedVerdict(verdict, now);
    if (verdict.answer === 'wait' && CARRIER_WIDE.includes(verdict.why)) held.set(candidate.callId, verdict.until);
    else if (verdict.answer === 'wait') {
      // the dispatcher sees by itself when the tenant has room again; until then the call keeps its place in line
      const until = verdict.why === 'tenant_cap' ? candidate.facts.dueAt : verdict.until;
      waiting.push({ callId: candidate.callId, until, verdict: stored });
    } else if (verdict.answer === 'drop')
      dropped.push({ callId: candidate.callId, reason: `Not dialed: ${WHY[verdict.why]}`, verdict: stored });
    else {
      admitted.push({ candidate, verdict: stored, startAt: new Date(startMs) });
      numbers.add(candidate.to);
      take(inFlight, candidate);
      nextStartMs = startMs + pace.stepMs;
    }
  }
  await putBack(sql, waiting);
  await drop(sql, dropped);
  return { admitted, held, nextStartAt: new Date(nextStartMs) };
}

function capsOf(
  candidate: Candidate,
  inFlight: InFlight,
  config: Config,
): { tenantCap: Cap; campaignCap: Cap | undefined; carrierCap: Cap } {
  const { tenantId, campaignId } = candidate;
  return {
    tenantCap: { live: inFlight.tenants.get(tenantId) ?? 0, max: candidate.tenantMaxCalls ?? config.TENANT_MAX_CALLS },
    campaignCap:
      campaignId === undefined || candidate.campaignMaxCalls === undefined
        ? undefined
        : { live: inFlight.campaigns.get(campaignId) ?? 0, max: candidate.campaignMaxCalls },
    carrierCap: { live: inFlight.carrier, max: config.CARRIER_MAX_CALLS },
  };
}

function take(inFlight: InFlight, { tenantId, campaignId }: Candidate): void {
  inFlight.carrier += 1;
  inFlight.tenants.set(tenantId, (inFlight.tenants.get(tenantId) ?? 0) + 1);
  if (campaignId !== undefined) inFlight.campaigns.set(campaignId, (inFlight.campaigns.get(campaignId) ?? 0) + 1);
}
