/** A PostgreSQL and a Redis of a fault run's own, which it may kill and start again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, open } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import postgres from 'postgres';
import { startPostgres } from '../../launch/postgres.ts';
import { migrateAll } from '../../service/migrate.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../free-port.ts';

const log = pino({ level: 'warn' });

export interface PostgresServer {
  /** of the Unix socket, for a proxy */
  socketPath: string;
  /** Makes a migrated, empty database; its URL goes past every proxy. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  count(database: string, table: 'calls'): Promise<number>;
  /** `SIGQUIT` is an immediate shutdown, `SIGKILL` a crash of the server's first process: both leave recovery to the next start. */
  crash(signal: 'SIGQUIT' | 'SIGKILL', downMs: number): Promise<void>;
  /** Ends that many sessions of a database; answers how many there were to end. */
  terminateSessions(name: string, count: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * On the file system, without fsync: what a killed server has written the operating system still has, so a crash tests the
 * same recovery; only a power cut would tell the difference.
 */
export async function openPostgres(folder: string): Promise<PostgresServer> {
  await mkdir(folder, { recursive: true });
  // a server that root starts runs as another user, who must get into the folder
  await chmod(folder, 0o755);
  const start = () => startPostgres({ dataDir: folder, log, durable: false, patienceMs: 30_000 });
  let server = await start();
  const { url } = server;
  await migrateAll(url, log);
  const onDatabase = (name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const asAdmin = async <T>(work: (sql: postgres.Sql) => Promise<T>, database = 'postgres'): Promise<T> => {
    const sql = postgres(onDatabase(database), { max: 1, onnotice: () => undefined });
    try {
      return await work(sql);
    } finally {
      await sql.end({ timeout: 2 });
    }
  };
  return {
    socketPath: join(decodeURIComponent(new URL(url).hostname).replace(/,$/, ''), '.s.PGSQL.5432'),
    async createDatabase(name) {
      await asAdmin((sql) => sql.unsafe(`create database ${name} template dialfleet`));
      return onDatabase(name);
    },
    async dropDatabase(name) {
      await asAdmin((sql) => sql.unsafe(`drop database if exists ${name} with (force)`));
    },
    count: (database, table) =>
      asAdmin(async (sql) => {
        const [found] = await sql<Array<{ count: number }>>`select count(*)::int from ${sql(table)}`;
        return found?.count ?? 0;
      }, database),
    async crash(signal, downMs) {
      process.kill(server.pid, signal);
      await eventually(async () => !(await server.alive()), 20_000);
      await pause(downMs);
      server = await start();
    },
    terminateSessions: (name, count) =>
      asAdmin(async (sql) => {
        const ended = await sql`
          select pg_terminate_backend(pid) from (
            select pid from pg_stat_activity where datname = ${name} and backend_type = 'client backend' order by random() limit ${count}
          ) as chosen`;
        return ended.length;
      }),
    close: () => server.stop(),
  };
}

export interface RedisServer {
  port: number;
  /** `SIGKILL`; what its variant keeps is there again afterwards */
  crash(downMs: number): Promise<void>;
  /** Sends one command past every proxy. */
  command(words: string): Promise<string>;
  close(): Promise<void>;
}

/** `keeps`: an append-only file, synced every second, as production has it; else a crash loses everything. */
export async function openRedis(folder: string, keeps: boolean): Promise<RedisServer> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const output = await open(join(folder, 'redis.log'), 'a');
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    hz: 100,
    save: '',
    appendonly: keeps ? 'yes' : 'no',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const command = (words: string) => ask(port, words);
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('redis-server', args, { stdio: ['ignore', output.fd, output.fd] });
    child.once('error', () => undefined);
    await eventually(
      () =>
        command('PING').then(
          (answer) => answer.startsWith('+PONG'),
          () => false,
        ),
      20_000,
    );
    return child;
  };
  let server = await start();
  const end = async () => {
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    port,
    command,
    async crash(downMs) {
      await end();
      await pause(downMs);
      server = await start();
    },
    async close() {
      await end();
      await output.close();
    },
  };
}

/** One inline command (https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands), its first answer as it is sent. */
async function ask(port: number, words: string): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1', timeout: 5000 });
  try {
    socket.write(`${words}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  } finally {
    socket.destroy();
  }
}
