/** The adapter and the sandbox speak to each other over real HTTP. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import pino from 'pino';
import t from 'tap';
import type { MillisOptions } from '../../../carrier/millis/http.ts';
import { openMillisDirectory } from '../../../carrier/millis/directory.ts';
import { openMillis } from '../../../carrier/millis/index.ts';
import type { Callback, Placed, Talk } from '../../../carrier/port.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { eventually, TOKEN } from '../twilio/customer.ts';

const FROM = '+15005550006';
const KEY = 'key of the account';
const TALK: Talk = {
  carrierAgentId: undefined,
  prompt: 'You sell tea.',
  context: undefined,
  greeting: 'Hello, this is Tea.',
  voicemailMessage: 'Please call us back.',
  language: 'en-GB',
};

const seen: Callback[] = [];
const customer = createServer((request, response) => {
  void text(request).then((body) => {
    const callback = millis.parseCallback({ path: request.url ?? '', headers: request.headers, form: [], json: JSON.parse(body) });
    seen.push(callback);
    response.writeHead(callback.kind === 'forged' ? 403 : 204).end();
  });
});
await new Promise<void>((resolve) => customer.listen(0, '127.0.0.1', resolve));
const log = pino({ level: 'silent' });
const sandbox = await startSandbox({ port: 0, speed: 400, accountSid: 'AC', authToken: 'token', millisApiKey: KEY, log });
t.teardown(async () => {
  await sandbox.close();
  customer.closeAllConnections();
  customer.close();
});
const options: MillisOptions = {
  baseUrl: sandbox.url,
  apiKey: KEY,
  webhookSecret: 'secret',
  publicUrl: `http://127.0.0.1:${(customer.address() as AddressInfo).port}`,
  timeoutMs: 500,
  phoneImport: { provider: 'twilio' },
};
const millis = openMillis(options);
const directory = openMillisDirectory(options);

let ids = 0;
async function dial(last4: string, more: { record?: boolean; timeLimitSeconds?: number; talk?: Talk } = {}) {
  const callId = ++ids;
  const to = `+1415${String(callId).padStart(3, '0')}${last4}`;
  const since = new Date(Date.now() - 1000);
  const placed: Placed = await millis.place({
    callId,
    token: TOKEN,
    to,
    from: FROM,
    ringTimeoutSeconds: 30,
    timeLimitSeconds: 300,
    detectMachine: true,
    record: false,
    talk: TALK,
    ...more,
  });
  return { callId, to, since, placed, sessionId: placed.answer === 'accepted' ? placed.carrierCallId : '' };
}
type Dialed = Awaited<ReturnType<typeof dial>>;

const told = ({ callId }: Dialed) =>
  seen.flatMap((callback) => (callback.kind === 'session' && callback.event.callId === callId ? [callback] : []));
const ended = (call: Dialed) => eventually(`the end of ${call.to}`, () => told(call)[0]);
const endedInTheBooks = ({ sessionId }: Dialed) =>
  eventually('an end in the books', async () => {
    const call = await millis.fetch(sessionId);
    return call?.progress.type === 'ended' ? { ...call, progress: call.progress } : undefined;
  });
const plan = (fault: string, desk: string, count = 1, delayMs = 0) =>
  fetch(`${sandbox.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault, desk, count, delayMs }),
  });

t.test('a talk is told when it is over: its words, its costs, and who it was', async (t) => {
  const call = await dial('0006');
  t.equal(call.placed.answer, 'accepted');
  const { event, story } = await ended(call);
  t.match(event, { callId: call.callId, token: TOKEN, carrierCallId: call.sessionId });
  t.match(event.progress, { type: 'ended', outcome: 'completed', answeredAt: Date });
  if (event.progress.type !== 'ended') return;
  t.ok(event.progress.durationSeconds > 5);
  t.same(event.progress.costs?.map(({ component }) => component).sort(), ['carrier', 'llm', 'stt', 'tts']);
  t.match(story.turns.slice(0, 3), [
    { role: 'assistant', content: 'Hello, this is Tea.' },
    { role: 'user', content: 'Hello, yes, this is a good time.' },
    { role: 'assistant', content: String },
  ]);
  t.equal(story.recording, undefined, 'nobody asked for one');
  t.same(await millis.fetch(call.sessionId), {
    carrierCallId: call.sessionId,
    to: call.to,
    from: FROM,
    startedAt: event.progress.answeredAt,
    progress: event.progress,
    story,
  });
});

t.test('who does not answer is told by the books alone', async (t) => {
  for (const [last4, outcome] of [
    ['0001', 'busy'],
    ['0002', 'no_answer'],
    ['0003', 'failed'],
  ] as const) {
    const call = await dial(last4);
    t.equal((await endedInTheBooks(call)).progress.outcome, outcome, last4);
    t.same(told(call), []);
  }
});

t.test('machines, impatient callees and long talks', async (t) => {
  const machine = await dial('0004');
  const { event, story } = await ended(machine);
  t.match(event.progress, { outcome: 'voicemail', by: 'machine' });
  t.match(story.turns, [{ role: 'assistant', content: 'Please call us back.' }]);
  t.match((await ended(await dial('0005'))).event.progress, { outcome: 'completed', durationSeconds: 1 });
  t.match((await ended(await dial('0006', { timeLimitSeconds: 10 }))).event.progress, { outcome: 'completed', durationSeconds: 10 });
});

t.test('a lost answer is found by our ids; 429 is a no; a lost or repeated end stays in the books', async (t) => {
  const lost = await dial('0007');
  t.match(lost.placed, { answer: 'unknown' });
  const found = await millis.find({ to: lost.to, from: FROM, since: lost.since, callId: lost.callId, token: TOKEN });
  t.match(found, [{ to: lost.to, from: FROM }]);
  t.equal(found.length, 1);
  t.same(
    await millis.find({ to: lost.to, from: FROM, since: lost.since, callId: lost.callId + 1000, token: TOKEN }),
    [],
    'it is not another',
  );

  const mute = await dial('0008');
  t.match(await endedInTheBooks(mute), { progress: { outcome: 'completed' }, story: { turns: [{ role: 'assistant' }] } });
  t.same(told(mute), []);
  const twice = await dial('0009');
  await eventually('both reports', () => told(twice).length === 2);
  t.same(told(twice)[0], told(twice)[1]);
  t.match((await dial('0010')).placed, { answer: 'rejected', kind: 'throttled', retryAfterSeconds: 1 });
  t.equal(sandbox.rings().filter(({ to }) => to === lost.to).length, 1);
});

t.test('a recording', async (t) => {
  const call = await dial('0006', { record: true });
  const { story, event } = await ended(call);
  t.same(story.recording?.recordingId, call.sessionId);
  t.equal(story.recording?.durationSeconds, event.progress.type === 'ended' ? event.progress.durationSeconds : 0);
  const audio = await millis.recording(call.sessionId);
  t.equal(audio?.mimeType, 'audio/mpeg');
  let bytes = 0;
  for await (const chunk of audio?.bytes ?? []) bytes += chunk.length;
  t.ok(bytes > 1000);
  t.equal(await millis.recording('-Onone'), undefined);
});

t.test('numbers, agents and campaigns of an administrator', async (t) => {
  const post = async (path: string, body: unknown) =>
    (await (
      await fetch(sandbox.url + path, {
        method: 'POST',
        headers: { authorization: KEY, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json()) as { id: string };
  const { id: agentId } = await post('/agents', { name: 'Tea', config: { prompt: 'You sell tea.', first_message: 'Tea?' } });
  t.strictSame(await directory.listAgents(), [{ carrierAgentId: agentId, name: 'Tea', prompt: 'You sell tea.' }]);
  t.match(await directory.importPhone('+14155550100'), { id: '+14155550100', agent_id: null });
  t.same(await directory.setAgent('+14155550100', agentId), { success: true, agent_id: agentId });
  t.same(await directory.setTags('+14155550100', ['vip', 'beta']), { success: true, tags: ['vip', 'beta'] });
  t.match(await directory.listPhones(), [
    { number: '+14155550100', carrierAgentId: agentId, status: 'active', tags: ['vip', 'beta'], createdAt: Date },
  ]);
  const { id: campaignId } = await post('/campaigns', { name: 'Spring' });
  t.same(await directory.decideCampaign(campaignId, true), { answer: 'Campaign started' });
  await t.rejects(directory.decideCampaign('none', true), { code: 'carrier_failure', message: /404: Campaign not found/ });
  await t.rejects(directory.setAgent('+19995550100', agentId), { code: 'carrier_failure', message: /404: Phone not found/ });
  await t.rejects(directory.importPhone(''), { code: 'carrier_failure', message: /422: phone field required/ });
  const call = await dial('0006', { talk: { ...TALK, carrierAgentId: agentId } });
  await endedInTheBooks(call);
  t.match(await millis.fetch(call.sessionId), { story: { turns: [{ content: 'Tea?' }] } }, 'the agent that Millis knows talked');
});

t.test('the books, page by page, by number and by time; a call of ours has our ids', async (t) => {
  const calls = [await dial('0001'), await dial('0001'), await dial('0001')];
  for (const call of calls) await endedInTheBooks(call);
  const ids: string[] = [];
  let cursor: number | undefined;
  do {
    const { logs, next } = await directory.listCallLogs({ limit: 2, cursor });
    ids.push(...logs.map(({ carrierCallId }) => carrierCallId));
    cursor = next;
  } while (cursor !== undefined);
  t.equal(new Set(ids).size, ids.length);
  t.same(ids.slice(0, 3), calls.map(({ sessionId }) => sessionId).reverse(), 'newest first');
  const { logs } = await directory.listCallLogs({ number: calls[0]?.to });
  t.match(logs, [{ carrierCallId: calls[0]?.sessionId, attempt: { callId: calls[0]?.callId, token: TOKEN }, status: 'busy', from: FROM }]);
  t.same((await directory.listCallLogs({ to: new Date(Date.now() - 3_600_000) })).logs, []);
  await t.rejects(directory.listCallLogs({ limit: 101 }), { message: /422: limit ensure this value/ });
});

t.test('a wrong key, and every way to fail', async (t) => {
  const stranger = { ...options, apiKey: 'wrong' };
  await t.rejects(openMillisDirectory(stranger).listPhones(), { code: 'carrier_failure', message: /401: Invalid API key/ });
  t.match(
    await openMillis(stranger).place({
      callId: 1,
      token: TOKEN,
      to: '+14155550006',
      from: FROM,
      ringTimeoutSeconds: 1,
      timeLimitSeconds: 1,
      detectMachine: false,
      record: false,
    }),
    { answer: 'rejected', kind: 'misconfigured' },
  );
  const bad = await fetch(`${sandbox.url}/start_outbound_call`, {
    method: 'POST',
    headers: { authorization: KEY, 'content-type': 'application/json' },
    body: '{"from_phone":"+15005550006"}',
  });
  t.equal(bad.status, 422);
  t.same(await bad.json(), { detail: [{ loc: ['body', 'to_phone'], msg: 'field required', type: 'value_error.missing' }] });

  await plan('error', 'directory');
  await t.rejects(directory.setTags('+14155550100', []), { code: 'carrier_failure', message: /500/ });
  for (const fault of ['drop', 'drop_after']) {
    await plan(fault, 'directory');
    await t.rejects(directory.setTags('+14155550100', [fault]), { code: 'carrier_failure' }, fault);
  }
  t.match(await directory.listPhones(), [{ tags: ['drop_after'] }], 'only the second was done');
  await plan('slow', 'directory', 1, 2000);
  await t.rejects(directory.listPhones(), { code: 'carrier_failure', message: 'Millis did not answer in time' });
  await plan('error', 'calls');
  t.match((await dial('0006')).placed, { answer: 'unknown' }, 'a 500 may have rung somebody');
  await plan('drop_after', 'calls');
  const dropped = await dial('0005');
  t.match(dropped.placed, { answer: 'unknown' });
  t.match(await millis.find({ to: dropped.to, from: FROM, since: dropped.since, callId: dropped.callId, token: TOKEN }), [
    { to: dropped.to },
  ]);
});
