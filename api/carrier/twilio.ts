import type { FastifyInstance } from 'fastify';
import { AppError, type ErrorCode } from '../../core/errors.ts';
import { hearCarrier } from '../../service/callbacks.ts';
import type { Runtime } from '../../service/runtime.ts';

const STATUS: Partial<Record<ErrorCode, number>> = { forbidden: 403, validation: 400 };

/**
 * Where Twilio reports on calls and asks what to say. Signed by Twilio, so no session, no limit; an error of ours is a
 * 5xx, which Twilio tries again.
 */
export function twilioCallbacks(app: FastifyInstance, runtime: Runtime): void {
  // the signature covers the fields in the order and number they came in, so the form is kept as pairs
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, [...new URLSearchParams(String(body))]);
  });

  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof AppError ? (STATUS[error.code] ?? 500) : 503;
    if (status >= 500) request.log.error({ err: error }, 'carrier callback failed');
    return reply
      .code(status)
      .type('text/plain')
      .send(error instanceof AppError ? error.message : 'Try again');
  });

  app.post<{ Body: Array<[string, string]>; Params: { what: string } }>(
    '/carrier/twilio/calls/:id/:what',
    { schema: { hide: true } },
    async (request, reply) => {
      const answer = await hearCarrier(runtime, { path: request.url, headers: request.headers, form: request.body ?? [] });
      if (!answer) return reply.code(204).send();
      return reply.type(answer.contentType).send(answer.body);
    },
  );
}
