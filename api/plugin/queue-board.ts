import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance, onRequestAsyncHookHandler } from 'fastify';
import { AppError } from '../../core/errors.ts';
import type { Producer } from '../../queue/producer.ts';

const PATH = '/queues';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Serves Bull Board under `/queues`. `guard` runs before its page, its API and its assets alike. Since a browser may
 * hold the guard's credential in a cookie, changes that another site asks for are refused (403).
 */
export function queueBoard(
  app: FastifyInstance,
  { queues, guard }: { queues: ReturnType<Producer['queuesForBoard']>; guard: onRequestAsyncHookHandler },
): void {
  app.register(async (board) => {
    board.addHook('onRequest', guard);
    board.addHook('onRequest', async (request) => {
      const site = request.headers['sec-fetch-site'];
      if (!SAFE.has(request.method) && (site === 'cross-site' || site === 'same-site'))
        throw new AppError('forbidden', 'This page may not change the queues');
    });
    const adapter = new FastifyAdapter();
    adapter.setBasePath(PATH);
    createBullBoard({
      queues: queues.map((queue) => new BullMQAdapter(queue)),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: 'Dialfleet' } },
    });
    // Its own handler would answer 500 to a guard that throws; the app knows how to say what.
    adapter.setErrorHandler((error) => {
      throw error;
    });
    board.register(adapter.registerPlugin(), { prefix: PATH });
  });
}
