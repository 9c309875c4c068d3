import type { App } from '../plugin/app.ts';

/** Tells with every answer how long it took, in whole milliseconds: `X-Response-Time: 45ms`. */
export function timed(scope: App): void {
  scope.addHook('onSend', async (_request, reply) => {
    reply.header('x-response-time', `${Math.round(reply.elapsedTime)}ms`);
  });
}
