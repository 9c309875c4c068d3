import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Directory } from '../carrier/directory.ts';
import { openCarrier, openDirectory } from '../carrier/index.ts';
import type { Carrier } from '../carrier/port.ts';
import type { Config } from '../core/config.ts';
import { type Db, openDb } from '../db/client.ts';
import { openQueueBackend, type QueueBackend } from '../queue/connection.ts';
import { openProducer, type Producer } from '../queue/producer.ts';
import { type Metrics, openMetrics } from './metrics.ts';
import { type Tracing, UNTRACED } from './tracing.ts';

/** What every verb gets: opened once per process, closed in reverse order. */
export interface Runtime {
  readonly config: Config;
  readonly log: Logger;
  /** names this process in heartbeats and logs */
  readonly processId: string;
  readonly db: Db;
  readonly queues: QueueBackend;
  readonly producer: Producer;
  readonly carrier: Carrier;
  /** the administrator's side of a phone company, where one is configured */
  readonly directory: Directory | undefined;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Registers what is to be closed before everything that was opened earlier. */
  onClose(closer: () => Promise<void>): void;
  close(): Promise<void>;
}

/**
 * Opens database, queues and carrier for one process. `close` undoes it, last opened first, and then lets `tracing` send what
 * it still holds; the first error wins.
 */
export function openRuntime(config: Config, log: Logger, role: string, tracing: Tracing = UNTRACED): Runtime {
  const closers: Array<() => Promise<void>> = [];
  const onClose = (closer: () => Promise<void>) => void closers.push(closer);

  onClose(() => tracing.close());
  const db = openDb(config.DATABASE_URL, { max: config.DATABASE_POOL, name: `dialfleet ${role}` });
  onClose(db.close);
  const queues = openQueueBackend(config, tracing.queues);
  onClose(() => queues.close());
  const producer = openProducer(queues, log);
  onClose(() => producer.close());
  const carrier = openCarrier(config);
  const directory = openDirectory(config);
  const metrics = openMetrics();

  return {
    config,
    log,
    processId: randomUUID(),
    db,
    queues,
    producer,
    carrier,
    directory,
    metrics,
    tracing,
    onClose,
    close: () => closeAll(closers),
  };
}

async function closeAll(closers: Array<() => Promise<void>>): Promise<void> {
  const errors: unknown[] = [];
  for (let closer = closers.pop(); closer; closer = closers.pop()) {
    try {
      await closer();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
