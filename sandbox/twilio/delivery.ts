import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Client, Sent } from '../client.ts';
import type { Target } from './order.ts';
import { signatureOf } from './signature.ts';

/** Pauses before the repetitions, in real time: a customer's server that restarts needs real seconds. */
const STATUS_PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000];
/** Somebody waits on the line, so instructions are asked for only once more. */
const DOCUMENT_PAUSES_MS = [500];

export interface Delivery {
  /** A status report: repeated for some 16 s while the server is unreachable or answers 5xx, then given up. */
  report(target: Target, fields: Readonly<Record<string, string>>): Promise<void>;
  /** Asks for instructions. Throws when there are none. */
  document(target: Target, fields: Readonly<Record<string, string>>): Promise<string>;
  close(): void;
}

/** Signed requests to the customer's server. */
export function openDelivery(client: Client, authToken: string, log: Logger): Delivery {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // one for every repetition that is waiting

  const send = ({ url, method }: Target, fields: Readonly<Record<string, string>>): Promise<Sent> => {
    const form = new URLSearchParams(fields).toString();
    if (method === 'GET') {
      const full = url + (url.includes('?') ? '&' : '?') + form;
      return client.send('GET', full, { 'x-twilio-signature': signatureOf(authToken, full, {}) }, '');
    }
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-twilio-signature': signatureOf(authToken, url, fields),
      'user-agent': 'TwilioProxy/1.1',
    };
    return client.send('POST', url, headers, form);
  };

  const insist = async (target: Target, fields: Readonly<Record<string, string>>, pausesMs: readonly number[]): Promise<Sent> => {
    for (const pauseMs of [...pausesMs, undefined]) {
      const sent = await send(target, fields).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      if (!(sent instanceof Error) && sent.status < 500) return sent;
      const problem = sent instanceof Error ? sent : new Error(`${target.url} answered ${sent.status}`);
      if (pauseMs === undefined || closing.signal.aborted) throw problem;
      await sleep(pauseMs, undefined, { signal: closing.signal });
    }
    throw new Error('unreachable: the last try returns or throws');
  };

  return {
    report: async (target, fields) => {
      try {
        const { status } = await insist(target, fields, STATUS_PAUSES_MS);
        if (status >= 300) log.warn({ url: target.url, status }, 'a status report was refused');
      } catch (error) {
        if (!closing.signal.aborted) log.warn({ url: target.url, err: error }, 'a status report was given up');
      }
    },
    document: async (target, fields) => {
      const { status, body } = await insist(target, fields, DOCUMENT_PAUSES_MS);
      if (status !== 200) throw new Error(`${target.url} answered ${status}`);
      return body;
    },
    close: () => closing.abort(),
  };
}
