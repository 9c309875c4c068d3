import { spawn } from 'node:child_process';
import { open, readFile, stat } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describeProcess, isAlive } from '../process-info.ts';
import { SERVER_ENV } from './cluster.ts';
import { judgeHolder, readPidFile } from './pid-file.ts';
import type { Place } from './place.ts';

export interface ServerSettings {
  maxConnections: number;
  /** false: faster, and a power cut may cost the data (tests) */
  durable: boolean;
}

/** How a spawned server came off. `refused`: another process holds the data folder. */
export type Spawned = { answer: 'ready'; pid: number } | { answer: 'refused' } | { answer: 'failed'; said: string };

const LOG_LIMIT_BYTES = 10_000_000;

/**
 * Starts a server and waits until it accepts connections. It is the leader of its own process group: Ctrl-C at a terminal
 * reaches us alone, and we stop the server after those who use it. It outlives us if we are killed.
 */
export async function spawnServer(place: Place, settings: ServerSettings): Promise<Spawned> {
  const log = await openLog(place.logFile);
  const logStart = (await log.stat()).size;
  const args = ['-D', place.dataFolder, ...serverFlags(place, settings)];
  const child = spawn(join(place.bin, 'postgres'), args, {
    ...place.user,
    cwd: '/',
    env: SERVER_ENV,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`exit ${code ?? signal}`));
  });
  try {
    for (;;) {
      const exit = await Promise.race([ended, pause(10)]);
      if (exit !== undefined) {
        const said = (await readFile(place.logFile)).subarray(logStart).toString();
        return /lock file ".*" already exists|is still in use/.test(said)
          ? { answer: 'refused' }
          : { answer: 'failed', said: `${exit}\n${said.trim()}` };
      }
      if (child.pid !== undefined && (await readyPid(place)) === child.pid) return { answer: 'ready', pid: child.pid };
    }
  } finally {
    child.unref();
    await log.close();
  }
}

/** The pid of the server of this data folder, once it accepts connections. */
export async function readyPid(place: Place): Promise<number | undefined> {
  const file = await readPidFile(place.dataFolder);
  if (file?.status !== 'ready' || !file.socketFolder) return undefined;
  if (judgeHolder(await describeProcess(file.pid), place.dataFolder) !== 'server') return undefined;
  return (await accepts(join(file.socketFolder, '.s.PGSQL.5432'))) ? file.pid : undefined;
}

/** Ends the server with PostgreSQL's fast shutdown: open transactions are rolled back. Harder, when that takes too long. */
export async function stopServer(place: Place, pid: number, patienceMs = 10_000): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (judgeHolder(await describeProcess(pid), place.dataFolder) !== 'server') return;
    process.kill(pid, signal);
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (!(await isAlive(pid))) return;
      await pause(10);
    }
  }
}

function serverFlags(place: Place, settings: ServerSettings): string[] {
  const flags: Record<string, string | number> = {
    listen_addresses: '',
    port: 5432,
    unix_socket_directories: place.socketFolder,
    unix_socket_permissions: '0700',
    max_connections: settings.maxConnections,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // a process that hangs inside a transaction must not hold its locks for ever
    idle_in_transaction_session_timeout: '60s',
    ...(settings.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function openLog(path: string) {
  const log = await open(path, 'a', 0o600);
  if ((await stat(path)).size > LOG_LIMIT_BYTES) await log.truncate();
  return log;
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
