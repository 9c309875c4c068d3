import type { Readable } from 'node:stream';
import { AppError, fieldError } from '../core/errors.ts';
import { parseId } from '../core/id.ts';
import type { Principal } from '../core/principal.ts';
import {
  findRecording,
  insertUploaded,
  markDeleted,
  readRetentionDays,
  type Recording,
  writeRetentionDays,
} from '../db/query/recordings.ts';
import { readRecord, sightOf } from './call-records.ts';
import { noteChange } from './changes.ts';
import { audioSize, readAudio, RefusedAudio, removeAudio, storeAudio, type StoredAudio } from './recording-store.ts';
import type { Runtime } from './runtime.ts';

/** Receives audio that somebody uploads. @throws AppError payload_too_large, unsupported_media_type: both name `recording` */
export async function receiveAudio({ config }: Runtime, { tenantId }: Principal, source: Readable): Promise<StoredAudio> {
  try {
    return await storeAudio(config, tenantId, source, config.RECORDING_MAX_BYTES);
  } catch (error) {
    if (!(error instanceof RefusedAudio)) throw error;
    const code = error.why === 'too_large' ? 'payload_too_large' : 'unsupported_media_type';
    throw fieldError(code, 'recording', error.message, 'file');
  }
}

export interface NewRecording {
  id: number;
  callId: number;
  fileName: string;
  sizeBytes: number;
}

/** Makes received audio the recording of a call. Several may belong to one; the latest is shown with it. @throws AppError not_found */
export async function attachRecording(
  runtime: Runtime,
  who: Principal,
  callId: number,
  audio: StoredAudio,
  now = new Date(),
): Promise<NewRecording> {
  await readRecord(runtime, who, callId);
  const fileName = fileNameOf(callId, now, audio.type.extension);
  const { key: storageKey, sizeBytes } = audio;
  const { tenantId } = who;
  const id = await insertUploaded(runtime.db.sql, { tenantId, callId, storageKey, fileName, mimeType: audio.type.mimeType, sizeBytes });
  await noteChange(runtime, tenantId, 'calls');
  return { id, callId, fileName, sizeBytes };
}

/** Audio that belongs to no recording after all. */
export async function discardAudio({ config }: Runtime, audio: StoredAudio): Promise<void> {
  await removeAudio(config, audio.key);
}

export interface OpenRecording {
  recording: Recording;
  sizeBytes: number;
  read(range?: { first: number; last: number }): Readable;
}

/** One recording that somebody may hear: of any call of the tenant or, with the role agent, of their own. @throws AppError not_found */
export async function openRecording(runtime: Runtime, who: Principal, text: string): Promise<OpenRecording> {
  const { config } = runtime;
  const id = parseId('recording', text);
  const recording = id === undefined ? undefined : await findRecording(runtime.db.sql, who.tenantId, id);
  const sight = await sightOf(runtime, who);
  const isTheirs = sight === 'all' || (typeof sight === 'object' && sight.agentId === recording?.agentId);
  if (!recording || !isTheirs) throw noSuchRecording();
  const { storageKey, status } = recording;
  if (storageKey === null) {
    throw new AppError('not_found', status === 'pending' ? 'The recording is not here yet' : 'The recording could not be fetched');
  }
  const sizeBytes = await audioSize(config, storageKey);
  if (sizeBytes === undefined) {
    runtime.log.error({ recordingId: recording.id, storageKey }, 'the file of a recording is missing');
    throw noSuchRecording();
  }
  return { recording, sizeBytes, read: (range) => readAudio(config, storageKey, range) };
}

/** Removes the audio; that there was a recording stays known. @throws AppError not_found */
export async function deleteRecording(runtime: Runtime, { tenantId }: Principal, text: string): Promise<void> {
  const id = parseId('recording', text);
  const deleted = id === undefined ? undefined : await markDeleted(runtime.db.sql, tenantId, id);
  if (!deleted) throw noSuchRecording();
  if (deleted.storageKey !== null) await removeAudio(runtime.config, deleted.storageKey);
  await noteChange(runtime, tenantId, 'calls');
}

/** Days until a recording of the tenant is deleted; 0: never. `own` is null while the installation's default counts. */
export async function recordingSettings({ db, config }: Runtime, { tenantId }: Principal): Promise<{ own: number | null; days: number }> {
  const own = await readRetentionDays(db.sql, tenantId);
  return { own, days: own ?? config.RECORDING_RETENTION_DAYS };
}

/** What is older by then is deleted within the hour. null: the installation's default. */
export async function keepRecordings({ db }: Runtime, { tenantId }: Principal, days: number | null): Promise<void> {
  await writeRetentionDays(db.sql, tenantId, days);
}

/** `recording_1_20251113_093000.webm`, in UTC. */
export function fileNameOf(callId: number, at: Date, extension: string): string {
  const [date, time] = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `recording_${callId}_${date}_${time}.${extension}`;
}

function noSuchRecording(): AppError {
  return new AppError('not_found', 'Recording not found');
}
