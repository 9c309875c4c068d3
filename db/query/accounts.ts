import type { PlatformRole, TenantRole } from '../../core/principal.ts';
import type { Sql } from '../client.ts';

export interface UserRow {
  id: number;
  tenantId: number;
  email: string;
  name: string;
  role: TenantRole;
  platformRole: PlatformRole;
}

export interface Credentials extends UserRow {
  passwordHash: string;
  isActive: boolean;
}

/** A user by lower-case e-mail, with what a log-in compares. */
export async function findCredentials(sql: Sql, email: string): Promise<Credentials | undefined> {
  const [row] = await sql<Credentials[]>`
    select id, tenant_id as "tenantId", email, name, role, platform_role as "platformRole",
           password_hash as "passwordHash", is_active as "isActive"
      from users where email = ${email}`;
  return row;
}

export interface NewOwner {
  email: string;
  name: string;
  passwordHash: string;
  platformRole: PlatformRole;
  /** what the tenant may spend from the start */
  credit: number;
  /** calls go on when the credit is used up */
  autoRefill: boolean;
}

/**
 * Makes a tenant, its owner, its credit account and the grant it starts with, in one statement.
 * @throws the database's unique violation of `users_email` when the e-mail is taken
 */
export async function insertOwner(sql: Sql, owner: NewOwner): Promise<UserRow> {
  const [row] = await sql<UserRow[]>`
    with tenant as (
      insert into tenants (name) values (${owner.name}) returning id
    ), account as (
      insert into credit_accounts (tenant_id, balance, auto_refill) select id, ${owner.credit}, ${owner.autoRefill} from tenant
    ), entry as (
      insert into ledger_entries (tenant_id, kind, amount, description)
      select id, 'grant', ${owner.credit}, 'Starting credit' from tenant where ${owner.credit}::numeric > 0
    )
    insert into users (tenant_id, email, name, password_hash, role, platform_role)
    select id, ${owner.email}, ${owner.name}, ${owner.passwordHash}, 'owner', ${owner.platformRole} from tenant
    returning id, tenant_id as "tenantId", email, name, role, platform_role as "platformRole"`;
  if (!row) throw new Error('An insert without a row');
  return row;
}

/** The same password, hashed anew; false when it is no longer theirs. */
export async function updatePasswordHash(sql: Sql, userId: number, { from, to }: { from: string; to: string }): Promise<boolean> {
  const { count } = await sql`
    update users set password_hash = ${to}, updated_at = now() where id = ${userId} and password_hash = ${from}`;
  return count > 0;
}

const FIRST_ADMIN_LOCK = 7_310_002;

/** Only one transaction at a time goes on behind this line; it lasts until the transaction ends. */
export async function lockFirstAdmin(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(${FIRST_ADMIN_LOCK})`;
}

export async function findPlatformAdmin(sql: Sql): Promise<{ email: string } | undefined> {
  const [row] = await sql<
    Array<{ email: string }>
  >`select email from users where platform_role = 'admin' and is_active order by id limit 1`;
  return row;
}

/** Makes an existing user a platform admin with a new password, whose tenant's credit refills itself. Whoever was logged in as that user no longer is. `sql` is a transaction. */
export async function promoteToAdmin(sql: Sql, userId: number, passwordHash: string): Promise<void> {
  await sql`
    with refilled as (
      update credit_accounts set auto_refill = true where tenant_id = (select tenant_id from users where id = ${userId})
    )
    update users set platform_role = 'admin', password_hash = ${passwordHash}, is_active = true, updated_at = now() where id = ${userId}`;
  // a statement of its own: it sees the session of a log-in that the first one had to wait for
  await sql`update auth_sessions set revoked_at = now(), revoked_reason = 'promoted' where user_id = ${userId} and revoked_at is null`;
}
