import { type Call, type CallState, durationOf, hasEnded } from '../engine.ts';

/** What Exotel knows of a call beside the call itself. */
export interface Line {
  direction: 'outbound-api' | 'inbound';
  /** the ExoPhone */
  phone: string;
  /** who is on the other end */
  party: string;
  customField: string | undefined;
  isRecorded: boolean;
  /** where the sandbox was reached when the call was ordered */
  origin: string;
}

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

const ZONE_OFFSET_MS = 5.5 * 60 * 60_000;

/** `YYYY-MM-DD HH:mm:ss` of India's clock. */
export function stamp(date: Date): string {
  return new Date(date.getTime() + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Where the audio of a call lies; undefined: nowhere, or not yet. */
export function recordingUrlOf(call: Call, line: Line): string | undefined {
  return line.isRecorded && hasEnded(call) && call.answeredAt ? `${line.origin}/_sandbox/exotel/recordings/${call.id}.mp3` : undefined;
}

/**
 * A call of https://developer.exotel.com/docs/voice-v1/api-reference/call-details . What is billed stands in the books some time after
 * the call (`isBooked`); its numbers are written as Indians dial theirs.
 */
export function present(call: Call, line: Line, accountSid: string, isBooked: boolean) {
  const ended = hasEnded(call) && isBooked;
  return {
    Sid: call.id,
    ParentCallSid: null,
    DateCreated: stamp(call.createdAt),
    DateUpdated: stamp(call.endedAt ?? call.answeredAt ?? call.dialedAt ?? call.createdAt),
    AccountSid: accountSid,
    To: local(line.phone),
    From: local(line.party),
    PhoneNumberSid: local(line.phone),
    Status: STATUS[call.state],
    StartTime: stamp(call.dialedAt ?? call.createdAt),
    EndTime: ended && call.endedAt ? stamp(call.endedAt) : null,
    Duration: ended ? String(durationOf(call)) : null,
    Price: ended ? (0.6 * Math.ceil(durationOf(call) / 60)).toFixed(6) : null,
    Direction: line.direction,
    AnsweredBy: null,
    ForwardedFrom: null,
    CallerName: null,
    Uri: `/v1/Accounts/${accountSid}/Calls.json/${call.id}`,
    RecordingUrl: recordingUrlOf(call, line) ?? null,
  };
}

export type Shown = ReturnType<typeof present>;

/** The same as XML, for paths without `.json`. */
export function xmlOf(root: 'Call' | 'RestException', fields: Readonly<Record<string, string | number | null>>): string {
  const escaped = (value: string | number | null) => String(value ?? '').replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
  const elements = Object.entries(fields).map(([name, value]) => `  <${name}>${escaped(value)}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<TwilioResponse>\n <${root}>\n${elements.join('\n')}\n </${root}>\n</TwilioResponse>`;
}

function local(number: string): string {
  return number.startsWith('+91') ? `0${number.slice(3)}` : number;
}
