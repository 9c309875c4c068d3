import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Desk } from '../admission.ts';
import { silentMp3 } from '../audio.ts';
import type { CallBook } from '../call-book.ts';
import type { Client } from '../client.ts';
import type { Clock } from '../clock.ts';
import { type Call, durationOf, type Engine } from '../engine.ts';
import { drop, stall } from '../refuse.ts';
import { type Script, scriptOf } from '../script.ts';
import { type Flow, leadCall } from './flow.ts';
import { pageOf } from './list.ts';
import { type ExotelOrder, type Fields, readOrder } from './order.ts';
import { type Line, present, recordingUrlOf, xmlOf } from './present.ts';
import { BROKEN, isRefusal, NOT_FOUND, type Refusal, THROTTLED, UNAUTHORIZED } from './refusal.ts';
import type { Reporter } from './report.ts';

/** An account of the sandbox's Exotel side. */
export interface ExotelAccount {
  accountSid: string;
  apiKey: string;
  apiToken: string;
  /** undefined: answered calls are held for a while, and nobody is asked */
  flow?: Flow;
}

export interface ExotelOptions extends ExotelAccount {
  engine: Engine;
  client: Client;
  reporter: Reporter;
  desk: Desk;
  book: CallBook;
  clock: Clock;
  speed: number;
  random(): number;
}

const MINUTE_MS = 60_000;
const CALLS_A_MINUTE = 200;
/** Duration, price and end stand in the books five minutes after a call. */
const BOOKED_AFTER_MS = 5 * MINUTE_MS;
const HOLD_SECONDS = 20;
const LONGEST_SECONDS = 14_400;

const INCOMING_BODY = {
  type: 'object',
  required: ['from', 'to'],
  additionalProperties: false,
  properties: { from: { type: 'string' }, to: { type: 'string' }, statusCallback: { type: 'string' } },
} as const;

/** The part of Exotel's API that calls need: https://developer.exotel.com/docs/voice-v1/overview . `/_sandbox/exotel/incoming` calls us. */
export function exotelRoutes(app: FastifyInstance, options: ExotelOptions): void {
  const { engine, client, reporter, book, clock, speed, accountSid, apiKey, apiToken, flow } = options;
  const lines = new WeakMap<Call, Line>();
  const credentials = `Basic ${Buffer.from(`${apiKey}:${apiToken}`).toString('base64')}`;
  const root = '/v1/Accounts/:account/Calls';
  let placedMs: number[] = [];

  const isFull = (): boolean => {
    const now = clock.nowMs();
    placedMs = placedMs.filter((ms) => ms > now - MINUTE_MS / speed);
    if (placedMs.length >= CALLS_A_MINUTE) return true;
    placedMs.push(now);
    return false;
  };
  const isBooked = ({ endedAt }: Call) => endedAt !== undefined && clock.nowMs() - endedAt.getTime() > BOOKED_AFTER_MS / speed;
  const show = (call: Call, line: Line) => present(call, line, accountSid, isBooked(call));

  const start = (
    line: Line,
    script: Script,
    numbers: { to: string; from: string },
    wishes: Pick<ExotelOrder, 'timeoutSeconds' | 'timeLimitSeconds' | 'statusCallback' | 'events'>,
  ): Call => {
    const { timeoutSeconds: ringTimeoutSeconds, timeLimitSeconds } = wishes;
    const call = engine.start(
      { id: newSid(options.random), ...numbers, script, ringTimeoutSeconds, timeLimitSeconds },
      {
        changed: (changed) => reporter.changed(changed, line, wishes),
        conduct: async (answered) => {
          if (flow) await leadCall(engine, client, flow, answered, line);
          else await engine.wait(answered, HOLD_SECONDS);
        },
      },
    );
    lines.set(call, line);
    book.add(call);
    return call;
  };
  const lineOf = (sid: string): { call: Call; line: Line } | undefined => {
    const call = book.get(sid);
    const line = call && lines.get(call);
    return call && line && { call, line };
  };

  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/_sandbox/exotel/incoming')) return;
    const { account = accountSid } = request.params as { account?: string };
    if (apiKey === '' || request.headers.authorization !== credentials) return refuse(request, reply, UNAUTHORIZED);
    if (account !== accountSid) return refuse(request, reply, NOT_FOUND);
  });

  const connect = async (request: FastifyRequest, reply: FastifyReply) => {
    const order = readOrder((request.body ?? {}) as Fields, accountSid);
    if (isRefusal(order)) return refuse(request, reply, order);
    const admission = options.desk.admit(order.from);
    if (admission.does === 'throttle' || isFull()) return refuse(request, reply, THROTTLED);
    if (admission.does === 'error') return refuse(request, reply, BROKEN);
    if (admission.does === 'drop') return drop(request, reply);
    const { from: party, callerId: phone, customField, isRecorded } = order;
    const line: Line = { direction: 'outbound-api', phone, party, customField, isRecorded, origin: `http://${request.headers.host}` };
    const call = start(line, scriptOf(party), { to: party, from: phone }, order);
    if (admission.does === 'drop_after') return drop(request, reply);
    if (admission.does === 'stall') return stall(request, reply);
    if (admission.does === 'slow') await pause(admission.delayMs);
    return answer(request, reply, show(call, line));
  };
  app.post(`${root}/connect`, connect);
  app.post(`${root}/connect.json`, connect);

  const list = async (request: FastifyRequest, reply: FastifyReply) => {
    const known = book.list(undefined).flatMap((call) => lineOf(call.id) ?? []);
    const page = pageOf(known, request.query as Fields, `/v1/Accounts/${accountSid}/Calls.json`);
    if (isRefusal(page)) return refuse(request, reply, page);
    return { Metadata: page.metadata, Calls: page.shown.map(({ call, line }) => show(call, line)) };
  };
  app.get(`${root}.json`, list);

  app.get<{ Params: { file: string } }>(`${root}/:file`, async (request, reply) => {
    const found = lineOf(request.params.file.replace(/\.json$/, ''));
    if (!found) return refuse(request, reply, NOT_FOUND);
    return answer(request, reply, show(found.call, found.line));
  });

  app.get<{ Params: { file: string } }>('/_sandbox/exotel/recordings/:file', async (request, reply) => {
    const found = lineOf(request.params.file.replace(/\.mp3$/, ''));
    if (!found || recordingUrlOf(found.call, found.line) === undefined) return refuse(request, reply, NOT_FOUND);
    return reply.type('audio/mpeg').send(silentMp3(durationOf(found.call)));
  });

  // what the caller does is the script of the caller's number
  app.post('/_sandbox/exotel/incoming', { schema: { body: INCOMING_BODY } }, async (request, reply) => {
    const { from, to, statusCallback } = request.body as { from: string; to: string; statusCallback?: string };
    const line: Line = { direction: 'inbound', phone: to, party: from, customField: undefined, isRecorded: false, origin: '' };
    const script: Script = { ...scriptOf(from), end: 'answered', ringSeconds: 0 };
    const wishes = { timeoutSeconds: 30, timeLimitSeconds: LONGEST_SECONDS, statusCallback, events: new Set<string>() };
    const call = start(line, script, { to, from }, wishes);
    return reply.code(201).send({ CallSid: call.id });
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, call: ReturnType<typeof present>) {
  return wantsJson(request) ? reply.send({ Call: call }) : reply.type('application/xml').send(xmlOf('Call', call));
}

function refuse(request: FastifyRequest, reply: FastifyReply, { status, message }: Refusal) {
  const exception = { Status: status, Message: message };
  reply.code(status);
  return wantsJson(request)
    ? reply.send({ RestException: exception })
    : reply.type('application/xml').send(xmlOf('RestException', exception));
}

/** An answer is XML unless its path ends in `.json`. */
function wantsJson(request: FastifyRequest): boolean {
  return request.url.split('?', 1)[0]?.endsWith('.json') ?? false;
}

function newSid(random: () => number): string {
  const part = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return `${part()}${part()}${part()}${part()}`;
}
