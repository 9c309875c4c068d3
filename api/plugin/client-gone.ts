import type { FastifyReply } from 'fastify';
import { AppError } from '../../core/errors.ts';

/**
 * Aborts when the client goes away before it was answered. The reason is a fault of the client's, so that nobody logs it as
 * ours. (Fastify's own `request.signal` also aborts when a body was read to its end.)
 */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort(new AppError('validation', 'The client went away before it was answered'));
  });
  return gone.signal;
}
