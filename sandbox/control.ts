import type { FastifyInstance } from 'fastify';
import { type Desk, type DeskName, DESKS, type Fault, FAULTS } from './admission.ts';
import type { RequestLogEntry } from './request-log.ts';
import type { RingLog } from './ring-log.ts';

const FAULT_BODY = {
  type: 'object',
  required: ['fault'],
  additionalProperties: false,
  properties: {
    fault: { type: 'string', enum: FAULTS },
    count: { type: 'integer', minimum: 1, maximum: 100_000, default: 1 },
    delayMs: { type: 'integer', minimum: 0, maximum: 600_000, default: 5000 },
    desk: { type: 'string', enum: DESKS, default: 'calls' },
  },
} as const;

/** What tests and curious people ask of the sandbox itself; not part of any protocol. */
export function controlRoutes(
  app: FastifyInstance,
  rings: RingLog,
  requests: { entries(): RequestLogEntry[]; clear(): void },
  desk: Desk,
): void {
  app.get('/_sandbox/calls', async () => rings.entries());
  app.delete('/_sandbox/calls', async (_request, reply) => {
    rings.clear();
    return reply.code(204).send();
  });
  app.get('/_sandbox/requests', async () => requests.entries());
  app.delete('/_sandbox/requests', async (_request, reply) => {
    requests.clear();
    return reply.code(204).send();
  });
  app.post('/_sandbox/faults', { schema: { body: FAULT_BODY } }, async (request, reply) => {
    const body = request.body as { fault: Fault; count: number; delayMs: number; desk: DeskName };
    desk.plan(body.fault, body.count, body.delayMs, body.desk);
    return reply.code(204).send();
  });
  app.get('/_sandbox/health', async () => ({ status: 'ok' }));
}
