import closeWithGrace from 'close-with-grace';
import { armFailpoints } from '../service/failpoint.ts';
import { startHeartbeat } from '../service/health.ts';
import { openLog } from '../service/log.ts';
import { openRuntime } from '../service/runtime.ts';
import { startUp } from '../service/start-up.ts';
import { openTracing } from '../service/tracing.ts';
import { furtherPorts, surfaceOfPort } from './ports.ts';
import { buildServer } from './server.ts';

const DRAIN_MS = 10_000;

const config = await startUp(process.env);
armFailpoints(config.FAILPOINTS);
const log = openLog(config, 'api');
const runtime = openRuntime(config, log, 'api', await openTracing(config, log, 'api'));
const app = await buildServer(runtime, surfaceOfPort(config));
const ports = furtherPorts(app, config);

closeWithGrace({ delay: DRAIN_MS, logger: log }, async ({ err, signal }) => {
  if (err) log.fatal({ err }, 'api stops because of an error');
  else log.info({ signal }, 'api drains');
  // the application ends the streams that these wait for
  await Promise.all([ports.close(), app.close()]);
  await runtime.close();
});

await startHeartbeat(runtime, 'api');
await app.listen({ host: config.HOST, port: config.PORT });
await ports.open();
