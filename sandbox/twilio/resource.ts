import { type Call, type CallState, durationOf, hasEnded } from '../engine.ts';

/** The engine's states in Twilio's words; `initiated`, which callbacks know, is `queued` here. */
export const STATUS: Readonly<Record<CallState, string>> = {
  queued: 'queued',
  dialing: 'queued',
  ringing: 'ringing',
  in_progress: 'in-progress',
  completed: 'completed',
  busy: 'busy',
  no_answer: 'no-answer',
  failed: 'failed',
  canceled: 'canceled',
};

const SUBRESOURCES = {
  notifications: 'Notifications',
  recordings: 'Recordings',
  payments: 'Payments',
  events: 'Events',
  siprec: 'Siprec',
  streams: 'Streams',
  transcriptions: 'Transcriptions',
  user_defined_message_subscriptions: 'UserDefinedMessageSubscriptions',
  user_defined_messages: 'UserDefinedMessages',
};

/** A call as Twilio's API shows it (schema `api.v2010.account.call`). */
export function present(call: Call, accountSid: string, answeredBy: string | undefined) {
  const path = callPath(accountSid, call.id);
  const talked = hasEnded(call) && call.answeredAt !== undefined;
  return {
    sid: call.id,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.endedAt ?? call.answeredAt ?? call.dialedAt ?? call.createdAt),
    parent_call_sid: null,
    account_sid: accountSid,
    to: call.to,
    to_formatted: call.to,
    from: call.from,
    from_formatted: call.from,
    phone_number_sid: `PN${'0'.repeat(32)}`,
    status: STATUS[call.state],
    start_time: call.dialedAt ? rfc2822(call.dialedAt) : null,
    end_time: call.endedAt ? rfc2822(call.endedAt) : null,
    duration: talked ? String(durationOf(call)) : null,
    price: talked ? (-0.014 * Math.ceil(durationOf(call) / 60)).toFixed(5) : null,
    price_unit: 'USD',
    direction: 'outbound-api',
    answered_by: answeredBy ?? null,
    api_version: '2010-04-01',
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${path}.json`,
    subresource_uris: Object.fromEntries(Object.entries(SUBRESOURCES).map(([name, file]) => [name, `${path}/${file}.json`])),
  };
}

/** Twilio writes the zone of RFC 2822 as an offset. */
export function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

function callPath(accountSid: string, sid: string): string {
  return `/2010-04-01/Accounts/${accountSid}/Calls/${sid}`;
}
