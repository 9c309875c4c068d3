import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Desk } from '../admission.ts';
import type { CallBook } from '../call-book.ts';
import { type Call, hasEnded } from '../engine.ts';
import { drop, stall } from '../refuse.ts';
import { scriptOf } from '../script.ts';
import { converse, detect, type Talk } from './conversation.ts';
import { AUTHENTICATE, BROKEN, notFound, refusal, type Refusal, THROTTLED } from './errors.ts';
import { pageOf } from './list.ts';
import { type Fields, readOrder, single, type TwilioOrder } from './order.ts';
import { type Report, reportOf, toSend } from './reports.ts';
import { type Recordings, recordingRoutes } from './recordings.ts';
import { present } from './resource.ts';

export interface TwilioOptions extends Talk {
  authToken: string;
  desk: Desk;
  book: CallBook;
  random(): number;
}

/**
 * The part of Twilio's API that calls need: https://www.twilio.com/docs/voice/api/call-resource. Machine detection always
 * blocks (`AsyncAmd` is not played), and an update can end a call but not redirect it.
 */
export function twilioRoutes(app: FastifyInstance, options: TwilioOptions): void {
  const { engine, accountSid, book } = options;
  const answeredBy = new WeakMap<Call, string>();
  const credentials = `Basic ${Buffer.from(`${accountSid}:${options.authToken}`).toString('base64')}`;
  const show = (call: Call) => present(call, accountSid, answeredBy.get(call));

  const place = (order: TwilioOrder): Call => {
    const { to, from, timeoutSeconds: ringTimeoutSeconds, timeLimitSeconds } = order;
    const script = scriptOf(to);
    const report = reporter(options, order, answeredBy, recordings);
    const protocol = {
      changed: report,
      conduct: async (call: Call) => {
        const by = await detect(options, call, order);
        if (by !== undefined) answeredBy.set(call, by);
        if (!hasEnded(call)) await converse(options, call, order, by);
      },
    };
    const call = engine.start({ id: newSid(options.random), to, from, script, ringTimeoutSeconds, timeLimitSeconds }, protocol);
    if (order.isRecorded) recordings.keep(call);
    book.add(call);
    return call;
  };

  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== credentials) return refuse(reply, AUTHENTICATE);
    const { account } = request.params as { account?: string };
    if (account !== accountSid) return refuse(reply, notFound(request.url));
  });

  const recordings = recordingRoutes(app, options);

  app.post('/2010-04-01/Accounts/:account/Calls.json', async (request, reply) => {
    const order = readOrder((request.body ?? {}) as Fields);
    if ('status' in order) return refuse(reply, order);
    const admission = options.desk.admit(order.to);
    if (admission.does === 'throttle') return refuse(reply, THROTTLED);
    if (admission.does === 'error') return refuse(reply, BROKEN);
    if (admission.does === 'drop') return drop(request, reply);
    const call = place(order);
    if (admission.does === 'drop_after') return drop(request, reply);
    if (admission.does === 'stall') return stall(request, reply);
    if (admission.does === 'slow') await new Promise((resolve) => setTimeout(resolve, admission.delayMs));
    return reply.code(201).send(show(call));
  });

  app.get('/2010-04-01/Accounts/:account/Calls.json', async (request, reply) => {
    const query = request.query as Fields;
    const path = `/2010-04-01/Accounts/${accountSid}/Calls.json`;
    const page = pageOf(book.list(single(query['To'])), query, path);
    if ('status' in page) return refuse(reply, page);
    const { start, pageSize: page_size, firstUri: first_page_uri, nextUri: next_page_uri, previousUri: previous_page_uri } = page;
    const end = start + Math.max(page.calls.length - 1, 0);
    return {
      first_page_uri,
      end,
      previous_page_uri,
      calls: page.calls.map(show),
      uri: request.url,
      page_size,
      start,
      next_page_uri,
      page: page.page,
    };
  });

  app.get('/2010-04-01/Accounts/:account/Calls/:file', async (request, reply) => {
    const call = book.get(sidIn(request));
    return call ? show(call) : refuse(reply, notFound(request.url));
  });

  app.post('/2010-04-01/Accounts/:account/Calls/:file', async (request, reply) => {
    const call = book.get(sidIn(request));
    if (!call) return refuse(reply, notFound(request.url));
    const status = single(((request.body ?? {}) as Fields)['Status']);
    if (status !== 'completed' && status !== 'canceled') return refuse(reply, refusal(400, 20001, 'Status must be completed or canceled'));
    const talking = call.state === 'in_progress';
    if (hasEnded(call) || (talking && status === 'canceled')) return refuse(reply, refusal(400, 21220, 'Invalid call state'));
    engine.end(call, talking ? 'completed' : 'canceled');
    return show(call);
  });
}

/** Reports the states of one call, one after the other: the next leaves when the one before was taken. */
function reporter(
  { accountSid, delivery }: TwilioOptions,
  order: TwilioOrder,
  answeredBy: WeakMap<Call, string>,
  recordings: Recordings,
): (call: Call) => void {
  const reports: Report[] = [];
  let sent = Promise.resolve();
  return (call) => {
    const { statusCallback: target, recordingCallback } = order;
    const recorded = recordingCallback && recordings.reportOf(call);
    // who reports twice does so of recordings, too
    const times = call.script.reports === 'shuffled' ? 2 : 1;
    if (recorded) for (let n = 0; n < times; n++) sent = sent.then(() => delivery.report(recordingCallback, recorded));
    const report = reportOf(call, accountSid, reports.length, answeredBy.get(call));
    if (!target || !report) return;
    reports.push(report);
    for (const { event, fields } of toSend(reports, call.script.reports)) {
      if (order.statusEvents.has(event)) sent = sent.then(() => delivery.report(target, fields));
    }
  };
}

function refuse(reply: FastifyReply, { status, body, headers }: Refusal) {
  return reply.code(status).headers(headers).send(body);
}

function sidIn(request: FastifyRequest): string {
  const { file } = request.params as { file: string };
  return file.replace(/\.json$/, '');
}

function newSid(random: () => number): string {
  const part = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return `CA${part()}${part()}${part()}${part()}`;
}
