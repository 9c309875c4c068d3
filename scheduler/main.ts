import closeWithGrace from 'close-with-grace';
import { startExporter } from '../service/exporter.ts';
import { armFailpoints } from '../service/failpoint.ts';
import { startHeartbeat } from '../service/health.ts';
import { openLog } from '../service/log.ts';
import { openRuntime } from '../service/runtime.ts';
import { startUp } from '../service/start-up.ts';
import { openTracing } from '../service/tracing.ts';
import { startScheduler } from './scheduler.ts';

const GRACE_MS = 8000;

const config = await startUp(process.env);
armFailpoints(config.FAILPOINTS);
const log = openLog(config, 'scheduler');
const runtime = openRuntime(config, log, 'scheduler', await openTracing(config, log, 'scheduler'));
await startExporter(runtime, config.SCHEDULER_METRICS_PORT);
await startHeartbeat(runtime, 'scheduler');
const scheduler = await startScheduler(runtime);
log.info({ queues: runtime.queues.kind }, 'scheduler is ready');

closeWithGrace({ delay: GRACE_MS + 2000, logger: log }, async ({ err }) => {
  if (err) log.fatal({ err }, 'scheduler stops after an error');
  await scheduler.close({ graceMs: GRACE_MS });
  await runtime.close();
});
