import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface ByteRange {
  /** counted from 0 */
  first: number;
  /** included */
  last: number;
}

/** A file as it is sent. It never changes under its `tag`. */
export interface SentFile {
  sizeBytes: number;
  mimeType: string;
  /** what a browser would save it as; of plain characters */
  fileName: string;
  tag: string;
  read(range?: ByteRange): Readable;
}

/**
 * Which bytes a `Range` header asks for: a single range, `whole` for none, for several, and for what is no range of bytes, `none` when
 * the file has no such bytes (RFC 9110 §14.1.2, which lets a server ignore what it does not want to serve).
 */
export function rangeOf(header: string | undefined, sizeBytes: number): ByteRange | 'whole' | 'none' {
  const [, from = '', to = ''] = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? '') ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const suffix = Number(to);
    return suffix === 0 || sizeBytes === 0 ? 'none' : { first: Math.max(0, sizeBytes - suffix), last: sizeBytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return 'whole';
  return first >= sizeBytes ? 'none' : { first, last };
}

/**
 * Sends a private file to be played or saved, or the part that was asked for: 200, 206, or 416 with no body. HEAD gets the headers
 * of the same answer without a byte of the file being read.
 */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: SentFile): FastifyReply {
  reply.headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': `inline; filename="${file.fileName}"`,
    etag: `"${file.tag}"`,
  });
  const range = isStale(request, file) ? 'whole' : rangeOf(request.headers.range, file.sizeBytes);
  if (range === 'none') return reply.code(416).header('content-range', `bytes */${file.sizeBytes}`).send();
  const part = range === 'whole' ? undefined : range;
  if (part) reply.code(206).header('content-range', `bytes ${part.first}-${part.last}/${file.sizeBytes}`);
  reply.type(file.mimeType).header('content-length', part ? part.last - part.first + 1 : file.sizeBytes);
  return reply.send(request.method === 'HEAD' ? Readable.from([]) : file.read(part));
}

/** The parts that the client has are of another file than this one (RFC 9110 §13.1.5). */
function isStale({ headers }: FastifyRequest, { tag }: SentFile): boolean {
  const { 'if-range': condition } = headers;
  return condition !== undefined && condition !== `"${tag}"`;
}
