import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { type Auth, authenticate } from '../../service/sessions.ts';
import type { App } from './app.ts';
import { checkCsrf, refuseOtherSites, SESSION_COOKIE } from './cookies.ts';
import type { Limit } from './limits.ts';

const PRINCIPAL = 'principal';
/** RFC 9110 §9.2.1 */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** The message of an `unauthorized` for want of any proof; others tell what is wrong with the one that came. */
export const NO_PROOF = 'Authentication required';

/** Makes room for the principal on every request; once, at the root. */
export function decoratePrincipal(app: App): void {
  app.decorateRequest(PRINCIPAL, null);
}

/** Who asks, on a guarded route. @throws AppError `unauthorized` on any other */
export function principalOf(request: FastifyRequest): Principal {
  const who = request.getDecorator<Principal | null>(PRINCIPAL);
  if (!who) throw new AppError('unauthorized', NO_PROOF);
  return who;
}

/** What somebody proves who they are with. */
export interface Proof {
  token: string;
  /** browsers send it by themselves, also when another site asks them to */
  byCookie: boolean;
}

/** Reads one kind of credential; undefined when the request carries none. */
export type Credential = (request: FastifyRequest) => Proof | undefined;

export const bearer: Credential = ({ headers: { authorization } }) => {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  const token = authorization.slice(7).trim();
  return token === '' ? undefined : { token, byCookie: false };
};

export const sessionCookie: Credential = (request) => {
  const token = request.cookies[SESSION_COOKIE];
  return token ? { token, byCookie: true } : undefined;
};

/** Bearer routes ignore cookies; this is for the routes that the documents give to both. */
export const bearerOrCookie: Credential = (request) =>
  bearer(request) ?? (request.headers.authorization === undefined ? sessionCookie(request) : undefined);

/** @throws AppError `unauthorized` or `token_expired` */
export async function identify(auth: Auth, request: FastifyRequest, credential: Credential): Promise<Principal> {
  const proof = credential(request);
  if (proof === undefined) throw new AppError('unauthorized', NO_PROOF);
  return authenticate(auth, proof.token, proof);
}

/**
 * Guards a scope. Who is known counts against their own limit, who is not against their address's, so guessing tokens is
 * limited too; only then a missing proof is answered. A change that a cookie alone would allow is asked for its `csrf_token`, on
 * every route of the scope.
 */
export function guard(scope: App, auth: Auth, credential: Credential, limit: Limit): void {
  scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    let refusal: AppError | undefined;
    try {
      request.setDecorator(PRINCIPAL, await identify(auth, request, credential));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusal = error;
    }
    await limit(request, reply);
    if (refusal) throw refusal;
    if (!SAFE_METHODS.has(request.method) && credential(request)?.byCookie) {
      refuseOtherSites(auth, request);
      checkCsrf(auth, request, principalOf(request).sessionId);
    }
  });
}

/** Limits the open routes of a scope. */
export function limited(scope: App, limit: Limit): void {
  scope.addHook('onRequest', limit);
}
