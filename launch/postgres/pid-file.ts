import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../launch-error.ts';
import { describeProcess, type ProcessInfo } from '../process-info.ts';

/** What `postmaster.pid` says: a line each for pid, data folder, start, port, socket folder, address, memory, status. */
export interface PidFile {
  pid: number;
  socketFolder: string | undefined;
  /** `starting`, `ready`, `stopping`… */
  status: string;
}

export function readPidFile(dataFolder: string): Promise<PidFile | undefined> {
  return readLock(join(dataFolder, 'postmaster.pid'));
}

/** The two files by which a server keeps others out: of its data, and of its socket. Both name its pid. */
const lockFiles = (place: Locked) => [join(place.dataFolder, 'postmaster.pid'), join(place.socketFolder, '.s.PGSQL.5432.lock')];

interface Locked {
  dataFolder: string;
  socketFolder: string;
}

/** Who holds the locks of a place; undefined when nobody left any. */
export async function holderOf(place: Locked): Promise<Holder | undefined> {
  const locks = await Promise.all(lockFiles(place).map(readLock));
  const holders = await Promise.all(locks.map(async (lock) => lock && judgeHolder(await describeProcess(lock.pid), place.dataFolder)));
  return (['server', 'stranger', 'zombie', 'gone'] as const).find((holder) => holders.includes(holder));
}

export async function removeLocks(place: Locked): Promise<void> {
  await Promise.all(lockFiles(place).map((path) => rm(path, { force: true })));
}

async function readLock(path: string): Promise<PidFile | undefined> {
  try {
    return parsePidFile(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined while the file is still being written. */
export function parsePidFile(text: string): PidFile | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  // a server in single-user mode writes its pid with a minus
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  return { pid, socketFolder: lines[4] || undefined, status: lines[7] ?? '' };
}

export type Holder =
  /** the server of this data folder */
  | 'server'
  /** no process has the pid: PostgreSQL overwrites the file by itself */
  | 'gone'
  /** dead but not collected by its parent: PostgreSQL takes it for alive, for ever under a PID 1 that never collects */
  | 'zombie'
  /** the pid was given to an unrelated program, as happens when a container starts again */
  | 'stranger';

/** Who holds the pid that a pid file of `dataFolder` names. */
export function judgeHolder(found: ProcessInfo | undefined, dataFolder: string): Holder {
  if (!found) return 'gone';
  if (found.zombie) return 'zombie';
  // only /proc keeps the arguments apart
  const named = found.command.includes(dataFolder) || `${found.command.join(' ')} `.includes(` -D ${dataFolder} `);
  return named && /postgres/.test(found.command[0] ?? '') ? 'server' : 'stranger';
}
