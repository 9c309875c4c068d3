import { readiness } from '../../service/health.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from './app.ts';

/** For whoever runs this process. live: the event loop turns, or there is no answer. ready: it can do its work. */
export function healthRoutes(app: App, runtime: Runtime): void {
  app.get('/health/live', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/health/ready', { schema: { hide: true } }, async (_request, reply) => {
    const found = await readiness(runtime);
    return reply.code(found.status === 'ok' ? 200 : 503).send(found);
  });
}
