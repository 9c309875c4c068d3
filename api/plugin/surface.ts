import type { IncomingMessage } from 'node:http';
import type { FastifyServerOptions, RouteOptions } from 'fastify';
import { SESSION_COOKIE } from './cookies.ts';

export const SURFACE_NAMES = ['account', 'admin', 'dialer', 'calling', 'dashboard', 'omnivox'] as const;
export type SurfaceName = (typeof SURFACE_NAMES)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** the surface a route belongs to; label of metrics and logs */
    surface?: SurfaceName;
  }
}

type Constraints = NonNullable<NonNullable<FastifyServerOptions['routerOptions']>['constraints']>;

/** Two surfaces may claim one path: the one with cookies and the one with Bearer tokens (DESIGN §5). */
export type Claimant = 'dashboard' | 'bearer';

/** Tells for whom a request is, before a route or a session is known. */
export type TellClaimant = (request: IncomingMessage) => Claimant;

/**
 * Which claimant a request is for follows from, in order: the port it came in on, its `x-api-surface` header, its credentials (a
 * session cookie and no Authorization header means the dashboard).
 */
export function claimantBy(surfaceOfPort: ReadonlyMap<number, SurfaceName>): TellClaimant {
  return ({ headers, socket }) => {
    const named = surfaceOfPort.get(socket.localPort ?? 0) ?? headers['x-api-surface'];
    if (named !== undefined) return named === 'dashboard' ? 'dashboard' : 'bearer';
    const hasSession = headers.cookie !== undefined && SESSION.test(headers.cookie);
    return hasSession && headers.authorization === undefined ? 'dashboard' : 'bearer';
  };
}

const SESSION = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=`);

/** Where the dashboard has a route beside another surface's. */
const SHARED = /^\/api\/v1\/(?:agents|(?:phones|campaigns)(?:\/:\w+)?)$/;

/** Keeps another surface's route to those who ask for it: what the dashboard does not offer there, the other does not do for it. */
export function leaveToBearer(route: RouteOptions): void {
  if (SHARED.test(route.url)) route.constraints = { surface: 'bearer', ...route.constraints };
}

/** Route constraint `surface`. */
export function surfaceConstraint(claimantOf: TellClaimant): Constraints {
  return {
    surface: {
      name: 'surface',
      mustMatchWhenDerived: false,
      storage() {
        const handlers = new Map<unknown, unknown>();
        return {
          get: (claimant) => (handlers.get(claimant) ?? null) as never,
          set: (claimant, handler) => void handlers.set(claimant, handler),
        };
      },
      validate(value) {
        if (value !== 'dashboard' && value !== 'bearer') throw new Error(`No claimant: ${String(value)}`);
      },
      deriveConstraint: (request) => claimantOf(request),
    },
  };
}
