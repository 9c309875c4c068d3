/** HTTP servers in processes of their own, and who calls them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '../db/client.ts';
import { insertSession } from '../db/query/sessions.ts';
import { openTokens } from '../service/tokens.ts';
import type { Tenant } from './seed.ts';
import { freePort } from './stores.ts';

export interface Server {
  url: string;
  stop(): Promise<void>;
}

export const SECRET = 'a-secret-for-benchmarks-of-at-least-32-bytes';
const TTL_SECONDS = 3600;
const PATIENCE_MS = 20_000;

/** The real api with everything on: sessions, limits (documented ones, multiplied), one log line a request at level info. */
export function startApi(env: Record<string, string>): Promise<Server> {
  return startServer(fileURLToPath(new URL('../api/main.ts', import.meta.url)), [], {
    JWT_SECRET: SECRET,
    LOG_LEVEL: 'info',
    RATE_LIMIT_FACTOR: '1000000',
    CARRIER: 'null',
    CARRIER_CALLS_PER_SECOND: '1000000',
    QUEUE_PREFIX: `{bench_${process.pid}}`,
    ...env,
  });
}

/** Starts a program that listens on PORT, and waits until it answers. Its standard output, the log, goes nowhere. */
export async function startServer(file: string, args: string[], env: Record<string, string>): Promise<Server> {
  const port = await freePort();
  const child = fork(file, args, {
    execArgv: process.execArgv,
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit', 'ipc'],
    env: { PATH: process.env.PATH, SURFACE_PORTS: 'none', ...env, PORT: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${file} does not answer (exit code ${child.exitCode})`);
    await pause(50);
  }
  return {
    url,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** An access token for each tenant's owner, of a session that is really open. */
export async function openSessions(sql: Sql, tenants: readonly Tenant[]): Promise<string[]> {
  const tokens = openTokens(SECRET);
  return Promise.all(
    tenants.map(async ({ tenantId, userId }) => {
      const refreshHash = `bench ${userId}`;
      const session = {
        tenantId,
        userId,
        passwordHash: undefined,
        ip: undefined,
        userAgent: 'bench',
        refreshHash,
        lifetimeSeconds: TTL_SECONDS,
      };
      const sessionId = await insertSession(sql, session);
      if (sessionId === undefined) throw new Error(`user ${userId} can't log in`);
      return tokens.signAccess({ sessionId, userId, tenantId }, TTL_SECONDS);
    }),
  );
}

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  requests: autocannon.Request[];
}

/** Requests answered with 2xx in a second. @throws when any was answered otherwise */
export async function requestRate({ url, connections, seconds, requests }: Load): Promise<number> {
  const result = await autocannon({ url, connections, duration: seconds, requests });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  return result['2xx'] / result.duration;
}
