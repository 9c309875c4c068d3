import type { FastifyInstance } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { hearCarrier } from '../../service/callbacks.ts';
import type { Runtime } from '../../service/runtime.ts';
import { refuseInText } from './refuse.ts';

/** Speech is the longest thing Twilio sends, and it sends a few thousand characters at most. */
const BODY_MAX_BYTES = 64 * 1024;

/**
 * Where Twilio reports on calls and asks what to say. Signed by Twilio, so no session, no limit: what has no signature is
 * refused before its body is read. An error of ours is a 5xx, which Twilio tries again.
 */
export function twilioCallbacks(app: FastifyInstance, runtime: Runtime): void {
  app.removeAllContentTypeParsers();
  // the signature covers the fields in the order and number they came in, so the form is kept as pairs
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: BODY_MAX_BYTES },
    (_request, body, done) => {
      done(null, [...new URLSearchParams(String(body))]);
    },
  );

  app.addHook('onRequest', async (request) => {
    if (request.headers['x-twilio-signature'] === undefined) throw new AppError('forbidden', 'Signature is missing');
  });

  refuseInText(app);

  app.post<{ Body: Array<[string, string]> | undefined }>(
    '/carrier/twilio/calls/*',
    { schema: { hide: true }, bodyLimit: BODY_MAX_BYTES },
    async (request, reply) => {
      const answer = await hearCarrier(runtime, { path: request.url, headers: request.headers, form: request.body ?? [] });
      if (!answer) return reply.code(204).send();
      return reply.type(answer.contentType).send(answer.body);
    },
  );
}
