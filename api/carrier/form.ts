import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.ts';

/** Lets a scope read forms, both kinds, as objects of texts; of a field that is repeated the last counts, and files are left out. */
export function acceptCarrierForms(app: FastifyInstance, maxBytes: number): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: maxBytes }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit: maxBytes }, (request: FastifyRequest, body: Buffer) =>
    readMultipart(request, body),
  );
}

async function readMultipart(request: FastifyRequest, body: Buffer): Promise<Record<string, string>> {
  const form = new Response(new Uint8Array(body), { headers: { 'content-type': request.headers['content-type'] ?? '' } });
  const fields = await form.formData().catch(() => {
    throw new AppError('validation', 'The form cannot be read');
  });
  return Object.fromEntries([...fields].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}
