import type { FastifyRequest } from 'fastify';
import type { App } from './app.ts';

type Server = App['server'];
type IncomingMessage = FastifyRequest['raw'];
type Socket = IncomingMessage['socket'];

/**
 * Follows the connections of a server from now on. What it answers cuts off, when called, all of them that have no whole request waiting
 * for its answer.
 */
export function followStragglers(server: Server): () => void {
  const unanswered = new Map<Socket, Set<IncomingMessage>>();
  server.on('connection', (socket: Socket) => {
    unanswered.set(socket, new Set());
    // an answer that stands behind another is told nothing when its connection ends
    socket.once('close', () => unanswered.delete(socket));
  });
  server.on('request', (request, response) => {
    const requests = unanswered.get(request.socket);
    requests?.add(request);
    response.once('close', () => requests?.delete(request));
  });
  return () => {
    for (const [socket, requests] of unanswered) if (![...requests].some(({ complete }) => complete)) socket.destroy();
  };
}

/** So long what is on its way may take to arrive when a server closes: half of what it may take to drain. */
export const ARRIVAL_MS = 5000;

/** Cuts off, after `arrivalMs`, who holds a closing server up. */
export function cutLater(server: Server, cut: () => void, arrivalMs = ARRIVAL_MS): void {
  const timer = setTimeout(cut, arrivalMs).unref();
  server.once('close', () => clearTimeout(timer));
}
