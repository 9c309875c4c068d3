import {
  assertSchemaCompatibility,
  type BackendFactory,
  createRedisBackend,
  type IQueueBackend,
  PostgresConnection,
  PostgresQueueBackend,
  runMigrations,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Config } from '../core/config.ts';
import type { QueueTelemetry } from './telemetry.ts';

export type QueueConfig = Pick<Config, 'REDIS_URL' | 'DATABASE_URL' | 'QUEUE_PREFIX'>;

/** What a BullMQ object asks a backend for: producers share one fail-fast connection, each consumer owns a patient one. */
export type Role = 'producer' | 'consumer';

export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  /** key prefix in Redis; PostgreSQL has its own schema, `bullmq` */
  readonly prefix: string;
  readonly factory: BackendFactory<IQueueBackend, Role>;
  /** undefined: nothing is traced */
  readonly telemetry: QueueTelemetry | undefined;
  /** resolves when the producers' connection can take a command now; throws at once when it can't */
  reachable(): Promise<void>;
  /** one round trip to the store */
  ping(): Promise<void>;
  /** ends the producers' connection; close producers and consumers first */
  close(): Promise<void>;
}

type Store = Omit<QueueBackend, 'telemetry'>;

/**
 * The one place that knows where the queues live: Redis when REDIS_URL is set, else the database itself (DESIGN §1).
 * Connecting goes on in the background, so a store that is down at start is no error here.
 */
export function openQueueBackend(config: QueueConfig, telemetry?: QueueTelemetry): QueueBackend {
  const { REDIS_URL, DATABASE_URL, QUEUE_PREFIX } = config;
  return { ...(REDIS_URL ? openRedis(REDIS_URL, QUEUE_PREFIX) : openPostgres(DATABASE_URL, QUEUE_PREFIX)), telemetry };
}

/** Creates or updates BullMQ's tables in schema `bullmq`. Idempotent; an advisory lock lets any number of callers race. */
export async function migrateQueues(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}

function openRedis(url: string, prefix: string): Store {
  // An enqueue must fail while Redis is away, not wait in memory: the row is safe, and the repair tick enqueues again.
  const producer = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, connectTimeout: 2000, commandTimeout: 5000 });
  let lastError = new Error('never connected');
  producer.on('error', (error) => {
    lastError = error;
  });
  const reachable = async () => {
    if (producer.status === 'connecting' || producer.status === 'connect') await firstAnswer(producer);
    if (producer.status !== 'ready') throw new Error(`Redis is not reachable: ${lastError.message}`, { cause: lastError });
  };
  return {
    kind: 'redis',
    prefix,
    factory: (name, options, more) =>
      createRedisBackend(
        name,
        { ...options, connection: options.connection === 'producer' ? producer : { url, maxRetriesPerRequest: null } },
        more,
      ),
    reachable,
    async ping() {
      await reachable();
      await producer.ping();
    },
    async close() {
      producer.disconnect();
    },
  };
}

function firstAnswer(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      client.off('ready', settle).off('close', settle);
      resolve();
    };
    client.once('ready', settle).once('close', settle);
  });
}

function openPostgres(url: string, prefix: string): Store {
  // Safe to share because producers never LISTEN; a consumer that did would pin one of these clients for good.
  const producers = new pg.Pool({
    connectionString: url,
    options: '-c search_path=bullmq',
    max: 3,
    connectionTimeoutMillis: 5000,
    query_timeout: 10_000,
    keepAlive: true,
  });
  return {
    kind: 'postgres',
    prefix,
    factory: (name, options, more) => {
      const connection = new RecoveringConnection(
        options.connection === 'producer' ? producers : { connectionString: url, max: 2, connectionTimeoutMillis: 5000, keepAlive: true },
      );
      // The name is how Bull Board finds the workers of a queue.
      return new PostgresQueueBackend(connection, name, options, true, more?.withBlockingConnection ? name : undefined);
    },
    async reachable() {},
    async ping() {
      await producers.query('select 1');
    },
    close: () => producers.end(),
  };
}

/**
 * BullMQ remembers the outcome of its first connection for ever, a failure too: a process that started while PostgreSQL
 * restarted would never enqueue or work again. This one remembers success only.
 */
class RecoveringConnection extends PostgresConnection {
  #ready: Promise<void> | undefined;

  override waitUntilReady(): Promise<void> {
    this.#ready ??= assertSchemaCompatibility(this.pool, this.schema).then(
      () => undefined,
      (error: unknown) => {
        this.#ready = undefined;
        throw error;
      },
    );
    return this.#ready;
  }
}
