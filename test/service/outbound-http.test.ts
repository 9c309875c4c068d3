import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { isPublic, readTarget } from '../../service/outbound-address.ts';
import { postJson, RefusedTarget, type Resolve } from '../../service/outbound-http.ts';

const STRICT = { WEBHOOK_PRIVATE_NETWORKS: false };
const FREE = { WEBHOOK_PRIVATE_NETWORKS: true };
const LIMITS = { timeoutMs: 2000, maxAnswerBytes: 100 };

async function receiver(t: Test, listener: RequestListener): Promise<{ server: Server; port: number; url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

t.test('addresses that are not public', async (t) => {
  const inner = [
    ...['127.0.0.1', '127.8.8.8', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['100.64.0.1', '100.100.100.200', '192.0.0.192', '192.0.2.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...[
      '168.63.129.16',
      '::',
      '::1',
      '::127.0.0.1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:169.254.169.254',
      'fe80::1',
      'fe80::1%eth0',
    ],
    ...['fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001::1', '2001:db8::1'],
    ...['100::1', '4000::1', 'example.com', '', '1.2.3'],
  ];
  for (const address of inner) t.notOk(isPublic(address), address);
  for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2001:4860:4860::8888', '::ffff:8.8.8.8'])
    t.ok(isPublic(address), address);
});

t.test('targets that are refused unasked', async (t) => {
  const refused = [
    ...['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'javascript:alert(1)', 'example.com', '', 'https://'],
    ...[
      'https://user@example.com/',
      'https://user:pass@example.com/',
      'https://example.com@127.0.0.1/',
      `https://example.com/${'a'.repeat(2000)}`,
    ],
    ...['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0177.0.0.1/', 'https://127.1/', 'https://0/'],
    ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:a9fe:a9fe]/', 'https://169.254.169.254/latest/meta-data/'],
    ...['https://localhost/', 'https://LOCALHOST./', 'https://a.localhost/', 'https://metadata.google.internal/', 'https://printer.local/'],
    ...['https://intranet/', 'https://10.0.0.1:8443/', 'https://１２７.0.0.1/'],
  ];
  for (const url of refused) t.throws(() => readTarget(STRICT, url), RefusedTarget, url);
  t.equal(readTarget(STRICT, 'https://Hooks.Example.com:8443/a?b=1').host, 'hooks.example.com');
  t.equal(readTarget(STRICT, 'https://[2001:4860:4860::8888]/').host, '2001:4860:4860::8888');
  t.equal(readTarget(FREE, 'http://localhost:3000/').host, 'localhost', 'allowed in development');
  t.throws(() => readTarget(FREE, 'ftp://localhost/'), RefusedTarget);
  t.throws(() => readTarget(FREE, 'http://user:pass@localhost/'), RefusedTarget);
});

t.test('a name that leads inside is refused, also when only one of its addresses does', async (t) => {
  let reached = 0;
  await receiver(t, () => reached++);
  for (const addresses of [['127.0.0.1'], ['93.184.215.14', '10.0.0.1'], ['::ffff:169.254.169.254'], ['fd00:ec2::254']]) {
    const resolve: Resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    await t.rejects(postJson(STRICT, 'https://hooks.example.com/', '{}', {}, LIMITS, resolve), RefusedTarget, addresses.join());
  }
  t.equal(reached, 0);
});

t.test('the name is asked once, and the connection goes to what was checked', async (t) => {
  let host: string | undefined;
  const { port } = await receiver(t, (request, response) => {
    host = request.headers.host;
    response.end('fine');
  });
  let asked = 0;
  // a name that changes its mind: the second answer would lead nowhere
  const resolve: Resolve = async () => (++asked === 1 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '0.0.0.1', family: 4 }]);
  const answer = await postJson(FREE, `http://hooks.example.com:${port}/`, '{}', {}, LIMITS, resolve);
  t.match(answer, { status: 200, body: 'fine', isCut: false });
  t.equal(asked, 1);
  t.equal(host, `hooks.example.com:${port}`);
});

t.test('what is sent, and what comes back', async (t) => {
  let seen: { method?: string; headers: NodeJS.Dict<string | string[]>; body: string } | undefined;
  const { url } = await receiver(t, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen = { method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() };
      if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
      else response.writeHead(201, { 'retry-after': '7' }).end('x'.repeat(1000));
    });
  });
  const answer = await postJson(FREE, `${url}/hook?a=1`, '{"ü":1}', { 'webhook-id': 'm1', 'content-length': '1' }, LIMITS);
  t.match(answer, { status: 201, body: 'x'.repeat(100), isCut: true, headers: { 'retry-after': '7' } });
  t.match(seen, { method: 'POST', body: '{"ü":1}', headers: { 'content-type': 'application/json', 'webhook-id': 'm1' } });
  t.equal((await postJson(FREE, `${url}/away`, '{}', {}, LIMITS)).status, 302, 'a redirect is an answer');
});

t.test('receivers that do not answer', async (t) => {
  const { url } = await receiver(t, (request, response) => {
    if (request.url === '/drip') {
      response.write('a');
      const timer = setInterval(() => response.write('a'), 20);
      response.on('close', () => clearInterval(timer));
    } else if (request.url === '/cut') request.socket.destroy();
  });
  const impatient = { timeoutMs: 150, maxAnswerBytes: 100_000 };
  await t.rejects(postJson(FREE, `${url}/silent`, '{}', {}, impatient), { message: 'No answer within 0.15 seconds' });
  await t.rejects(postJson(FREE, `${url}/drip`, '{}', {}, impatient), { message: 'No answer within 0.15 seconds' }, 'an endless answer');
  await t.rejects(postJson(FREE, `${url}/cut`, '{}', {}, LIMITS), { message: 'No answer (ECONNRESET)' });
  await t.rejects(postJson(FREE, 'http://127.0.0.1:1/', '{}', {}, LIMITS), { message: 'No answer (ECONNREFUSED)' });
  const never: Resolve = () => new Promise(() => undefined);
  await t.rejects(postJson(FREE, 'http://slow.example.com/', '{}', {}, impatient, never), { message: 'No answer within 0.15 seconds' });
  const unknown: Resolve = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
  await t.rejects(postJson(FREE, 'http://no.example.com/', '{}', {}, LIMITS, unknown), {
    message: 'The host name does not resolve (ENOTFOUND)',
  });
});
