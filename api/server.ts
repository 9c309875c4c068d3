import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { Config } from '../core/config.ts';
import type { Runtime } from '../service/runtime.ts';
import { openAuth } from '../service/sessions.ts';
import { productVersion } from '../service/version.ts';
import { exotelCallbacks } from './carrier/exotel.ts';
import { millisCallbacks } from './carrier/millis.ts';
import { twilioCallbacks } from './carrier/twilio.ts';
import type { Api } from './plugin/api.ts';
import type { App } from './plugin/app.ts';
import { boardGuard } from './plugin/board-guard.ts';
import { openCors } from './plugin/cors.ts';
import { answerError, speak } from './plugin/dialect.ts';
import { docsIndex } from './plugin/docs.ts';
import { decoratePrincipal } from './plugin/guard.ts';
import { healthRoutes } from './plugin/health.ts';
import { decorateKeyed } from './plugin/idempotency.ts';
import { acceptJson } from './plugin/json.ts';
import { openLimits } from './plugin/limits.ts';
import { observe } from './plugin/metrics.ts';
import { queueBoard } from './plugin/queue-board.ts';
import { readRemainder } from './plugin/remainder.ts';
import { writeAnswers } from './plugin/serializer.ts';
import { cutLater, followStragglers } from './plugin/stragglers.ts';
import { claimantBy, SURFACE_NAMES, type SurfaceName, surfaceConstraint, type TellClaimant } from './plugin/surface.ts';
import { traceRequests } from './plugin/tracing.ts';
import { mountSurface, mountUnknownPaths, nearestSurface, SURFACES } from './surfaces.ts';

const SECOND = 1000;
const MEBIBYTE = 1024 * 1024;
const COMPRESS_FROM_BYTES = 1024;

/** For answers that are data. Pages (docs, queue board) set their own policy. */
const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-site',
};

/**
 * The whole HTTP application on a runtime, ready to listen or to be injected into. Closing it closes what it opened;
 * the runtime stays the caller's. Requests that arrive whole within `arrivalMs` of that are answered, all others cut off.
 */
export async function buildServer(
  runtime: Runtime,
  surfaceOfPort: ReadonlyMap<number, SurfaceName> = new Map(),
  { arrivalMs }: { arrivalMs?: number } = {},
): Promise<App> {
  const claimantOf = claimantBy(surfaceOfPort);
  const app = newApp(runtime, claimantOf);
  traceRequests(app, runtime);
  acceptJson(app);
  decoratePrincipal(app);
  decorateKeyed(app);
  letGo(app, arrivalMs);
  // behind `letGo`, which would close the connection at once
  app.addHook('onSend', (request, reply, _payload, done) => {
    readRemainder(request, reply);
    done();
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFE_HEADERS).header('x-request-id', request.id);
  });
  const answerPreflights = openCors(app, runtime.config);
  await app.register(cookie);
  await app.register(compress, { threshold: COMPRESS_FROM_BYTES });

  const auth = await openAuth(runtime);
  app.addHook('onClose', () => auth.close());
  const limits = await openLimits(app, runtime.config);
  const api: Api = { runtime, auth, limits, version: productVersion() };

  speak(app, SURFACES.calling.dialect);
  observe(app, runtime);
  healthRoutes(app, runtime);
  await app.register(async (scope: App) => twilioCallbacks(scope, runtime));
  await app.register(async (scope: App) => exotelCallbacks(scope, runtime));
  await app.register(async (scope: App) => millisCallbacks(scope, runtime));
  queueBoard(app, { queues: runtime.producer.queuesForBoard(), guard: boardGuard(api) });
  docsIndex(
    app,
    SURFACE_NAMES.map((name) => ({ ...SURFACES[name], name })),
  );
  for (const name of SURFACE_NAMES) await mountSurface(app, api, name);
  answerPreflights();
  await mountUnknownPaths(app, api, claimantOf);
  await app.ready();
  return app;
}

/**
 * While it closes, an answer takes its connection with it: a kept one would hold the end up until it rests, and so would one whose
 * request never arrives whole.
 */
function letGo(app: App, arrivalMs: number | undefined): void {
  let closing = false;
  const cut = followStragglers(app.server);
  app.addHook('preClose', (done) => {
    closing = true;
    cutLater(app.server, cut, arrivalMs);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}

function newApp(runtime: Runtime, claimantOf: TellClaimant): App {
  const { config } = runtime;
  const logger: FastifyBaseLogger = runtime.log;
  return fastify({
    loggerInstance: logger,
    // one line a request is written when it is answered
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    bodyLimit: MEBIBYTE,
    trustProxy: trustedProxies(config),
    // uploads may take their time, headers may not
    requestTimeout: 300 * SECOND,
    keepAliveTimeout: 65 * SECOND,
    http: { headersTimeout: 15 * SECOND },
    forceCloseConnections: 'idle',
    schemaController: { compilersFactory: { buildSerializer: writeAnswers } },
    routerOptions: { constraints: surfaceConstraint(claimantOf), maxParamLength: 200, ignoreTrailingSlash: true },
    // before a route is known: who answers follows from the path and for whom the request is
    frameworkErrors: (error, request, reply) => {
      const name = nearestSurface(request.url.split('?', 1)[0] ?? '', claimantOf(request.raw));
      // such answers pass no hooks
      readRemainder(request, reply);
      answerError(SURFACES[name].dialect, error, request, reply);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
}

/** Only listed proxies are believed what address they forward; a hop count or `true` could be forged. */
function trustedProxies(config: Pick<Config, 'TRUST_PROXY'>): string[] | false {
  return config.TRUST_PROXY.length > 0 ? [...config.TRUST_PROXY] : false;
}

const REQUEST_ID = /^[\w.:-]{1,100}$/;

/** The caller's own id when it is harmless in a header and a log, else a new one. */
function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
