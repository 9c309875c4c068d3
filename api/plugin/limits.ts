import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import type { Config } from '../../core/config.ts';
import { AppError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import type { App } from './app.ts';

export interface Allowance {
  max: number;
  windowMs: number;
}

/** Counts a request, writes the documented headers, and throws AppError `rate_limited` when it is one too many. */
export type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

export interface Limits {
  /** One bucket per user, or per address for whom we don't know, with less for these when `stranger` says so. */
  perUser(name: string, allowance: Allowance, stranger?: Allowance): Limit;
  perAddress(name: string, allowance: Allowance): Limit;
}

const BUCKETS = 50_000;
const REDIS_PATIENCE_MS = 500;

/**
 * Opens the counters: in Redis when it is configured, so that all servers count together, else in memory. Without its
 * Redis a server lets requests pass rather than refuse them all.
 */
export async function openLimits(
  app: App,
  config: Pick<Config, 'REDIS_URL' | 'QUEUE_PREFIX' | 'RATE_LIMIT_FACTOR' | 'RATE_LIMIT_WHITELIST'>,
): Promise<Limits> {
  const redis = config.REDIS_URL
    ? new Redis(config.REDIS_URL, {
        enableOfflineQueue: false,
        enableAutoPipelining: true,
        maxRetriesPerRequest: 1,
        connectTimeout: 2000,
        commandTimeout: REDIS_PATIENCE_MS,
      })
    : undefined;
  let lastError = '';
  redis?.on('error', (error: Error) => {
    // it repeats itself at every attempt to connect
    if (error.message !== lastError) app.log.warn({ err: error }, 'rate limits are not counted while Redis is away');
    lastError = error.message;
  });
  app.addHook('onClose', async () => redis?.disconnect());
  await app.register(rateLimit, { global: false, cache: BUCKETS, redis, nameSpace: `${config.QUEUE_PREFIX}:limit:`, skipOnError: true });

  const whitelist = new Set(config.RATE_LIMIT_WHITELIST);
  const open = (name: string, keyOf: (request: FastifyRequest) => string, known: Allowance, stranger: Allowance): Limit => {
    const count = app.createRateLimit({
      max: (request) => scaled((isKnown(request) ? known : stranger).max, config.RATE_LIMIT_FACTOR),
      timeWindow: known.windowMs,
      keyGenerator: (request) => `${name}:${keyOf(request)}`,
      allowList: (request) => whitelist.has(plainAddress(request.ip)),
    });
    return async (request, reply) => {
      const counted = await count(request);
      if (counted.isAllowed) return;
      reply
        .header('x-ratelimit-limit', counted.max)
        .header('x-ratelimit-remaining', counted.remaining)
        .header('x-ratelimit-reset', Math.ceil((Date.now() + counted.ttl) / 1000));
      if (counted.isExceeded) {
        throw new AppError('rate_limited', 'Too many requests, please try again later', {
          retryAfterSeconds: Math.max(1, counted.ttlInSeconds),
        });
      }
    };
  };

  return {
    perUser: (name, allowance, stranger = allowance) => open(name, userOrAddress, allowance, stranger),
    perAddress: (name, allowance) => open(name, (request) => plainAddress(request.ip), allowance, allowance),
  };
}

/** `::ffff:127.0.0.1`, as a dual-stack socket says it, is 127.0.0.1. Who has hung up has no address any more, whatever the types say. */
function plainAddress(ip: string | undefined): string {
  return ip?.startsWith('::ffff:') ? ip.slice(7) : (ip ?? 'gone');
}

function isKnown(request: FastifyRequest): boolean {
  return request.getDecorator<Principal | null>('principal') !== null;
}

function userOrAddress(request: FastifyRequest): string {
  const who = request.getDecorator<Principal | null>('principal');
  return who ? `user:${who.userId}` : plainAddress(request.ip);
}

function scaled(max: number, factor: number): number {
  return Math.max(1, Math.floor(max * factor));
}

export const MINUTE_MS = 60_000;
export const QUARTER_HOUR_MS = 15 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;
