import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Client } from '../client.ts';
import { type Call, durationOf, hasEnded } from '../engine.ts';
import type { ExotelOrder } from './order.ts';
import { type Line, recordingUrlOf, stamp, STATUS } from './present.ts';

type Report = Readonly<Record<string, string>>;

export interface Reporter {
  /** Tells of the state that a call has come to, if anybody wants to know. */
  changed(call: Call, line: Line, order: Pick<ExotelOrder, 'statusCallback' | 'events'>): void;
  close(): void;
}

/** Exotel tries twice more. */
const PAUSES_MS = [200, 800];
const BOUNDARY = '----sandbox-form-boundary';

/** Status callbacks: https://developer.exotel.com/docs/voice-v1/api-reference/status-callback . The answer as a form, the end as multipart. */
export function openExotelReporter(client: Client, log: Logger): Reporter {
  const closing = new AbortController();
  const sent = new WeakMap<Call, Promise<void>>();
  const answers = new WeakMap<Call, Report>();

  const deliver = async (url: string, report: Report) => {
    const [type, body] = report['EventType'] === 'answered' ? asForm(report) : asMultipart(report);
    for (const pauseMs of [...PAUSES_MS, undefined]) {
      const status = await client.send('POST', url, { 'content-type': type }, body).then(
        (answer) => answer.status,
        () => undefined,
      );
      if ((status !== undefined && status >= 200 && status < 300) || closing.signal.aborted) return;
      if (pauseMs === undefined) log.warn({ url, status }, 'a status callback was given up');
      else await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  const changed: Reporter['changed'] = (call, line, { statusCallback, events }) => {
    const event = hasEnded(call) ? 'terminal' : call.state === 'in_progress' ? 'answered' : undefined;
    // without events only the end is told
    if (event === undefined || statusCallback === undefined || (!events.has(event) && event === 'answered')) return;
    const report = reportOf(call, line, event, events.size > 0);
    const { reports } = call.script;
    if (event === 'answered') answers.set(call, report);
    if (event === 'terminal' && reports === 'no_end') return;
    const answer = answers.get(call);
    // a confused company keeps the answer back, and tells all of it twice and in a wrong order
    const due = reports !== 'shuffled' ? [report] : event === 'answered' ? [] : [report, answer, report, answer];
    const queue = due.filter((one) => one !== undefined);
    const before = sent.get(call) ?? Promise.resolve();
    sent.set(
      call,
      queue.reduce((line, one) => line.then(() => deliver(statusCallback, one)), before),
    );
  };
  return { changed, close: () => closing.abort() };
}

function reportOf(call: Call, line: Line, event: 'terminal' | 'answered', isEvent: boolean): Report {
  const seconds = String(durationOf(call));
  const basics = {
    CallSid: call.id,
    DateUpdated: stamp(call.endedAt ?? call.answeredAt ?? call.createdAt),
    Status: STATUS[call.state],
    RecordingUrl: recordingUrlOf(call, line) ?? '',
  };
  if (!isEvent) return basics;
  return {
    ...basics,
    EventType: event,
    DateCreated: stamp(call.createdAt),
    To: line.phone,
    From: line.party,
    PhoneNumberSid: line.phone,
    StartTime: stamp(call.dialedAt ?? call.createdAt),
    EndTime: call.endedAt ? stamp(call.endedAt) : '',
    Direction: line.direction,
    ...(line.customField !== undefined && { CustomField: line.customField }),
    ...(event === 'terminal' && { 'Legs[0][Status]': STATUS[call.state], 'Legs[0][OnCallDuration]': seconds }),
  };
}

function asForm(report: Report): [type: string, body: string] {
  return ['application/x-www-form-urlencoded', new URLSearchParams(report).toString()];
}

function asMultipart(report: Report): [type: string, body: string] {
  const parts = Object.entries(report).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return [`multipart/form-data; boundary=${BOUNDARY}`, `${parts.join('')}--${BOUNDARY}--\r\n`];
}
