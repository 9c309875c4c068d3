import { once } from 'node:events';
import { spawn } from 'node:child_process';
import t from 'tap';
import { PRIORITY } from '../../core/priority.ts';
import type { JobContext } from '../../queue/catalog.ts';
import { migrateQueues } from '../../queue/connection.ts';
import { program } from '../project.ts';
import { consume, createStore, createWire, deferred, eventually, onRedis, produce, readableLog } from './bootstrap.ts';

// Most tests wait for locks and pauses, not for the processor, so they wait together.
t.jobs = 8;

t.test('ten migrations at once are one', { skip: onRedis && 'Redis needs none' }, async (t) => {
  const { DATABASE_URL } = await createStore(t, { migrate: false });
  await Promise.all(Array.from({ length: 10 }, () => migrateQueues(DATABASE_URL)));
  await t.resolves(migrateQueues(DATABASE_URL), 'and again later');
});

t.test('a bad payload is refused at both ends', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  await t.rejects(producer.enqueue('calls', { callId: 0 }, { jobId: 'call-0' }), { name: 'PayloadError', message: /calls: \/callId/ });
  await t.rejects(
    producer.enqueueMany('calls', [
      { payload: { callId: 1 }, jobId: 'call-1' },
      { payload: { callId: 1.5 }, jobId: 'call-2' },
    ]),
    { name: 'PayloadError' },
  );
  t.match(await producer.counts('calls'), { waiting: 0 }, 'not even the good one of a bad batch is in');
  for (const jobId of ['', '7', '-7', 'call:7', 'a:b:c']) {
    await t.rejects(producer.enqueue('calls', { callId: 7 }, { jobId }), /job id/, `id '${jobId}'`);
  }

  const intruder = producer.queuesForBoard().find((queue) => queue.name === 'calls');
  await intruder?.add('calls', { callId: 'seven' }, { jobId: 'call-7' });
  const seen: unknown[] = [];
  const lines = readableLog();
  await consume(t, store, { calls: async (payload) => void seen.push(payload) }, lines);
  await eventually(async () => (await producer.jobState('calls', ['call-7'])).get('call-7') === 'failed');
  const job = await intruder?.getJob('call-7');
  t.equal(job?.attemptsMade, 1, 'it is not tried again');
  t.match(job?.failedReason, /Bad payload for queue calls: \/callId/);
  t.same(seen, [], 'the processor never saw it');
  await eventually(() => lines.all().length > 0);
  t.match(lines.all(), [{ queue: 'calls', jobId: 'call-7', msg: 'job failed' }]);
});

t.test('high before normal before low, first come first served inside each', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  const order: number[] = [];
  await producer.enqueue('calls', { callId: 31 }, { jobId: 'l1', priority: PRIORITY.low });
  await producer.enqueue('calls', { callId: 21 }, { jobId: 'n1' });
  await producer.enqueue('calls', { callId: 11 }, { jobId: 'h1', priority: PRIORITY.high });
  await producer.enqueueMany('calls', [
    { payload: { callId: 32 }, jobId: 'l2', priority: PRIORITY.low },
    { payload: { callId: 22 }, jobId: 'n2' },
    { payload: { callId: 12 }, jobId: 'h2', priority: PRIORITY.high },
  ]);
  await consume(t, store, { calls: async ({ callId }) => void order.push(callId) }, { concurrency: { calls: 1 } });
  await eventually(() => order.length === 6);
  t.same(order, [11, 12, 21, 22, 31, 32]);
});

t.test('a throw is tried again as often as the catalog says, then kept as failed', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  const tries: Pick<JobContext, 'jobId' | 'attempt' | 'lastAttempt'>[] = [];
  const lines = readableLog();
  const broken = async (_: unknown, { jobId, attempt, lastAttempt, progress }: JobContext) => {
    await progress(attempt);
    tries.push({ jobId, attempt, lastAttempt });
    throw new Error('the database is away');
  };
  await consume(t, store, { webhooks: broken }, lines);
  await producer.enqueue('webhooks', { deliveryId: 5 }, { jobId: 'delivery-5' });
  await eventually(async () => (await producer.jobState('webhooks', ['delivery-5'])).get('delivery-5') === 'failed');
  t.same(tries, [
    { jobId: 'delivery-5', attempt: 1, lastAttempt: false },
    { jobId: 'delivery-5', attempt: 2, lastAttempt: false },
    { jobId: 'delivery-5', attempt: 3, lastAttempt: true },
  ]);
  t.match(await producer.counts('webhooks'), { waiting: 0, delayed: 0, active: 0, failed: 1 });
  await eventually(() => lines.all().length >= 3);
  t.match(lines.all(), Array(3).fill({ queue: 'webhooks', jobId: 'delivery-5', err: { message: 'the database is away' } }));
  const board = producer.queuesForBoard().find((queue) => queue.name === 'webhooks');
  t.equal((await board?.getJob('delivery-5'))?.progress, 3);
});

t.test('nothing is dropped in silence while the store is away, and all recovers when it is back', async (t) => {
  const wire = await createWire(t, await createStore(t));
  const producer = produce(t, wire.config);
  const refusedSoon = async (what: string) => {
    const start = performance.now();
    await t.rejects(producer.enqueue('calls', { callId: 1 }, { jobId: 'call-1' }), what);
    await t.rejects(producer.enqueueMany('calls', [{ payload: { callId: 1 }, jobId: 'call-1' }]), what);
    await t.rejects(producer.jobState('calls', ['call-1']), what);
    await t.rejects(producer.ping(), what);
    t.ok(performance.now() - start < 1000, `${what}: said within a second`);
  };
  await refusedSoon('down from the start');

  await wire.up();
  await eventually(() => producer.enqueue('calls', { callId: 1 }, { jobId: 'call-1' }));
  await producer.ping();
  const seen: number[] = [];
  const consumers = await consume(t, wire.config, { calls: async ({ callId }) => void seen.push(callId) });
  await eventually(() => seen.length === 1);

  await wire.down();
  await refusedSoon('down later');
  await wire.up();
  await eventually(() => producer.enqueue('calls', { callId: 2 }, { jobId: 'call-2' }));
  await eventually(() => seen.length === 2, 20_000);
  t.same(seen, [1, 2], 'the consumer works again too');

  await wire.down();
  const start = performance.now();
  await consumers.close({ graceMs: 1000 });
  t.ok(performance.now() - start < 4000, 'closing needs no store');
});

t.test('the state of many jobs, of every kind', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  const finish = deferred();
  let done = false;
  const fates: Record<number, () => Promise<void>> = {
    1: async () => {
      done = true;
    },
    2: () => finish.promise,
    3: () => Promise.reject(new Error('no')),
  };
  await producer.enqueueMany('ticks', [{ payload: { tick: 'repair' }, jobId: 'fails' }]);
  await consume(t, store, { ticks: async () => fates[3]?.(), calls: async ({ callId }) => fates[callId]?.() });
  await producer.enqueue('calls', { callId: 1 }, { jobId: 'completes' });
  await producer.enqueue('calls', { callId: 2 }, { jobId: 'runs' });
  await producer.enqueue('calls', { callId: 9 }, { jobId: 'waits', delayMs: 60_000 });
  await producer.enqueue('imports', { importId: 9 }, { jobId: 'waits' });
  await eventually(async () => done && (await producer.counts('calls')).active === 1);
  await eventually(async () => (await producer.counts('ticks')).failed === 1);
  t.same(Object.fromEntries(await producer.jobState('calls', ['completes', 'runs', 'waits', 'never'])), {
    completes: 'missing',
    runs: 'present',
    waits: 'delayed',
    never: 'missing',
  });
  t.same([...(await producer.jobState('imports', ['waits']))], [['waits', 'present']]);
  t.same([...(await producer.jobState('ticks', ['fails']))], [['fails', 'failed']]);
  t.same(await producer.counts('calls'), { waiting: 0, delayed: 1, active: 1, failed: 0 });

  const paused = producer.queuesForBoard().find((queue) => queue.name === 'imports');
  await paused?.pause();
  t.match(await producer.counts('imports'), { waiting: 1 }, 'also while the queue is paused');
  const many = Array.from({ length: 500 }, (_, i) => `many-${i}`);
  const start = performance.now();
  t.equal((await producer.jobState('calls', many)).size, 500);
  t.ok(performance.now() - start < 3000, '500 of them are one batch, not 500 waits');
  finish.resolve();
});

t.test('one id asked for twice runs once; a finished one may be asked for again', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  await Promise.all(Array.from({ length: 20 }, () => producer.enqueue('calls', { callId: 1 }, { jobId: 'call-1' })));
  await producer.enqueueMany('calls', [
    { payload: { callId: 1 }, jobId: 'call-1' },
    { payload: { callId: 2 }, jobId: 'call-2', fresh: true },
  ]);
  t.match(await producer.counts('calls'), { waiting: 2 });
  const runs: number[] = [];
  await consume(t, store, { calls: async ({ callId }) => void runs.push(callId) }, { concurrency: { calls: 1 } });
  await eventually(async () => (await producer.counts('calls')).active === 0 && runs.length === 2);
  t.same(runs, [1, 2]);
  t.equal(await producer.enqueue('calls', { callId: 1 }, { jobId: 'call-1' }), 'call-1');
  await eventually(() => runs.length === 3);
  t.same(runs, [1, 2, 1]);
});

t.test('closing lets a running job finish and takes no other', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  const started = deferred();
  const finish = deferred();
  const runs: number[] = [];
  const stopping = deferred();
  const consumers = await consume(
    t,
    store,
    {
      calls: async ({ callId }, { signal }) => {
        signal.addEventListener('abort', stopping.resolve);
        started.resolve();
        await finish.promise;
        runs.push(callId);
      },
    },
    { concurrency: { calls: 2 } },
  );
  await producer.enqueue('calls', { callId: 1 }, { jobId: 'call-1' });
  await started.promise;
  const closed = consumers.close({ graceMs: 30_000 });
  await stopping.promise;
  await producer.enqueue('calls', { callId: 2 }, { jobId: 'call-2' });
  finish.resolve();
  await closed;
  t.same(runs, [1]);
  t.match(await producer.counts('calls'), { waiting: 1, active: 0, failed: 0 });
});

t.test('an idle consumer closes at once', async (t) => {
  const store = await createStore(t);
  const consumers = await consume(t, store, { calls: async () => {}, imports: async () => {} });
  const start = performance.now();
  await consumers.close({ graceMs: 30_000 });
  t.ok(performance.now() - start < 2000);
});

t.test('a job that stops for the shutdown goes on elsewhere soon, and it counts as no try', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  const started = deferred();
  const first = await consume(t, store, {
    imports: async (_, { signal }) => {
      started.resolve();
      await new Promise((_, stop) => signal.addEventListener('abort', () => stop(new Error('position saved'))));
    },
  });
  await producer.enqueue('imports', { importId: 3 }, { jobId: 'import-3' });
  await started.promise;
  const elsewhere: number[] = [];
  await consume(t, store, { imports: async (_, { attempt }) => void elsewhere.push(attempt) });
  const start = performance.now();
  await first.close({ graceMs: 30_000 });
  await eventually(() => elsewhere.length > 0);
  t.ok(performance.now() - start < 3000, 'without waiting for a lock');
  t.same(elsewhere, [1]);
});

t.test('a job that outlives the grace is left to another worker', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  const started = deferred();
  const stubborn = await consume(t, store, {
    calls: () => {
      started.resolve();
      return new Promise<void>(() => undefined);
    },
  });
  await producer.enqueue('calls', { callId: 1 }, { jobId: 'call-1' });
  await started.promise;
  const start = performance.now();
  await stubborn.close({ graceMs: 50 });
  t.ok(performance.now() - start < 2000, 'the grace is kept');
  const runs: number[] = [];
  await consume(t, store, { calls: async ({ callId }) => void runs.push(callId) });
  await eventually(() => runs.length === 1, 12_000);
});

t.test('the job of a killed worker runs again on another', async (t) => {
  const store = await createStore(t);
  const producer = produce(t, store);
  await producer.enqueue('calls', { callId: 1 }, { jobId: 'call-1' });
  const doomed = spawn(process.execPath, [...program('test/queue/doomed-worker'), JSON.stringify(store)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => doomed.kill('SIGKILL'));
  t.match(String(await once(doomed.stdout, 'data')), 'taken');
  doomed.kill('SIGKILL');
  await once(doomed, 'exit');
  const start = performance.now();
  const attempts: number[] = [];
  const lines = readableLog();
  await consume(t, store, { calls: async (_, { attempt }) => void attempts.push(attempt) }, lines);
  await eventually(() => attempts.length === 1, 12_000);
  t.ok(performance.now() - start < 10_000, 'within ten seconds');
  t.same(attempts, [1], 'the kill is no failed try');
  await eventually(() => lines.all().length > 0);
  t.match(lines.all(), [{ queue: 'calls', jobId: 'call-1', msg: /lost its worker/ }]);
});

t.test('a tick that two schedulers ask for fires once each time', async (t) => {
  const store = await createStore(t);
  const producers = [produce(t, store), produce(t, store)];
  const everyMs = 1000;
  const firedAt: number[] = [];
  for (const _ of producers) await consume(t, store, { ticks: async () => void firedAt.push(Date.now()) });
  const ask = () => Promise.all(producers.map((producer) => producer.upsertTick('repair', everyMs, { tick: 'repair' })));
  await ask();
  await eventually(() => firedAt.length >= 2);
  await ask();
  await eventually(() => firedAt.length >= 4);
  const slots = firedAt.map((at) => Math.round(at / 100));
  for (let i = 2; i < slots.length; i++) t.ok((slots[i] ?? 0) - (slots[i - 1] ?? 0) >= 5, `tick ${i} came alone`);
  t.match(await producers[0]?.counts('ticks'), { failed: 0 });
});
