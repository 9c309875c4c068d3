import type { preHandlerAsyncHookHandler } from 'fastify';
import { AppError } from '../../core/errors.ts';
import { TENANT_ROLES, type TenantRole } from '../../core/principal.ts';
import { principalOf } from './guard.ts';

/**
 * Lets a route be used by this role of the tenant and those above it (owner, admin, manager, agent), asked before the body is
 * looked at. As `preValidation` of one route, or as a hook of a scope.
 * @throws AppError `forbidden`
 */
export function atLeast(role: TenantRole): preHandlerAsyncHookHandler {
  return async (request) => {
    if (TENANT_ROLES.indexOf(principalOf(request).role) > TENANT_ROLES.indexOf(role)) {
      throw new AppError('forbidden', `This is for the role ${role === 'owner' ? 'owner' : `${role} or higher`}`);
    }
  };
}
