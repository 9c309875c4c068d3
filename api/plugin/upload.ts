import type { Readable } from 'node:stream';
import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { rowCounter } from '../../core/csv/count.ts';
import { type AppError, badField, fieldError } from '../../core/errors.ts';
import type { ReceivedCsv } from '../../service/import-file.ts';
import type { Runtime } from '../../service/runtime.ts';
import { openUpload, removeUpload, storeUpload } from '../../service/storage.ts';
import type { App } from './app.ts';
import { asCsvText } from './csv-text.ts';
import { claimForm } from './idempotency.ts';

type Tools = Pick<Runtime, 'config'>;

/** A form with one file: the stored file, and its other fields as texts. */
export interface FileForm<F> {
  file: F;
  fields: Readonly<Record<string, string>>;
}

/** A form with one CSV file. */
export type CsvForm = FileForm<ReceivedCsv>;

const MAX_FIELDS = 20;
const MAX_FIELD_BYTES = 1000;
const MAX_NAME_LENGTH = 255;

/** Lets a scope receive `multipart/form-data`. */
export async function acceptForms(scope: App): Promise<void> {
  await scope.register(multipart);
}

/**
 * Streams the one CSV file of a form to the store, counting its rows on the way.
 * @throws AppError as `receiveFile`
 */
export function receiveCsv(request: FastifyRequest, tools: Tools, tenantId: number): Promise<CsvForm> {
  return receiveFile(request, tools, (part) => storeCsv(part, tools, tenantId));
}

/**
 * Streams the one file of a form (field `file`) to where `store` keeps it, as `receiveForm`.
 * @throws AppError unsupported_media_type, payload_too_large, validation: all name `file`
 */
export function receiveFile<F extends { storageKey: string }>(
  request: FastifyRequest,
  { config }: Tools,
  store: (part: MultipartFile) => Promise<F>,
): Promise<FileForm<F>> {
  const discard = ({ storageKey }: F) => removeUpload(config, storageKey);
  const read = ({ storageKey }: F) => openUpload(config, storageKey);
  return receiveForm(request, { name: 'file', maxBytes: config.UPLOAD_MAX_BYTES, store, discard, read });
}

/** What a form's file is called, how large it may be, where it goes, what undoes that, and what reads it there. */
export interface FormFile<F> {
  name: string;
  maxBytes: number;
  store: (part: MultipartFile) => Promise<F>;
  discard: (file: F) => Promise<void>;
  read: (file: F) => Readable;
}

/**
 * Streams the one file of a form to where `store` keeps it, at its pace; other fields may come before it or after. Whatever
 * goes wrong, also a connection that is cut, no file is left.
 * @throws AppError unsupported_media_type, payload_too_large, validation: all name the file's field
 */
export async function receiveForm<F>(request: FastifyRequest, wanted: FormFile<F>): Promise<FileForm<F>> {
  const { name } = wanted;
  let file: F | undefined;
  try {
    refuseEarly(request, wanted);
    const fields: Record<string, string> = Object.create(null) as Record<string, string>;
    const limits = { fileSize: Infinity, files: 2, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') {
        fields[part.fieldname] = String(part.value);
      } else if (part.fieldname !== name) {
        throw badField(name, `is the name of the field that is needed, not ${part.fieldname.slice(0, 40)}`, 'file');
      } else if (file) {
        throw badField(name, 'must be given once', 'file');
      } else {
        file = await wanted.store(part);
      }
    }
    if (!file) throw badField(name, 'is required', 'file');
    const stored = file;
    await claimForm(request, fields, () => wanted.read(stored));
    return { file, fields };
  } catch (error) {
    if (file) await wanted.discard(file);
    throw asFormError(error, name);
  }
}

function refuseEarly(request: FastifyRequest, { name, maxBytes }: Pick<FormFile<unknown>, 'name' | 'maxBytes'>): void {
  if (!request.isMultipart()) {
    throw fieldError('unsupported_media_type', name, 'must come as multipart/form-data', 'file');
  }
  const slack = MAX_FIELDS * (MAX_FIELD_BYTES + 1000);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + slack) throw tooLarge(maxBytes, name);
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
export function cleanName(name: string | undefined): string {
  const plain =
    (name ?? '')
      .replace(/[\p{Cc}\p{Surrogate}]/gu, '')
      .split(/[/\\]/)
      .at(-1)
      ?.trim() ?? '';
  return plain.slice(0, MAX_NAME_LENGTH) || 'import.csv';
}

export function tooLarge(maxBytes: number, name = 'file'): AppError {
  return fieldError('payload_too_large', name, `must have at most ${maxBytes} bytes`, 'file');
}

/** The form parser throws plain errors for broken forms; errors with a code are its limits, the disk's, or our own. */
function asFormError(error: unknown, name: string): unknown {
  const broken = error instanceof Error && error.constructor === Error && !('code' in error);
  return broken ? badField(name, `could not be read from the form: ${error.message}`, 'file') : error;
}
