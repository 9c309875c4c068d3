/** A database and a Redis of a benchmark's own, gone when it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { openDb } from '../db/client.ts';
import { startPostgres } from '../launch/postgres.ts';
import { migrateAll } from '../service/migrate.ts';

const log = pino({ level: 'warn' });

/** Runs `work` on a new, migrated database: on the server that DATABASE_URL names, else on an embedded one that syncs to disk. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env.DATABASE_URL;
  return given ? onServer(given, work) : withEmbedded((url) => onServer(url, work));
}

async function onServer<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `bench_${process.pid}_${Date.now()}`;
  const server = openDb(serverUrl, { max: 1, name: 'bench' });
  await server.sql.unsafe(`create database ${name}`);
  try {
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    // a million rows may take longer than any statement of ours
    url.searchParams.set('statement_timeout', '0');
    await migrateAll(url.href, log);
    return await work(url.href);
  } finally {
    await server.sql.unsafe(`drop database ${name} with (force)`);
    await server.close();
  }
}

async function withEmbedded<T>(work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-postgres-'));
  try {
    // a server that root starts runs as another user, who must get into the folder
    await chmod(dataDir, 0o755);
    const server = await startPostgres({ dataDir, log });
    try {
      return await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Runs `work` on the Redis of REDIS_URL, else on a `redis-server` of its own; undefined when there is none on this machine. */
export async function withRedis<T>(work: (url: string) => Promise<T>): Promise<T | undefined> {
  const given = process.env.REDIS_URL;
  if (given) return work(given);
  const dir = await mkdtemp(join(tmpdir(), 'bench-redis-'));
  try {
    const port = await freePort();
    // hz 100: an idle Redis notices an expired blocking read ten times sooner (performance §b)
    const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', hz: 100, dir, 'maxmemory-policy': 'noeviction' };
    const server = spawn(
      'redis-server',
      Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
      { stdio: 'ignore' },
    );
    if (!(await hasStarted(server))) return undefined;
    try {
      return await work(`redis://127.0.0.1:${port}`);
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function hasStarted(server: ChildProcess): Promise<boolean> {
  const failed = new Promise<false>((resolve) => server.once('error', () => resolve(false)));
  // clients wait for the port; this only learns whether the program exists
  return Promise.race([failed, once(server, 'spawn').then(() => pause(100, true))]);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server without a port');
  return address.port;
}
