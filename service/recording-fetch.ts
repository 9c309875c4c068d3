import type { Callback } from '../carrier/port.ts';
import {
  expireRecordings,
  insertRecorded,
  knownKeys,
  markFetched,
  markNotFetched,
  type PendingRecording,
  takePending,
} from '../db/query/recordings.ts';
import { noteChange } from './changes.ts';
import { listAudio, RefusedAudio, removeAudio, storeAudio } from './recording-store.ts';
import { fileNameOf } from './recordings.ts';
import type { Runtime } from './runtime.ts';

const AT_ONCE = 8;
/** Longer than a carrier may take over one. */
const LEASE_SECONDS = 120;
/** A pass begins nothing new after this. */
const PASS_MS = 4000;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60 * 60_000;
/** Some seven hours in all. */
const MOST_ATTEMPTS = 14;
const BATCH = 500;
/** A file without a row may belong to an upload that is under way. */
const ORPHAN_AFTER_MS = 60 * 60_000;

/** The carrier told of a recording; its audio is fetched by the scheduler. */
export async function noteRecorded({ db }: Runtime, told: Extract<Callback, { kind: 'recorded' }>, now = new Date()): Promise<void> {
  await insertRecorded(db.sql, { ...told, fileName: fileNameOf(told.callId, now, 'mp3') });
}

/** Fetches recordings whose time has come, some at once. Answers how many it tried. Any number may run at the same time. */
export async function fetchRecordings(runtime: Runtime): Promise<number> {
  const untilMs = performance.now() + PASS_MS;
  let tried = 0;
  for (;;) {
    const pending = await takePending(runtime.db.sql, AT_ONCE, LEASE_SECONDS);
    await Promise.all(pending.map((recording) => fetchOne(runtime, recording)));
    tried += pending.length;
    if (pending.length < AT_ONCE || performance.now() > untilMs) return tried;
  }
}

async function fetchOne(runtime: Runtime, recording: PendingRecording): Promise<void> {
  const { config, db, carrier, directory, log } = runtime;
  const { id, tenantId, callId } = recording;
  // calls may have been taken over from a company that we do not dial with
  const holder = recording.carrier !== carrier.name && recording.carrier === directory?.carrier ? directory : carrier;
  try {
    const audio = await holder.recording(recording.carrierRecordingId);
    if (!audio) throw new Error('The carrier does not have it');
    const { key, sizeBytes, type } = await storeAudio(config, tenantId, audio.bytes, config.RECORDING_MAX_BYTES);
    const fileName = fileNameOf(callId, recording.createdAt, type.extension);
    const kept = await markFetched(db.sql, id, { storageKey: key, fileName, mimeType: type.mimeType, sizeBytes });
    if (!kept) await removeAudio(config, key);
    await noteChange(runtime, tenantId, 'calls');
  } catch (error) {
    const isFinal = recording.attempts >= MOST_ATTEMPTS || (error instanceof RefusedAudio && error.why === 'too_large');
    log.warn({ err: error, recordingId: id, callId, attempt: recording.attempts, isFinal }, 'a recording could not be fetched');
    await markNotFetched(db.sql, recording, isFinal ? undefined : pauseMs(recording.attempts));
  }
}

/** 10 s, 20 s, 40 s … an hour. */
export function pauseMs(attempts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
}

/** Deletes recordings whose time is over. Answers how many. */
export async function deleteExpiredRecordings(runtime: Runtime): Promise<number> {
  const { db, config } = runtime;
  let deleted = 0;
  for (;;) {
    const rows = await expireRecordings(db.sql, config.RECORDING_RETENTION_DAYS, BATCH);
    for (const { storageKey } of rows) if (storageKey !== null) await removeAudio(config, storageKey);
    for (const tenantId of new Set(rows.map((row) => row.tenantId))) await noteChange(runtime, tenantId, 'calls');
    deleted += rows.length;
    if (rows.length < BATCH) return deleted;
  }
}

/** Removes files that no recording has: of a process that died between the file and its row, or between the row's end and the file's. */
export async function removeOrphanAudio({ db, config }: Runtime, now: Date): Promise<number> {
  const names = await listAudio(config, new Date(now.getTime() - ORPHAN_AFTER_MS));
  let removed = 0;
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    const known = await knownKeys(db.sql, batch);
    for (const name of batch.filter((one) => !known.has(one))) {
      await removeAudio(config, name);
      removed++;
    }
  }
  return removed;
}
