import { Readable } from 'node:stream';
import { type TSchema, Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';

/** Response schema of a CSV, for readers; `header` is its first line. */
export const CsvAnswer = (description: string, header: string, headers?: Record<string, TSchema>) => ({
  description,
  ...(headers && { headers }),
  content: { 'text/csv': { schema: Type.String({ examples: [header] }) } },
});

/**
 * Answers with a CSV as it is read: one batch of lines in memory, the next one asked for when the client took this one, none
 * any more once it went away. The first batch is read before the status is sent, so that a fault there is an answer; one that
 * comes later cuts the connection, and the client sees that the file is not whole.
 */
export async function sendCsv(
  reply: FastifyReply,
  file: { name: string; header: string; batches: AsyncGenerator<string> },
): Promise<FastifyReply> {
  const first = await file.batches.next();
  const text = async function* () {
    try {
      yield file.header;
      if (first.done) return;
      yield first.value;
      yield* file.batches;
    } finally {
      // a stream that is given up before it was begun never entered `yield*`
      await file.batches.return(undefined);
    }
  };
  return headCsv(reply, file.name).send(Readable.from(text(), { objectMode: false, highWaterMark: BUFFER_BYTES }));
}

/** What is said of a CSV before its first line; all that HEAD asks for. */
export function headCsv(reply: FastifyReply, name: string): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'private, no-store');
}

const BUFFER_BYTES = 64 * 1024;
