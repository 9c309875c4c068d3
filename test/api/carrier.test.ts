/** Twilio's door over real HTTP: it is open to everybody, so strangers must not cost anything. */
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { pino } from 'pino';
import t from 'tap';
import { startServer } from './helper.ts';

const FORM = 'application/x-www-form-urlencoded';
const PATH = '/carrier/twilio/calls/1/status';
const SIGNATURE = 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=';

t.test('strangers are refused early, in their own words, and nobody is woken for it', async (t) => {
  const lines: Array<{ level: number; msg: string }> = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
  const { app } = await startServer(t, { CARRIER: 'twilio' }, log);
  const post = (headers: Record<string, string>, payload: string, url = PATH) => app.inject({ method: 'POST', url, headers, payload });
  const signed = { 'x-twilio-signature': SIGNATURE };
  const cases: Array<[what: string, headers: Record<string, string>, payload: string, status: number]> = [
    ['no signature', { 'content-type': FORM }, 'CallSid=CA1', 403],
    ['no signature, no form', { 'content-type': 'application/json' }, '{', 403],
    ['no signature, far too long', { 'content-type': FORM }, 'x'.repeat(2_000_000), 403],
    ['a forged signature', { 'content-type': FORM, ...signed }, 'CallSid=CA1&CallStatus=completed', 403],
    ['JSON', { 'content-type': 'application/json', ...signed }, '{}', 415],
    ['plain text', { 'content-type': 'text/plain', ...signed }, 'x', 415],
    ['a content type that is none', { 'content-type': 'nonsense', ...signed }, 'x', 415],
    ['too long', { 'content-type': FORM, ...signed }, 'x'.repeat(64 * 1024 + 1), 413],
    ['as long as it may be', { 'content-type': FORM, ...signed }, 'x'.repeat(64 * 1024), 403],
  ];
  for (const [what, headers, payload, status] of cases) t.equal((await post(headers, payload)).statusCode, status, what);
  for (const path of ['/carrier/twilio/calls/1/token/status', '/carrier/twilio/calls/1/a/b/c']) {
    t.equal((await post({ 'content-type': FORM, ...signed }, '', path)).statusCode, 403, path);
  }
  t.same(
    lines.filter(({ level }) => level >= 50),
    [],
  );
});

t.test('without a signature no body is waited for', async (t) => {
  const { app } = await startServer(t, { CARRIER: 'twilio' });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const request = httpRequest(new URL(PATH, url), { method: 'POST', headers: { 'content-type': FORM, 'content-length': '1000000' } });
  request.on('error', () => undefined);
  const answered = once(request, 'response');
  request.write('CallSid=');
  const [response] = (await answered) as [IncomingMessage];
  t.equal(response.statusCode, 403);
  response.resume();
  request.destroy();
});
