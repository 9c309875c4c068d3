import type { Logger } from 'pino';
import type { Client } from '../client.ts';
import type { Call } from '../engine.ts';
import { objectOf, textOf } from './order.ts';
import { concluded, type Session } from './session.ts';

export interface Reporter {
  /** Tells of a session that has concluded, if the agent's config says where. */
  report(call: Call, session: Session): Promise<void>;
  close(): void;
}

/**
 * The end-of-call webhook. Whether Millis repeats it when nobody takes it, and whether it tells of calls that nobody answered, is not
 * documented: this one does neither, so that who relies on it is found out.
 */
export function openReporter(client: Client, log: Logger): Reporter {
  let closed = false;
  return {
    report: async (call, session) => {
      const webhook = session.config['session_data_webhook'];
      const url = textOf(webhook) ?? textOf(objectOf(webhook)?.['url']);
      const { reports } = call.script;
      if (url === undefined || !call.answeredAt || reports === 'no_end') return;
      const body = JSON.stringify(concluded(call, session));
      const headers = { 'content-type': 'application/json', ...textsOf(objectOf(webhook)?.['headers']) };
      for (let n = 0; n < (reports === 'shuffled' ? 2 : 1); n++) {
        try {
          const { status } = await client.send('POST', url, headers, body);
          if (status >= 300) log.warn({ url, status }, 'an end-of-call webhook was refused');
        } catch (error) {
          if (!closed) log.warn({ url, err: error }, 'an end-of-call webhook was lost');
        }
      }
    },
    close: () => {
      closed = true;
    },
  };
}

function textsOf(headers: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectOf(headers) ?? {}).map(([name, value]) => [name, String(value)]));
}
