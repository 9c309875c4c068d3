import { type Logger, pino } from 'pino';
import type { Config } from '../../core/config.ts';

const SECRETS = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'passwordHash',
  'token',
  'refreshToken',
  'access',
  'refresh',
  'x-csrf-token',
];
const NUMBERS = ['phone', 'phoneNumber', 'toPhone', 'to', 'from', 'toNumber', 'fromNumber'];

/** Paths of what never reaches a log, at the top and one level down. Bodies and headers are not logged at all. */
const REDACTED = [...SECRETS, ...NUMBERS].flatMap((name) => [`["${name}"]`, `*["${name}"]`]);

/** The api's log: JSON lines on standard output. */
export function openLog(config: Pick<Config, 'LOG_LEVEL'>): Logger {
  return pino({ level: config.LOG_LEVEL, name: 'api', redact: { paths: REDACTED, censor: '[redacted]' } });
}
