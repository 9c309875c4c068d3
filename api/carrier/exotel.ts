import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { knowsSecret } from '../../carrier/exotel/callback.ts';
import { AppError } from '../../core/errors.ts';
import { hearCarrier } from '../../service/callbacks.ts';
import type { Runtime } from '../../service/runtime.ts';
import { acceptCarrierForms } from './form.ts';
import { refuseInText } from './refuse.ts';

/** Two legs and their times are a few thousand characters. */
const BODY_MAX_BYTES = 64 * 1024;

/**
 * Where Exotel reports on calls, and where its flows ask for words and ways. It shows the secret that it was given in the address, so no
 * log-in, no limit: without it a request is refused before its body is read. An error of ours is a 5xx, which Exotel tries twice
 * more; then its details are asked.
 */
export function exotelCallbacks(app: FastifyInstance, runtime: Runtime): void {
  if (runtime.carrier.name !== 'exotel') return;
  acceptCarrierForms(app, BODY_MAX_BYTES);

  app.addHook('onRequest', async (request) => {
    if (knowsSecret(runtime.config.EXOTEL_WEBHOOK_SECRET, request.url)) return;
    runtime.metrics.forged.inc({ carrier: 'exotel' });
    throw new AppError('forbidden', 'The secret in the address is missing or wrong');
  });

  refuseInText(app);

  const hear = async (request: FastifyRequest, reply: FastifyReply) => {
    const answer = await hearCarrier(runtime, { path: request.url, headers: request.headers, form: [], json: request.body });
    if (!answer) return reply.code(200).type('text/plain').send(Buffer.alloc(0));
    // as bytes: a Greeting takes text/plain and nothing else, where texts are given a charset
    return reply
      .code(answer.status ?? 200)
      .header('content-type', answer.contentType)
      .send(Buffer.from(answer.body));
  };

  app.post('/carrier/exotel/calls/*', { schema: { hide: true }, bodyLimit: BODY_MAX_BYTES }, hear);
  for (const applet of ['passthru', 'greeting', 'gather']) app.get(`/carrier/exotel/${applet}`, { schema: { hide: true } }, hear);
}
