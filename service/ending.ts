import type { CostPart } from '../carrier/port.ts';
import type { Outcome } from '../core/call.ts';
import { type Charge, priceCall } from '../core/money.ts';
import { withDeadlockRetry } from '../db/client.ts';
import { type Bill, type ChargeRow, endCalls, type Ending as EndingRow, readBills } from '../db/query/call-end.ts';
import { batcher } from './batch.ts';
import { CONNECT_WITHIN_MS } from './bridge.ts';
import { traceCall } from './call-trace.ts';
import { noteCalls } from './changes.ts';
import { failpoint } from './failpoint.ts';
import { ofRuntime } from './of-runtime.ts';
import { hintRetry } from './retry-hints.ts';
import type { Runtime } from './runtime.ts';

export interface Ending extends EndingRow {
  /** what the carrier bills for the call; without it the tenant's rates count */
  costs?: readonly CostPart[];
}

const MAX_BATCH = 200;

const endings = ofRuntime((runtime) => batcher((batch: Ending[]) => endMany(runtime, batch), MAX_BATCH));

/**
 * Ends a call and prices it, once: repeated endings change nothing. What follows an unsuccessful one is the scheduler's to
 * decide. True when this was the ending that counted.
 */
export function endCall(runtime: Runtime, ending: Ending): Promise<boolean> {
  const what = { name: 'end call', attributes: { 'dialfleet.call.outcome': ending.outcome } };
  return traceCall(runtime, ending.callId, what, () => endings(runtime)(ending));
}

async function endMany(runtime: Runtime, batch: Ending[]): Promise<boolean[]> {
  const { sql } = runtime.db;
  const first = new Map<number, Ending>();
  for (const ending of batch) if (!first.has(ending.callId)) first.set(ending.callId, ending);
  const bills = await readBills(sql, [...first.keys()]);
  const charges: ChargeRow[] = [];
  const priced: EndingRow[] = [];
  for (const ending of first.values()) {
    const bill = bills.get(ending.callId);
    if (!bill) continue;
    const outcome = outcomeOf(ending, bill);
    const failed = outcome !== 'completed' && outcome !== 'voicemail';
    priced.push({ ...ending, outcome, reason: failed ? ending.reason : undefined });
    for (const charge of chargesOf(ending, bill)) charges.push({ callId: ending.callId, ...charge });
  }
  const ended = await withDeadlockRetry(() => endCalls(sql, priced, charges));
  failpoint('call_ended');
  noteCalls(runtime, ended);
  for (const { callId, outcome } of priced) {
    if (!ended.has(callId)) continue;
    runtime.metrics.endings.inc({ outcome });
    if (outcome !== 'completed') hintRetry(runtime, { callId });
  }
  return batch.map((ending) => ended.has(ending.callId) && first.get(ending.callId) === ending);
}

function chargesOf({ costs, durationSeconds }: Ending, bill: Bill): Charge[] {
  if (!costs) return priceCall(bill.rates, { ...bill, durationSeconds });
  return costs.map(({ component, amount, description }) => ({ component, amount, quantity: 1, unitPrice: amount, description }));
}

/**
 * A conversation that a machine answered is a voicemail, however politely the line was closed; a person's call that no person took
 * is abandoned, also when the callee did not wait for us to say so. Who hung up before a person had to be there was not:
 * 47 CFR 64.1200(a)(7) counts from two seconds after the greeting.
 */
function outcomeOf(ending: Ending, { answeredBy, isUnmet, isGivenUp }: Bill): Outcome {
  if (ending.outcome !== 'completed') return ending.outcome;
  const by = ending.answeredBy ?? answeredBy;
  if (by === 'machine' || by === 'fax') return 'voicemail';
  return isUnmet && (isGivenUp || ending.durationSeconds * 1000 > CONNECT_WITHIN_MS) ? 'abandoned' : 'completed';
}
