import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long a request without an answer is kept open: longer than any client waits. */
const STALL_MS = 60_000;

/** Closes the connection instead of answering. */
export function drop(request: FastifyRequest, reply: FastifyReply) {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

/** Never answers. */
export function stall(request: FastifyRequest, reply: FastifyReply) {
  reply.hijack();
  const { socket } = request.raw;
  const timer = setTimeout(() => socket.destroy(), STALL_MS);
  socket.once('close', () => clearTimeout(timer));
  return reply;
}
