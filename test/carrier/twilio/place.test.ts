import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import t from 'tap';
import { openTwilio } from '../../../carrier/twilio/index.ts';
import { TOKEN } from './customer.ts';

const ACCOUNT = `AC${'0'.repeat(32)}`;
const SID = `CA${'a'.repeat(32)}`;
const REQUEST = {
  callId: 7,
  token: TOKEN,
  to: '+14155550100',
  from: '+15005550006',
  ringTimeoutSeconds: 25,
  timeLimitSeconds: 600,
  detectMachine: true,
  record: false,
};

function adapter(baseUrl: string, timeoutMs = 2000) {
  return openTwilio({ baseUrl, accountSid: ACCOUNT, authToken: 'secret', publicUrl: 'https://calls.example.com/', timeoutMs });
}

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

type Tap = Pick<typeof t, 'teardown'>;
const serve = (t: Tap, listener: RequestListener) => open(t, createHttpServer(listener));
const answer = (t: Tap, status: number, body: string, headers: Record<string, string> = {}) =>
  serve(t, (_request, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body));

t.test('the request, exactly', async (t) => {
  let seen = '';
  const url = await serve(t, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen = `${request.method} ${request.url} ${request.headers.authorization} ${request.headers['content-type']} ${body}`;
      response.writeHead(201).end(JSON.stringify({ sid: SID, status: 'queued' }));
    });
  });
  t.same(await adapter(url).place(REQUEST), { answer: 'accepted', carrierCallId: SID });
  const [method, path, basic, credentials, type, form] = seen.split(' ');
  t.equal(`${method} ${path}`, `POST /2010-04-01/Accounts/${ACCOUNT}/Calls.json`);
  t.equal(`${basic} ${credentials}`, `Basic ${Buffer.from(`${ACCOUNT}:secret`).toString('base64')}`);
  t.match(type, 'application/x-www-form-urlencoded');
  t.same(
    [...new URLSearchParams(form)],
    [
      ['To', '+14155550100'],
      ['From', '+15005550006'],
      ['Url', `https://calls.example.com/carrier/twilio/calls/7/${TOKEN}/answer`],
      ['Method', 'POST'],
      ['StatusCallback', `https://calls.example.com/carrier/twilio/calls/7/${TOKEN}/status`],
      ['StatusCallbackMethod', 'POST'],
      ['Timeout', '25'],
      ['TimeLimit', '600'],
      ['StatusCallbackEvent', 'initiated'],
      ['StatusCallbackEvent', 'ringing'],
      ['StatusCallbackEvent', 'answered'],
      ['StatusCallbackEvent', 'completed'],
      ['MachineDetection', 'Enable'],
    ],
  );
});

t.test('nothing was sent: rejected, down', async (t) => {
  const closed = createServer();
  const url = await new Promise<string>((resolve) =>
    closed.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(closed.address() as AddressInfo).port}`)),
  );
  await new Promise((resolve) => closed.close(resolve));
  t.match(await adapter(url).place(REQUEST), { answer: 'rejected', kind: 'down', message: /ECONNREFUSED/ });
  t.match(
    await adapter(url.replace('127.0.0.1', 'localhost')).place(REQUEST),
    { answer: 'rejected', kind: 'down' },
    'a host with two addresses',
  );
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
    ['closes', count((socket) => socket.end())],
    ['breaks off the answer', count((socket) => socket.end('HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{"sid"'))],
    ['hangs in the answer', count((socket) => void socket.write('HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{"sid"'))],
    ['talks nonsense', count((socket) => socket.end('SSH-2.0-OpenSSH\r\n'))],
  ];
  for (const [name, server] of cases) {
    requests = 0;
    t.match(await adapter(await open(t, server), 300).place(REQUEST), { answer: 'unknown', message: String }, name);
    t.equal(requests, 1, `${name}: one request`);
  }
  for (const [status, body] of [
    [500, ''],
    [503, '{"code":20503}'],
    [504, '<html>'],
    [201, '<html>'],
    [201, '{"sid":"nonsense"}'],
    [200, ''],
  ] as const) {
    t.match(await adapter(await answer(t, status, body)).place(REQUEST), { answer: 'unknown' }, `${status} ${body}`);
  }
});

t.test('it said no: rejected, with the kind', async (t) => {
  const error = (code: number) => JSON.stringify({ code, message: 'no', more_info: '', status: 400 });
  const place = async (status: number, body: string, headers?: Record<string, string>) =>
    adapter(await answer(t, status, body, headers)).place(REQUEST);
  t.same(await place(429, error(20429), { 'retry-after': '4' }), {
    answer: 'rejected',
    kind: 'throttled',
    message: 'Twilio answered 429 (20429): no',
    retryAfterSeconds: 4,
  });
  t.same(await place(429, ''), { answer: 'rejected', kind: 'throttled', message: 'Twilio answered 429' });
  t.match(await place(400, error(21217)), { answer: 'rejected', kind: 'invalid_number' });
  t.match(await place(400, error(21215)), { answer: 'rejected', kind: 'blocked' });
  t.match(await place(400, error(21205)), { answer: 'rejected', kind: 'refused' });
  t.match(await place(401, error(20003)), { answer: 'rejected', kind: 'misconfigured' });
  t.match(await place(402, 'Payment required'), { answer: 'rejected', kind: 'no_balance' });
  let followed = 0;
  const elsewhere = await serve(t, (_request, response) => {
    followed++;
    response.writeHead(201).end(JSON.stringify({ sid: SID }));
  });
  t.match(await place(307, '', { location: elsewhere }), { answer: 'rejected', kind: 'misconfigured' });
  t.equal(followed, 0, 'a redirect is not followed');
});

t.test('asking back and hanging up', async (t) => {
  const gone = adapter(await answer(t, 404, '{"code":20404}'));
  t.equal(await gone.fetch(SID), undefined);
  await gone.hangup(SID);
  await adapter(await answer(t, 400, '{"code":21220,"message":"Invalid call state"}')).hangup(SID);
  const broken = adapter(await answer(t, 500, ''));
  await t.rejects(broken.fetch(SID), { code: 'carrier_failure' });
  await t.rejects(broken.hangup(SID), { code: 'carrier_failure' });
  await t.rejects(broken.find({ to: '', from: '', since: new Date() }), { code: 'carrier_failure' });
  const nonsense = adapter(await answer(t, 200, '{"calls":[{"sid":"x"}]}'));
  await t.rejects(nonsense.find({ to: '', from: '', since: new Date() }), { code: 'carrier_failure' });
  await t.rejects(nonsense.fetch(SID), { code: 'carrier_failure' });
});

t.test('find asks for queued and for started calls, follows pages on its own host only', async (t) => {
  const paths: string[] = [];
  const call = (n: number, start: string | null, status = 'completed') => ({
    sid: `CA${String(n).padStart(32, '0')}`,
    to: '+1',
    from: '+2',
    status,
    start_time: start,
    date_created: 'Tue, 31 Aug 2010 20:00:00 +0000',
    duration: '5',
  });
  const url = await serve(t, (request, response) => {
    const path = request.url ?? '';
    paths.push(path);
    const page = path.includes('Status=queued')
      ? { calls: [call(1, null, 'queued')], next_page_uri: null }
      : path.includes('PageToken')
        ? {
            calls: [call(3, 'Tue, 31 Aug 2010 20:00:05 +0000'), call(4, 'Mon, 30 Aug 2010 20:00:05 +0000')],
            next_page_uri: 'http://evil.example/x',
          }
        : {
            calls: [call(2, 'Tue, 31 Aug 2010 20:00:09 +0000'), call(1, 'Tue, 31 Aug 2010 20:00:10 +0000')],
            next_page_uri: `${path}&Page=1&PageToken=x`,
          };
    response.writeHead(200).end(JSON.stringify(page));
  });
  const found = await adapter(url).find({ to: '+1', from: '+2', since: new Date('2010-08-31T19:59:59.900Z') });
  t.same(
    found.map((c) => [Number(c.carrierCallId.slice(2)), c.progress.type]),
    [
      [1, 'ended'],
      [2, 'ended'],
      [3, 'ended'],
    ],
    'newest first, each once, none too old',
  );
  t.same(new URLSearchParams(paths[1]?.split('?')[1]).get('StartTime>'), '2010-08-31T19:59:59Z');
  t.equal(paths.length, 3);
});
