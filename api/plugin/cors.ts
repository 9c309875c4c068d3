import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Config } from '../../core/config.ts';
import type { App } from './app.ts';
import { CSRF_HEADER } from './cookies.ts';
import { KEY_HEADER, REPLAYED_HEADER } from './idempotency.ts';
import type { SurfaceName } from './surface.ts';

const ALLOWED_HEADERS = [
  ...['authorization', 'content-type', CSRF_HEADER, 'x-api-surface', 'x-request-id', 'x-debug', 'if-none-match', 'if-range', 'range'],
  KEY_HEADER,
].join(', ');
const EXPOSED_HEADERS = [
  ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after', 'x-request-id', 'x-response-time', 'x-cache'],
  ...['etag', 'content-disposition', 'content-range', 'accept-ranges', 'content-length', 'www-authenticate', 'x-next-cursor'],
  REPLAYED_HEADER,
].join(', ');
const PREFLIGHT_SECONDS = 600;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Contract: dashboard, "Methods: GET, POST, OPTIONS". */
const DASHBOARD_METHODS = ['GET', 'POST'];

/**
 * Lets pages of other origins read the surfaces' answers (https://fetch.spec.whatwg.org/#http-cors-protocol): those of the origins
 * that `CORS_ORIGINS` lists also with cookies, those of any other without, where it has `*`, and never what the dashboard answers.
 * Call it before the surfaces are mounted, and what it answers after: that lets each of their paths answer `OPTIONS`, to whom it may
 * concern, without a proof and uncounted.
 */
export function openCors(app: App, { CORS_ORIGINS }: Pick<Config, 'CORS_ORIGINS'>): () => void {
  const listed = new Set(CORS_ORIGINS.filter((origin) => origin !== '*'));
  const anybody = CORS_ORIGINS.includes('*');
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));

  app.addHook('onRequest', async (request, reply) => {
    const { surface } = request.routeOptions.config;
    if (surface === undefined && !request.is404) return;
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined) return;
    if (listed.has(origin)) reply.header('access-control-allow-origin', origin).header('access-control-allow-credentials', 'true');
    else if (anybody && surface !== 'dashboard') reply.header('access-control-allow-origin', '*');
    else return;
    reply.header('access-control-expose-headers', EXPOSED_HEADERS);
  });

  return () => {
    for (const { url, methods, surfaces } of pathsOf(routes)) {
      const surface = surfaces.find((name) => name !== 'dashboard') ?? 'dashboard';
      const allowed = METHODS.filter(
        (each) => methods.has(each) || (surfaces.includes('dashboard') && DASHBOARD_METHODS.includes(each)),
      ).join(', ');
      app.options(url, { schema: { hide: true }, config: { surface } }, async (request, reply) => answerOptions(request, reply, allowed));
    }
  };
}

function answerOptions(request: FastifyRequest, reply: FastifyReply, allowed: string): FastifyReply {
  if (request.headers['access-control-request-method'] !== undefined && reply.hasHeader('access-control-allow-origin')) {
    reply
      .header('access-control-allow-methods', allowed)
      .header('access-control-allow-headers', ALLOWED_HEADERS)
      .header('access-control-max-age', PREFLIGHT_SECONDS)
      .removeHeader('access-control-expose-headers');
  }
  return reply.header('allow', allowed).code(204).send();
}

/** What the surfaces serve, each path once, whatever its parameters are called. */
function pathsOf(routes: readonly RouteOptions[]) {
  const paths = new Map<string, { url: string; methods: Set<string>; surfaces: SurfaceName[] }>();
  for (const { url, method, config } of routes) {
    if (!config?.surface) continue;
    const key = url.replace(/:[A-Za-z]+/g, ':');
    const path = paths.get(key) ?? { url, methods: new Set(['OPTIONS']), surfaces: [] };
    for (const each of [method].flat()) if (each !== 'HEAD') path.methods.add(each);
    path.surfaces.push(config.surface);
    paths.set(key, path);
  }
  return [...paths.values()];
}
