import closeWithGrace from 'close-with-grace';
import { startExporter } from '../service/exporter.ts';
import { armFailpoints } from '../service/failpoint.ts';
import { startHeartbeat } from '../service/health.ts';
import { openLog } from '../service/log.ts';
import { openRuntime } from '../service/runtime.ts';
import { startUp } from '../service/start-up.ts';
import { openTracing } from '../service/tracing.ts';
import { startWorker } from './worker.ts';

const GRACE_MS = 8000;

const config = await startUp(process.env);
armFailpoints(config.FAILPOINTS);
const log = openLog(config, 'worker');
const runtime = openRuntime(config, log, 'worker', await openTracing(config, log, 'worker'));
await startExporter(runtime, config.WORKER_METRICS_PORT);
await startHeartbeat(runtime, 'worker');
const consumers = await startWorker(runtime);
log.info({ concurrency: config.WORKER_CONCURRENCY, queues: runtime.queues.kind }, 'worker is ready');

closeWithGrace({ delay: GRACE_MS + 2000, logger: log }, async ({ err }) => {
  if (err) log.fatal({ err }, 'worker stops after an error');
  await consumers.close({ graceMs: GRACE_MS });
  await runtime.close();
});
