import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from '../plugin/app.ts';

const BASE = '/api/v1/monitoring/dashboard';
/** Everything comes from here; no inline script or style. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** The monitoring page. It is for everybody and shows nothing by itself: who wants figures logs in, in the page. */
export function pageRoutes(scope: App): void {
  const charts = dirname(createRequire(import.meta.url).resolve('uplot'));
  const own = ownFolder();
  const files = [
    { path: BASE, file: join(own, 'monitoring.html'), type: HTML },
    { path: `${BASE}/monitoring.js`, file: join(own, 'monitoring.js'), type: SCRIPT },
    { path: `${BASE}/monitoring.css`, file: join(own, 'monitoring.css'), type: STYLE },
    { path: `${BASE}/uplot.js`, file: join(charts, 'uPlot.iife.min.js'), type: SCRIPT },
    { path: `${BASE}/uplot.css`, file: join(charts, 'uPlot.min.css'), type: STYLE },
  ];
  for (const { path, file, type } of files) {
    const text = readFileSync(file, 'utf8');
    scope.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.type(type).header('content-security-policy', CSP).header('cache-control', 'no-cache').send(text),
    );
  }
}

/** Beside this file in the sources; from `dist` three folders up and down again, since a build copies no page. */
function ownFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = [join(here, 'page'), join(here, '../../../api/omnivox/page')].find((folder) => existsSync(folder));
  if (found === undefined) throw new Error('No folder api/omnivox/page: the monitoring page is missing');
  return found;
}
