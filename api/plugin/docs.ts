import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';
import type { Dialect } from './dialect.ts';
import { documentKey } from './idempotency.ts';

export interface Documentation {
  /** names the document's path: `/docs/<name>` */
  name: string;
  title: string;
  description: string;
  /** what its routes ask for */
  security: 'bearer' | 'cookie' | 'either';
  dialect: Dialect;
}

/** Everything comes from here: no foreign host, no inline script. */
const CSP =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

const BEARER = { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } as const;
const COOKIE = { cookie: { type: 'apiKey', in: 'cookie', name: 'session' } } as const;
const SCHEMES = { bearer: BEARER, cookie: COOKIE, either: { ...BEARER, ...COOKIE } };

/** Collects the routes that are registered in this scope from now on, and shows them at `/docs/<name>`. */
export async function documented(scope: App, doc: Documentation, about: { version: string; publicUrl: string }): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: doc.title, description: doc.description, version: about.version },
      servers: [{ url: about.publicUrl }],
      components: { securitySchemes: SCHEMES[doc.security] },
    },
    transform: ({ schema, url, route }) => ({
      schema: withOptionalDefaults(route.config?.keyed ? documentKey(schema, doc.dialect) : schema),
      url,
    }),
  });
  await scope.register(swaggerUi, {
    routePrefix: `/docs/${doc.name}`,
    staticCSP: CSP,
    uiConfig: { docExpansion: 'list', persistAuthorization: true, validatorUrl: null },
  });
}

/** What a query has a default for is there in every request that was read, and need not be in one that is sent. */
function withOptionalDefaults<T extends { querystring?: unknown }>(schema: T): T {
  const query = schema?.querystring as { properties?: Record<string, { default?: unknown }>; required?: string[] } | undefined;
  if (!query?.required) return schema;
  const required = query.required.filter((name) => query.properties?.[name]?.default === undefined);
  return { ...schema, querystring: { ...query, required } };
}

/** The page that leads to the documents, and the way there. */
export function docsIndex(app: App, docs: readonly Documentation[]): void {
  const items = docs.map((doc) => `<li><a href="/docs/${doc.name}">${doc.title}</a> – ${doc.description}</li>`).join('\n');
  const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Dialfleet API</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}li{margin:.6rem 0}</style>
<h1>Dialfleet API</h1><p>One platform, five surfaces. Each has its own document.</p><ul>
${items}
</ul><p><a href="/queues">Queue board</a>: log in with the e-mail and password of a platform administrator. <a href="/health/ready">Health</a>, <a href="/metrics">metrics</a>.</p></html>
`;
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs', 302));
  app.get('/docs', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', CSP).send(page),
  );
}
