import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readiness } from './health.ts';
import type { Runtime } from './runtime.ts';

/**
 * Serves what a process without an HTTP interface of its own counts, `GET /metrics`, whether it lives, `GET /health/live`, and
 * whether it can work, `GET /health/ready`, on HOST and this port until the runtime closes; port 0: not at all. True when it listens. A port that can't be had is a
 * warning: calls matter more than figures about them.
 */
export async function startExporter(runtime: Runtime, port: number): Promise<boolean> {
  if (port === 0) return false;
  const { log } = runtime;
  const server = createServer((request, response) => {
    answer(runtime, request, response).catch((error: unknown) => {
      log.warn({ err: error }, 'metrics could not be answered');
      response.destroy();
    });
  });
  try {
    await once(server.listen(port, runtime.config.HOST), 'listening');
  } catch (error) {
    log.warn({ err: error, port }, `port ${port} can't be listened on: this process serves no metrics`);
    return false;
  }
  server.on('error', (error) => log.warn({ err: error, port }, 'metrics server'));
  runtime.onClose(() => closed(server));
  log.debug({ port }, 'serving metrics');
  return true;
}

async function answer(runtime: Runtime, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { registry } = runtime.metrics;
  const send = (status: number, type: string, body: string, headers = {}) =>
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers }).end(body);
  if (request.method !== 'GET' && request.method !== 'HEAD') return void send(405, 'text/plain', 'Only GET\n', { allow: 'GET, HEAD' });
  switch (request.url?.split('?', 1)[0]) {
    case '/metrics':
      return void send(200, registry.contentType, await registry.metrics());
    case '/health/live':
      return void send(200, 'application/json', '{"status":"ok"}');
    case '/health/ready': {
      const found = await readiness(runtime, { heartbeat: true });
      return void send(found.status === 'ok' ? 200 : 503, 'application/json', JSON.stringify(found));
    }
    default:
      return void send(404, 'text/plain', 'Here are /metrics, /health/live and /health/ready\n');
  }
}

async function closed(server: Server): Promise<void> {
  const done = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await done;
}
