/**
 * A bounded part of the fault harness: what its parts promise, and one seed through a whole installation. All of it:
 * `npm run test:faults`. FAULT_SEED chooses another seed; with REDIS_URL set the queues live on a Redis of the test's own.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { eventually } from '../eventually.ts';
import { dealFailpoints } from './failpoints.ts';
import { drawFaults } from './faults.ts';
import { buildProduct } from './product.ts';
import { openProxy } from './proxy.ts';
import { seededRandom } from './random.ts';
import { lineOf } from './report.ts';
import { runSeed } from './run.ts';
import { usedUp } from './spoiled-requests.ts';
import { openPostgres } from './stores.ts';

const SEED = Number(process.env.FAULT_SEED ?? 7);
const backend = process.env.REDIS_URL ? 'redis' : 'postgres';
const unable =
  backend === 'redis' && spawnSync('redis-server', ['--version']).error !== undefined && 'there is no redis-server on this machine to kill';

/** A server that says back what it hears, a proxy before it, and a client. */
async function echoThroughProxy(t: Test) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const proxy = await openProxy({ port, host: '127.0.0.1' });
  t.teardown(async () => {
    await proxy.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const open = async () => {
    const client = connect(proxy.port, '127.0.0.1');
    t.teardown(() => void client.destroy());
    const heard = { text: '', closed: '' };
    client.on('data', (chunk: Buffer) => (heard.text += chunk.toString()));
    client.on('error', (error: NodeJS.ErrnoException) => (heard.closed = error.code ?? 'error'));
    client.on('close', () => (heard.closed ||= 'end'));
    await once(client, 'connect');
    return { client, heard };
  };
  return { proxy, open, sockets };
}

t.test('the proxy passes on what it gets, in order, and how a connection ends', async (t) => {
  const { proxy, open, sockets } = await echoThroughProxy(t);
  const { client, heard } = await open();
  const text = 'x'.repeat(500_000);
  client.write(text);
  await eventually(() => heard.text.length === text.length);
  client.end();
  await eventually(() => heard.closed === 'end');
  await eventually(() => proxy.connections() === 0 && [...sockets].every((socket) => socket.destroyed));
});

t.test('the proxy delays', async (t) => {
  const { proxy, open } = await echoThroughProxy(t);
  const { client, heard } = await open();
  proxy.set({ does: 'delay', delayMs: 60 });
  const startedMs = performance.now();
  client.write('late');
  await eventually(() => heard.text === 'late');
  // there and back
  t.ok(performance.now() - startedMs >= 115);
});

t.test('the proxy stalls without a loss', async (t) => {
  const { proxy, open } = await echoThroughProxy(t);
  const { client, heard } = await open();
  proxy.set({ does: 'stall' });
  client.write('one');
  const other = await open();
  other.client.write('two');
  // whatever comes through a second proxy now would have come through this one, too
  const control = await echoThroughProxy(t);
  const witness = await control.open();
  witness.client.write('through');
  await eventually(() => witness.heard.text === 'through');
  t.equal(heard.text + other.heard.text, '');
  proxy.set({ does: 'pass' });
  await eventually(() => heard.text === 'one' && other.heard.text === 'two');
});

t.test('in a hole bytes vanish; who lost some is reset afterwards, who did not goes on', async (t) => {
  const { proxy, open } = await echoThroughProxy(t);
  const [talker, listener] = [await open(), await open()];
  await eventually(() => proxy.connections() === 2);
  proxy.set({ does: 'hole' });
  talker.client.write('lost');
  const control = await echoThroughProxy(t);
  const witness = await control.open();
  witness.client.write('through');
  await eventually(() => witness.heard.text === 'through');
  t.same(talker.heard, { text: '', closed: '' }, 'nobody says anything');
  proxy.set({ does: 'pass' });
  await eventually(() => talker.heard.closed === 'ECONNRESET');
  listener.client.write('kept');
  await eventually(() => listener.heard.text === 'kept');
});

t.test('the proxy resets and refuses', async (t) => {
  const { proxy, open } = await echoThroughProxy(t);
  const { heard } = await open();
  await eventually(() => proxy.connections() === 1);
  t.equal(proxy.reset(), 1);
  await eventually(() => heard.closed === 'ECONNRESET');
  proxy.set({ does: 'refuse' });
  const late = connect(proxy.port, '127.0.0.1');
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  t.equal(error.code, 'ECONNRESET');
});

t.test('a seed draws the same faults every time, another seed others', async (t) => {
  const drawn = (seed: number) => {
    const faults = drawFaults(seededRandom(seed), 500, true);
    const dealt = dealFailpoints(seed, seededRandom(seed));
    return JSON.stringify(Array.from({ length: 40 }, () => [faults.next().value, dealt('worker'), dealt('api'), dealt('scheduler')]));
  };
  t.equal(drawn(1), drawn(1));
  t.not(drawn(1), drawn(2));
});

t.test('a planned fault at the carrier counts when a request has met it', async (t) => {
  const at = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString();
  const call = (second: number) => ({ method: 'POST', path: '/x/Calls.json', to: '+1', at: at(second) });
  const plan = (kind: string, count: number, second: number) => ({ kind, count, atMs: Date.parse(at(second)) });
  const asked = { ...call(5), method: 'GET' };
  const refused = { ...call(5), to: null };
  t.same(usedUp([plan('drop', 2, 2), plan('slow', 2, 3)], [call(1), asked, refused, call(4), call(6), call(7)]), ['drop', 'drop', 'slow']);
});

t.test(`seed ${SEED}: faults strike everything, and every promise is kept`, { timeout: 200_000, skip: unable }, async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'dialfleet-faults-'));
  // a server that root starts runs as another user, who must get through
  await chmod(home, 0o755);
  const postgres = await openPostgres(join(home, 'postgres'));
  const clearAway = async () => {
    await postgres.close();
    await rm(join(home, 'postgres'), { recursive: true, force: true });
    if (t.passing()) await rm(home, { recursive: true, force: true });
    else t.comment(`logs are kept: ${home}`);
  };
  // a server that was crashed may take its time to stop: all is said by now
  t.teardown(() => Promise.race([clearAway(), pause(20_000)]));
  const product = join(home, 'product');
  await buildProduct(product);
  const bounds = { faults: 12, calls: 80, overSeconds: 12, quietSeconds: 90 };
  const report = await runSeed({ seed: SEED, backend, ...bounds, product, postgres, folder: join(home, 'run') });
  t.comment(lineOf(report));
  t.same(report.violations, []);
  t.ok(report.injected >= bounds.faults, `${report.injected} faults struck`);
  t.ok(report.rings > 0, `${report.rings} phones rang`);
});

// a client of a server that was crashed may hold its socket for minutes: all is said by now
t.teardown(() => void setTimeout(() => process.exit(), 15_000).unref());
