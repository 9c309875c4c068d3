import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Desk, PlannedFault } from '../admission.ts';
import { silentMp3 } from '../audio.ts';
import type { CallBook } from '../call-book.ts';
import type { Clock } from '../clock.ts';
import { type Call, durationOf, type Engine, hasEnded } from '../engine.ts';
import { drop, stall } from '../refuse.ts';
import { scriptOf } from '../script.ts';
import { pageOf } from './call-logs.ts';
import { converse } from './conversation.ts';
import { directoryRoutes } from './directory.ts';
import { at, type MillisOrder, readOrder } from './order.ts';
import { BROKEN, isRefusal, notFound, type Refusal, THROTTLED, UNAUTHORIZED } from './refusal.ts';
import type { Reporter } from './report.ts';
import { isRecorded, present, type Session } from './session.ts';

export interface MillisOptions {
  engine: Engine;
  reporter: Reporter;
  /** empty: every request is refused */
  apiKey: string;
  desk: Desk;
  book: CallBook;
  random(): number;
  clock: Clock;
}

const RING_SECONDS = 30;
const LONGEST_SECONDS = 4 * 3600;
const START = '/start_outbound_call';

/** The part of Millis's API that calls and administrators need: https://docs.millis.ai/api-reference. */
export function millisRoutes(app: FastifyInstance, options: MillisOptions): void {
  const { engine, book, desk, clock } = options;
  const sessions = new WeakMap<Call, Session>();
  const dropped = new WeakSet<FastifyRequest>();
  let lastMs = 0;

  app.addHook('onRequest', async (request, reply) => {
    // an address with the audio is given to whoever may hear it
    if (request.url.startsWith('/_sandbox/')) return;
    if (options.apiKey === '' || request.headers.authorization !== options.apiKey) return refuse(reply, UNAUTHORIZED);
    if (request.routeOptions.url === START) return;
    const fault = desk.fault();
    if (fault) return suffer(fault, request, reply, dropped);
  });
  app.addHook('onSend', async (request) => {
    if (dropped.has(request)) request.raw.socket.destroy();
  });

  const directory = directoryRoutes(app, () => clock.nowMs() / 1000);

  const place = (order: MillisOrder, origin: string): Call => {
    const known = directory.configFor(order.agentId, order.from);
    lastMs = Math.max(clock.nowMs(), lastMs + 1);
    const config = { ...known.config, ...order.agentConfig };
    const session: Session = {
      order: { ...order, agentId: known.agentId },
      config,
      ts: lastMs / 1000,
      chat: [],
      word: undefined,
      origin,
    };
    const limit = Number(at(config, 'session_timeout', 'max_duration'));
    const call = engine.start(
      {
        id: newId(options.random),
        to: order.to,
        from: order.from,
        script: scriptOf(order.to),
        ringTimeoutSeconds: RING_SECONDS,
        timeLimitSeconds: limit > 0 ? limit : LONGEST_SECONDS,
      },
      {
        changed: (changed) => void (hasEnded(changed) && options.reporter.report(changed, session)),
        conduct: (answered) => converse(engine, answered, session),
      },
    );
    sessions.set(call, session);
    book.add(call);
    return call;
  };

  app.post(START, async (request, reply) => {
    const order = readOrder(request.body);
    if (isRefusal(order)) return refuse(reply, order);
    const admission = desk.admit(order.to);
    if (admission.does === 'throttle') return refuse(reply, THROTTLED);
    if (admission.does === 'error') return refuse(reply, BROKEN);
    if (admission.does === 'drop') return drop(request, reply);
    const call = place(order, `http://${request.headers.host}`);
    if (admission.does === 'drop_after') return drop(request, reply);
    if (admission.does === 'stall') return stall(request, reply);
    if (admission.does === 'slow') await pause(admission.delayMs);
    return { session_id: call.id };
  });

  app.get('/call-logs', async (request, reply) => {
    const page = pageOf(book.list(undefined), sessions, request.query as Record<string, string | string[] | undefined>);
    return isRefusal(page) ? refuse(reply, page) : page;
  });
  app.get<{ Params: { id: string } }>('/call-logs/:id', async (request, reply) => {
    const call = book.get(request.params.id);
    const session = call && sessions.get(call);
    return call && session ? present(call, session) : refuse(reply, notFound('Call'));
  });
  // one client reports that this is what it answers
  app.get('/call-logs/:id/recording', async (_request, reply) => reply.code(405).send({ detail: 'Method Not Allowed' }));
  app.get<{ Params: { file: string } }>('/_sandbox/millis/recordings/:file', async (request, reply) => {
    const call = book.get(request.params.file.replace(/\.mp3$/, ''));
    const session = call && sessions.get(call);
    if (!call || !session || !hasEnded(call) || !isRecorded(session)) return refuse(reply, notFound('Recording'));
    return reply.type('audio/mpeg').send(silentMp3(durationOf(call)));
  });
}

async function suffer(
  { does, delayMs }: PlannedFault,
  request: FastifyRequest,
  reply: FastifyReply,
  dropped: WeakSet<FastifyRequest>,
): Promise<unknown> {
  if (does === 'error') return refuse(reply, BROKEN);
  if (does === 'drop') return drop(request, reply);
  if (does === 'drop_after') dropped.add(request);
  else await pause(delayMs);
  return undefined;
}

function refuse(reply: FastifyReply, { status, body, headers = {} }: Refusal) {
  return reply.code(status).headers(headers).send(body);
}

function newId(random: () => number): string {
  const part = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return `-O${part()}${part()}${part()}`;
}
