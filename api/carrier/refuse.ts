import type { FastifyError, FastifyInstance } from 'fastify';
import { AppError, type ErrorCode } from '../../core/errors.ts';

const STATUS: Partial<Record<ErrorCode, number>> = { forbidden: 403, validation: 400 };

/** How errors are told to carriers: plainly, and as a 5xx whatever may be tried again. */
export function refuseInText(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) request.log.error({ err: error }, 'carrier callback failed');
    const isMeantForThem = error instanceof AppError || status < 500;
    return reply
      .code(status)
      .type('text/plain')
      .send(isMeantForThem ? error.message : 'Try again');
  });
}

/** Fastify's own faults of a client keep their status; everything else that is not ours may pass. */
function statusOf(error: FastifyError): number {
  if (error instanceof AppError) return STATUS[error.code] ?? 500;
  const { statusCode = 503 } = error;
  return statusCode >= 400 && statusCode < 500 ? statusCode : 503;
}
