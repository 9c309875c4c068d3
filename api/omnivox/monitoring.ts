import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../core/errors.ts';
import { authenticate } from '../../service/sessions.ts';
import type { Api } from '../plugin/api.ts';
import type { App } from '../plugin/app.ts';
import { bearer, principalOf } from '../plugin/guard.ts';
import { assertRole, atLeast } from '../plugin/roles.ts';
import { Data, data, errors } from './dialect.ts';
import { type Figures, Figures as FiguresSchema, openFigures } from './figures.ts';

const tags = ['Monitoring'];
const security = [{ bearer: [] }];
const ROLE = 'admin';
const EVERY_MS = 2000;
const STREAMS = { user: 5, process: 200 };

/** Figures for administrators of an account: once, or as a stream. */
export function monitoringRoutes(scope: App, api: Api): void {
  const figuresOf = openFigures(scope, api);
  const places = openPlaces();
  const closing = new AbortController();
  // streams never end by themselves, and a server waits for its answers
  scope.addHook('preClose', async () => closing.abort());

  scope.get(
    '/api/v1/monitoring/metrics',
    {
      preValidation: atLeast(ROLE),
      schema: {
        tags,
        security,
        summary: 'System metrics',
        description: 'What the system does just now: performance, resources and error rates of this server, and the calls of your account.',
        response: { 200: Data(FiguresSchema, 'The figures'), ...errors(403) },
      },
    },
    async (request) => data(await figuresOf(principalOf(request).tenantId)),
  );

  scope.get(
    '/api/v1/monitoring/stream',
    {
      preValidation: atLeast(ROLE),
      config: { streams: true },
      schema: {
        tags,
        security,
        summary: 'Live metrics',
        description:
          `The same every ${EVERY_MS / 1000} seconds, as server-sent events: \`figures\`, and \`over\` when the token, the session or the role ends. ` +
          `${STREAMS.user} streams a user at most.`,
        response: { 200: { content: { 'text/event-stream': { schema: { type: 'string' } } }, description: 'Events' }, ...errors(403) },
      },
    },
    async (request, reply) => {
      const token = bearer(request)?.token ?? '';
      const { userId, tenantId } = principalOf(request);
      const leave = places.take(userId);
      const gone = new AbortController();
      const signal = AbortSignal.any([gone.signal, closing.signal]);
      const check = async () => assertRole(await authenticate(api.auth, token), ROLE);
      const events = Readable.from(
        eventsOf(() => figuresOf(tenantId), check, signal),
        { objectMode: false, highWaterMark: 1 },
      );
      reply.raw.once('close', () => {
        gone.abort();
        leave();
      });
      // a connection of its own, so that a server that stops has none left over
      reply.headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' });
      return reply.type('text/event-stream; charset=utf-8').send(events);
    },
  );
}

/**
 * Figures now and every two seconds, until the signal, or until `check` refuses, which the last event tells. Nothing is read
 * ahead of a client that is slow.
 */
export async function* eventsOf(
  read: () => Promise<Figures>,
  check: () => Promise<void>,
  signal: AbortSignal,
  everyMs = EVERY_MS,
): AsyncGenerator<string> {
  while (!signal.aborted) {
    try {
      await check();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      yield eventOf('over', { code: error.code, message: error.message });
      return;
    }
    yield eventOf('figures', await read());
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function eventOf(name: string, value: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** Counts open streams. */
function openPlaces() {
  const taken = new Map<number, number>();
  let all = 0;
  return {
    /** Answers how to leave again. @throws AppError `rate_limited` */
    take(userId: number): () => void {
      const own = taken.get(userId) ?? 0;
      if (own >= STREAMS.user || all >= STREAMS.process)
        throw new AppError('rate_limited', 'Too many live streams', { retryAfterSeconds: 5 });
      taken.set(userId, own + 1);
      all++;
      return () => {
        all--;
        const left = (taken.get(userId) ?? 1) - 1;
        if (left > 0) taken.set(userId, left);
        else taken.delete(userId);
      };
    },
  };
}
