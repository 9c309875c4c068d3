import type { TenantRole } from '../../core/principal.ts';
import type { Sql } from '../client.ts';

/** A user as their colleagues see them. */
export interface ListedUser {
  id: number;
  email: string;
  name: string;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  role: TenantRole;
  isActive: boolean;
  createdAt: Date;
  lastLoginAt: Date | null;
}

export interface NewUser {
  tenantId: number;
  email: string;
  name: string;
  firstName: string | undefined;
  lastName: string | undefined;
  phone: string | undefined;
  passwordHash: string;
  role: TenantRole;
}

const columns = (sql: Sql) => sql`id, email, name, first_name as "firstName", last_name as "lastName", phone, role,
  is_active as "isActive", created_at as "createdAt", last_login_at as "lastLoginAt"`;

/** Adds a person to a tenant. @throws the database's unique violation of `users_email` when the e-mail is taken */
export async function insertUser(sql: Sql, user: NewUser): Promise<ListedUser> {
  const [row] = await sql<ListedUser[]>`
    insert into users (tenant_id, email, name, first_name, last_name, phone, password_hash, role)
    values (${user.tenantId}, ${user.email}, ${user.name}, ${user.firstName ?? null}, ${user.lastName ?? null}, ${user.phone ?? null},
            ${user.passwordHash}, ${user.role})
    returning ${columns(sql)}`;
  if (!row) throw new Error('An insert without a row');
  return row;
}

export async function findUser(sql: Sql, tenantId: number, userId: number): Promise<ListedUser | undefined> {
  const [row] = await sql<ListedUser[]>`select ${columns(sql)} from users where tenant_id = ${tenantId} and id = ${userId}`;
  return row;
}

export interface UserFilter {
  tenantId: number;
  role: TenantRole | undefined;
  isActive: boolean | undefined;
  /** part of the name or e-mail, whatever its case */
  search: string | undefined;
}

/** A page of a tenant's people, newest first. */
export async function listUsers(sql: Sql, filter: UserFilter, page: { limit: number; offset: number }): Promise<ListedUser[]> {
  return sql<ListedUser[]>`
    select ${columns(sql)} from users where ${matching(sql, filter)}
     order by created_at desc, id desc limit ${page.limit} offset ${page.offset}`;
}

/** How many people a filter finds, counting no further than `most`. */
export async function countUsers(sql: Sql, filter: UserFilter, most = Number.MAX_SAFE_INTEGER): Promise<number> {
  const [row] = await sql<Array<{ total: number }>>`
    select count(*) as total from (select from users where ${matching(sql, filter)} limit ${most}) counted`;
  return row?.total ?? 0;
}

function matching(sql: Sql, { tenantId, role, isActive, search }: UserFilter) {
  const like = search === undefined ? undefined : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`tenant_id = ${tenantId}
    ${role === undefined ? sql`` : sql`and role = ${role}`}
    ${isActive === undefined ? sql`` : sql`and is_active = ${isActive}`}
    ${like === undefined ? sql`` : sql`and (name ilike ${like} or email ilike ${like} or first_name || ' ' || last_name ilike ${like})`}`;
}

export interface ProfileChange {
  name: string;
  firstName: string;
  lastName: string;
  /** null: none */
  phone: string | null;
}

/** A user's row, locked until the transaction ends. */
export async function lockUser(sql: Sql, tenantId: number, userId: number): Promise<ListedUser | undefined> {
  const [row] = await sql<ListedUser[]>`select ${columns(sql)} from users where tenant_id = ${tenantId} and id = ${userId} for update`;
  return row;
}

export async function updateProfile(sql: Sql, tenantId: number, userId: number, change: ProfileChange): Promise<ListedUser | undefined> {
  const [row] = await sql<ListedUser[]>`
    update users set name = ${change.name}, first_name = ${change.firstName}, last_name = ${change.lastName}, phone = ${change.phone},
                     updated_at = now()
     where tenant_id = ${tenantId} and id = ${userId} returning ${columns(sql)}`;
  return row;
}

/** Every active owner of a tenant, locked in order, so that two of them can't demote each other at once. */
export async function lockOwners(sql: Sql, tenantId: number): Promise<number[]> {
  const rows = await sql<Array<{ id: number }>>`
    select id from users where tenant_id = ${tenantId} and role = 'owner' and is_active order by id for update`;
  return rows.map((row) => row.id);
}

export async function updateStanding(
  sql: Sql,
  tenantId: number,
  userId: number,
  standing: { role: TenantRole; isActive: boolean },
): Promise<ListedUser | undefined> {
  const [row] = await sql<ListedUser[]>`
    update users set role = ${standing.role}, is_active = ${standing.isActive}, updated_at = now()
     where tenant_id = ${tenantId} and id = ${userId} returning ${columns(sql)}`;
  return row;
}
