import { type CallEvent, type CallStatus, isTerminal, OUTCOMES, transition } from '../../../core/call.ts';
import type { EventRow } from '../evidence.ts';
import type { Case, Facts } from './case.ts';
import type { Violation } from './violation.ts';

const BEGINNINGS: readonly CallStatus[] = ['unscheduled', 'scheduled', 'queued'];

/** I11, I13: the events of a row, replayed by the state machine, lead to its status; nothing moves what has ended. */
export function judgeHistory({ calls }: Case): Violation[] {
  return [...calls.values()].flatMap(replay);
}

function replay({ row, events }: Facts): Violation[] {
  const found: Violation[] = [];
  const fail = (rule: 'I11' | 'I13', detail: string) => found.push({ rule, promise: 6, detail, callId: row.id });
  let status: CallStatus = events[0]?.from ?? row.status;
  if (!BEGINNINGS.includes(status)) fail('I13', `its history begins with ${status}`);
  for (const event of events) {
    if (event.from === event.to) continue;
    if (isTerminal(status)) fail('I11', `${event.type} moved it from ${status} to ${event.to}`);
    else if (event.from !== status) fail('I13', `${event.type} leads from ${event.from}, but it was ${status}`);
    else if (next(event) !== event.to) fail('I11', `${event.type} leads from ${event.from} to ${event.to}`);
    status = event.to;
  }
  if (status !== row.status) fail('I13', `its events lead to ${status}, the row says ${row.status}`);
  return found;
}

function next({ type, from, to }: EventRow): CallStatus | undefined {
  if (type === 'end')
    return OUTCOMES.some((outcome) => outcome === to) ? transition(from, { type, outcome: to as (typeof OUTCOMES)[number] }) : undefined;
  return KNOWN.has(type) ? transition(from, { type } as CallEvent) : undefined;
}

const KNOWN = new Set<string>([
  'arrive',
  'release',
  'enqueue',
  'wait',
  'claim',
  'refuse',
  'revive',
  'lose',
  'ring',
  'answer',
  'fail',
  'cancel',
]);
