import type { FastifyRequest } from 'fastify';
import { AppError } from '../core/errors.ts';
import { accountRoutes } from './account/index.ts';
import { dialect as accountDialect } from './account/dialect.ts';
import { adminRoutes } from './admin/index.ts';
import { dialect as adminDialect } from './admin/dialect.ts';
import { callingRoutes } from './calling/index.ts';
import { dialect as callingDialect } from './calling/dialect.ts';
import { dashboardRoutes } from './dashboard/index.ts';
import { dialect as dashboardDialect } from './dashboard/dialect.ts';
import { dialerRoutes } from './dialer/index.ts';
import { dialect as dialerDialect } from './dialer/dialect.ts';
import { omnivoxRoutes } from './omnivox/index.ts';
import { timed } from './omnivox/timing.ts';
import { dialect as omnivoxDialect } from './omnivox/dialect.ts';
import type { Api } from './plugin/api.ts';
import type { App } from './plugin/app.ts';
import { answerError, speak } from './plugin/dialect.ts';
import { type Documentation, documented } from './plugin/docs.ts';
import { takeKeys } from './plugin/idempotency.ts';
import { type Allowance, HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS } from './plugin/limits.ts';
import { type Claimant, leaveToBearer, SURFACE_NAMES, type SurfaceName, type TellClaimant } from './plugin/surface.ts';
import { compileValidator } from './plugin/validator.ts';

interface Surface extends Omit<Documentation, 'name'> {
  /** where its paths begin */
  prefix: string;
  routes(scope: App, api: Api): Promise<void>;
  /** unknown paths, per address */
  strangers: Allowance;
}

/** The mount table: five surfaces and the account routes that three of them share (DESIGN §5). */
export const SURFACES: Readonly<Record<SurfaceName, Surface>> = {
  account: {
    title: 'Account',
    description: 'Log-in, sign-up and sessions, shared by the other surfaces',
    security: 'either',
    prefix: '/api/v1',
    dialect: accountDialect,
    routes: accountRoutes,
    strangers: { max: 100, windowMs: QUARTER_HOUR_MS },
  },
  calling: {
    title: 'Calling',
    description: 'AI agents, phone numbers, outbound calls, CSV imports, scheduling and statistics',
    security: 'bearer',
    prefix: '/api/v1',
    dialect: callingDialect,
    routes: callingRoutes,
    strangers: { max: 100, windowMs: MINUTE_MS },
  },
  admin: {
    title: 'Admin',
    description: 'Platform administration over all tenants',
    security: 'bearer',
    prefix: '/api/v1',
    dialect: adminDialect,
    routes: adminRoutes,
    strangers: { max: 100, windowMs: QUARTER_HOUR_MS },
  },
  dialer: {
    title: 'Dialer',
    description: 'The call centre: people, leads, campaigns',
    security: 'bearer',
    prefix: '/api',
    dialect: dialerDialect,
    routes: dialerRoutes,
    strangers: { max: 100, windowMs: HOUR_MS },
  },
  dashboard: {
    title: 'Dashboard',
    description: 'Read-only view for owners, with session cookies',
    security: 'cookie',
    prefix: '/api/v1',
    dialect: dashboardDialect,
    routes: dashboardRoutes,
    strangers: { max: 100, windowMs: QUARTER_HOUR_MS },
  },
  omnivox: {
    title: 'Omnivox',
    description: 'Contacts, campaigns, call flows, monitoring',
    security: 'bearer',
    prefix: '',
    dialect: omnivoxDialect,
    routes: omnivoxRoutes,
    strangers: { max: 100, windowMs: HOUR_MS },
  },
};

/** Who answers for a path that nobody serves: the first whose base it has. What falls to calling may be the dashboard's too. */
const NEAREST: ReadonlyArray<readonly [base: string, surface: SurfaceName]> = [
  ['/api/v1/admin', 'admin'],
  ['/api/v1', 'calling'],
  ['/api', 'dialer'],
  ['/auth', 'omnivox'],
  ['', 'calling'],
];

/** The surface that speaks for a path before any route was found: where the path does not tell, for whom the request is. */
export function nearestSurface(path: string, claimant: Claimant): SurfaceName {
  const [, name] = NEAREST.find(([base]) => path === base || path.startsWith(`${base}/`)) ?? ['', 'calling'];
  return name === 'calling' && claimant === 'dashboard' ? 'dashboard' : name;
}

/** Mounts one surface: its document, and beneath it a scope with its own errors, limits and guards. */
export async function mountSurface(app: App, api: Api, name: SurfaceName): Promise<void> {
  const surface = SURFACES[name];
  await app.register(async (outer: App) => {
    await documented(outer, { ...surface, name }, { version: api.version, publicUrl: api.runtime.config.PUBLIC_URL });
    await outer.register(
      async (scope: App) => {
        scope.setValidatorCompiler(compileValidator);
        scope.addHook('onRoute', (route) => {
          route.config = { ...route.config, surface: name };
          if (name !== 'dashboard') leaveToBearer(route);
        });
        speak(scope, surface.dialect);
        takeKeys(scope, api.runtime);
        await surface.routes(scope, api);
      },
      { prefix: surface.prefix },
    );
  });
}

/** Answers unknown paths in the nearest surface's words, limited like everything else, before any body is read. */
export async function mountUnknownPaths(app: App, api: Api, claimantOf: TellClaimant): Promise<void> {
  const limits = new Map(SURFACE_NAMES.map((name) => [name, api.limits.perAddress(`unknown ${name}`, SURFACES[name].strangers)]));
  for (const [base, name] of NEAREST) {
    const speaker = ({ raw }: FastifyRequest) => nearestSurface(base, claimantOf(raw));
    await app.register(
      async (scope: App) => {
        scope.setErrorHandler((error, request, reply) => answerError(SURFACES[speaker(request)].dialect, error, request, reply));
        if (name === 'omnivox') timed(scope);
        scope.addHook('onRequest', async (request, reply) => {
          await limits.get(speaker(request))?.(request, reply);
          throw new AppError('not_found', `There is no ${request.method} ${request.url.split('?', 1)[0]}`);
        });
        scope.setNotFoundHandler(() => {
          throw new AppError('not_found', 'There is no such path');
        });
      },
      base === '' ? {} : { prefix: base },
    );
  }
}
