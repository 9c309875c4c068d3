import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { LaunchError } from './launch-error.ts';
import { DATABASE, ensureCluster } from './postgres/cluster.ts';
import { type Holder, holderOf, removeLocks } from './postgres/pid-file.ts';
import { choosePlace, databaseUrl, type Place } from './postgres/place.ts';
import { readyPid, type ServerSettings, spawnServer, stopServer } from './postgres/server.ts';
import { isAlive, processesIn } from './process-info.ts';

export interface PostgresOptions {
  /** the cluster goes into a folder in it, named after its major version */
  dataDir: string;
  log: Logger;
  maxConnections?: number;
  /** false: faster, and a power cut may cost the data (tests) */
  durable?: boolean;
  /** the caller holds the data folder's lock: `stop` also ends a server that it did not start */
  owner?: boolean;
  /** how long a server that neither answers nor ends is waited for */
  patienceMs?: number;
}

export interface Postgres {
  /** for postgres.js, node-postgres and libpq alike */
  url: string;
  /** false: it ran already, and was only connected to */
  started: boolean;
  pid: number;
  alive(): Promise<boolean>;
  stop(): Promise<void>;
}

/**
 * The embedded PostgreSQL of a data folder: connects to the one that runs, or starts one, on a Unix socket that only we
 * and root can reach. Survives what kills leave behind: orphans are adopted, stale pid files overcome, data recovered from
 * the write-ahead log. Of several at once, one starts the server and the others connect.
 * @throws LaunchError when it can't be started, with the server's own words
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { log, maxConnections = 200, durable = true, owner = false, patienceMs = 10_000 } = options;
  const place = await choosePlace(options.dataDir, log);
  await ensureCluster(place, durable);
  const { pid, started } = await connectOrSpawn(place, { maxConnections, durable }, patienceMs, log);
  log.info(
    { serverPid: pid, folder: place.dataFolder },
    started ? 'embedded PostgreSQL started' : 'embedded PostgreSQL was running already',
  );
  return {
    url: databaseUrl(place.socketFolder, DATABASE),
    started,
    pid,
    alive: () => isAlive(pid),
    stop: async () => {
      if (started || owner) await stopServer(place, pid);
    },
  };
}

async function connectOrSpawn(place: Place, settings: ServerSettings, patienceMs: number, log: Logger) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const running = await readyPid(place);
    if (running !== undefined) return { pid: running, started: false };
    const holder = await holderOf(place);
    const late = Date.now() > deadline;
    if (holder === 'server') {
      if (late) throw new LaunchError(`The PostgreSQL of ${place.dataFolder} runs but does not accept connections: see ${place.logFile}`);
      // it is starting, recovering or stopping
      await pause(50);
      continue;
    }
    if (holder === 'stranger' || (holder === 'zombie' && late)) await dropLocks(place, holder, log);
    const spawned = await spawnServer(place, settings);
    if (spawned.answer === 'ready') return { pid: spawned.pid, started: true };
    if (spawned.answer === 'failed') throw new LaunchError(`The embedded PostgreSQL did not start: ${spawned.said}`);
    if (late && holder !== 'zombie') throw new LaunchError(`Another process holds ${place.dataFolder}: see ${place.logFile}`);
    await pause(100);
  }
}

/**
 * Removes the locks of a dead server that PostgreSQL would believe wrongly. They are also its guard against a dead server's last
 * sessions writing on, so they go only when no process sits in the data folder any more.
 */
async function dropLocks(place: Place, holder: Holder, log: Logger): Promise<void> {
  const left = (await processesIn(place.dataFolder)) ?? [];
  // a zombie has no working directory: whoever is listed lives
  if (left.length > 0)
    throw new LaunchError(`Sessions of a dead PostgreSQL still use ${place.dataFolder} (pid ${left.join(', ')}): end them`);
  log.warn({ folder: place.dataFolder, holder }, 'removing stale locks of PostgreSQL');
  await removeLocks(place);
}
