import type { FastifyRequest } from 'fastify';
import type { Runtime } from '../../service/runtime.ts';
import type { OpenSpan } from '../../service/tracing.ts';
import type { App } from './app.ts';

/** Asked every few seconds by machines: nobody looks for these. */
const UNTRACED = /^\/(health\/|metrics$)/;
/** `call_12`: an id that names what it is of. All else in a path may be a number, a name or a token. */
const NAMED_ID = /^[a-z]+_\d+$/;

/**
 * A span for every request, named as https://opentelemetry.io/docs/specs/semconv/http/http-spans says. The trace that a `traceparent` names
 * (https://www.w3.org/TR/trace-context) is gone on with when a proxy of TRUST_PROXY forwards it; a stranger's, who would decide what is
 * sampled, is linked. Does nothing where nothing is traced.
 */
export function traceRequests(app: App, { tracing }: Runtime): void {
  if (!tracing.on) return;
  const spans = new WeakMap<FastifyRequest, OpenSpan>();

  app.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url;
    if (route !== undefined && UNTRACED.test(route)) return done();
    const { traceparent } = request.headers;
    const span = tracing.begin({
      name: route === undefined ? request.method : `${request.method} ${route}`,
      kind: 'server',
      ...(typeof traceparent === 'string' && (isForwarded(request) ? { traceparent } : { linkedTo: traceparent })),
      attributes: {
        'http.request.method': request.method,
        'url.scheme': request.protocol,
        ...(route !== undefined && { 'http.route': route, 'url.path': pathOf(route, request.params) }),
      },
    });
    spans.set(request, span);
    span.run(done);
  });

  // a body is read on the connection's behalf: what follows it is brought back
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.run(done);
    else done();
  });

  app.addHook('onError', async (request, reply, error) => {
    if (reply.statusCode >= 500) spans.get(request)?.fail(error);
  });

  app.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request);
    span?.note({ 'http.response.status_code': reply.statusCode });
    span?.end();
  });
}

/** Whether a proxy that we trust says for whom it asks: of others no more than their own address is believed. */
function isForwarded({ ips }: FastifyRequest): boolean {
  return ips !== undefined && ips.length > 1;
}

/** The route with those of its parameters that are safe to tell. */
function pathOf(route: string, params: unknown): string {
  const given = new Map(Object.entries(params ?? {}));
  return route.replace(/:(\w+)[^/]*/g, (placeholder, name: string) => {
    const value: unknown = given.get(name);
    return typeof value === 'string' && NAMED_ID.test(value) ? value : placeholder;
  });
}
