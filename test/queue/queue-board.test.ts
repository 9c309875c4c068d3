import Fastify from 'fastify';
import t, { type Test } from 'tap';
import { queueBoard } from '../../api/plugin/queue-board.ts';
import { AppError } from '../../core/errors.ts';
import { QUEUE_NAMES } from '../../queue/catalog.ts';
import { createStore, produce } from './bootstrap.ts';

const authorization = 'Bearer platform-admin';

async function build(t: Test) {
  const producer = produce(t, await createStore(t));
  const app = Fastify();
  app.setErrorHandler((error, _request, reply) => {
    const code = error instanceof AppError ? error.code : 'internal';
    return reply.code(code === 'forbidden' ? 403 : code === 'unauthorized' ? 401 : 500).send({ error: code });
  });
  t.teardown(() => app.close());
  queueBoard(app, {
    queues: producer.queuesForBoard(),
    guard: async (request) => {
      if (request.headers.authorization !== authorization) throw new AppError('unauthorized', 'Who are you?');
    },
  });
  return { app, producer };
}

t.test('the guard stands before page, API and assets', async (t) => {
  const { app } = await build(t);
  const page = await app.inject({ url: '/queues', headers: { authorization } });
  t.equal(page.statusCode, 200);
  t.match(page.headers['content-type'], 'text/html');
  const asset = /(?:src|href)="(?:\/queues\/)?(static\/[^"]+\.js)"/.exec(page.body)?.[1];
  t.ok(asset, 'the page names a script');
  const paths = ['/queues', '/queues/', '/queues/queue/calls', '/queues/api/queues', `/queues/${asset}`];
  for (const url of paths) {
    t.equal((await app.inject({ url })).statusCode, 401, `${url} without credentials`);
    t.equal((await app.inject({ url, headers: { authorization } })).statusCode, 200, `${url} with credentials`);
  }
  t.equal((await app.inject({ method: 'PUT', url: '/queues/api/queues/calls/pause' })).statusCode, 401);
});

t.test('it shows every queue and its jobs', async (t) => {
  const { app, producer } = await build(t);
  await producer.enqueue('calls', { callId: 7 }, { jobId: 'call-7' });
  const { queues } = (await app.inject({ url: '/queues/api/queues?activeQueue=calls', headers: { authorization } })).json<{
    queues: { name: string; jobs: { id: string }[] }[];
  }>();
  t.same(queues.map((queue) => queue.name).sort(), [...QUEUE_NAMES].sort());
  t.match(queues.find((queue) => queue.name === 'calls')?.jobs, [{ id: 'call-7' }]);
});

t.test('another site can change nothing', async (t) => {
  const { app, producer } = await build(t);
  const queue = producer.queuesForBoard().find((each) => each.name === 'calls');
  const pause = (site?: string) =>
    app.inject({
      method: 'PUT',
      url: '/queues/api/queues/calls/pause',
      headers: { authorization, ...(site && { 'sec-fetch-site': site }) },
    });
  for (const site of ['cross-site', 'same-site']) t.equal((await pause(site)).statusCode, 403, site);
  t.equal(await queue?.isPaused(), false);
  t.equal((await pause('same-origin')).statusCode, 200);
  t.equal(await queue?.isPaused(), true);
});
