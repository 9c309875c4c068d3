/** What the adapter makes of Exotel's words, and what it asks for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import t from 'tap';
import { renderApplet } from '../../../carrier/exotel/applet.ts';
import { parseCallback } from '../../../carrier/exotel/callback.ts';
import { callOf, findCalls } from '../../../carrier/exotel/details.ts';
import { callIn, flatten, messageIn } from '../../../carrier/exotel/fields.ts';
import { openExotel } from '../../../carrier/exotel/index.ts';
import { orderOf } from '../../../carrier/exotel/order.ts';
import { asksForCredentials, momentOf, numberOf, wordOf } from '../../../carrier/exotel/unverified.ts';
import { progressOf, refusalOf } from '../../../carrier/exotel/words.ts';
import type { Answer } from '../../../carrier/http.ts';
import { isSameSecret } from '../../../carrier/same-secret.ts';

const TOKEN = '00000000-0000-4000-8000-000000000001';
const OPTIONS = {
  baseUrl: 'https://api.exotel.com',
  accountSid: 'acme1',
  apiKey: 'key',
  apiToken: 'token',
  appId: '77',
  webhookSecret: 's e&c=ret',
  publicUrl: 'https://calls.example.com',
  timeoutMs: 500,
};
const REQUEST = {
  callId: 7,
  token: TOKEN,
  to: '+919876543210',
  from: '+918012345678',
  ringTimeoutSeconds: 90,
  timeLimitSeconds: 20_000,
  detectMachine: true,
  record: true,
};
const SECRET = new URLSearchParams({ secret: OPTIONS.webhookSecret }).toString();
const STATUS = `/carrier/exotel/calls/7/${TOKEN}/status`;
const answer = (status: number, text: string): Extract<Answer, { got: 'answer' }> => ({
  got: 'answer',
  status,
  text,
  body: text.startsWith('{') ? JSON.parse(text) : undefined,
  retryAfterSeconds: 3,
});

t.test('a call is ordered into a flow, within what Exotel takes', async (t) => {
  t.strictSame(Object.fromEntries(orderOf(OPTIONS, REQUEST)), {
    From: '+919876543210',
    CallerId: '+918012345678',
    Url: 'http://my.exotel.com/acme1/exoml/start_voice/77',
    CallType: 'trans',
    TimeLimit: '14400',
    TimeOut: '60',
    Record: 'true',
    CustomField: `7.${TOKEN}`,
    StatusCallback: `https://calls.example.com${STATUS}?${SECRET}`,
    'StatusCallbackEvents[0]': 'terminal',
    'StatusCallbackEvents[1]': 'answered',
  });
  const talk = { carrierAgentId: '88', prompt: '', context: undefined, greeting: '', voicemailMessage: undefined, language: 'en-IN' };
  t.match(orderOf(OPTIONS, { ...REQUEST, talk }).get('Url'), /start_voice\/88$/, 'the agent’s own flow');
  const longest = orderOf(OPTIONS, { ...REQUEST, callId: 999_999_999_999_999 }).get('CustomField') ?? '';
  t.ok(longest.length <= 128);
});

t.test('status words', async (t) => {
  t.strictSame(progressOf('queued', 0), { type: 'queued' });
  t.strictSame(progressOf('ringing', 0), { type: 'ringing' });
  t.strictSame(progressOf('in-progress', 0), { type: 'answered' });
  t.strictSame(progressOf('Completed', 17), { type: 'ended', outcome: 'completed', durationSeconds: 17 });
  for (const [word, outcome] of [
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['failed', 'failed'],
    ['canceled', 'no_answer'],
  ] as const)
    t.strictSame(progressOf(word, 0), { type: 'ended', outcome, durationSeconds: 0, cause: `Exotel: ${word}` });
  t.strictSame(progressOf('completed', undefined), { type: 'over' }, 'its length is not known yet');
  t.equal(progressOf('free', 0), undefined);
});

t.test('refusals: what was certainly not placed, and what may ring', async (t) => {
  const said = (message: string) => JSON.stringify({ RestException: { Status: 400, Message: message } });
  const table: Array<[status: number, text: string, expected: object]> = [
    [400, said('Invalid parameter: From +1 is not valid'), { answer: 'rejected', kind: 'invalid_number' }],
    [400, said('Mandatory parameter CallerId missing'), { answer: 'rejected', kind: 'refused' }],
    [403, said('Call to 0987 cannot be made because of TRAI NDNC regulations'), { answer: 'rejected', kind: 'blocked' }],
    [403, '', { answer: 'rejected', kind: 'misconfigured' }],
    [401, '', { answer: 'rejected', kind: 'misconfigured' }],
    [402, '', { answer: 'rejected', kind: 'no_balance' }],
    [404, '', { answer: 'rejected', kind: 'misconfigured' }],
    [409, '', { answer: 'rejected', kind: 'refused' }],
    [429, '', { answer: 'rejected', kind: 'throttled', retryAfterSeconds: 3 }],
    [200, '{}', { answer: 'unknown' }],
    [302, '', { answer: 'unknown' }],
    [408, '', { answer: 'unknown' }],
    [500, '', { answer: 'unknown' }],
    [503, '', { answer: 'unknown' }],
  ];
  for (const [status, text, expected] of table) t.match(refusalOf(answer(status, text)), expected, `${status} ${text}`);
});

t.test('a refusal is told without the numbers in it', async (t) => {
  const said = (message: string) => refusalOf(answer(403, JSON.stringify({ RestException: { Status: 403, Message: message } })));
  for (const number of ['09876543210', '9876543210', '919876543210', '+919876543210', '%2B919876543210'])
    t.match(said(`Call to ${number} is against TRAI NDNC`), {
      kind: 'blocked',
      message: 'Exotel answered 403: Call to +91*** **10 is against TRAI NDNC',
    });
  t.match(said('flow 123456 of 4a098765432100'), { message: 'Exotel answered 403: flow 123456 of 4a098765432100' }, 'ids stay');
});

t.test('answers as JSON and as XML', async (t) => {
  const xml = (root: string, inner: string) => `<?xml version="1.0"?>\n<TwilioResponse>\n <${root}>${inner}</${root}>\n</TwilioResponse>`;
  const sids = [answer(200, '{"Call":{"Sid":"a1","Duration":null}}'), answer(200, xml('Call', '<Sid>a1</Sid><EndTime/>'))];
  for (const given of sids) t.equal(callIn(given)?.get('Sid'), 'a1');
  for (const text of ['', '{}', '{"Call":{}}', 'nonsense', xml('Call', '')]) t.equal(callIn(answer(200, text)), undefined, text);
  t.equal(messageIn(answer(400, xml('RestException', '<Status>400</Status><Message>a &lt; b &amp;amp; c</Message>'))), 'a < b &amp; c');
  t.equal(messageIn(answer(502, '<html>')), '');
  t.strictSame(
    flatten({ a: { b: [{ c: 1 }, null, true] }, d: 'x\0y' }),
    new Map([
      ['a[b][0][c]', '1'],
      ['a[b][2]', 'true'],
      ['d', 'xy'],
    ]),
  );
});

t.test('times without a zone, and numbers as Indians dial them', async (t) => {
  t.strictSame(momentOf('2026-01-01 05:30:00'), new Date('2026-01-01T00:00:00Z'));
  t.equal(wordOf(new Date('2026-01-01T00:00:00Z')), '2026-01-01 05:30:00');
  for (const text of ['1970-01-01 05:30:00', '', undefined, 'today', '2026-13-01 00:00:00'])
    t.equal(momentOf(text), undefined, String(text));
  for (const text of ['+919876543210', '919876543210', '09876543210', '9876543210', '+91 98765-43210'])
    t.equal(numberOf(text), '+919876543210', String(text));
  t.equal(numberOf('+14155550123'), '+14155550123');
  for (const text of [undefined, '', 'anonymous', '1']) t.equal(numberOf(text), undefined, String(text));
});

t.test('its applets wait five seconds: words come before', async (t) => {
  const { answersWithinMs = Infinity } = openExotel(OPTIONS);
  t.ok(answersWithinMs <= 4000);
});

t.test('details: an end is told when its length is known', async (t) => {
  const now = new Date('2026-01-01T00:10:00Z');
  const fields = {
    Sid: 's1',
    Status: 'completed',
    From: '09876543210',
    To: '08012345678',
    PhoneNumberSid: '+918012345678',
    StartTime: '2026-01-01 05:30:00',
    DateUpdated: '2026-01-01 05:31:00',
    RecordingUrl: 'https://recordings.exotel.com/s1.mp3',
  };
  const read = (more: object, at = now) => callOf(flatten({ ...fields, ...more }), at);
  t.strictSame(read({ Duration: '17' }), {
    carrierCallId: 's1',
    to: '+919876543210',
    from: '+918012345678',
    startedAt: new Date('2026-01-01T00:00:00Z'),
    progress: { type: 'ended', outcome: 'completed', durationSeconds: 17 },
    story: { turns: [], recording: { recordingId: 's1', durationSeconds: 17 } },
  });
  t.match(read({ Details: { Legs: [{ Leg: { Id: 1, OnCallDuration: 21 } }] } }), { progress: { durationSeconds: 21 } });
  t.match(read({ Duration: null }), { progress: { type: 'over' }, story: undefined }, 'it may still come');
  const later = new Date('2026-01-01T01:30:00Z');
  t.match(read({ Duration: null }, later), { progress: { type: 'ended', durationSeconds: 60, estimate: 'span' } }, 'or never');
  t.match(read({ EndTime: '2026-01-01 05:30:42' }, later), { progress: { durationSeconds: 42, estimate: 'span' } });
  t.match(read({ DateUpdated: '2026-01-01 04:30:00' }, later), { progress: { durationSeconds: 0, estimate: 'span' } });
  t.match(read({ Duration: '17' }, later), { progress: { durationSeconds: 17, estimate: undefined } });
  t.match(read({ Status: 'busy', Duration: null }), { progress: { type: 'ended', outcome: 'busy' } });
  t.throws(() => read({ Status: 'dancing' }), { code: 'carrier_failure' });
  t.throws(() => callOf(new Map(), now), { code: 'carrier_failure' });
});

t.test('a row of the list that cannot be read hides no other, and is still there', async (t) => {
  const Calls = [{ Sid: 's1', Status: null }, null, { Sid: 's2', Status: 'busy', StartTime: '2026-01-01 05:30:00' }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ Calls })));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const now = new Date('2026-01-01T00:10:00Z');
  const found = await findCalls({ ...OPTIONS, baseUrl }, { to: '+919876543210', since: now }, now);
  t.match(found, [
    { carrierCallId: 's2', progress: { outcome: 'busy' }, unreadable: undefined },
    { carrierCallId: 's1', unreadable: true },
    { carrierCallId: '', unreadable: true },
  ]);
});

t.test('a callback is believed for the secret in its address alone', async (t) => {
  const form = [
    ['CallSid', 's1'],
    ['Status', 'busy'],
  ] as const;
  const parse = (path: string) => parseCallback(OPTIONS, { path, headers: {}, form });
  for (const query of ['', '?', '?secret=', '?secret=wrong', `?secret=${OPTIONS.webhookSecret}x`, '?Secret=x', `?x=1#${SECRET}`])
    t.strictSame(parse(STATUS + query), { kind: 'forged' }, query);
  t.match(parse(`${STATUS}?${SECRET}`), { kind: 'session' });
  t.match(parse(`${STATUS}?a=1&${SECRET}`), { kind: 'session' });
  t.notOk(isSameSecret('', ''), 'no secret lets nobody in');
  t.notOk(isSameSecret(undefined, 'x'));
});

t.test('status callbacks', async (t) => {
  const read = (fields: Record<string, string>, path = `${STATUS}?${SECRET}`) =>
    parseCallback(OPTIONS, { path, headers: {}, form: [], json: fields });
  const event = { callId: 7, token: TOKEN, carrierCallId: 's1' };
  t.strictSame(read({ CallSid: 's1', EventType: 'answered', Status: 'in-progress', DateUpdated: '2026-01-01 05:30:00' }), {
    kind: 'status',
    event: { ...event, progress: { type: 'answered' }, carrierAt: new Date('2026-01-01T00:00:00Z') },
  });
  const end = { CallSid: 's1', Status: 'completed', RecordingUrl: 'https://x/s1.mp3', 'Legs[0][OnCallDuration]': '21' };
  t.strictSame(read(end), {
    kind: 'session',
    event: { ...event, progress: { type: 'ended', outcome: 'completed', durationSeconds: 21 }, carrierAt: undefined },
    story: { turns: [], recording: { recordingId: 's1', durationSeconds: 21 } },
  });
  for (const more of [{ x: '' }, { 'Legs[0][OnCallDuration]': '' }] as Array<Record<string, string>>)
    t.strictSame(
      read({ CallSid: 's1', DateUpdated: '2026-01-01 05:30:00', Status: 'completed', RecordingUrl: 'https://x/s1.mp3', ...more }),
      { kind: 'status', event: { ...event, progress: { type: 'over' }, carrierAt: new Date('2026-01-01T00:00:00Z') } },
      'a talk without its length is not over yet: its details are asked',
    );
  t.match(read({ ...end, 'Legs[0][OnCallDuration]': '0' }), { kind: 'session', event: { progress: { durationSeconds: 0 } } });
  t.match(read({ CallSid: 's1', Status: 'no-answer', RecordingUrl: '' }), { story: { recording: undefined } });
  t.throws(() => read({ Status: 'busy' }), { code: 'validation', message: /CallSid/ });
  t.throws(() => read({ CallSid: 's1', Status: 'dancing' }), { code: 'validation', message: /dancing/ });
  t.throws(() => read(end, `/carrier/exotel/calls/7/nonsense/status?${SECRET}`), { code: 'validation' });
});

t.test('the applets of a flow, and the documented webhook', async (t) => {
  const get = (applet: string, query: Record<string, string>) =>
    parseCallback(OPTIONS, {
      path: `${applet}?${new URLSearchParams({ ...query, secret: OPTIONS.webhookSecret }).toString()}`,
      headers: {},
      form: [],
    });
  const seen = { CallSid: 's1', CallFrom: '09876543210', CallTo: '08012345678', EndTime: '1970-01-01 05:30:00' };
  t.strictSame(get('/carrier/exotel/passthru', { ...seen, Direction: 'incoming', digits: '"12#"', CallType: 'call-attempt' }), {
    kind: 'applet',
    applet: 'passthru',
    call: {
      carrierCallId: 's1',
      direction: 'inbound',
      from: '+919876543210',
      to: '+918012345678',
      attempt: undefined,
      digits: '12#',
      progress: { type: 'answered' },
      carrierAt: undefined,
      onlyTells: false,
    },
  });
  const ours = get('/carrier/exotel/gather', { ...seen, CustomField: `7.${TOKEN}`, Direction: 'outbound-dial', digits: '""' });
  t.match(ours, { applet: 'gather', call: { direction: 'outbound', attempt: { callId: 7, token: TOKEN }, digits: undefined } });
  t.match(get('/carrier/exotel/greeting', { ...seen, CustomField: 'x' }), { applet: 'greeting', call: { direction: 'inbound' } });
  const passthru = (more: object) => get('/api/v1/exotel/webhook/incoming', { ...seen, ...more });
  t.match(
    passthru({ Status: 'busy' }),
    { applet: 'passthru', call: { progress: { type: 'answered' } } },
    'a word about the flow’s own agents',
  );
  t.match(passthru({ CallType: 'completed' }), { call: { onlyTells: true, progress: { type: 'answered' } } });
  t.match(passthru({ CallStatus: 'ringing' }), { call: { progress: { type: 'answered' } } }, 'who asks a way has been answered');
  t.match(passthru({ CallType: 'client-hangup' }), { call: { progress: { type: 'over' } } });
  t.match(passthru({ CallType: 'client-hangup', EndTime: '2026-01-01 05:30:00', Duration: '0' }), {
    call: { progress: { type: 'over' }, carrierAt: new Date('2026-01-01T00:00:00Z') },
  });
  const posted = (json: object) =>
    parseCallback(OPTIONS, { path: `/api/v1/exotel/webhook/incoming?${SECRET}`, headers: {}, form: [], json });
  const documented = { CallSid: 'x', From: '+919876543210', To: '+919876543211', CallStatus: 'in-progress', Direction: 'inbound' };
  t.match(posted(documented), {
    kind: 'applet',
    call: { direction: 'inbound', from: '+919876543210', progress: { type: 'answered' }, onlyTells: true },
  });
  for (const word of ['queued', 'ringing']) t.match(posted({ ...documented, CallStatus: word }), { call: { progress: { type: word } } });
  t.match(posted({ CallSid: 'x' }), { call: { progress: { type: 'ringing' } } }, 'told of, and no more');
  t.match(posted({ ...documented, CallStatus: 'completed' }), { call: { progress: { type: 'over' } } });
  t.match(posted({ ...documented, CallStatus: 'completed', Duration: '7' }), { call: { progress: { type: 'ended', durationSeconds: 7 } } });
  t.match(posted({ CallSid: 'x', Status: 'no-answer' }), { call: { progress: { outcome: 'no_answer' } } });
  t.throws(() => get('/carrier/exotel/dance', seen), { code: 'validation' });
});

t.test('what an applet is answered', async (t) => {
  const say = { do: 'say', text: 'Hello.' } as const;
  const listen = { do: 'listen', turn: 1, timeoutSeconds: 9 } as const;
  t.match(renderApplet('passthru', [say, listen]), { status: 200, body: '' });
  t.match(renderApplet('passthru', undefined), { status: 200 }, 'nothing for us to decide');
  for (const steps of [[], [{ do: 'hangup' } as const]]) t.match(renderApplet('passthru', steps), { status: 302 });
  t.strictSame(renderApplet('greeting', [say]), { contentType: 'text/plain', body: 'Hello.' });
  t.strictSame(JSON.parse(renderApplet('gather', [say, say, listen]).body), {
    gather_prompt: { text: 'Hello. Hello.' },
    max_input_digits: 1,
    finish_on_key: '',
    input_timeout: 6,
    repeat_menu: 0,
  });
  t.match(JSON.parse(renderApplet('gather', []).body), { gather_prompt: { text: 'Goodbye.' }, input_timeout: 1 });
});

t.test('who is shown the credentials of the account', async (t) => {
  const asks = (url: string) => asksForCredentials(new URL(url), OPTIONS.baseUrl);
  t.ok(asks('https://recordings.exotel.com/x.mp3'));
  t.ok(asks('https://api.exotel.com/x.mp3'));
  for (const url of ['https://s3-ap-southeast-1.amazonaws.com/x.mp3', 'https://evilexotel.com/x', 'http://recordings.exotel.com/x'])
    t.notOk(asks(url), url);
});
