import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { Runtime } from '../../service/runtime.ts';
import { storeUpload } from '../../service/storage.ts';
import type { ReceivedTable } from '../../service/table-file.ts';
import { asCsvText, type TextWatcher } from './csv-text.ts';
import { cleanName, type FileForm, receiveFile, tooLarge } from './upload.ts';

type Tools = Pick<Runtime, 'config'>;

const ZIP = Buffer.from('PK\x03\x04', 'latin1');

/**
 * Streams the one table of a form to the store: a workbook as it is, anything else as CSV text. What it is its first bytes
 * tell, not its name.
 * @throws AppError as `receiveFile`
 */
export function receiveTable(request: FastifyRequest, tools: Tools, tenantId: number): Promise<FileForm<ReceivedTable>> {
  return receiveFile(request, tools, (part) => storeTable(part, tools, tenantId));
}

async function storeTable(part: MultipartFile, { config }: Tools, tenantId: number): Promise<ReceivedTable> {
  let kind: ReceivedTable['kind'] = 'csv';
  const watcher: TextWatcher = {
    onBytes: (bytes) => {
      if (bytes > config.UPLOAD_MAX_BYTES) throw tooLarge(config.UPLOAD_MAX_BYTES);
    },
    onText: () => undefined,
  };
  const stored = await storeUpload(config, tenantId, part.file, async function* (chunks) {
    const source = chunks[Symbol.asyncIterator]();
    const head = await readHead(source);
    if (head.subarray(0, ZIP.length).equals(ZIP)) kind = 'xlsx';
    yield* kind === 'xlsx' ? counted(joined(head, source), watcher) : asCsvText(joined(head, source), watcher);
  });
  return { kind, fileName: cleanName(part.filename), storageKey: stored.key, sizeBytes: stored.sizeBytes };
}

/** The first chunks, until they tell the kind of the file. */
async function readHead(source: AsyncIterator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < ZIP.length) {
    const next = await source.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* counted(chunks: AsyncIterable<Buffer>, { onBytes }: TextWatcher): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk;
  }
}
