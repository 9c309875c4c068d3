import { randomBytes } from 'node:crypto';
import { createServer, connect, type AddressInfo, type NetConnectOpts, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import type { Test } from 'tap';
import type { Processors, QueueName } from '../../queue/catalog.ts';
import { migrateQueues, openQueueBackend, type QueueConfig } from '../../queue/connection.ts';
import { type Consumers, runConsumers } from '../../queue/consumer.ts';
import { openProducer, type Producer } from '../../queue/producer.ts';
import { createTestDatabase } from '../database.ts';

export const onRedis = Boolean(process.env.REDIS_URL);

/** One empty store of the chosen kind, gone after the test. */
export async function createStore(t: Test, { migrate = true } = {}): Promise<QueueConfig> {
  if (process.env.REDIS_URL) return createPrefix(t, process.env.REDIS_URL);
  const { url } = await createTestDatabase(t);
  if (migrate) await migrateQueues(url);
  return { REDIS_URL: '', DATABASE_URL: url, QUEUE_PREFIX: '{test}' };
}

function createPrefix(t: Test, url: string): QueueConfig {
  const prefix = `{test-${randomBytes(6).toString('hex')}}`;
  t.teardown(async () => {
    const redis = new Redis(url);
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(keys);
    redis.disconnect();
  });
  return { REDIS_URL: url, DATABASE_URL: '', QUEUE_PREFIX: prefix };
}

export interface Lines {
  all(): Record<string, unknown>[];
}

/** A logger whose lines a test can read. */
export function readableLog(): { log: pino.Logger } & Lines {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { log, all: () => lines };
}

/** A producer of its own connection, closed after the test. */
export function produce(t: Test, config: QueueConfig): Producer {
  const backend = openQueueBackend(config);
  const producer = openProducer(backend, readableLog().log);
  t.teardown(async () => {
    await producer.close();
    await backend.close();
  });
  return producer;
}

/** Consumers with a connection of their own, as in another process. */
export async function consume(
  t: Test,
  config: QueueConfig,
  processors: Processors,
  { log = readableLog().log, concurrency }: { log?: pino.Logger; concurrency?: Partial<Record<QueueName, number>> } = {},
): Promise<Consumers> {
  const backend = openQueueBackend(config);
  const consumers = await runConsumers(backend, processors, { log, concurrency });
  t.teardown(async () => {
    await consumers.close({ graceMs: 1000 });
    await backend.close();
  });
  return consumers;
}

/** Polls until `check` gives something truthy; its value. A throw counts as not yet. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = 10_000): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    let last: unknown;
    try {
      const value = await check();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > giveUpAt) throw new Error(`not within ${withinMs} ms`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface Deferred {
  promise: Promise<void>;
  resolve(): void;
}

export function deferred(): Deferred {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A switchable wire to the store: while it is down, connections are cut and refused. */
export async function createWire(
  t: Test,
  config: QueueConfig,
): Promise<{ config: QueueConfig; up(): Promise<void>; down(): Promise<void> }> {
  const url = new URL(config.REDIS_URL || config.DATABASE_URL);
  const target = targetOf(config);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => [near, far].forEach((end) => end.destroy()));
      socket.on('error', () => socket.destroy());
    }
  });
  let port = 0;
  const up = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const down = () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    return closed;
  };
  await up();
  port = (server.address() as AddressInfo).port;
  await down();
  t.teardown(() => (server.listening ? down() : undefined));
  url.search = '';
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return { up, down, config: config.REDIS_URL ? { ...config, REDIS_URL: url.href } : { ...config, DATABASE_URL: url.href } };
}

function targetOf(config: QueueConfig): NetConnectOpts {
  if (config.REDIS_URL) {
    const url = new URL(config.REDIS_URL);
    return { host: url.hostname, port: Number(url.port || 6379) };
  }
  const { host, port } = new pg.Client({ connectionString: config.DATABASE_URL });
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}
