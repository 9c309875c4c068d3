import { Histogram } from 'prom-client';
import { openFleetMetrics } from '../../service/fleet-metrics.ts';
import { ofRuntime } from '../../service/of-runtime.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from './app.ts';
import { trafficOf } from './traffic.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** its answers go on for as long as somebody listens */
    streams?: boolean;
  }
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** One a registry, whose names are unique: a runtime may have two servers. */
const durationsOf = ofRuntime(
  ({ metrics: { registry } }) =>
    new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer, by route, status and surface',
      labelNames: ['method', 'route', 'status', 'surface'] as const,
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    }),
);

/**
 * Times every request by route, status and surface, logs one line for each, and serves `GET /metrics` for Prometheus: what
 * this process counts, and what the fleet has.
 */
export function observe(app: App, runtime: Runtime): void {
  const { registry } = runtime.metrics;
  const durations = durationsOf(runtime);
  const fleet = openFleetMetrics(runtime);
  const traffic = trafficOf(runtime);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const surface = request.routeOptions.config.surface ?? 'none';
    // how long somebody watched is no time to answer
    if (!request.routeOptions.config.streams) traffic.note(reply.elapsedTime, reply.statusCode);
    durations.observe({ method: request.method, route, status: reply.statusCode, surface }, reply.elapsedTime / 1000);
    request.log.info(
      { method: request.method, route, surface, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
      'answered',
    );
  });
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    const fleetText = await fleet();
    return reply.type(registry.contentType).send((await registry.metrics()) + fleetText);
  });
}
