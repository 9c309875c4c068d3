import type { FastifyInstance, FastifyReply } from 'fastify';
import { silentMp3, silentWav } from '../audio.ts';
import type { CallBook } from '../call-book.ts';
import { type Call, durationOf, hasEnded } from '../engine.ts';
import { notFound } from './errors.ts';
import { type Fields, single } from './order.ts';
import { rfc2822 } from './resource.ts';

export interface Recordings {
  /** This call is recorded from its answer on. */
  keep(call: Call): void;
  /** What is told about it when it can be fetched; undefined: nobody answered, or nobody wanted one. */
  reportOf(call: Call): Record<string, string> | undefined;
}

const DOWNLOADS = { mp3: { type: 'audio/mpeg', make: silentMp3 }, wav: { type: 'audio/x-wav', make: silentWav } };

/** The recordings of calls, in which nothing is heard: https://www.twilio.com/docs/voice/api/recording. */
export function recordingRoutes(app: FastifyInstance, { accountSid, book }: { accountSid: string; book: CallBook }): Recordings {
  const kept = new WeakSet<Call>();
  const deleted = new WeakSet<Call>();
  const isThere = (call: Call | undefined): call is Call =>
    call !== undefined && kept.has(call) && !deleted.has(call) && hasEnded(call) && call.answeredAt !== undefined;
  const bySid = (sid: string) => {
    const call = sid.startsWith('RE') ? book.get(`CA${sid.slice(2)}`) : undefined;
    return isThere(call) ? call : undefined;
  };
  const show = (call: Call) => present(call, accountSid);
  const list = (reply: FastifyReply, url: string, calls: readonly Call[]) => {
    const recordings = calls.filter(isThere).map(show);
    return reply.send({
      recordings,
      page: 0,
      page_size: 50,
      start: 0,
      end: Math.max(recordings.length - 1, 0),
      uri: url,
      next_page_uri: null,
    });
  };
  const root = '/2010-04-01/Accounts/:account';

  app.get(`${root}/Recordings.json`, (request, reply) => {
    const of = single((request.query as Fields)['CallSid']);
    const calls = of === undefined ? book.list(undefined) : [book.get(of)].filter((call) => call !== undefined);
    return list(reply, request.url, calls.filter(isThere).slice(0, 50));
  });
  app.get<{ Params: { sid: string } }>(`${root}/Calls/:sid/Recordings.json`, (request, reply) => {
    const call = book.get(request.params.sid);
    if (!call) return reply.code(404).send(notFound(request.url).body);
    return list(reply, request.url, [call]);
  });
  app.get<{ Params: { file: string } }>(`${root}/Recordings/:file`, (request, reply) => {
    const [sid = '', form = 'wav'] = request.params.file.split('.', 2);
    const call = bySid(sid);
    if (!call) return reply.code(404).send(notFound(request.url).body);
    if (form === 'json') return reply.send(show(call));
    const { type, make } = form === 'mp3' ? DOWNLOADS.mp3 : DOWNLOADS.wav;
    return reply.type(type).send(make(durationOf(call)));
  });
  app.delete<{ Params: { file: string } }>(`${root}/Recordings/:file`, (request, reply) => {
    const call = bySid(request.params.file.replace(/\.json$/, ''));
    if (!call) return reply.code(404).send(notFound(request.url).body);
    deleted.add(call);
    return reply.code(204).send();
  });

  return {
    keep: (call) => void kept.add(call),
    reportOf: (call) => (isThere(call) ? fieldsOf(call, accountSid) : undefined),
  };
}

function sidOf(call: Call): string {
  return `RE${call.id.slice(2)}`;
}

/** https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback */
function fieldsOf(call: Call, accountSid: string): Record<string, string> {
  return {
    AccountSid: accountSid,
    CallSid: call.id,
    RecordingSid: sidOf(call),
    RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${sidOf(call)}`,
    RecordingStatus: 'completed',
    RecordingDuration: String(durationOf(call)),
    RecordingChannels: '1',
    RecordingStartTime: rfc2822(call.answeredAt ?? call.createdAt),
    RecordingSource: 'OutboundAPI',
    RecordingTrack: 'both',
    ErrorCode: '0',
  };
}

function present(call: Call, accountSid: string) {
  const sid = sidOf(call);
  return {
    sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    call_sid: call.id,
    conference_sid: null,
    date_created: rfc2822(call.answeredAt ?? call.createdAt),
    date_updated: rfc2822(call.endedAt ?? call.createdAt),
    start_time: rfc2822(call.answeredAt ?? call.createdAt),
    duration: String(durationOf(call)),
    price: null,
    price_unit: 'USD',
    uri: `/2010-04-01/Accounts/${accountSid}/Recordings/${sid}.json`,
    encryption_details: null,
    status: 'completed',
    channels: 1,
    source: 'OutboundAPI',
    error_code: null,
  };
}
