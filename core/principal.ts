export const TENANT_ROLES = ['owner', 'admin', 'manager', 'agent'] as const;
export type TenantRole = (typeof TENANT_ROLES)[number];
export type PlatformRole = 'user' | 'admin';

/** Who asks: proven by a guard, handed to handlers, never read from a request body. */
export interface Principal {
  userId: number;
  tenantId: number;
  sessionId: number;
  email: string;
  name: string;
  role: TenantRole;
  platformRole: PlatformRole;
}
