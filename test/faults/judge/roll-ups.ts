import type { CallRow, SlotRow } from '../evidence.ts';
import type { Case } from './case.ts';
import type { Violation } from './violation.ts';

const SLOT_MS = 15 * 60 * 1000;
const MILLION = 1_000_000;

/** I15: what statistics read is what counting the calls that ended gives, by quarters of an hour, for the account and for each agent. */
export function judgeRollUps({ evidence }: Case): Violation[] {
  return [
    ...compare('the account', evidence.slots, evidence.calls, ({ direction }) => direction),
    ...compare('agent', evidence.agentSlots, evidence.calls, ({ agentId }) => String(agentId)),
  ];
}

type Sums = [calls: number, seconds: number, micros: number];

function compare(whose: string, kept: readonly SlotRow[], calls: readonly CallRow[], of: (call: CallRow) => string): Violation[] {
  const [told, counted] = [new Map<string, Sums>(), new Map<string, Sums>()];
  for (const row of kept) add(told, row, [row.calls, row.durationSeconds, micros(row.cost)]);
  for (const call of calls) {
    if (call.endedAtMs === null) continue;
    const slotMs = Math.floor(call.endedAtMs / SLOT_MS) * SLOT_MS;
    add(counted, { ...call, status: countedAs(call), slotMs, of: of(call) }, [1, call.durationSeconds ?? 0, micros(call.cost ?? '0')]);
  }
  return [...new Set([...told.keys(), ...counted.keys()])].flatMap((key): Violation[] => {
    const [is, should] = [told.get(key) ?? [0, 0, 0], counted.get(key) ?? [0, 0, 0]];
    if (is.join() === should.join()) return [];
    return [
      { rule: 'I15', promise: 6, detail: `${whose}: ${key} has ${is.join()}, and counting gives ${should.join()} (calls, s, millionths)` },
    ];
  });
}

/** What was stopped before it was dialed has not failed: of calls it is none, as one that was cancelled. */
export function countedAs({ status, verdict }: Pick<CallRow, 'status' | 'verdict'>): CallRow['status'] {
  return status === 'failed' && verdict?.answer === 'drop' ? 'cancelled' : status;
}

function add(sums: Map<string, Sums>, row: Pick<SlotRow, 'tenantId' | 'slotMs' | 'of' | 'status'>, amounts: Sums): void {
  const key = [row.tenantId, new Date(row.slotMs).toISOString(), row.of, row.status].join(' ');
  const [calls, seconds, cost] = sums.get(key) ?? [0, 0, 0];
  sums.set(key, [calls + amounts[0], seconds + amounts[1], cost + amounts[2]]);
}

function micros(amount: string): number {
  return Math.round(Number(amount) * MILLION);
}
