import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './launch-error.ts';
import { describeProcess, isAlive } from './process-info.ts';

export interface LockHolder {
  pid: number;
  startedAt: string;
  /** what the holder wants others to know, e.g. its address */
  note: string;
}

export interface Lock {
  /** Changes what others read. */
  setNote(note: string): Promise<void>;
  release(): Promise<void>;
}

export type LockAnswer = { taken: true; lock: Lock; afterCrash: boolean } | { taken: false; holder: LockHolder };

/**
 * Takes a lock that is a file, for the life of this process. A file whose process is dead, or whose pid was given to
 * another, is taken over.
 */
export async function takeLock(path: string): Promise<LockAnswer> {
  const startedAt = (await describeProcess(process.pid))?.startedAt ?? '';
  const draft = `${path}.${randomUUID()}`;
  const write = (note: string) =>
    writeFile(draft, JSON.stringify({ pid: process.pid, startedAt, note } satisfies LockHolder), { mode: 0o644 });
  let afterCrash = false;
  await write('');
  try {
    for (;;) {
      if (await linkNew(draft, path)) break;
      const holder = await readHolder(path);
      if (holder && (await isAlive(holder.pid, holder.startedAt))) return { taken: false, holder };
      afterCrash = true;
      if (holder) await dropStale(path, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return {
    taken: true,
    afterCrash,
    lock: {
      setNote: async (note) => {
        await write(note);
        await rename(draft, path);
      },
      release: () => rm(path, { force: true }),
    },
  };
}

/** Runs `work` while holding the lock, waiting for its turn. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await takeLock(path);
    if (answer.taken) {
      try {
        return await work();
      } finally {
        await answer.lock.release();
      }
    }
    await pause(20);
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockHolder;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Another process may have taken the dead one's lock over since we read it: then what we moved away goes back. */
async function dropStale(path: string, dead: LockHolder): Promise<void> {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved && (moved.pid !== dead.pid || moved.startedAt !== dead.startedAt)) await linkNew(aside, path);
  await rm(aside, { force: true });
}

/** A hard link appears with its content or not at all. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
