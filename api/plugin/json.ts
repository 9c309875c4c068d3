import { AppError } from '../../core/errors.ts';
import type { App } from './app.ts';

/** More than any document shows or any form needs; what nests without end costs others their stack, also the database. */
const DEEPEST = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Bodies are JSON. An empty one is no body: clients send the content type with a bodiless DELETE too. Keys that would
 * reach an object's prototype and bodies that nest too deep are refused. Other types of content answer 415.
 */
export function acceptJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body.length === 0) done(null, undefined);
    else if (isTooDeep(body)) done(new AppError('validation', `The body nests deeper than ${DEEPEST} levels`), undefined);
    else void parse(request, body, done);
  });
}

/** Counts brackets outside of texts; whether it is JSON at all is the parser's to say. */
function isTooDeep(json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (inText) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inText = false;
    } else if (code === QUOTE) inText = true;
    // [ and {, ] and } differ in one bit
    else if ((code | 0x20) === 0x7b && ++depth > DEEPEST) return true;
    else if ((code | 0x20) === 0x7d) depth--;
  }
  return false;
}
