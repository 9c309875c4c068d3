import type { FastifyRequest } from 'fastify';
import type { Config } from '../../core/config.ts';
import type { App } from '../plugin/app.ts';

const STACK_LINES = 20;

/**
 * Adds `debug` to the errors of whoever sends `X-Debug: true`: what was thrown, where, and the request's id in the log. In
 * development alone: stacks tell strangers how a system is built.
 */
export function debugged(scope: App, { NODE_ENV }: Pick<Config, 'NODE_ENV'>): void {
  if (NODE_ENV !== 'development') return;
  const thrown = new WeakMap<FastifyRequest, Error>();
  scope.addHook('onError', async (request, _reply, error) => {
    if (request.headers['x-debug'] === 'true') thrown.set(request, error);
  });
  scope.addHook('preSerialization', async (request, reply, payload) => {
    const error = thrown.get(request);
    if (!error) return payload;
    const { name, message, stack = '' } = error;
    const debug = {
      requestId: request.id,
      name,
      message,
      stack: stack
        .split('\n')
        .slice(1, STACK_LINES)
        .map((line) => line.trim()),
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    };
    return { ...(payload as object), debug };
  });
}
