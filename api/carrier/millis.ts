import type { FastifyInstance } from 'fastify';
import { SECRET_HEADER, SESSION_PATH } from '../../carrier/millis/callback.ts';
import { AppError } from '../../core/errors.ts';
import { hearCarrier } from '../../service/callbacks.ts';
import type { Runtime } from '../../service/runtime.ts';
import { refuseInText } from './refuse.ts';

/** The transcript of a long talk, and the agent's whole config beside it. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

/**
 * Where Millis reports a session that has concluded. It shows the secret that it was given, so no log-in, no limit: without one
 * it is refused before its body is read. An error of ours is a 5xx; if Millis does not try again, its books are asked.
 */
export function millisCallbacks(app: FastifyInstance, runtime: Runtime): void {
  if (runtime.carrier.name !== 'millis') return;

  app.addHook('onRequest', async (request) => {
    if (request.headers[SECRET_HEADER] === undefined) throw new AppError('forbidden', 'Secret is missing');
  });

  refuseInText(app);

  app.post(SESSION_PATH, { schema: { hide: true }, bodyLimit: BODY_MAX_BYTES }, async (request, reply) => {
    await hearCarrier(runtime, { path: request.url, headers: request.headers, form: [], json: request.body });
    return reply.code(204).send();
  });
}
