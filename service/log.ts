import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from 'pino';
import type { Config } from '../core/config.ts';
import { maskPhones } from '../core/phone.ts';

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

/** How every process of ours logs. */
export function logOptions(level: string, name: string): LoggerOptions {
  return { level, name, redact: { paths: REDACTED, censor: '[redacted]' }, serializers: { err: serializeError } };
}

/** The log of one process: JSON lines on standard output, or where `destination` says. */
export function openLog(config: Pick<Config, 'LOG_LEVEL'>, name: string, destination?: DestinationStream): Logger {
  const options = logOptions(config.LOG_LEVEL, name);
  return destination ? pino(options, destination) : pino(options);
}

/** An error in all its words (message, stack, the database's detail), without the numbers in them. */
function serializeError(error: unknown): unknown {
  return masked(error instanceof Error ? stdSerializers.err(error) : error, DEPTH);
}

/** An error, the errors it gathers, their fields: what libraries hang deeper may lead anywhere. */
const DEPTH = 4;

function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskPhones(value);
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => masked(item, depth - 1));
  const isReadable = Object.getPrototypeOf(value) === Object.prototype || Object.hasOwn(value, 'stack');
  return isReadable ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner, depth - 1)])) : value;
}
