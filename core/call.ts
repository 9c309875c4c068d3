/** The life of a call (DESIGN §3): the one place that decides which status may follow which. */
export const CALL_STATUSES = [
  'unscheduled',
  'scheduled',
  'queued',
  'dialing',
  'unknown',
  'ringing',
  'in_progress',
  'completed',
  'no_answer',
  'busy',
  'failed',
  'voicemail',
  'abandoned',
  'cancelled',
] as const;

export type CallStatus = (typeof CALL_STATUSES)[number];

/** How an attempt can end once the carrier was asked. */
export const OUTCOMES = ['completed', 'no_answer', 'busy', 'failed', 'voicemail', 'abandoned'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What can happen to a call. `end` carries how it ended; `fail` is an ending that needed no carrier. */
export type CallEvent =
  | { type: 'arrive' }
  | { type: 'release' }
  | { type: 'enqueue' }
  | { type: 'wait' }
  | { type: 'claim' }
  | { type: 'refuse' }
  | { type: 'revive' }
  | { type: 'lose' }
  | { type: 'ring' }
  | { type: 'answer' }
  | { type: 'end'; outcome: Outcome }
  | { type: 'fail' }
  | { type: 'cancel' };

export type CallEventType = CallEvent['type'];

/** The statuses in which the carrier may hold the call: it counts against every cap. */
export const LIVE: readonly CallStatus[] = ['dialing', 'unknown', 'ringing', 'in_progress'];

/** The statuses that nothing moves any more. */
export const TERMINAL: readonly CallStatus[] = [...OUTCOMES, 'cancelled'];

const FROM: Record<CallEventType, readonly CallStatus[]> = {
  // somebody calls us: the row is made when the carrier says so
  arrive: ['unscheduled'],
  release: ['unscheduled'],
  enqueue: ['scheduled'],
  // the gate said "not now" after the call had been put into the queue
  wait: ['queued'],
  claim: ['queued'],
  // it is proven that nothing was placed (429, connection refused, asked back and not known), so the same row may be asked for again
  refuse: ['dialing', 'unknown'],
  // the carrier speaks of a call that seemed never to have been placed: nothing more is dialed until it is told how it went
  revive: ['scheduled', 'queued'],
  // nobody knows whether the carrier placed it
  lose: ['dialing'],
  ring: ['dialing', 'unknown'],
  answer: ['dialing', 'unknown', 'ringing'],
  end: LIVE,
  fail: ['scheduled', 'queued', 'dialing', 'unknown'],
  cancel: ['unscheduled', 'scheduled', 'queued'],
};

const TO: Record<Exclude<CallEventType, 'end'>, CallStatus> = {
  arrive: 'ringing',
  release: 'scheduled',
  enqueue: 'queued',
  wait: 'scheduled',
  claim: 'dialing',
  refuse: 'scheduled',
  revive: 'unknown',
  lose: 'unknown',
  ring: 'ringing',
  answer: 'in_progress',
  fail: 'failed',
  cancel: 'cancelled',
};

/** The statuses an event may find a call in; SQL repeats it as `where status = any(…)`. */
export function allowedFrom(type: CallEventType): readonly CallStatus[] {
  return FROM[type];
}

/** The status an event leads to. */
export function leadsTo(event: CallEvent): CallStatus {
  return event.type === 'end' ? event.outcome : TO[event.type];
}

/**
 * The status after `event`, or undefined when the event comes too late, twice or out of order and must change nothing.
 * Never leads backwards from ringing, in_progress or an end.
 */
export function transition(status: CallStatus, event: CallEvent): CallStatus | undefined {
  return FROM[event.type].includes(status) ? leadsTo(event) : undefined;
}

export function isTerminal(status: CallStatus): boolean {
  return TERMINAL.includes(status);
}
