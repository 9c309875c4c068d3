import type { IncomingMessage } from 'node:http';
import type { FastifyServerOptions } from 'fastify';
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

/**
 * Route constraint `surface`. Which claimant a request is for follows from, in order: the port it came in on, its
 * `x-api-surface` header, its credentials (a session cookie and no Authorization header means the dashboard).
 */
export function surfaceConstraint(surfaceOfPort: ReadonlyMap<number, SurfaceName>): Constraints {
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
      deriveConstraint: (request) => claimantOf(request, surfaceOfPort),
    },
  };
}

function claimantOf(request: IncomingMessage, surfaceOfPort: ReadonlyMap<number, SurfaceName>): Claimant {
  const { headers, socket } = request;
  const named = surfaceOfPort.get(socket.localPort ?? 0) ?? headers['x-api-surface'];
  if (named !== undefined) return named === 'dashboard' ? 'dashboard' : 'bearer';
  const hasSession = headers.cookie !== undefined && new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=`).test(headers.cookie);
  return hasSession && headers.authorization === undefined ? 'dashboard' : 'bearer';
}
