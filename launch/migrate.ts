import { parseConfig } from '../core/config.ts';
import { readEnvironment } from '../service/environment.ts';
import { openLog } from '../service/log.ts';
import { prepareDatabase } from './prepare.ts';

const config = parseConfig(await readEnvironment(process.cwd(), process.env));
await prepareDatabase(config, openLog(config, 'migrate'));
