import type { FastifyReply, FastifyRequest } from 'fastify';

/** How much of a body is still read when its answer is given already. */
export interface Patience {
  /** so long may nothing come */
  silenceMs: number;
  bytes: number;
}

const PATIENCE: Patience = { silenceMs: 10_000, bytes: 512 * 1024 * 1024 };

/**
 * Reads what is still on its way of a request that is about to be answered, and throws it away: most clients read no answer before they
 * have sent all, and a connection that is closed with bytes unread is reset, which loses the answer too. Who has not come to an end within
 * `patience`, or the server's `requestTimeout`, is cut off.
 */
export function readRemainder({ raw: request }: FastifyRequest, reply: FastifyReply, patience = PATIENCE): void {
  // one that is injected has no connection, and says nothing here
  if (request.complete !== false) return;
  const answer = reply.raw;
  const isLast = !answer.shouldKeepAlive;
  // a connection that is to close does so with its answer: here it waits for the end of the request, and one that is kept need not close
  reply.header('connection', 'keep-alive');
  request.unpipe();
  request.resume();
  answer.once('finish', () => awaitEnd(request, patience, isLast));
}

function awaitEnd(request: FastifyRequest['raw'], { silenceMs, bytes }: Patience, isLast: boolean): void {
  const { socket } = request;
  const end = () => {
    if (isLast) socket.destroySoon();
  };
  if (request.complete) return end();
  let left = bytes;
  const cut = () => socket.destroy();
  const silence = setTimeout(cut, silenceMs).unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) cut();
    else silence.refresh();
  });
  request.once('end', () => {
    clearTimeout(silence);
    end();
  });
}
