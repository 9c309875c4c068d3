import type { FastifyRequest } from 'fastify';
import type { App } from './app.ts';

type Server = App['server'];
type IncomingMessage = FastifyRequest['raw'];
type Socket = IncomingMessage['socket'];

/**
 * Follows the connections of a server from now on. What it answers cuts off, when called, all of them whose request has not arrived
 * whole; those whose request is being answered stay.
 */
export function followStragglers(server: Server): () => void {
  const sockets = new Set<Socket>();
  const asked = new Map<Socket, IncomingMessage>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    asked.set(socket, request);
    response.once('close', () => {
      if (asked.get(socket) === request) asked.delete(socket);
    });
  });
  return () => {
    for (const socket of sockets) if (!asked.get(socket)?.complete) socket.destroy();
  };
}

/** So long what is on its way may take to arrive when a server closes: half of what it may take to drain. */
export const ARRIVAL_MS = 5000;

/** Cuts off, after `arrivalMs`, who holds a closing server up. */
export function cutLater(server: Server, cut: () => void, arrivalMs = ARRIVAL_MS): void {
  const timer = setTimeout(cut, arrivalMs).unref();
  server.once('close', () => clearTimeout(timer));
}
