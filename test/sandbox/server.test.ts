import { appendFileSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pino from 'pino';
import t from 'tap';
import { eventually } from '../carrier/twilio/customer.ts';
import { type RingLogEntry, type Sandbox, startSandbox } from '../../sandbox/index.ts';
import { program } from '../project.ts';

const ACCOUNT = `AC${'2'.repeat(32)}`;
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT}:token`).toString('base64')}`;
const CALLS = `/2010-04-01/Accounts/${ACCOUNT}/Calls`;
const log = pino({ level: 'silent' });

function open(more: { speed?: number; ringLogFile?: string; port?: number } = {}): Promise<Sandbox> {
  return startSandbox({ port: 0, speed: 500, accountSid: ACCOUNT, authToken: 'token', log, ...more });
}

async function ask(sandbox: Sandbox, method: string, path: string, form?: Record<string, string>, authorization = AUTHORIZATION) {
  const response = await fetch(sandbox.url + path, {
    method,
    headers: { authorization },
    ...(form && { body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text ? JSON.parse(text) : undefined) as Record<string, unknown> & { calls: Array<Record<string, unknown>> },
  };
}

const order = (to: string, more: Record<string, string> = {}) => ({
  To: to,
  From: '+15005550006',
  Twiml: '<Response><Pause length="2"/></Response>',
  ...more,
});

const allEnded = (sandbox: Sandbox, count: number) =>
  eventually(
    `${count} ended calls`,
    () => sandbox.rings().length === count && sandbox.rings().every(({ endedAt }) => endedAt) && sandbox.rings(),
  );

t.test('refuses as Twilio does', async (t) => {
  const sandbox = await open();
  t.teardown(sandbox.close);
  const create = async (form: Record<string, string>) => {
    const { status, body } = await ask(sandbox, 'POST', `${CALLS}.json`, form);
    return [status, body['code']];
  };
  t.same(await create({ From: '+15005550006', Url: 'http://a.example' }), [400, 21201]);
  t.same(await create({ To: '+14155550006', Url: 'http://a.example' }), [400, 21213]);
  t.same(await create(order('4155550006')), [400, 21211]);
  t.same(await create(order('+14155550006', { From: 'x' })), [400, 21212]);
  t.same(await create(order('+14155550006', { Twiml: '' })), [400, 21205]);
  t.same(await create(order('+14155550006', { Url: '/relative' })), [400, 21205]);
  t.same(await create(order('+14155550006', { StatusCallback: 'nowhere' })), [400, 21609]);
  t.same(await create(order('+14155550006', { Timeout: '601' })), [400, 20001]);
  const stranger = await ask(sandbox, 'POST', `${CALLS}.json`, order('+14155550006'), 'Basic eDp5');
  t.match(stranger, { status: 401, body: { code: 20003, status: 401, message: 'Authenticate' } });
  t.equal((await ask(sandbox, 'GET', `${CALLS.replaceAll('2', '3')}.json`)).status, 404, 'another account');
  t.equal((await ask(sandbox, 'POST', `${CALLS}/CA1.json`, { Status: 'completed' })).status, 404);
  t.equal((await ask(sandbox, 'GET', `${CALLS}.json?PageSize=0`)).status, 400);
  t.equal((await ask(sandbox, 'GET', `${CALLS}.json?StartTime=never`)).status, 400);
  t.same(sandbox.rings(), [], 'nobody rang');
});

t.test('lists in pages, newest first, with filters', async (t) => {
  const sandbox = await open();
  t.teardown(sandbox.close);
  const sids: unknown[] = [];
  for (let n = 0; n < 7; n++) sids.unshift((await ask(sandbox, 'POST', `${CALLS}.json`, order('+14155550001'))).body['sid']);
  await ask(sandbox, 'POST', `${CALLS}.json`, order('+14155550002'));
  await eventually('seven busy lines', () => sandbox.rings().filter(({ status }) => status === 'busy').length === 7);
  const seen: unknown[] = [];
  let next: unknown = `${CALLS}.json?To=%2B14155550001&Status=busy&PageSize=3`;
  const sizes: number[] = [];
  while (typeof next === 'string') {
    const { body } = await ask(sandbox, 'GET', next);
    // a call that comes in meanwhile shifts no page
    await ask(sandbox, 'POST', `${CALLS}.json`, order('+14155550001', { From: '+15005550007' }));
    seen.push(...body.calls.map(({ sid }) => sid));
    sizes.push(body.calls.length);
    next = body['next_page_uri'];
  }
  t.same(
    seen.filter((sid) => sids.includes(sid)),
    sids,
  );
  t.equal(new Set(seen).size, seen.length);
  const count = async (query: string) => (await ask(sandbox, 'GET', `${CALLS}.json?${query}`)).body.calls.length;
  t.equal(await count('From=%2B15005550008'), 0);
  const today = new Date().toISOString();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  t.equal(await count(`To=%2B14155550002&StartTime%3E=${today.slice(0, 10)}`), 1);
  t.equal(await count(`StartTime%3E=${tomorrow}`), 0);
  t.equal(await count(`To=%2B14155550002&StartTime%3C=${tomorrow}`), 1);
  t.equal(await count(`StartTime%3C=2020-01-01`), 0);
  t.equal(await count(`To=%2B14155550002&StartTime=${today}`), 1);
});

t.test('canceled and completed', async (t) => {
  const sandbox = await open({ speed: 50 });
  t.teardown(sandbox.close);
  const end = async (sid: unknown, status: string) => (await ask(sandbox, 'POST', `${CALLS}/${String(sid)}.json`, { Status: status })).body;
  const { body } = await ask(sandbox, 'POST', `${CALLS}.json`, order('+14155550002'));
  t.match(await end(body['sid'], 'paused'), { code: 20001 });
  t.match(await end(body['sid'], 'canceled'), { status: 'canceled', duration: null });
  t.match(await end(body['sid'], 'completed'), { code: 21220 });
  const { body: talk } = await ask(
    sandbox,
    'POST',
    `${CALLS}.json`,
    order('+14155550006', { Twiml: '<Response><Pause length="500"/></Response>' }),
  );
  await eventually('an answer', () => sandbox.rings().find(({ status }) => status === 'in_progress'));
  t.match(await end(talk['sid'], 'canceled'), { code: 21220 }, 'an answered call is not canceled');
  t.match(await end(talk['sid'], 'completed'), { status: 'completed', duration: /^\d+$/, price: /^-0\.\d{5}$/ });
});

t.test('the ring log: in order, cleared on wish, kept over a restart', async (t) => {
  const ringLogFile = join(t.testdir(), 'below', 'rings.jsonl');
  const first = await open({ ringLogFile });
  await ask(first, 'POST', `${CALLS}.json`, order('+14155550006'));
  await allEnded(first, 1);
  await ask(first, 'DELETE', '/_sandbox/calls');
  t.same((await ask(first, 'GET', '/_sandbox/calls')).body, []);
  for (const to of ['+14155550003', '+14155550001']) await ask(first, 'POST', `${CALLS}.json`, order(to));
  const before = await allEnded(first, 2);
  t.match(before, [
    { to: '+14155550003', from: '+15005550006', at: /Z$/, sid: /^CA/, answeredAt: null, endedAt: /Z$/, status: 'failed' },
    { status: 'busy' },
  ]);
  await first.close();

  appendFileSync(ringLogFile, '{"sid":"CAhalf');
  const second = await open({ ringLogFile });
  t.same((await ask(second, 'GET', '/_sandbox/calls')).body, before, 'read again, half a line left out');
  await ask(second, 'POST', `${CALLS}.json`, order('+14155550001'));
  await allEnded(second, 3);
  await second.close();
  const lines = readFileSync(ringLogFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RingLogEntry);
  t.equal(lines.length, 4, 'what is outdated is gone');
});

t.test('faults and the log of requests', async (t) => {
  const sandbox = await open();
  t.teardown(sandbox.close);
  const plan = async (body: object) => {
    const response = await fetch(`${sandbox.url}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status;
  };
  const create = (n: number) => ask(sandbox, 'POST', `${CALLS}.json`, order(`+1415555000${n}`));
  t.equal(await plan({ fault: 'fire' }), 400);
  t.equal(await plan({ fault: 'drop', count: 2 }), 204);
  await t.rejects(create(1));
  await t.rejects(create(1));
  await plan({ fault: 'error' });
  t.equal((await create(1)).status, 500);
  t.same(sandbox.rings(), [], 'none of these called anybody');
  await plan({ fault: 'drop_after' });
  await t.rejects(create(1));
  await plan({ fault: 'slow', delayMs: 50 });
  const startedMs = Date.now();
  t.equal((await create(1)).status, 201);
  t.ok(Date.now() - startedMs >= 45);
  await allEnded(sandbox, 2);
  const { body } = await ask(sandbox, 'GET', '/_sandbox/requests');
  t.match(
    body,
    [500, null, null].length && [
      { method: 'POST', path: `${CALLS}.json`, to: '+14155550001', status: null },
      { status: null },
      { status: 500 },
      { status: null },
      { status: 201 },
    ],
  );
});

t.test('the process: many calls at once, nobody rung twice, a clean end', async (t) => {
  const counts = new Map<string, number>();
  const customer: Server = createServer((request, response) => {
    counts.set(request.url ?? '', (counts.get(request.url ?? '') ?? 0) + 1);
    request.resume();
    request.once('end', () => response.writeHead(200).end(request.url === '/status' ? '' : '<Response><Pause length="90"/></Response>'));
  });
  await new Promise<void>((resolve) => customer.listen(0, '127.0.0.1', resolve));
  const customerUrl = `http://127.0.0.1:${(customer.address() as AddressInfo).port}`;
  const env = {
    ...process.env,
    SANDBOX_PORT: '0',
    SANDBOX_SPEED: '20',
    DATA_DIR: t.testdir(),
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: 'token',
  };
  const child = spawn(process.execPath, program('sandbox/main'), {
    env: { ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => {
    child.kill('SIGKILL');
    customer.close();
    customer.closeAllConnections();
  });
  const url = await new Promise<string>((resolve) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /"url":"([^"]+)"/.exec(out)?.[1];
      if (found) resolve(found);
    });
  });
  const rings = async () => (await (await fetch(`${url}/_sandbox/calls`)).json()) as RingLogEntry[];
  const form = new URLSearchParams([
    ['From', '+15005550006'],
    ['Url', `${customerUrl}/answer`],
    ['StatusCallback', `${customerUrl}/status`],
    ...['initiated', 'ringing', 'answered', 'completed'].map((event): [string, string] => ['StatusCallbackEvent', event]),
  ]);
  const total = 600;
  let next = 0;
  const caller = async () => {
    for (let n = next++; n < total; n = next++) {
      const body = new URLSearchParams(form);
      body.set('To', `+1415${String(n).padStart(3, '0')}0006`);
      const response = await fetch(`${url}${CALLS}.json`, { method: 'POST', headers: { authorization: AUTHORIZATION }, body });
      await response.arrayBuffer();
      if (response.status !== 201) throw new Error(`answered ${response.status}`);
    }
  };
  const startedMs = Date.now();
  await Promise.all(Array.from({ length: 16 }, caller));
  const placedMs = Date.now() - startedMs;
  const atOnce = (await rings()).filter(({ endedAt }) => !endedAt).length;
  t.comment(`${Math.round((total * 1000) / placedMs)} starts/s, ${atOnce} calls at once`);
  t.ok(atOnce > 100, 'hundreds were on the line together');
  await eventually('all reports', () => (counts.get('/status') ?? 0) >= total * 4);
  const entries = await rings();
  t.equal(new Set(entries.map(({ to }) => to)).size, total);
  t.equal(entries.length, total, 'each rang once');
  t.ok(entries.every(({ status, endedAt }) => status === 'completed' && endedAt));
  t.equal(counts.get('/answer'), total);
  child.kill('SIGTERM');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  t.equal(code, 0);
});
