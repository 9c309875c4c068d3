/** The adapter and the sandbox speak to each other over real HTTP. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import pino from 'pino';
import t from 'tap';
import type { ExotelOptions } from '../../../carrier/exotel/http.ts';
import { openExotel } from '../../../carrier/exotel/index.ts';
import type { Applet, Callback, Placed, Step } from '../../../carrier/port.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { freePort } from '../../free-port.ts';
import { eventually, TOKEN } from '../twilio/customer.ts';

const FROM = '+918012345678';
const SECRET = 'a secret';
const ACCOUNT = { accountSid: 'acme1', apiKey: 'key', apiToken: 'token' };
const LISTEN = { do: 'listen', turn: 1, timeoutSeconds: 5 } as const;

interface Heard {
  callback: Callback;
  type: string | undefined;
}
const heard: Heard[] = [];
let failures = 0;
/** What is said next, by call; at the end of it the call is over. */
const words = new Map<string, string[]>();

function stepsFor(applet: Applet, sid: string): Step[] {
  const left = words.get(sid) ?? ['Hello, this is Tea.', 'Thank you.'];
  words.set(sid, applet === 'gather' ? left.slice(1) : left);
  return left[0] === undefined ? [] : [{ do: 'say', text: left[0] }, LISTEN];
}

const customer = createServer((request, response) => {
  void buffer(request).then(async (body) => {
    const type = request.headers['content-type'];
    const form =
      type === undefined ? [] : [...(await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData())];
    const json = Object.fromEntries(form);
    const callback = exotel.parseCallback({ path: request.url ?? '', headers: request.headers, form: [], json });
    if (callback.kind === 'forged') return response.writeHead(403).end();
    if (failures > 0 && callback.kind !== 'applet') {
      failures--;
      return response.writeHead(503).end();
    }
    heard.push({ callback, type });
    if (callback.kind !== 'applet') return response.writeHead(200).end();
    const answer = exotel.renderApplet?.(callback.applet, stepsFor(callback.applet, callback.call.carrierCallId));
    return response.writeHead(answer?.status ?? 200, { 'content-type': answer?.contentType ?? '' }).end(answer?.body);
  });
});
await new Promise<void>((resolve) => customer.listen(0, '127.0.0.1', resolve));
const publicUrl = `http://127.0.0.1:${(customer.address() as AddressInfo).port}`;
const log = pino({ level: 'silent' });
const flow = { url: `${publicUrl}/carrier/exotel`, secret: SECRET };
const sandbox = await startSandbox({ port: 0, speed: 400, accountSid: 'AC', authToken: 'token', exotel: { ...ACCOUNT, flow }, log });
t.teardown(async () => {
  await sandbox.close();
  customer.closeAllConnections();
  customer.close();
});
const options: ExotelOptions = { ...ACCOUNT, baseUrl: sandbox.url, appId: '77', webhookSecret: SECRET, publicUrl, timeoutMs: 4000 };
const exotel = openExotel(options);

let ids = 0;
async function dial(last4: string, more: { record?: boolean; timeLimitSeconds?: number } = {}) {
  const callId = ++ids;
  const to = `+9198${String(callId).padStart(4, '0')}${last4}`;
  const since = new Date(Date.now() - 1000);
  const request = {
    callId,
    token: TOKEN,
    to,
    from: FROM,
    ringTimeoutSeconds: 30,
    timeLimitSeconds: 300,
    detectMachine: true,
    record: false,
  };
  const placed: Placed = await exotel.place({ ...request, ...more });
  return { callId, to, since, placed, sid: placed.answer === 'accepted' ? placed.carrierCallId : '' };
}
type Dialed = Awaited<ReturnType<typeof dial>>;

const told = ({ callId }: Dialed) =>
  heard.filter(({ callback: c }) => (c.kind === 'status' || c.kind === 'session') && c.event.callId === callId);
const typesOf = (call: Dialed) =>
  told(call).flatMap(({ callback: c }) =>
    c.kind === 'session' && c.event.progress.type === 'ended'
      ? [c.event.progress.outcome]
      : c.kind === 'status'
        ? [c.event.progress.type]
        : [],
  );
const ended = (call: Dialed) =>
  eventually(`the end of ${call.to}`, () => told(call).flatMap(({ callback: c }) => (c.kind === 'session' ? [c] : []))[0]);
const booked = ({ sid }: Dialed) =>
  eventually('an end in the books', async () => {
    const call = await exotel.fetch(sid);
    return call?.progress.type === 'ended' ? { ...call, progress: call.progress } : undefined;
  });
const appletsOf = (sid: string) =>
  heard.flatMap(({ callback: c }) => (c.kind === 'applet' && c.call.carrierCallId === sid ? [{ applet: c.applet, ...c.call }] : []));
const plan = (fault: string, count = 1) =>
  fetch(`${sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault, count, delayMs: 0 }),
  });
const ringsOf = (to: string) => sandbox.rings().filter((ring) => ring.to === to).length;

t.test('a call is led by the flow, which asks for every word, and is told by form and by multipart', async (t) => {
  const call = await dial('0011', { record: true });
  t.equal(call.placed.answer, 'accepted');
  const { event, story } = await ended(call);
  t.match(event, { callId: call.callId, token: TOKEN, carrierCallId: call.sid, carrierAt: Date });
  t.match(event.progress, { type: 'ended', outcome: 'completed' });
  const seconds = event.progress.type === 'ended' ? event.progress.durationSeconds : 0;
  t.ok(seconds > 1);
  t.strictSame(story, { turns: [], recording: { recordingId: call.sid, durationSeconds: seconds } });
  t.strictSame(typesOf(call), ['answered', 'completed']);
  t.match(
    told(call).map(({ type }) => type),
    [/^application\/x-www-form-urlencoded/, /^multipart\/form-data/],
  );
  const applets = appletsOf(call.sid);
  t.strictSame(
    applets.map(({ applet }) => applet),
    ['passthru', 'gather', 'passthru', 'gather'],
    'and then the callee hung up',
  );
  t.match(applets[0], { direction: 'outbound', attempt: { callId: call.callId, token: TOKEN }, digits: undefined, onlyTells: false });
  t.match(applets[2], { digits: '9' });

  const book = await booked(call);
  t.match(book, { carrierCallId: call.sid, to: call.to, from: FROM, startedAt: Date, progress: event.progress, story });
  t.ok(Math.abs(Date.now() - (book.startedAt?.getTime() ?? 0)) < 60_000, 'a time without a zone was read as India’s');
  const audio = await exotel.recording(call.sid);
  t.equal(audio?.mimeType, 'audio/mpeg');
  let bytes = 0;
  for await (const chunk of audio?.bytes ?? []) bytes += chunk.length;
  t.ok(bytes > 1000);
});

t.test('a Passthru that takes its other way hangs up', async (t) => {
  const call = await dial('0006');
  words.set(call.sid, []);
  t.match((await ended(call)).event.progress, { outcome: 'completed', durationSeconds: 1 });
  t.strictSame(
    appletsOf(call.sid).map(({ applet }) => applet),
    ['passthru'],
  );
});

t.test('endings', async (t) => {
  for (const [last4, outcome, types] of [
    ['0001', 'busy', ['busy']],
    ['0002', 'no_answer', ['no_answer']],
    ['0003', 'failed', ['failed']],
    ['0005', 'completed', ['answered', 'completed']],
  ] as const) {
    const call = await dial(last4);
    t.match((await ended(call)).event.progress, { outcome }, last4);
    t.strictSame(typesOf(call), types, last4);
    t.match((await booked(call)).progress, { outcome }, last4);
    t.equal(ringsOf(call.to), 1);
    t.equal(await exotel.recording(call.sid), undefined, 'nobody asked for one');
  }
  t.match((await ended(await dial('0004', { timeLimitSeconds: 10 }))).event.progress, { outcome: 'completed', durationSeconds: 10 });
});

t.test('lost, late, twice and out of order', async (t) => {
  const lost = await dial('0007');
  t.match(lost.placed, { answer: 'unknown' });
  const find = () => exotel.find({ to: lost.to, from: FROM, since: lost.since, callId: lost.callId, token: TOKEN });
  t.match(await eventually('the list', async () => (await find())[0]), { to: lost.to, from: FROM }, 'found when it is over');
  t.equal((await find()).length, 1);
  t.match((await ended(lost)).event, { callId: lost.callId }, 'and its callbacks name it');
  t.strictSame(await exotel.find({ to: lost.to, from: FROM, since: new Date(Date.now() + 5000) }), []);

  const mute = await dial('0008');
  t.match(await booked(mute), { progress: { outcome: 'completed' } });
  t.strictSame(typesOf(mute), ['answered']);

  const confused = await dial('0009');
  await eventually('all of it', () => told(confused).length === 4);
  t.strictSame(typesOf(confused), ['completed', 'answered', 'completed', 'answered']);

  failures = 2;
  const retried = await dial('0001');
  t.match((await ended(retried)).event.progress, { outcome: 'busy' }, 'the third try was taken');
  for (const call of [lost, mute, confused, retried]) t.equal(ringsOf(call.to), 1);
});

t.test('refusals', async (t) => {
  t.match((await dial('0010')).placed, { answer: 'rejected', kind: 'throttled' });
  const request = { callId: 1, token: TOKEN, to: '+919812340006', from: FROM };
  const more = { ringTimeoutSeconds: 30, timeLimitSeconds: 60, detectMachine: false, record: false };
  t.match(await exotel.place({ ...request, ...more, to: '12345' }), { answer: 'rejected', kind: 'invalid_number' });
  t.match(await exotel.place({ ...request, ...more, from: 'Acme' }), { answer: 'rejected', kind: 'refused' });
  const stranger = openExotel({ ...options, apiToken: 'wrong' });
  t.match(await stranger.place({ ...request, ...more }), { answer: 'rejected', kind: 'misconfigured', message: /401: Unauthorized/ });
  await t.rejects(stranger.find({ to: request.to, from: FROM, since: new Date() }), { code: 'carrier_failure' });
  await t.rejects(stranger.fetch('x'), { code: 'carrier_failure' });
  t.equal(await exotel.fetch('none'), undefined);
  t.equal(await exotel.recording('none'), undefined);
  await t.rejects(exotel.hangup('x'), { code: 'carrier_failure' });
  await plan('error');
  t.match((await dial('0006')).placed, { answer: 'unknown' }, 'a 500 may have rung somebody');
  await plan('drop_after');
  t.match((await dial('0005')).placed, { answer: 'unknown' });
  const closed = openExotel({ ...options, baseUrl: `http://127.0.0.1:${await freePort()}` });
  t.match(await closed.place({ ...request, ...more }), { answer: 'rejected', kind: 'down' });
});

t.test('without .json an answer is XML', async (t) => {
  const call = await dial('0001');
  const response = await fetch(`${sandbox.url}/v1/Accounts/acme1/Calls/${call.sid}`, {
    headers: { authorization: `Basic ${Buffer.from('key:token').toString('base64')}` },
  });
  t.match(await response.text(), new RegExp(`<TwilioResponse>\\s*<Call>\\s*<Sid>${call.sid}</Sid>`));
});

t.test('somebody calls', async (t) => {
  const response = await fetch(`${sandbox.url}/_sandbox/exotel/incoming`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: '+919800000011', to: FROM }),
  });
  t.equal(response.status, 201);
  const { CallSid: sid } = (await response.json()) as { CallSid: string };
  await eventually('the flow', () => appletsOf(sid).length === 4);
  t.match(appletsOf(sid)[0], { direction: 'inbound', from: '+919800000011', to: FROM, attempt: undefined });
  t.match(appletsOf(sid)[2], { digits: '9' });
});

t.test('the list, page by page; 200 calls a minute', async (t) => {
  const quick = await startSandbox({ port: 0, speed: 10, accountSid: 'AC', authToken: 'token', exotel: ACCOUNT, log });
  t.teardown(() => quick.close());
  const there = openExotel({ ...options, baseUrl: quick.url, timeoutMs: 20_000 });
  const to = '+919800010001';
  const place = () =>
    there.place({
      callId: 1,
      token: TOKEN,
      to,
      from: FROM,
      ringTimeoutSeconds: 5,
      timeLimitSeconds: 60,
      detectMachine: false,
      record: false,
    });
  const answers = await Promise.all(Array.from({ length: 230 }, place));
  const taken = answers.filter(({ answer }) => answer === 'accepted').length;
  t.ok(taken >= 200 && taken < 230, `${taken} were taken`);
  t.match(
    answers.filter(({ answer }) => answer !== 'accepted'),
    Array.from({ length: 230 - taken }, () => ({ answer: 'rejected', kind: 'throttled' })),
  );
  const found = await eventually('all of them', async () => {
    const calls = await there.find({ to, from: FROM, since: new Date(Date.now() - 60_000) });
    return calls.length === taken ? calls : undefined;
  });
  t.equal(new Set(found.map(({ carrierCallId }) => carrierCallId)).size, taken);
});
