/** Who is answered before all of their body is read hears the answer, whatever they send with and however long they take to listen. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyServerOptions } from 'fastify';
import t, { type Test } from 'tap';
import { readRemainder } from '../../api/plugin/remainder.ts';
import { buildServer } from '../../api/server.ts';
import { signUp, startServer } from './helper.ts';
import { watchRoutes } from './routes.ts';

const MEBIBYTE = 1024 * 1024;
const MAX_BYTES = 2 * MEBIBYTE;
const LIMITS = { UPLOAD_MAX_BYTES: MAX_BYTES, DOCUMENT_MAX_BYTES: MAX_BYTES, RECORDING_MAX_BYTES: MAX_BYTES };

interface Sent {
  headers: Record<string, string>;
  body: Buffer;
}
type Client = (url: URL, sent: Sent) => Promise<{ status: number | undefined; text: string }>;

const keptAlive = new Agent({ keepAlive: true });
t.teardown(() => keptAlive.destroy());

const viaRequest =
  (agent: Agent | false): Client =>
  async (url, { headers, body }) => {
    const request = httpRequest(url, { method: 'POST', headers, agent });
    // whoever is sending when the connection ends hears of that too
    request.on('error', () => undefined);
    const answered = once(request, 'response');
    request.end(body);
    const [response] = (await answered) as [IncomingMessage];
    return { status: response.statusCode, text: (await response.setEncoding('utf8').toArray()).join('') };
  };

/** As Python's urllib does: all is sent before anything is read. */
const sendsFirst =
  (version: string, connection: string): Client =>
  async ({ hostname, port, pathname }, { headers, body }) => {
    const socket = connect(Number(port), hostname);
    const lines = Object.entries({ host: 'x', connection, 'content-length': body.length, ...headers }).map((pair) => pair.join(': '));
    await once(socket, 'connect');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.write(`POST ${pathname} HTTP/${version}\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.write(body, (error) => (error ? reject(error) : resolve()));
    });
    const text = (await socket.setEncoding('utf8').toArray()).join('');
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text };
  };

const CLIENTS: Record<string, Client> = {
  fetch: async (url, { headers, body }) => {
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
    return { status: answer.status, text: await answer.text() };
  },
  'fetch of a stream': async (url, { headers, body }) => {
    const answer = await fetch(url, { method: 'POST', headers, body: new Blob([new Uint8Array(body)]).stream(), duplex: 'half' });
    return { status: answer.status, text: await answer.text() };
  },
  'http.request': viaRequest(false),
  'http.request, kept alive': viaRequest(keptAlive),
  'one that sends first': sendsFirst('1.1', 'close'),
  'one of HTTP/1.0': sendsFirst('1.0', 'close'),
};

/** An mp3 by its beginning, and a table and a text as well. */
function form(field: string, bytes: number): Sent {
  const head = `--x\r\ncontent-disposition: form-data; name="${field}"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nID3`;
  const body = Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 'x\n'), Buffer.from('\r\n--x--\r\n')]);
  return { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body };
}

function json(bytes: number): Sent {
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify({ name: 'x'.repeat(bytes) })) };
}

async function listening(t: Test, environment: Record<string, string> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'dialfleet-early-'));
  t.teardown(() => rm(dataDir, { recursive: true, force: true }));
  const limits = Object.fromEntries(Object.entries(LIMITS).map(([name, bytes]) => [name, String(bytes)]));
  const { app } = await startServer(t, { ...limits, DATA_DIR: dataDir, ...environment });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const files = async () => (await readdir(dataDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return { app, url, files };
}

t.test('what is too large, or refused for another reason, is answered to every client', async (t) => {
  const watch = watchRoutes();
  const { app, url, files } = await listening(t);
  watch.stop();
  const { headers: known } = await signUp(app);
  const uploads = watch.read().filter((route) => route.form && route.method === 'POST' && !route.url.includes(':'));
  t.equal(uploads.length, 7);
  const large = 3 * MAX_BYTES;
  const plain = { headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(large, 'x') };
  const of = ({ headers, body }: Sent, more: Record<string, string> = known) => ({ headers: { ...headers, ...more }, body });
  const cases: Array<[path: string, status: number, message: RegExp, sent: Sent]> = [
    ...uploads.map((route): (typeof cases)[number] => {
      const field = route.url.endsWith('upload-recording') ? 'recording' : 'file';
      return [route.url, 413, new RegExp(`${field} must have at most ${MAX_BYTES} bytes`), of(form(field, large))];
    }),
    ...['/api/v1/agents', '/api/v1/auth/signup', '/api/leads', '/auth/login'].map((path): (typeof cases)[number] => [
      path,
      413,
      /at most 1048576 bytes/,
      of(json(3 * MEBIBYTE)),
    ]),
    ['/api/v1/bulk/import', 401, /Authentication required/, form('file', large)],
    ['/api/v1/agents', 401, /Authentication required/, json(large)],
    ['/carrier/twilio/calls/1', 403, /Signature is missing/, json(large)],
    ['/api/v1/bulk/import', 413, /at most 1048576 bytes/, of(json(large))],
    ['/api/v1/bulk/import', 422, /file/, of(form('another', MAX_BYTES - 1000))],
    ['/api/v1/bulk/import', 415, /multipart\/form-data/, of(plain)],
    ['/api/v1/agents', 415, /application\/json/, of(form('file', large))],
    ['/api/v1/nothing', 404, /NOT_FOUND/, of(form('file', large))],
    ['/api/v1/%zz', 400, /VALIDATION_ERROR/, of(form('file', large))],
  ];
  for (const [path, status, message, sent] of cases) {
    for (const [name, client] of Object.entries(CLIENTS)) {
      const answer = await client(new URL(path, url), sent).catch((error: Error) => ({ status: error, text: '' }));
      t.equal(answer.status, status, `${path} ${status}: ${name}`);
      t.match(answer.text, message);
    }
  }
  t.same(await files(), []);
});

t.test('also who asks too often', async (t) => {
  const { url } = await listening(t, { RATE_LIMIT_FACTOR: '0.0001' });
  const sent = json(3 * MEBIBYTE);
  await fetch(new URL('/api/v1/auth/login', url), { method: 'POST' });
  for (const [name, client] of Object.entries(CLIENTS)) {
    const { status } = await client(new URL('/api/v1/auth/login', url), sent);
    t.equal(status, 429, name);
  }
});

t.test('who is answered holds a closing server up no longer than others that send half a request', async (t) => {
  const { runtime } = await startServer(t);
  const app = await buildServer(runtime, undefined, { arrivalMs: 100 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /api/v1/agents HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{');
  const [heard] = (await once(socket, 'data')) as [Buffer];
  t.match(String(heard), /^HTTP\/1.1 401/);
  const gone = once(socket, 'close');
  await Promise.all([app.close(), gone]);
});

const HEAD = 'POST /early HTTP/1.1\r\nhost: x\r\n';
const GET = 'GET /next HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
const CHUNK = 'a\r\n0123456789\r\n';

/** A server that answers before it reads, and somebody who talks to it. */
async function impatient(t: Test, patience: { silenceMs?: number; bytes?: number }, options: FastifyServerOptions = {}) {
  const app = fastify(options);
  app.addHook('onSend', (request, reply, _payload, done) => {
    readRemainder(request, reply, { silenceMs: 60_000, bytes: MEBIBYTE, ...patience });
    done();
  });
  app.addHook('onRequest', async (request, reply) => (request.url === '/early' ? reply.code(401).send('early') : undefined));
  app.post('/early', async () => 'late');
  app.get('/next', async () => 'next');
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  // being cut off is what some wait for
  socket.on('error', () => undefined);
  let heard = '';
  const told = new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      if (heard.includes('early')) resolve();
    });
  });
  const gone = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  return { socket, told, gone, heard: () => heard };
}

t.test('a connection that is kept is good for the next request', async (t) => {
  const { socket, told, gone, heard } = await impatient(t, {});
  socket.write(`${HEAD}content-length: 10\r\n\r\n01234`);
  await told;
  t.match(heard(), /^HTTP\/1.1 401[^]+\r\nconnection: keep-alive/i);
  socket.write(`56789${HEAD}transfer-encoding: chunked\r\n\r\n${CHUNK}`);
  socket.write(`${CHUNK}0\r\n\r\n${GET}`);
  await gone;
  t.same(heard().match(/HTTP\S+ \d+|early|next/g), ['HTTP/1.1 401', 'early', 'HTTP/1.1 401', 'early', 'HTTP/1.1 200', 'next']);
});

t.test('who wants no more is let go when all has come, and not before', async (t) => {
  const { socket, told, gone } = await impatient(t, {});
  socket.write(`${HEAD}connection: close\r\ncontent-length: 10\r\n\r\n01234`);
  await told;
  socket.write('5678');
  t.notOk(socket.readableEnded);
  socket.write('9');
  await gone;
  t.ok(socket.readableEnded, 'with an end, not a reset');
});

t.test('who does not come to an end is cut off', async (t) => {
  await t.test('in silence', async (t) => {
    const { socket, told, gone } = await impatient(t, { silenceMs: 50 });
    socket.write(`${HEAD}content-length: 10\r\n\r\n01234`);
    await told;
    await gone;
  });

  await t.test('after so many bytes', async (t) => {
    const { socket, told, gone } = await impatient(t, { bytes: MEBIBYTE });
    socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
    await told;
    const more = () => socket.write(CHUNK.repeat(10_000), (error) => void (error ?? more()));
    more();
    await gone;
    t.ok(socket.bytesWritten > MEBIBYTE);
  });

  await t.test('when a request may take no longer, though it goes on', async (t) => {
    const slow = { requestTimeout: 1500, http: { headersTimeout: 200, connectionsCheckingInterval: 50 } };
    const { socket, told, gone } = await impatient(t, { silenceMs: 1000 }, slow);
    const began = performance.now();
    socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
    await told;
    const trickle = setInterval(() => socket.write(CHUNK), 20);
    await gone;
    clearInterval(trickle);
    t.ok(performance.now() - began > 1400, 'who is slow is not silent');
  });
});
