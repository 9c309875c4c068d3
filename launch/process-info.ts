import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './launch-error.ts';

export interface ProcessInfo {
  pid: number;
  /** dead, but nobody has collected its exit status yet */
  zombie: boolean;
  /** differs between two processes that were given the same pid one after the other */
  startedAt: string;
  /** its arguments; one string where the system does not keep them apart */
  command: readonly string[];
}

/** What runs under a pid, or undefined when nothing does. Linux reads /proc, other systems ask `ps`. */
export function describeProcess(pid: number): Promise<ProcessInfo | undefined> {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** True while the process that `startedAt` describes lives; false for a successor with the same pid. */
export async function isAlive(pid: number, startedAt?: string): Promise<boolean> {
  const found = await describeProcess(pid);
  return found !== undefined && !found.zombie && (startedAt === undefined || found.startedAt === startedAt);
}

/**
 * The pids whose working directory is `folder`; every PostgreSQL process sits in its data folder. Undefined where the
 * system does not tell.
 */
export async function processesIn(folder: string): Promise<number[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const places = await Promise.all(pids.map(async (pid) => ({ pid: Number(pid), cwd: await quietly(readlink(`/proc/${pid}/cwd`)) })));
  return places.filter(({ cwd }) => cwd === folder).map(({ pid }) => pid);
}

async function fromProc(pid: number): Promise<ProcessInfo | undefined> {
  const [stat, command] = await Promise.all([
    quietly(readFile(`/proc/${pid}/stat`, 'utf8')),
    quietly(readFile(`/proc/${pid}/cmdline`, 'utf8')),
  ]);
  if (stat === undefined) return undefined;
  // the name in brackets may hold spaces and brackets itself: fields count from the last one (proc_pid_stat(5))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    startedAt: fields[19] ?? '',
    command: (command ?? '').split('\0').filter(Boolean),
  };
}

async function fromPs(pid: number): Promise<ProcessInfo | undefined> {
  const ask = (column: string) => quietly(promisify(execFile)('ps', ['-o', `${column}=`, '-p', String(pid)]));
  const [state, started, command] = await Promise.all([ask('state'), ask('lstart'), ask('command')]);
  if (state === undefined) return undefined;
  return {
    pid,
    zombie: state.stdout.trim().startsWith('Z'),
    startedAt: started?.stdout.trim() ?? '',
    command: [command?.stdout.trim() ?? ''],
  };
}

/** A process may end while it is looked at, or belong to somebody else: both read as "nothing there". */
async function quietly<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 1 || ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
