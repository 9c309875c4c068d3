import { AppError } from '../../core/errors.ts';
import type { App } from '../plugin/app.ts';

const VERSION = /^application\/vnd\.dialer\.v([^+;]+)\+json$/;
const CURRENT = '1';
const NEVER = /;\s*q=0(?:\.0{1,3})?\s*(?:;|$)/;

/**
 * Answers only version 1 of this surface: who accepts nothing but another one (`Accept: application/vnd.dialer.v2+json`) is told
 * so. An answer says `application/json` whatever was asked for; other types are for the routes that have them.
 * @throws AppError `not_acceptable`
 */
export function refuseOtherVersions(scope: App): void {
  scope.addHook('onRequest', async ({ headers: { accept } }) => {
    const foreign = accept === undefined ? undefined : foreignVersion(accept);
    if (foreign !== undefined) throw new AppError('not_acceptable', `There is no version ${foreign} of this surface, only v${CURRENT}`);
  });
}

/** The version that is asked for when all that a header accepts is other versions than ours. */
function foreignVersion(accept: string): string | undefined {
  const wanted = accept
    .split(',')
    .map((range) => range.trim().toLowerCase())
    .filter((range) => range !== '' && !NEVER.test(range))
    .map((range) => VERSION.exec((range.split(';', 1)[0] ?? '').trim())?.[1]);
  return wanted.length > 0 && wanted.every((version) => version !== undefined && version !== CURRENT) ? `v${wanted[0]}` : undefined;
}
