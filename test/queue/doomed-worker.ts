import { pino } from 'pino';
import { openQueueBackend, type QueueConfig } from '../../queue/connection.ts';
import { runConsumers } from '../../queue/consumer.ts';

/** A worker process that takes one `calls` job, says so on its standard output, and never finishes it. */
const config: QueueConfig = JSON.parse(process.argv[2] ?? '');
const neverDone = () => new Promise<void>(() => process.stdout.write('taken\n'));
await runConsumers(openQueueBackend(config), { calls: neverDone }, { log: pino({ level: 'silent' }) });
