import type { Call, Engine } from '../engine.ts';
import type { Logger } from 'pino';
import type { Reply } from '../script.ts';
import type { Delivery } from './delivery.ts';
import type { TwilioOrder } from './order.ts';
import { basics } from './reports.ts';
import { perform } from './twiml.ts';

const DETECTION_SECONDS = { person: 2, machine: 4, message_end: 9 };

export interface Talk {
  engine: Engine;
  delivery: Delivery;
  accountSid: string;
  log: Logger;
}

/** Listens who has answered; blocks the call meanwhile, as Twilio does. Undefined when nobody asked for it. */
export async function detect({ engine }: Talk, call: Call, order: TwilioOrder): Promise<string | undefined> {
  if (order.detection === 'none') return undefined;
  const { answeredBy } = call.script;
  const atTheEnd = answeredBy === 'machine' && order.detection === 'message_end';
  await engine.wait(call, DETECTION_SECONDS[atTheEnd ? 'message_end' : answeredBy]);
  if (answeredBy === 'person') return 'human';
  return atTheEnd ? 'machine_end_beep' : 'machine_start';
}

/** Asks the customer what to do with an answered call, and does it. Faults of the customer's server end the call. */
export async function converse(
  { engine, delivery, accountSid, log }: Talk,
  call: Call,
  order: TwilioOrder,
  answeredBy: string | undefined,
): Promise<void> {
  let turn = 0;
  const known = { ...basics(call, accountSid), ...(answeredBy !== undefined && { AnsweredBy: answeredBy }) };
  const stage = {
    wait: (seconds: number) => engine.wait(call, seconds),
    reply: (): Reply => call.script.lines[turn++] ?? { does: call.script.answeredBy === 'machine' ? 'silence' : 'hang_up' },
    document: (target: { url: string; method: 'GET' | 'POST' }, fields: Readonly<Record<string, string>>) =>
      delivery.document(target, { ...known, ...fields }),
    connected: (to: string) => engine.connect(call, to),
    note: (what: string) => log.warn({ call: call.id }, what),
  };
  if ('twiml' in order.document) return perform(stage, 'http://sandbox.invalid/', order.document.twiml);
  const { url } = order.document;
  return perform(stage, url.url, await stage.document(url, {}));
}
