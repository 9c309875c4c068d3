import type { App } from './app.ts';

/**
 * Bodies are JSON. An empty one is no body: clients send the content type with a bodiless DELETE too. Keys that would
 * reach an object's prototype are refused. Other types of content answer 415.
 */
export function acceptJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body, done);
  });
}
