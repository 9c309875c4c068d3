import type { Principal } from '../../core/principal.ts';
import type { Sql } from '../client.ts';

export interface NewSession {
  tenantId: number;
  userId: number;
  ip: string | undefined;
  userAgent: string | undefined;
  refreshHash: string;
  /** how long the session and its first refresh token live, at most */
  lifetimeSeconds: number;
}

/** Opens a session with its first refresh token and notes the log-in; answers the session's id. */
export async function insertSession(sql: Sql, session: NewSession): Promise<number> {
  const [row] = await sql<Array<{ id: number }>>`
    with opened as (
      insert into auth_sessions (tenant_id, user_id, ip, user_agent, expires_at)
      values (${session.tenantId}, ${session.userId}, ${session.ip ?? null}::inet, ${session.userAgent ?? null},
              now() + make_interval(secs => ${session.lifetimeSeconds}))
      returning id, expires_at
    ), token as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${session.refreshHash}, id, expires_at from opened
    ), seen as (
      update users set last_login_at = now() where id = ${session.userId}
    )
    select id from opened`;
  if (!row) throw new Error('An insert without a row');
  return row.id;
}

/**
 * Who a session stands for; undefined when it is revoked, over, or its user switched off. Notes the use, at most once
 * a minute.
 */
export async function findLiveSession(sql: Sql, sessionId: number): Promise<Principal | undefined> {
  const [row] = await sql<Principal[]>`
    with touched as (
      update auth_sessions set last_used_at = now()
       where id = ${sessionId} and revoked_at is null and last_used_at < now() - interval '1 minute'
    )
    select u.id as "userId", u.tenant_id as "tenantId", s.id as "sessionId", u.email, u.name, u.role, u.platform_role as "platformRole"
      from auth_sessions s join users u on u.id = s.user_id
     where s.id = ${sessionId} and s.revoked_at is null and s.expires_at > now() and u.is_active`;
  return row;
}

export interface FoundRefreshToken {
  sessionId: number;
  spent: boolean;
  /** the token, its session and its user are all still good */
  live: boolean;
  /** seconds since the session was last used */
  idleSeconds: number;
  /** seconds until the session ends, whatever happens */
  leftSeconds: number;
}

/** A refresh token by its hash, locked until the transaction ends so that it is spent once. */
export async function lockRefreshToken(sql: Sql, tokenHash: string): Promise<FoundRefreshToken | undefined> {
  const [row] = await sql<FoundRefreshToken[]>`
    select r.session_id as "sessionId", r.spent_at is not null as spent,
           r.expires_at > now() and s.expires_at > now() and s.revoked_at is null and u.is_active as live,
           extract(epoch from now() - s.last_used_at)::float8 as "idleSeconds", extract(epoch from s.expires_at - now())::float8 as "leftSeconds"
      from refresh_tokens r join auth_sessions s on s.id = r.session_id join users u on u.id = s.user_id
     where r.token_hash = ${tokenHash}
       for update of r`;
  return row;
}

/** Spends one refresh token and writes its successor, which ends with the session. */
export async function rotateRefreshToken(sql: Sql, tokenHash: string, successorHash: string): Promise<void> {
  await sql`
    with spent as (
      update refresh_tokens set spent_at = now() where token_hash = ${tokenHash} returning session_id
    ), used as (
      update auth_sessions s set last_used_at = now() from spent where s.id = spent.session_id returning s.id, s.expires_at
    )
    insert into refresh_tokens (token_hash, session_id, expires_at) select ${successorHash}, id, expires_at from used`;
}

/** The channel on which servers tell each other that what they remember of a session is no longer true. */
export const SESSION_CHANNEL = 'dialfleet_sessions';

/** Ends a session and tells every server, both at commit. */
export async function revokeSession(sql: Sql, sessionId: number, reason: string): Promise<void> {
  await sql`
    with revoked as (
      update auth_sessions set revoked_at = now(), revoked_reason = ${reason} where id = ${sessionId} and revoked_at is null returning id
    )
    select pg_notify(${SESSION_CHANNEL}, ${`session:${sessionId}`}) from revoked`;
}

/** Tells every server to look at a user's row again: call it in the transaction that changes role, name or activity. */
export async function notifyUserChanged(sql: Sql, userId: number): Promise<void> {
  await sql`select pg_notify(${SESSION_CHANNEL}, ${`user:${userId}`})`;
}

/** Ends every session of a user; whoever calls this tells the servers too (`notifyUserChanged`). */
export async function revokeSessionsOf(sql: Sql, userId: number, reason: string): Promise<void> {
  await sql`
    update auth_sessions set revoked_at = now(), revoked_reason = ${reason} where user_id = ${userId} and revoked_at is null`;
}
