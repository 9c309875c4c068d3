import fc from 'fast-check';
import t from 'tap';
import {
  allowedFrom,
  CALL_STATUSES,
  type CallEvent,
  type CallEventType,
  type CallStatus,
  isTerminal,
  leadsTo,
  LIVE,
  OUTCOMES,
  TERMINAL,
  transition,
} from '../../core/call.ts';
import { holds } from './holds.ts';

/** DESIGN §3 as a matrix, written by hand: where every event leads from every status; `.` changes nothing, `end` is the outcome. */
const MATRIX = `
              arrive   release    enqueue  wait       claim    refuse     lose     ring     answer       end  fail    cancel
unscheduled   ringing  scheduled  .        .          .        .          .        .        .            .    .       cancelled
scheduled     .        .          queued   .          .        .          .        .        .            .    failed  cancelled
queued        .        .          .        scheduled  dialing  .          .        .        .            .    failed  cancelled
dialing       .        .          .        .          .        scheduled  unknown  ringing  in_progress  end  failed  .
unknown       .        .          .        .          .        scheduled  .        ringing  in_progress  end  failed  .
ringing       .        .          .        .          .        .          .        .        in_progress  end  .       .
in_progress   .        .          .        .          .        .          .        .        .            end  .       .
completed     .        .          .        .          .        .          .        .        .            .    .       .
no_answer     .        .          .        .          .        .          .        .        .            .    .       .
busy          .        .          .        .          .        .          .        .        .            .    .       .
failed        .        .          .        .          .        .          .        .        .            .    .       .
voicemail     .        .          .        .          .        .          .        .        .            .    .       .
abandoned     .        .          .        .          .        .          .        .        .            .    .       .
cancelled     .        .          .        .          .        .          .        .        .            .    .       .
`;

const [header = [], ...rows] = MATRIX.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const EVENT_TYPES = header as CallEventType[];

function eventsOf(type: CallEventType): CallEvent[] {
  return type === 'end' ? OUTCOMES.map((outcome) => ({ type, outcome })) : [{ type }];
}

t.test('every event in every status', async (t) => {
  t.strictSame(rows.map(([status]) => status).sort(), [...CALL_STATUSES].sort(), 'the matrix has every status');
  for (const [status, ...targets] of rows as Array<[CallStatus, ...string[]]>) {
    for (const [index, type] of EVENT_TYPES.entries()) {
      const target = targets[index];
      t.equal(allowedFrom(type).includes(status), target !== '.', `allowedFrom(${type}) agrees about ${status}`);
      for (const event of eventsOf(type)) {
        const expected = target === '.' ? undefined : event.type === 'end' ? event.outcome : target;
        t.equal(transition(status, event), expected, `${status} + ${JSON.stringify(event)}`);
        if (expected !== undefined) t.equal(leadsTo(event), expected);
      }
    }
  }
});

t.test('terminal and live statuses', async (t) => {
  t.strictSame(CALL_STATUSES.filter(isTerminal).sort(), [...TERMINAL].sort());
  t.strictSame([...TERMINAL].sort(), ['abandoned', 'busy', 'cancelled', 'completed', 'failed', 'no_answer', 'voicemail']);
  t.strictSame([...LIVE].sort(), ['dialing', 'in_progress', 'ringing', 'unknown']);
});

const anyEvent = fc.constantFrom(...EVENT_TYPES.flatMap(eventsOf));
const anyEvents = fc.array(anyEvent, { maxLength: 60 });

/** How far a call has come; it may fall back only before a phone rang. */
const RANK: Record<CallStatus, number> = {
  unscheduled: 0,
  scheduled: 0,
  queued: 0,
  dialing: 0,
  unknown: 0,
  ringing: 1,
  in_progress: 2,
  completed: 3,
  no_answer: 3,
  busy: 3,
  failed: 3,
  voicemail: 3,
  abandoned: 3,
  cancelled: 3,
};

t.test('no sequence of events moves a call backwards, or out of its end', async (t) => {
  holds(
    t,
    fc.property(fc.constantFrom(...CALL_STATUSES), anyEvents, (start, events) => {
      let status = start;
      for (const event of events) {
        const next = transition(status, event) ?? status;
        if (isTerminal(status) && next !== status) return false;
        if (RANK[next] < RANK[status]) return false;
        status = next;
      }
      return true;
    }),
    { numRuns: 2000 },
  );
});

t.test('the events that counted, played again, give the same status', async (t) => {
  holds(
    t,
    fc.property(anyEvents, (events) => {
      let status: CallStatus = 'unscheduled';
      const counted: CallEvent[] = [];
      for (const event of events) {
        const next = transition(status, event);
        if (next === undefined) continue;
        counted.push(event);
        status = next;
      }
      const replayed = counted.reduce<CallStatus | undefined>((at, event) => at && transition(at, event), 'unscheduled');
      return replayed === status;
    }),
    { numRuns: 2000 },
  );
});

t.test('a word of the carrier that comes twice counts once', async (t) => {
  const words = fc.constantFrom<CallEvent>({ type: 'ring' }, { type: 'answer' }, ...eventsOf('end'));
  holds(
    t,
    fc.property(fc.constantFrom(...CALL_STATUSES), words, (status, event) => {
      const once = transition(status, event);
      return once === undefined || transition(once, event) === undefined;
    }),
  );
});
