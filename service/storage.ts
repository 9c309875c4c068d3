import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../core/config.ts';

type Place = Pick<Config, 'DATA_DIR'>;

export interface StoredFile {
  /** names the file inside `DATA_DIR/uploads`; made here, never from what a client sent */
  key: string;
  sizeBytes: number;
}

const KEY = /^[1-9][0-9]*\/[0-9a-f-]{36}$/;

/** Streams to a new file of the tenant. When the stream or `through` fails, no file is left. */
export async function storeUpload(
  place: Place,
  tenantId: number,
  source: Readable,
  through: (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>,
): Promise<StoredFile> {
  const key = `${tenantId}/${randomUUID()}`;
  const path = pathOf(place, key);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // open before anything can fail: a file that appears after its removal would stay
  const file = (await open(path, 'wx', 0o600)).createWriteStream();
  try {
    await pipeline(source, through, file);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { key, sizeBytes: file.bytesWritten };
}

/** Where a file lies, for a process that opens it itself. */
export function uploadPath(place: Place, key: string): string {
  return pathOf(place, key);
}

export function openUpload(place: Place, key: string): Readable {
  return createReadStream(pathOf(place, key));
}

/** The first `bytes` of a file, or all of it. */
export async function readHead(place: Place, key: string, bytes: number): Promise<Buffer> {
  const file = await open(pathOf(place, key));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** No error when it is gone already. */
export async function removeUpload(place: Place, key: string): Promise<void> {
  await rm(pathOf(place, key), { force: true });
}

/** The keys of files that were last written before a time. None when nothing was ever uploaded here. */
export async function listUploads(place: Place, before: Date): Promise<string[]> {
  const folder = join(place.DATA_DIR, 'uploads');
  const paths = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const old: string[] = [];
  for (const key of paths.filter((path) => KEY.test(path))) {
    if ((await stat(join(folder, key))).mtime < before) old.push(key);
  }
  return old;
}

function pathOf({ DATA_DIR }: Place, key: string): string {
  if (!KEY.test(key)) throw new Error(`No storage key: ${key}`);
  return join(DATA_DIR, 'uploads', key);
}
