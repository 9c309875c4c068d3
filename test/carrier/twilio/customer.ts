import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Callback, Carrier, CarrierEvent, RawCallback, Step } from '../../../carrier/port.ts';

/** The claim that the tests' dials belong to. */
export const TOKEN = '00000000-0000-4000-8000-000000000001';

/** A customer's server as the api will be one: verifies every callback, notes it, answers with what `talk` says. */
export interface Customer {
  url: string;
  raw: RawCallback[];
  seen: Callback[];
  /** the status events of one call, in order of arrival */
  events(callId: number): CarrierEvent[];
  use(carrier: Carrier, talk: (callback: Callback) => readonly Step[]): void;
  /** answer the next `count` requests with a 503 */
  fail(count: number): void;
  close(): Promise<void>;
}

export async function openCustomer(): Promise<Customer> {
  const raw: RawCallback[] = [];
  const seen: Callback[] = [];
  let carrier: Carrier | undefined;
  let talk: (callback: Callback) => readonly Step[] = () => [];
  let failures = 0;

  const server = createServer((request, response) => {
    void read(request).then((body) => {
      if (failures > 0) {
        failures--;
        return response.writeHead(503).end();
      }
      const callback = { path: request.url ?? '', headers: request.headers, form: [...new URLSearchParams(body)] };
      raw.push(callback);
      const parsed = carrier?.parseCallback(callback) ?? { kind: 'forged' };
      seen.push(parsed);
      if (!carrier || parsed.kind === 'forged') return response.writeHead(403).end();
      if (!('callId' in parsed)) return response.writeHead(204).end();
      const answer = carrier.render(parsed, talk(parsed));
      return response.writeHead(200, { 'content-type': answer.contentType }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    raw,
    seen,
    events: (callId) =>
      seen.flatMap((callback) => (callback.kind === 'status' && callback.event.callId === callId ? [callback.event] : [])),
    use: (given, how) => {
      carrier = given;
      talk = how;
    },
    fail: (count) => {
      failures = count;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Waits until `probe` answers something, looking every few milliseconds; throws after `withinMs`. */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
