/**
 * A telephone company that does nothing but write down when it was asked for each call, and answers as Twilio does. Run by
 * itself, so that its clock is held up by nobody: `tsx bench/carrier.ts`, with PORT, and DELAY_MS to answer late.
 *   GET /log: [{ to, atMs }], in order of arrival; DELETE /log forgets
 * Whoever asks back is told that a call took place and is over.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface Asked {
  /** E.164 */
  to: string;
  /** of the clock, in milliseconds since 1970 with their fractions */
  atMs: number;
}

interface Call extends Asked {
  sid: string;
  from: string;
}

const CREATE_PATH = '/2010-04-01/Accounts/';

async function serve(port: number, delayMs: number): Promise<void> {
  let calls: Call[] = [];
  const place = async (request: IncomingMessage, atMs: number) => {
    const form = new URLSearchParams(await textOf(request));
    const call = { to: form.get('To') ?? '', from: form.get('From') ?? '', sid: `CA${randomBytes(16).toString('hex')}`, atMs };
    calls.push(call);
    if (delayMs > 0) await pause(delayMs);
    return call;
  };
  const answer = async (request: IncomingMessage, atMs: number): Promise<[status: number, body: unknown]> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://carrier');
    if (pathname === '/log' && request.method === 'DELETE') calls = [];
    if (pathname === '/log') return [200, calls.map(({ to, atMs: at }) => ({ to, atMs: at }))];
    if (!pathname.startsWith(CREATE_PATH)) return [200, {}];
    if (request.method === 'POST') return [201, present(await place(request, atMs), 'queued')];
    const to = searchParams.get('To');
    if (to === null) {
      const call = calls.find(({ sid }) => pathname.includes(sid));
      return call ? [200, present(call, 'completed')] : [404, { code: 20404, message: 'not found' }];
    }
    const found = searchParams.get('Status') === 'queued' ? [] : calls.filter((call) => call.to === to);
    return [200, { calls: found.map((call) => present(call, 'completed')), next_page_uri: null }];
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const atMs = performance.timeOrigin + performance.now();
    answer(request, atMs).then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  process.once('SIGTERM', () => process.exit(0));
}

function present({ sid, to, from, atMs }: Call, status: 'queued' | 'completed') {
  const at = new Date(atMs).toUTCString();
  return { sid, to, from, status, duration: status === 'completed' ? '1' : null, start_time: at, date_created: at };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

await serve(Number(process.env.PORT), Number(process.env.DELAY_MS ?? 0));
