/** The adapter word for word: what it sends, and what it makes of every answer. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import t from 'tap';
import { openMillisDirectory } from '../../../carrier/millis/directory.ts';
import { historyOf, turnsOf } from '../../../carrier/millis/history.ts';
import { openMillis } from '../../../carrier/millis/index.ts';
import { costsOf } from '../../../carrier/millis/unverified.ts';
import { progressOf } from '../../../carrier/millis/words.ts';
import type { RawCallback, Talk } from '../../../carrier/port.ts';
import { TOKEN } from '../twilio/customer.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const SECRET = 'a secret of the webhook';
const TALK: Talk = {
  carrierAgentId: undefined,
  prompt: 'You sell tea.',
  context: 'order 7',
  greeting: 'Hello, this is Tea.',
  voicemailMessage: 'Please call us back.',
  language: 'en-GB',
};
const REQUEST = {
  callId: 7,
  token: TOKEN,
  to: '+14155550100',
  from: '+15005550006',
  ringTimeoutSeconds: 25,
  timeLimitSeconds: 600,
  detectMachine: true,
  record: true,
  talk: TALK,
};

function options(baseUrl: string, timeoutMs = 2000) {
  return {
    baseUrl,
    apiKey: 'key',
    webhookSecret: SECRET,
    publicUrl: 'https://calls.example.com/',
    timeoutMs,
    phoneImport: { provider: 'x' },
  };
}
const adapter = (baseUrl: string, timeoutMs?: number) => openMillis(options(baseUrl, timeoutMs), () => NOW);

type Tap = Pick<typeof t, 'teardown'>;
async function open(t: Tap, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serve = (t: Tap, listener: RequestListener) => open(t, createHttpServer(listener));
const answer = (t: Tap, status: number, body: string, headers: Record<string, string> = {}) =>
  serve(t, (_request, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));

/** A server that notes what it is asked and answers all of it alike. */
async function listen(t: Tap, body: unknown) {
  const seen: Array<{ what: string; key: string | undefined; json: unknown }> = [];
  const url = await serve(t, (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const json: unknown = text ? JSON.parse(text) : undefined;
      seen.push({ what: `${request.method} ${request.url}`, key: request.headers.authorization, json });
      response.writeHead(200).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  return { url, seen };
}

t.test('the request, exactly: an agent of ours is described, and the key stands alone', async (t) => {
  const { url, seen } = await listen(t, { session_id: '-O1' });
  t.same(await adapter(`${url}/`).place(REQUEST), { answer: 'accepted', carrierCallId: '-O1' });
  t.strictSame(seen, [
    {
      what: 'POST /start_outbound_call',
      key: 'key',
      json: {
        from_phone: '+15005550006',
        to_phone: '+14155550100',
        metadata: { dialfleet_call_id: '7', dialfleet_token: TOKEN },
        include_metadata_in_prompt: false,
        agent_config: {
          prompt: 'You sell tea.\n\nAbout this call: order 7',
          first_message: 'Hello, this is Tea.',
          language: 'en-GB',
          flow: { voicemail: { action: 'message', message: 'Please call us back.' } },
          session_data_webhook: { url: 'https://calls.example.com/carrier/millis/session', headers: { 'x-dialfleet-secret': SECRET } },
          session_timeout: { max_duration: 600 },
          call_settings: { enable_recording: true },
        },
      },
    },
  ]);
});

t.test('an agent that Millis knows is named, and learns what the call is about', async (t) => {
  const { url, seen } = await listen(t, { session_id: '-O1' });
  await adapter(url).place({ ...REQUEST, talk: { ...TALK, carrierAgentId: '-Oagent' } });
  await adapter(url).place({ ...REQUEST, detectMachine: false, talk: { ...TALK, voicemailMessage: undefined, context: undefined } });
  const [bound, plain] = seen.map(({ json }) => json as Record<string, unknown>);
  t.match(bound, { agent_id: '-Oagent', metadata: { context: 'order 7' } }, 'where its prompt says {context}');
  t.match(
    [bound, plain].map((order) => order?.['include_metadata_in_prompt']),
    [false, false],
    'our token comes into no prompt',
  );
  t.notOk('agent_config' in (bound ?? {}));
  t.notOk('flow' in (plain?.['agent_config'] as object), 'nobody listens for machines');
});

t.test('nothing was sent: rejected, down', async (t) => {
  const closed = createServer();
  const url = await new Promise<string>((resolve) =>
    closed.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(closed.address() as AddressInfo).port}`)),
  );
  await new Promise((resolve) => closed.close(resolve));
  t.match(await adapter(url).place(REQUEST), { answer: 'rejected', kind: 'down', message: /Millis could not be asked.*ECONNREFUSED/ });
  t.match(await adapter('http://no-such-host.invalid').place(REQUEST), { answer: 'rejected', kind: 'down' });
});

t.test('it may have been read: unknown, and asked only once', async (t) => {
  let requests = 0;
  const count = (act: (socket: Socket) => void): Server =>
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => {
        requests++;
        act(socket);
      });
    });
  const cases: Array<[string, Server]> = [
    ['hangs', count(() => undefined)],
    ['resets', count((socket) => socket.resetAndDestroy())],
    ['breaks off the answer', count((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"session_id"'))],
  ];
  for (const [name, server] of cases) {
    requests = 0;
    t.match(await adapter(await open(t, server), 300).place(REQUEST), { answer: 'unknown', message: String }, name);
    t.equal(requests, 1, `${name}: one request`);
  }
  for (const [status, body] of [
    [500, ''],
    [504, '<html>'],
    [408, ''],
    [200, '<html>'],
    [200, '{"call_id":"another"}'],
  ] as const) {
    t.match(await adapter(await answer(t, status, body)).place(REQUEST), { answer: 'unknown' }, `${status} ${body}`);
  }
});

t.test('it said no: rejected, with the kind', async (t) => {
  const place = async (status: number, body: unknown, headers?: Record<string, string>) =>
    adapter(await answer(t, status, JSON.stringify(body), headers)).place(REQUEST);
  const invalid = (name: string) => ({ detail: [{ loc: ['body', name], msg: 'invalid phone number', type: 'value_error' }] });
  t.same(await place(429, { detail: 'slow down' }, { 'retry-after': '4' }), {
    answer: 'rejected',
    kind: 'throttled',
    message: 'Millis answered 429: slow down',
    retryAfterSeconds: 4,
  });
  t.match(await place(422, invalid('to_phone')), {
    answer: 'rejected',
    kind: 'invalid_number',
    message: 'Millis answered 422: to_phone invalid phone number',
  });
  t.match(await place(422, invalid('from_phone')), { answer: 'rejected', kind: 'misconfigured' });
  t.match(await place(400, { detail: 'no' }), { answer: 'rejected', kind: 'refused' });
  t.match(await place(400, { detail: 'Insufficient credit' }), { answer: 'rejected', kind: 'no_balance' });
  t.match(await place(402, {}), { answer: 'rejected', kind: 'no_balance' });
  t.match(await place(401, { detail: 'who are you' }), { answer: 'rejected', kind: 'misconfigured' });
  t.match(await place(404, { detail: 'Agent not found' }), { answer: 'rejected', kind: 'misconfigured' });
  t.match(await place(307, {}, { location: 'http://127.0.0.1:1' }), { answer: 'rejected', kind: 'misconfigured' });
});

t.test('its words in ours: the documented ones, the guessed ones, and words that nobody knows', async (t) => {
  const said = (word: string, durationSeconds: number, isOver = false, startedAt = NOW) => {
    const progress = progressOf({ word, durationSeconds, startedAt, error: undefined, isOver }, NOW);
    return progress.type === 'ended' ? progress.outcome : progress.type;
  };
  const cases: Array<[word: string, durationSeconds: number, expected: string]> = [
    ['user-ended', 30, 'completed'],
    ['agent-ended', 30, 'completed'],
    ['api-ended', 30, 'completed'],
    ['chat_completion', 30, 'completed'],
    ['COMPLETED', 30, 'completed'],
    ['FAILED', 0, 'failed'],
    ['error', 3, 'failed'],
    ['timeout', 600, 'completed'],
    ['timeout', 0, 'no_answer'],
    ['voicemail-message', 9, 'voicemail'],
    ['voicemail-hangup', 4, 'voicemail'],
    ['busy', 0, 'busy'],
    ['no_answer', 0, 'no_answer'],
    ['no-answer', 0, 'no_answer'],
    ['registered', 0, 'queued'],
    ['ringing', 0, 'ringing'],
    ['in-progress', 12, 'answered'],
    ['teleported', 0, 'queued'],
    ['teleported', 8, 'completed'],
    ['', 0, 'queued'],
  ];
  for (const [word, seconds, expected] of cases) t.equal(said(word, seconds), expected, `${word} ${seconds}`);
  t.equal(said('teleported', 0, true), 'failed', 'told at the end it is an end');
  t.equal(said('teleported', 5, true), 'completed');
  t.equal(said('in-progress', 5, true), 'completed');
  t.equal(said('teleported', 0, false, new Date('2025-12-30')), 'failed', 'what nobody understands is over after a day');
  t.match(progressOf({ word: 'error', durationSeconds: 0, startedAt: NOW, error: 'dead line', isOver: true }, NOW), { cause: 'dead line' });
  t.match(progressOf({ word: 'busy', durationSeconds: 0, startedAt: NOW, error: undefined, isOver: true }, NOW), { cause: 'Millis: busy' });
  t.match(progressOf({ word: 'voicemail-hangup', durationSeconds: 4, startedAt: NOW, error: undefined, isOver: true }, NOW), {
    by: 'machine',
    answeredAt: NOW,
  });
});

t.test('transcripts and costs, whatever they look like', async (t) => {
  const chat = [
    { role: 'system', content: 'You sell tea.' },
    { role: 'Assistant', content: ' Hello\0 ' },
    { role: 'user', content: 'Yes?', ts: 1767268800 },
    { role: 'tool', content: '{}' },
    { role: 'assistant', content: '' },
    'noise',
    null,
  ];
  const turns = [
    { role: 'assistant', content: 'Hello', at: undefined },
    { role: 'user', content: 'Yes?', at: new Date('2026-01-01T12:00:00Z') },
  ];
  t.strictSame(turnsOf(JSON.stringify(chat)), turns);
  t.strictSame(turnsOf(chat), turns, 'a list that is none in a text');
  for (const nothing of ['', '{', '{}', 'null', 7, undefined, null]) t.strictSame(turnsOf(nothing), [], String(nothing));

  t.strictSame(
    costsOf({
      cost_breakdown: [
        { type: 'stt', provider: 'deepgram', credit: 0.1 },
        { type: 'llm', provider: 'openai', credit: 0.2 },
        { type: 'llm', provider: 'openai', credit: 0.1 },
        { type: 'voice', provider: 'elevenlabs', credit: 0.00000049 },
        { type: 'telephony', provider: 'twilio', credit: 0.014 },
        { type: 'platform', credit: 0.02 },
        { type: 'refund', credit: -1 },
        { credit: 'free' },
        null,
      ],
    }),
    [
      { component: 'stt', amount: 0.1, description: 'As billed by Millis: deepgram' },
      { component: 'llm', amount: 0.3, description: 'As billed by Millis: openai' },
      { component: 'carrier', amount: 0.034, description: 'As billed by Millis: twilio, platform' },
    ],
  );
  for (const nothing of [{}, { cost_breakdown: null }, { cost_breakdown: {} }]) t.strictSame(costsOf(nothing), []);
  for (const credit of [1e300, 1e10, 1001]) {
    const costs = costsOf({
      cost_breakdown: [
        { type: 'llm', credit },
        { type: 'stt', credit: 0.1 },
      ],
    });
    t.strictSame(costs, [], `${credit} is no call's cost`);
  }
});

t.test('a history: times in seconds or milliseconds, and ids only where both are ours', async (t) => {
  const mark = (metadata: unknown) => historyOf({ session_id: 's', metadata }, NOW).attempt;
  t.strictSame(mark({ dialfleet_call_id: '7', dialfleet_token: TOKEN }), { callId: 7, token: TOKEN });
  t.strictSame(mark({ dialfleet_call_id: 7, dialfleet_token: TOKEN }), { callId: 7, token: TOKEN }, 'a number came back as one');
  for (const metadata of [
    undefined,
    'x',
    { dialfleet_call_id: '7' },
    { dialfleet_call_id: '7', dialfleet_token: "'; drop" },
    { dialfleet_call_id: '-1', dialfleet_token: TOKEN },
    { dialfleet_call_id: '1'.repeat(16), dialfleet_token: TOKEN },
  ]) {
    t.equal(mark(metadata), undefined, JSON.stringify(metadata));
  }
  t.same(historyOf({ session_id: 's', ts: 1767268800.5 }, NOW).startedAt, new Date('2026-01-01T12:00:00.500Z'));
  t.same(historyOf({ session_id: 's', ts: 1767268800500 }, NOW).startedAt, new Date('2026-01-01T12:00:00.500Z'));
  const lasted = (duration: unknown) => {
    const { progress } = historyOf({ session_id: 's', duration, call_status: 'user-ended' }, NOW);
    return progress.type === 'ended' ? progress.durationSeconds : undefined;
  };
  t.same([12.6, 0, -5, -1e300, 'x', null, 86_400, 86_401, 3e9, 1e300].map(lasted), [13, 0, 0, 0, 0, 0, 86_400, 86_400, 86_400, 86_400]);
  for (const nonsense of [undefined, null, 'x', [], {}, { session_id: '' }]) {
    t.throws(() => historyOf(nonsense, NOW), { code: 'carrier_failure' });
  }
});

t.test('the end-of-call webhook: the secret first, then the words', async (t) => {
  const millis = adapter('http://127.0.0.1:1');
  const post = (json: unknown, secret: string | string[] | undefined = SECRET): RawCallback => ({
    path: '/carrier/millis/session',
    headers: { 'x-dialfleet-secret': secret },
    form: [],
    json,
  });
  for (const secret of ['', 'x', `${SECRET} `, SECRET.toUpperCase(), [SECRET, SECRET]]) {
    t.same(millis.parseCallback(post({}, secret)), { kind: 'forged' }, 'nothing of it is read');
  }
  t.same(millis.parseCallback({ ...post({}), headers: {} }), { kind: 'forged' });
  for (const nonsense of [undefined, null, [], 'x', {}, { session_id: 5 }]) {
    t.throws(() => millis.parseCallback(post(nonsense)), { code: 'validation' }, JSON.stringify(nonsense));
  }
  t.same(millis.parseCallback(post({ session_id: 's', call_status: 'user-ended' })), { kind: 'foreign', carrierCallId: 's' });
  const metadata = { dialfleet_call_id: '7', dialfleet_token: TOKEN };
  const recording = { recording_url: 'https://audio.example.com/s.mp3' };
  t.strictSame(
    millis.parseCallback(post({ session_id: 's', call_status: 'never heard of', duration: 12.4, ts: 1767268800, metadata, recording })),
    {
      kind: 'session',
      event: {
        callId: 7,
        token: TOKEN,
        carrierCallId: 's',
        progress: { type: 'ended', outcome: 'completed', durationSeconds: 12, answeredAt: NOW },
        carrierAt: undefined,
      },
      story: { turns: [], recording: { recordingId: 's', durationSeconds: 12 } },
    },
  );
});

t.test('find: by our ids first, else what has none; page by page, and a cursor that stands still ends it', async (t) => {
  const log = (id: string, ts: number, more: object = {}) => ({
    session_id: id,
    ts,
    duration: 5,
    call_status: 'user-ended',
    voip: { from: '+2', to: '+1' },
    ...more,
  });
  const marked = (callId: number, token = TOKEN) => ({ metadata: { dialfleet_call_id: String(callId), dialfleet_token: token } });
  const paths: string[] = [];
  const pages: Record<string, object> = {
    '': {
      histories: [log('a', 30), log('b', 20, marked(1)), { nonsense: true }, log('c', 15, { voip: { from: '+1', to: '+2' } })],
      next_cursor: 15,
    },
    '15': { histories: [log('d', 40), log('e', 5, marked(7))], next_cursor: 5 },
    '5': { histories: [log('f', 4)], next_cursor: 5 },
  };
  const url = await serve(t, (request, response) => {
    paths.push(request.url ?? '');
    const cursor = new URL(request.url ?? '', 'http://x').searchParams.get('start_after_ts') ?? '';
    response.writeHead(200).end(JSON.stringify(pages[cursor]));
  });
  const find = async (more: object) =>
    (await adapter(url).find({ to: '+1', from: '+2', since: new Date(3000), ...more })).map((c) => c.carrierCallId);
  t.same(await find({ callId: 7, token: TOKEN }), ['e']);
  t.equal(paths.length, 2, 'found is found');
  t.same(Object.fromEntries(new URL(paths[0] ?? '', 'http://x').searchParams), { limit: '100', start_time: '3', phone_number: '+1' });
  t.same(await find({ callId: 8, token: TOKEN }), ['d', 'a', 'f'], 'not those of other calls of ours, nor calls to others; newest first');
  t.equal(paths.length, 5, 'the third page points at itself');
  t.same(await find({}), ['d', 'a', 'f']);

  for (const body of ['{"histories":{}}', '[]', 'x']) {
    await t.rejects(adapter(await answer(t, 200, body)).find({ to: '', from: '', since: NOW }), { code: 'carrier_failure' }, body);
  }
  const endless = await serve(t, (_request, response) =>
    response.end(JSON.stringify({ histories: [log('a', 1)], next_cursor: Math.random() })),
  );
  await t.rejects(adapter(endless).find({ to: '+1', from: '', since: NOW }), { message: /more than 2000 calls/ });
});

t.test('asking back; what Millis cannot do says so', async (t) => {
  t.equal(await adapter(await answer(t, 404, '{"detail":"Not found"}')).fetch('s'), undefined);
  await t.rejects(adapter(await answer(t, 500, '')).fetch('s'), { code: 'carrier_failure' });
  await t.rejects(adapter(await answer(t, 200, '{}')).fetch('s'), { code: 'carrier_failure' });
  await t.rejects(adapter('http://127.0.0.1:1').fetch('s'), { code: 'carrier_failure' });
  await t.rejects(adapter('http://127.0.0.1:1').hangup('s'), { code: 'carrier_failure', message: /no way to end a call/ });
});

t.test('a recording is fetched from where its history says, without the key', async (t) => {
  let key: string | undefined = 'not asked';
  let recordingUrl = '';
  const url = await serve(t, (request, response) => {
    if (request.url === '/call-logs/s') {
      response.end(JSON.stringify({ session_id: 's', recording: recordingUrl ? { recording_url: recordingUrl } : null }));
    } else {
      key = request.headers.authorization;
      response.writeHead(request.url === '/gone' ? 404 : 200, { 'content-type': 'audio/mpeg; x=y' }).end('sound');
    }
  });
  const millis = adapter(url);
  t.equal(await millis.recording('s'), undefined, 'none yet');
  recordingUrl = `${url}/audio`;
  const audio = await millis.recording('s');
  t.equal(audio?.mimeType, 'audio/mpeg');
  let text = '';
  for await (const chunk of audio?.bytes ?? []) text += Buffer.from(chunk).toString();
  t.equal(text, 'sound');
  t.equal(key, undefined);
  recordingUrl = `${url}/gone`;
  t.equal(await millis.recording('s'), undefined);
  for (const bad of ['http://169.254.169.254/', 'file:///etc/passwd', 'nonsense']) {
    recordingUrl = bad;
    await t.rejects(millis.recording('s'), { code: 'carrier_failure' }, bad);
  }
});

t.test('the directory, exactly; answers come back as they are', async (t) => {
  const { url, seen } = await listen(t, { success: true, more: [1] });
  const directory = openMillisDirectory(options(url));
  t.strictSame(await directory.setAgent('+14155550100', '-Oagent'), { success: true, more: [1] });
  await directory.setTags('+14155550100', ['vip']);
  await directory.importPhone('+14155550100');
  await directory.decideCampaign('a/b', true);
  await directory.decideCampaign('c1', false);
  t.strictSame(
    seen.map(({ what, json }) => [what, json]),
    [
      ['POST /phones/%2B14155550100/set_agent', { agent_id: '-Oagent' }],
      ['POST /phones/%2B14155550100/tags', { tags: ['vip'] }],
      ['POST /phones/import', { provider: 'x', phone: '+14155550100' }],
      ['POST /campaigns/a%2Fb/start', {}],
      ['POST /campaigns/c1/stop', {}],
    ],
  );
  const text = openMillisDirectory(options((await listen(t, 'Campaign started')).url));
  t.strictSame(await text.decideCampaign('c1', true), { answer: 'Campaign started' });

  const list = openMillisDirectory(
    options(
      await answer(
        t,
        200,
        JSON.stringify([
          { id: '+14155550100', create_at: 1767268800, status: 'active', agent_id: '-Oagent' },
          { id: '14155550101', status: 'odd', agent_id: null, tags: ['vip', 5] },
          { id: 'sip:x@example.com' },
          7,
        ]),
      ),
    ),
  );
  t.strictSame(await list.listPhones(), [
    {
      carrierNumberId: '+14155550100',
      number: '+14155550100',
      carrierAgentId: '-Oagent',
      status: 'active',
      tags: undefined,
      createdAt: NOW,
    },
    {
      carrierNumberId: '14155550101',
      number: '+14155550101',
      carrierAgentId: undefined,
      status: 'odd',
      tags: ['vip'],
      createdAt: undefined,
    },
  ]);
  for (const [status, body] of [
    [404, '{"detail":"Phone not found"}'],
    [500, ''],
    [302, ''],
  ] as const) {
    const broken = openMillisDirectory(options(await answer(t, status, body)));
    await t.rejects(broken.setAgent('+1', 'a'), { code: 'carrier_failure' }, String(status));
    await t.rejects(broken.listPhones(), { code: 'carrier_failure' });
  }
  await t.rejects(openMillisDirectory(options(await answer(t, 200, '{"phones":[]}'))).listPhones(), { code: 'carrier_failure' });
});
