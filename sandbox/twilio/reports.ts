import { type Call, type CallState, durationOf, hasEnded } from '../engine.ts';
import { rfc2822, STATUS } from './resource.ts';

export interface Report {
  event: 'initiated' | 'ringing' | 'answered' | 'completed';
  fields: Readonly<Record<string, string>>;
}

const EVENTS: Readonly<Partial<Record<CallState, Report['event']>>> = { dialing: 'initiated', ringing: 'ringing', in_progress: 'answered' };
const SIP: Readonly<Partial<Record<CallState, string>>> = {
  completed: '200',
  busy: '486',
  no_answer: '487',
  failed: '404',
  canceled: '487',
};

/** What every request about a call tells. */
export function basics(call: Call, accountSid: string, status = STATUS[call.state]): Record<string, string> {
  return {
    CallSid: call.id,
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    CallStatus: status,
    Direction: 'outbound-api',
    From: call.from,
    To: call.to,
    Caller: call.from,
    Called: call.to,
  };
}

/** The report of the state that a call has just come to; undefined when that state is not reported. */
export function reportOf(call: Call, accountSid: string, sequence: number, answeredBy: string | undefined): Report | undefined {
  const event = hasEnded(call) ? 'completed' : EVENTS[call.state];
  if (event === undefined) return undefined;
  const at = call.endedAt ?? call.answeredAt ?? call.dialedAt ?? call.createdAt;
  const fields = {
    ...basics(call, accountSid, event === 'initiated' ? event : STATUS[call.state]),
    Timestamp: rfc2822(at),
    CallbackSource: 'call-progress-events',
    SequenceNumber: String(sequence),
    ...(answeredBy !== undefined && { AnsweredBy: answeredBy }),
    ...(event === 'completed' && {
      CallDuration: String(durationOf(call)),
      Duration: String(Math.ceil(durationOf(call) / 60)),
      SipResponseCode: SIP[call.state] ?? '200',
    }),
  };
  return { event, fields };
}

/**
 * Which reports go out now, given all so far. A faithful company sends the latest; one that loses the end keeps the last
 * back; a confused one swaps neighbours and, at the end, repeats everything in a wrong order.
 */
export function toSend(soFar: readonly Report[], manner: 'normal' | 'no_end' | 'shuffled'): readonly Report[] {
  const latest = soFar.at(-1);
  if (!latest) return [];
  if (manner === 'normal') return [latest];
  if (manner === 'no_end') return latest.event === 'completed' ? [] : [latest];
  if (latest.event === 'completed') {
    const [initiated, ringing, answered] = soFar;
    return [latest, answered, latest, ringing, initiated, answered].filter((report) => report !== undefined);
  }
  return latest.event === 'ringing' ? [...soFar].reverse() : [];
}
