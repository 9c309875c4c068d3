import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../core/config.ts';

type Place = Pick<Config, 'DATA_DIR'>;

export interface StoredFile {
  /** names the file inside its folder of `DATA_DIR`; made here, never from what somebody sent */
  key: string;
  sizeBytes: number;
}

const UNFINISHED = '.part';
const KEY = /^[1-9][0-9]*\/[0-9a-f-]{36}$/;
const NAME = /^[1-9][0-9]*\/[0-9a-f-]{36}(\.part)?$/;

/** The files of one folder of `DATA_DIR`, each of a tenant. */
export function fileStore(folder: 'uploads' | 'recordings' | 'documents') {
  const placeOf = ({ DATA_DIR }: Place, name: string, form = KEY) => {
    if (!form.test(name)) throw new Error(`No file's name: ${name}`);
    return join(DATA_DIR, folder, name);
  };

  return {
    /**
     * Streams to a new file. It has its name, and is on the disk, only when it is whole; when the stream or `through` fails, none is left.
     */
    async store(
      place: Place,
      tenantId: number,
      source: Readable,
      through: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Uint8Array>,
    ): Promise<StoredFile> {
      const key = `${tenantId}/${randomUUID()}`;
      const path = placeOf(place, key);
      const unfinished = `${path}${UNFINISHED}`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // open before anything can fail: a file that appears after its removal would stay
      const file = (await open(unfinished, 'wx', 0o600)).createWriteStream({ flush: true });
      try {
        await pipeline(source, through, file);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      return { key, sizeBytes: file.bytesWritten };
    },

    /** Where a file lies, for a process that opens it itself. */
    path: (place: Place, key: string): string => placeOf(place, key),

    /** The bytes of a file, the first and the last of `range` included; without it, all of them. */
    read(place: Place, key: string, range?: { first: number; last: number }): Readable {
      return createReadStream(placeOf(place, key), range && { start: range.first, end: range.last });
    },

    /** The first `bytes` of a file, or all of it. */
    async head(place: Place, key: string, bytes: number): Promise<Buffer> {
      const file = await open(placeOf(place, key));
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },

    /** Bytes of a file; undefined: it is gone. */
    async size(place: Place, key: string): Promise<number | undefined> {
      return (await unlessMissing(stat(placeOf(place, key))))?.size;
    },

    /** Names of all files that were last written before a time, whole (`key`) or not (`key.part`). */
    async list(place: Place, before: Date): Promise<string[]> {
      const names = (await unlessMissing(readdir(join(place.DATA_DIR, folder), { recursive: true }))) ?? [];
      const old: string[] = [];
      for (const name of names.filter((one) => NAME.test(one))) {
        const found = await unlessMissing(stat(placeOf(place, name, NAME)));
        if (found && found.mtime < before) old.push(name);
      }
      return old;
    },

    /** By its key, or by the name that `list` gave. No error when it is gone already. */
    async remove(place: Place, name: string): Promise<void> {
      await rm(placeOf(place, name, NAME), { force: true });
    },
  };
}

/** Undefined for what is not there, or not any more. */
async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
