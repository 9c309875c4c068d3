import { databaseHealth, queueHealth } from '../../service/health.ts';
import type { Runtime } from '../../service/runtime.ts';
import type { App } from './app.ts';

/** For whoever runs this process: alive, and able to do its work. */
export function healthRoutes(app: App, runtime: Runtime): void {
  app.get('/health/live', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/health/ready', { schema: { hide: true } }, async (_request, reply) => {
    const [database, queue] = await Promise.all([databaseHealth(runtime), queueHealth(runtime)]);
    const ready = database === 'healthy' && queue === 'healthy';
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable', database, queue });
  });
}
