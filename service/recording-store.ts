import { Readable } from 'node:stream';
import { AUDIO_HEAD_BYTES, type AudioType, audioTypeOf } from '../core/audio.ts';
import type { Config } from '../core/config.ts';
import { fileStore, type StoredFile } from './file-store.ts';

const files = fileStore('recordings');

export const readAudio = files.read;
export const audioSize = files.size;
export const removeAudio = files.remove;
export const listAudio = files.list;

export interface StoredAudio extends StoredFile {
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

/**
 * Streams audio to a new file of the tenant, told by its first bytes what it is. When anything fails, none is left.
 * @throws RefusedAudio
 */
export async function storeAudio(
  place: Pick<Config, 'DATA_DIR'>,
  tenantId: number,
  source: Readable | AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredAudio> {
  let type: AudioType | undefined;
  const stored = await files.store(place, tenantId, source instanceof Readable ? source : Readable.from(source), async function* (chunks) {
    yield* checked(chunks, maxBytes, (found) => (type = found));
    if (!type) throw notAudio();
  });
  if (!type) throw notAudio();
  return { ...stored, type };
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
