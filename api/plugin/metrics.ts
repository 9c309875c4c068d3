import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { App } from './app.ts';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Times every request by route, status and surface, logs one line for each, and serves `GET /metrics` for Prometheus. */
export function observe(app: App): void {
  // its own registry: two servers may live in one process
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route, status and surface',
    labelNames: ['method', 'route', 'status', 'surface'] as const,
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const surface = request.routeOptions.config.surface ?? 'none';
    durations.observe({ method: request.method, route, status: reply.statusCode, surface }, reply.elapsedTime / 1000);
    request.log.info(
      { method: request.method, route, surface, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
      'answered',
    );
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
