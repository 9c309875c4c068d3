import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import t from 'tap';
import { openTwilio } from '../../../carrier/twilio/index.ts';
import type { Callback, CarrierEvent, Placed, Step } from '../../../carrier/port.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { PROJECT } from '../../project.ts';
import { eventually, openCustomer, TOKEN } from './customer.ts';
import { type Exchange, type Spec, validators } from './spec.ts';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const FROM = '+15005550006';
const SPEC = join(PROJECT, '..', 'shared', 'providers', 'twilio_calls_openapi.json');

const exchanges: Exchange[] = [];
const log = pino({ level: 'silent' });
const customer = await openCustomer();
const sandbox = await startSandbox({ port: 0, speed: 400, accountSid: ACCOUNT, authToken: 'token', log });
const twilio = openTwilio({ baseUrl: sandbox.url, accountSid: ACCOUNT, authToken: 'token', publicUrl: customer.url, timeoutMs: 400 });
t.teardown(async () => {
  await sandbox.close();
  await customer.close();
});

// everything the adapter and the sandbox say to each other is kept, to be held against Twilio's own specification
const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const response = await fetch(input, init);
  const text = await response.clone().text();
  const form = init?.body instanceof URLSearchParams ? [...init.body] : [];
  exchanges.push({
    method: init?.method ?? 'GET',
    url: new URL(input instanceof Request ? input.url : input),
    form,
    status: response.status,
    body: JSON.parse(text),
  });
  return response;
};
t.teardown(() => {
  globalThis.fetch = fetch;
});

/** A small agent: leaves a message on machines, else greets, answers three turns and says goodbye. */
function talk(callback: Callback): readonly Step[] {
  if (callback.kind === 'answer' && callback.by === 'machine') return [{ do: 'say', text: 'Please call us back.' }, { do: 'hangup' }];
  if (callback.kind === 'answer')
    return [
      { do: 'say', text: 'Hello, this is Acme.' },
      { do: 'listen', turn: 1, timeoutSeconds: 5 },
    ];
  if (callback.kind !== 'turn' || callback.turn >= 4) return [{ do: 'say', text: 'Goodbye.' }, { do: 'hangup' }];
  return [
    { do: 'say', text: 'I see.' },
    { do: 'listen', turn: callback.turn + 1, timeoutSeconds: 5 },
  ];
}
customer.use(twilio, talk);

let ids = 0;
async function dial(last4: string, detectMachine = true): Promise<{ callId: number; to: string; placed: Placed }> {
  const callId = ++ids;
  const to = `+1415${String(callId).padStart(3, '0')}${last4}`;
  return {
    callId,
    to,
    placed: await twilio.place({
      callId,
      token: TOKEN,
      to,
      from: FROM,
      ringTimeoutSeconds: 30,
      timeLimitSeconds: 300,
      detectMachine,
      record: false,
    }),
  };
}

const words = (events: CarrierEvent[]) => events.map(({ progress }) => (progress.type === 'ended' ? progress.outcome : progress.type));
const ended = (callId: number) =>
  eventually(`end of call ${callId}`, () => customer.events(callId).find(({ progress }) => progress.type === 'ended'));
const ring = (to: string) => sandbox.rings().filter((entry) => entry.to === to);
const turns = (callId: number) => customer.seen.flatMap((c) => (c.kind === 'turn' && c.callId === callId ? [c.heard] : []));

t.test('endings without an answer', async (t) => {
  const table = [
    ['0001', ['queued', 'busy'], 'sip 486', 'busy'],
    ['0002', ['queued', 'ringing', 'no_answer'], 'sip 487', 'no_answer'],
    ['0003', ['queued', 'failed'], 'sip 404', 'failed'],
  ] as const;
  for (const [last4, expected, cause, status] of table) {
    const { callId, to, placed } = await dial(last4);
    t.match(placed, { answer: 'accepted' }, last4);
    t.match(await ended(callId), { progress: { durationSeconds: 0, cause } }, last4);
    t.same(words(customer.events(callId)), expected, last4);
    t.match(ring(to), [{ to, from: FROM, answeredAt: null, status }], `${last4}: one ring`);
  }
});

t.test('0004 voicemail: found out, and left a message', async (t) => {
  const { callId } = await dial('0004');
  t.match(await ended(callId), { progress: { outcome: 'voicemail' } });
  t.match(
    customer.seen.filter((c) => c.kind === 'answer' && c.callId === callId),
    [{ by: 'machine' }],
  );
  t.same(turns(callId), [], 'nobody talked with it');

  const blind = await dial('0004', false);
  t.match(await ended(blind.callId), { progress: { outcome: 'completed' } }, 'without detection it counts as a person');
  t.match(
    turns(blind.callId),
    [{ speech: /voicemail/ }, { speech: undefined, digits: undefined }, {}, {}],
    'who greets and is silent then',
  );
});

t.test('0005 hangs up at once, 0006 talks', async (t) => {
  const short = await dial('0005');
  t.match(await ended(short.callId), { progress: { outcome: 'completed', durationSeconds: 1 } });
  t.same(turns(short.callId), []);

  const { callId, to, placed } = await dial('0006');
  const end = await ended(callId);
  t.match(end, { progress: { type: 'ended', outcome: 'completed', cause: 'sip 200' } });
  t.ok(end.progress.type === 'ended' && end.progress.durationSeconds > 8 && end.progress.durationSeconds < 30, 'some seconds of talk');
  t.same(words(customer.events(callId)), ['queued', 'ringing', 'answered', 'completed']);
  t.ok(customer.events(callId).every(({ carrierAt }) => carrierAt && Math.abs(Date.now() - carrierAt.getTime()) < 60_000));
  t.match(turns(callId), [{ speech: /hello/i }, { speech: 'What is your return policy?' }, { speech: /thank/ }, { speech: /goodbye/i }]);
  t.match(
    customer.seen.filter((c) => c.kind === 'answer' && c.callId === callId),
    [{ by: 'human' }],
  );

  const sid = placed.answer === 'accepted' ? placed.carrierCallId : '';
  t.match(await twilio.fetch(sid), {
    carrierCallId: sid,
    to,
    from: FROM,
    startedAt: Date,
    progress: end.progress.type === 'ended' ? { outcome: 'completed' } : {},
  });
  t.equal(await twilio.fetch(`CA${'f'.repeat(32)}`), undefined);
  await twilio.hangup(sid);
  t.equal(ring(to).length, 1);
});

t.test('0007: the answer is lost, the call is not', async (t) => {
  const since = new Date();
  const { callId, to, placed } = await dial('0007');
  t.match(placed, { answer: 'unknown' });
  t.match(await twilio.find({ to, from: FROM, since }), [{ to, from: FROM }], 'asked back by number and time');
  t.match(await ended(callId), { progress: { outcome: 'completed' } });
  t.equal(ring(to).length, 1);
  t.same(await twilio.find({ to, from: FROM, since: new Date(Date.now() + 60_000) }), []);
  t.same(await twilio.find({ to, from: '+15005550007', since }), []);
});

t.test('0008: the end is not reported, but can be asked', async (t) => {
  const { callId, placed } = await dial('0008');
  const sid = placed.answer === 'accepted' ? placed.carrierCallId : '';
  const call = await eventually('the end, asked', async () => {
    const found = await twilio.fetch(sid);
    return found?.progress.type === 'ended' ? found : undefined;
  });
  t.match(call.progress, { outcome: 'completed' });
  t.same(words(customer.events(callId)), ['queued', 'ringing', 'answered']);
});

t.test('0009: twice and out of order', async (t) => {
  const { callId } = await dial('0009');
  const events = await eventually('eight reports', () => (customer.events(callId).length === 8 ? customer.events(callId) : undefined));
  t.same(words(events), ['ringing', 'queued', 'completed', 'answered', 'completed', 'ringing', 'queued', 'answered']);
});

t.test('0010: refused, then taken', async (t) => {
  const { to, placed } = await dial('0010');
  t.match(placed, { answer: 'rejected', kind: 'throttled', retryAfterSeconds: 1 });
  t.same(ring(to), [], 'a refused request rings nobody');
  const again = {
    callId: ++ids,
    token: TOKEN,
    to,
    from: FROM,
    ringTimeoutSeconds: 30,
    timeLimitSeconds: 60,
    detectMachine: false,
    record: false,
  };
  t.match(await twilio.place(again), { answer: 'accepted' });
  await ended(again.callId);
  t.equal(ring(to).length, 1);
});

t.test('hanging up ends a call in any state', async (t) => {
  const waiting = await dial('0002');
  const sid = waiting.placed.answer === 'accepted' ? waiting.placed.carrierCallId : '';
  await twilio.hangup(sid);
  t.match(await ended(waiting.callId), { progress: { outcome: 'no_answer', cause: 'canceled' } });
  await twilio.hangup(sid);
  await twilio.hangup(`CA${'e'.repeat(32)}`);

  customer.use(twilio, () => [{ do: 'pause', seconds: 200 }]);
  const talking = await dial('0006');
  await eventually('the answer', () => customer.events(talking.callId).find(({ progress }) => progress.type === 'answered'));
  await twilio.hangup(talking.placed.answer === 'accepted' ? talking.placed.carrierCallId : '');
  const { progress } = await ended(talking.callId);
  t.ok(progress.type === 'ended' && progress.outcome === 'completed' && progress.durationSeconds < 200);
  customer.use(twilio, talk);
});

t.test('a customer that is away for a moment gets its reports', async (t) => {
  customer.fail(2);
  const { callId } = await dial('0001');
  await ended(callId);
  t.same(words(customer.events(callId)), ['queued', 'busy']);
});

t.test('bad numbers and wrong credentials', async (t) => {
  const request = {
    callId: 1,
    token: TOKEN,
    to: '+14155550006',
    from: FROM,
    ringTimeoutSeconds: 30,
    timeLimitSeconds: 60,
    detectMachine: false,
    record: false,
  };
  t.match(await twilio.place({ ...request, to: '12345' }), { answer: 'rejected', kind: 'invalid_number' });
  t.match(await twilio.place({ ...request, from: 'Acme' }), { answer: 'rejected', kind: 'refused' });
  const other = openTwilio({ baseUrl: sandbox.url, accountSid: ACCOUNT, authToken: 'wrong', publicUrl: customer.url, timeoutMs: 400 });
  t.match(await other.place(request), { answer: 'rejected', kind: 'misconfigured', message: /20003/ });
  await t.rejects(other.find({ to: request.to, from: FROM, since: new Date() }), { code: 'carrier_failure' });
});

t.test('every callback of the sandbox was well signed', async (t) => {
  t.notOk(customer.seen.some(({ kind }) => kind === 'forged'));
  t.ok(customer.raw.length > 50);
  const forged = customer.raw.map((raw) => ({ ...raw, form: [...raw.form, ['CallStatus', 'tampered'] as const] }));
  t.ok(
    forged.every((raw) => twilio.parseCallback(raw).kind === 'forged'),
    'and none survives a change',
  );
});

const absent = existsSync(SPEC) ? false : `${SPEC} is not there`;
if (absent) t.comment(`Twilio's specification is not checked: ${absent}`);
t.test("both sides keep to Twilio's specification", { skip: absent }, async (t) => {
  const check = validators(JSON.parse(readFileSync(SPEC, 'utf8')) as Spec);
  const kinds = new Map<string, number>();
  for (const exchange of exchanges) {
    const { kind, problems } = check(exchange);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (problems.length > 0) t.fail(`${kind} ${exchange.url.href}`, { problems, body: exchange.body });
  }
  t.same([...kinds.keys()].sort(), [
    'create 201',
    'create 400',
    'create 401',
    'create 429',
    'fetch 200',
    'fetch 404',
    'list 200',
    'list 401',
    'update 200',
    'update 400',
    'update 404',
  ]);
  t.ok((kinds.get('create 201') ?? 0) >= 10);
});
