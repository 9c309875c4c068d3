import pino from 'pino';
import { parseConfig } from '../core/config.ts';
import { prepareDatabase } from './prepare.ts';

const config = parseConfig(process.env);
await prepareDatabase(config, pino({ level: config.LOG_LEVEL, name: 'migrate' }));
