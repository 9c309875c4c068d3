import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AUDIO_HEAD_BYTES, type AudioType, audioTypeOf } from '../core/audio.ts';
import type { Config } from '../core/config.ts';

type Place = Pick<Config, 'DATA_DIR'>;

export interface StoredAudio {
  /** names the file inside `DATA_DIR/recordings`; made here, never from what somebody sent */
  key: string;
  sizeBytes: number;
  type: AudioType;
}

/** Why audio is not kept. */
export class RefusedAudio extends Error {
  override name = 'RefusedAudio';
  readonly why: 'too_large' | 'no_audio';

  constructor(why: RefusedAudio['why'], message: string) {
    super(message);
    this.why = why;
  }
}

const KEY = /^[1-9][0-9]*\/[0-9a-f-]{36}$/;
const UNFINISHED = '.part';

/**
 * Streams audio to a new file of the tenant, told by its first bytes what it is. The file has its name only when it is whole; when
 * anything fails, none is left.
 * @throws RefusedAudio
 */
export async function storeAudio(
  place: Place,
  tenantId: number,
  source: Readable | AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredAudio> {
  const key = `${tenantId}/${randomUUID()}`;
  const path = pathOf(place, key);
  const unfinished = `${path}${UNFINISHED}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // open before anything can fail: a file that appears after its removal would stay
  const file = (await open(unfinished, 'wx', 0o600)).createWriteStream();
  let type: AudioType | undefined;
  try {
    await pipeline(source, (chunks: AsyncIterable<Uint8Array>) => checked(chunks, maxBytes, (found) => (type = found)), file);
    if (!type) throw notAudio();
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return { key, sizeBytes: file.bytesWritten, type };
}

/** Lets audio through up to a size, once its beginning has shown that it is audio. */
async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onType: (type: AudioType) => void,
): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new RefusedAudio('too_large', `must have at most ${maxBytes} bytes`);
    if (head && head.length < AUDIO_HEAD_BYTES) {
      head = Buffer.concat([head, chunk]);
      if (head.length < AUDIO_HEAD_BYTES) continue;
      onType(typeOf(head));
      yield head;
      head = undefined;
    } else {
      yield chunk;
    }
  }
  if (!head) return;
  onType(typeOf(head));
  yield head;
}

function typeOf(head: Buffer): AudioType {
  const type = audioTypeOf(head.subarray(0, AUDIO_HEAD_BYTES));
  if (!type) throw notAudio();
  return type;
}

function notAudio(): RefusedAudio {
  return new RefusedAudio('no_audio', 'must be a WebM, Ogg, WAV, MP3, M4A, AAC or FLAC file');
}

/** Bytes of a stored file, the first and the last included; without a range, all of them. */
export function readAudio(place: Place, key: string, range?: { first: number; last: number }): Readable {
  return createReadStream(pathOf(place, key), range && { start: range.first, end: range.last });
}

/** Size of a stored file; undefined: it is gone. */
export async function audioSize(place: Place, key: string): Promise<number | undefined> {
  const found = await stat(pathOf(place, key)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found?.size;
}

/** No error when it is gone already. */
export async function removeAudio(place: Place, key: string): Promise<void> {
  await rm(pathOf(place, key), { force: true });
}

/** Names of all files that were last written before a time, finished (`key`) or not (`key.part`). */
export async function listAudio(place: Place, before: Date): Promise<string[]> {
  const folder = join(place.DATA_DIR, 'recordings');
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const old: string[] = [];
  for (const name of names.filter((one) => KEY.test(one.replace(/\.part$/, '')))) {
    const { mtime } = await stat(join(folder, name));
    if (mtime < before) old.push(name);
  }
  return old;
}

/** Removes one of the names that `listAudio` gave. */
export async function removeListed(place: Place, name: string): Promise<void> {
  await rm(join(place.DATA_DIR, 'recordings', name), { force: true });
}

function pathOf({ DATA_DIR }: Place, key: string): string {
  if (!KEY.test(key)) throw new Error(`No storage key: ${key}`);
  return join(DATA_DIR, 'recordings', key);
}
