import { parseConfig } from '../core/config.ts';
import { readEnvironment } from '../service/environment.ts';
import { openLog } from '../service/log.ts';
import { orExplain } from '../service/start-up.ts';
import { prepareDatabase } from './prepare.ts';

await orExplain(async () => {
  const config = parseConfig(await readEnvironment(process.cwd(), process.env));
  await prepareDatabase(config, openLog(config, 'migrate'));
});
