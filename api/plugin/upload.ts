import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rowCounter } from '../../core/csv/count.ts';
import { type AppError, badField, fieldError } from '../../core/errors.ts';
import type { ReceivedCsv } from '../../service/imports.ts';
import type { Runtime } from '../../service/runtime.ts';
import { removeUpload, storeUpload } from '../../service/storage.ts';
import type { App } from './app.ts';
import { asCsvText } from './csv-text.ts';

type Tools = Pick<Runtime, 'config'>;

/** A form with one CSV file: the stored file, and its other fields as texts. */
export interface CsvForm {
  file: ReceivedCsv;
  fields: Readonly<Record<string, string>>;
}

const MAX_FIELDS = 20;
const MAX_FIELD_BYTES = 1000;
const MAX_NAME_LENGTH = 255;

/** Lets a scope receive `multipart/form-data`. */
export async function acceptForms(scope: App): Promise<void> {
  await scope.register(multipart);
}

/**
 * Streams the one file of a form (field `file`) to the store, at the pace of the disk, counting its rows on the way; other
 * fields may come before it or after. Whatever goes wrong, also a connection that is cut, no file is left.
 * @throws AppError unsupported_media_type, payload_too_large, validation: all name `file`
 */
export async function receiveCsv(request: FastifyRequest, reply: FastifyReply, tools: Tools, tenantId: number): Promise<CsvForm> {
  let file: ReceivedCsv | undefined;
  try {
    refuseEarly(request, tools.config.UPLOAD_MAX_BYTES);
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    const limits = { fileSize: Infinity, files: 2, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') {
        fields[part.fieldname] = String(part.value);
      } else if (part.fieldname !== 'file') {
        throw badField('file', `is the name of the field that is needed, not ${part.fieldname.slice(0, 40)}`, 'file');
      } else if (file) {
        throw badField('file', 'must be given once', 'file');
      } else {
        file = await storeCsv(part, tools, tenantId);
      }
    }
    if (!file) throw badField('file', 'is required', 'file');
    return { file, fields };
  } catch (error) {
    if (file) await removeUpload(tools.config, file.storageKey);
    // what is still on its way will not be read
    if (!request.raw.complete) reply.header('connection', 'close');
    throw asFormError(error);
  }
}

function refuseEarly(request: FastifyRequest, maxBytes: number): void {
  if (!request.isMultipart()) {
    throw fieldError('unsupported_media_type', 'file', 'must come as multipart/form-data', 'file');
  }
  const slack = MAX_FIELDS * (MAX_FIELD_BYTES + 1000);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + slack) throw tooLarge(maxBytes);
}

async function storeCsv(part: MultipartFile, { config }: Tools, tenantId: number): Promise<ReceivedCsv> {
  const counter = rowCounter();
  const stored = await storeUpload(config, tenantId, part.file, (chunks) =>
    asCsvText(chunks, {
      onBytes: (bytes) => {
        if (bytes > config.UPLOAD_MAX_BYTES) throw tooLarge(config.UPLOAD_MAX_BYTES);
      },
      onText: (text) => counter.write(text),
    }),
  );
  return { fileName: cleanName(part.filename), storageKey: stored.key, sizeBytes: stored.sizeBytes, records: counter.end() };
}

/** The client's name for the file, for people to read: it never becomes a path. */
function cleanName(name: string | undefined): string {
  const plain =
    (name ?? '')
      .replace(/[\p{Cc}\p{Surrogate}]/gu, '')
      .split(/[/\\]/)
      .at(-1)
      ?.trim() ?? '';
  return plain.slice(0, MAX_NAME_LENGTH) || 'import.csv';
}

function tooLarge(maxBytes: number): AppError {
  return fieldError('payload_too_large', 'file', `must have at most ${maxBytes} bytes`, 'file');
}

/** The form parser throws plain errors for broken forms; errors with a code are its limits, the disk's, or our own. */
function asFormError(error: unknown): unknown {
  const broken = error instanceof Error && error.constructor === Error && !('code' in error);
  return broken ? badField('file', `could not be read from the form: ${error.message}`, 'file') : error;
}
