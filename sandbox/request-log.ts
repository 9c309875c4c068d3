import type { FastifyInstance } from 'fastify';

/** One request to the company; `status` is null while, or because, it got no answer. */
export interface RequestLogEntry {
  method: string;
  path: string;
  /** the number it is about, where it names one */
  to: string | null;
  at: string;
  status: number | null;
}

const KEPT = 100_000;

/** Writes down every request of `app` from now on; the answer reads back the last 100,000. */
export function logRequests(app: FastifyInstance): { entries(): RequestLogEntry[]; clear(): void } {
  let entries: RequestLogEntry[] = [];
  const open = new WeakMap<object, RequestLogEntry>();
  app.addHook('onRequest', async (request) => {
    const entry = { method: request.method, path: request.url, to: null, at: new Date().toISOString(), status: null };
    open.set(request, entry);
    entries.push(entry);
    if (entries.length > KEPT * 1.1) entries = entries.slice(-KEPT);
  });
  app.addHook('preHandler', async (request) => {
    const entry = open.get(request);
    const fields = { ...(request.query as Record<string, unknown>), ...(request.body as Record<string, unknown> | undefined) };
    const to = fields['To'] ?? fields['to_phone'];
    if (entry && typeof to === 'string') entry.to = to;
  });
  app.addHook('onResponse', async (request, reply) => {
    const entry = open.get(request);
    if (entry) entry.status = reply.statusCode;
  });
  return {
    entries: () => entries.slice(-KEPT),
    clear: () => {
      entries = [];
    },
  };
}
