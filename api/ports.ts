import { createServer, type Server } from 'node:http';
import type { Config } from '../core/config.ts';
import type { App } from './plugin/app.ts';
import { cutLater, followStragglers } from './plugin/stragglers.ts';
import { SURFACE_NAMES, type SurfaceName } from './plugin/surface.ts';

/** Which surface each further port is for. */
export function surfaceOfPort({ SURFACE_PORTS }: Pick<Config, 'SURFACE_PORTS'>): ReadonlyMap<number, SurfaceName> {
  const known = (text: string) => SURFACE_NAMES.filter((name) => name === text);
  return new Map([...SURFACE_PORTS].flatMap(([port, text]) => known(text).map((name) => [port, name] as const)));
}

/**
 * The ports that the documents name beside the main one (DESIGN §5), for the same application: which port a request came in on
 * tells which of two surfaces with the same path is meant. `open` warns of one that is in use; `close` takes no more requests,
 * and resolves when those under way are answered.
 */
export function furtherPorts(app: App, { HOST, PORT, SURFACE_PORTS }: Pick<Config, 'HOST' | 'PORT' | 'SURFACE_PORTS'>) {
  const servers: Array<{ server: Server; cut: () => void }> = [];
  return {
    async open(): Promise<void> {
      for (const [port, surface] of surfaceOfPort({ SURFACE_PORTS })) {
        if (port === PORT) continue;
        try {
          servers.push(await listen(app, HOST, port));
          app.log.info({ port, surface }, 'further port opened');
        } catch (err) {
          app.log.warn({ err, port, surface }, 'further port not opened; the main port serves this surface too');
        }
      }
    },
    async close(): Promise<void> {
      await Promise.all(servers.splice(0).reverse().map(close));
    },
  };
}

function listen(app: App, host: string, port: number): Promise<{ server: Server; cut: () => void }> {
  const { requestTimeout, headersTimeout, keepAliveTimeout } = app.server;
  const server = createServer({ requestTimeout, headersTimeout, keepAliveTimeout }, (request, response) => {
    // one that was answered while the server stops is kept alive for nobody
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    app.routing(request, response);
  });
  const cut = followStragglers(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve({ server, cut });
    });
  });
}

function close({ server, cut }: { server: Server; cut: () => void }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    cutLater(server, cut);
    server.closeIdleConnections();
  });
}
