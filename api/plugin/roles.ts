import type { preHandlerAsyncHookHandler } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { type Principal, TENANT_ROLES, type TenantRole } from '../../core/principal.ts';
import { principalOf } from './guard.ts';

/**
 * Lets a route be used by this role of the tenant and those above it (owner, admin, manager, agent), asked before the body is
 * looked at. As `preValidation` of one route, or as a hook of a scope.
 * @throws AppError `forbidden`
 */
export function atLeast(role: TenantRole): preHandlerAsyncHookHandler {
  return async (request) => assertRole(principalOf(request), role);
}

/** The same of somebody, for what goes on after their request was let in. @throws AppError `forbidden` */
export function assertRole(who: Principal, role: TenantRole): void {
  if (TENANT_ROLES.indexOf(who.role) <= TENANT_ROLES.indexOf(role)) return;
  throw new AppError('forbidden', `This is for the role ${role === 'owner' ? 'owner' : `${role} or higher`}`);
}
