import type { Principal } from '../../core/principal.ts';
import type { Sql } from '../client.ts';

export interface NewSession {
  tenantId: number;
  userId: number;
  /** what the log-in was proven against; undefined: it needed no password */
  passwordHash: string | undefined;
  ip: string | undefined;
  userAgent: string | undefined;
  refreshHash: string;
  /** how long the session and its first refresh token live, at most */
  lifetimeSeconds: number;
}

/**
 * Opens a session with its first refresh token and notes the log-in; answers the session's id. Undefined when the user was switched
 * off or got another password since it was checked: who ends a user's sessions ends the one that is about to be opened, too.
 */
export async function insertSession(sql: Sql, session: NewSession): Promise<number | undefined> {
  const [row] = await sql<Array<{ id: number }>>`
    with proven as (
      select id from users
       where id = ${session.userId} and is_active ${session.passwordHash === undefined ? sql`` : sql`and password_hash = ${session.passwordHash}`}
         for no key update
    ), opened as (
      insert into auth_sessions (tenant_id, user_id, ip, user_agent, expires_at)
      select ${session.tenantId}, id, ${session.ip ?? null}::inet, ${session.userAgent ?? null},
             now() + make_interval(secs => ${session.lifetimeSeconds})
        from proven returning id, expires_at
    ), token as (
      insert into refresh_tokens (token_hash, session_id, expires_at) select ${session.refreshHash}, id, expires_at from opened
    ), seen as (
      update users set last_login_at = now() where id = (select id from proven)
    )
    select id from opened`;
  return row?.id;
}

/** How long browser sessions live: they rest for no longer than `idleSeconds` and end `lifetimeSeconds` after the log-in. */
export interface BrowserTerms {
  idleSeconds: number;
  lifetimeSeconds: number;
}

export interface SessionUse {
  /** the proof came in a cookie, which makes the session a browser's from now on */
  byCookie: boolean;
  terms: BrowserTerms;
  /** the database's own clock when it is not given */
  now?: Date | undefined;
}

/** Whether session `s` of user `u` is good: not revoked, not over, its user active and, of a browser, not at rest for too long. */
function isLive(sql: Sql, { byCookie, terms, now }: SessionUse) {
  const at = moment(sql, now);
  return sql`s.revoked_at is null and u.is_active and s.expires_at > ${at} and (
    not (s.by_cookie or ${byCookie}::boolean)
    or (s.last_used_at > ${at} - make_interval(secs => ${terms.idleSeconds}) and s.created_at > ${at} - make_interval(secs => ${terms.lifetimeSeconds})))`;
}

function moment(sql: Sql, now: Date | undefined) {
  return now ? sql`${now}::timestamptz` : sql`now()`;
}

/**
 * Who a session stands for; undefined when it is revoked, over, at rest for too long, or its user switched off. Notes the use, at
 * most once a minute: that is how exact the idle time is.
 */
export async function findLiveSession(sql: Sql, sessionId: number, use: SessionUse): Promise<Principal | undefined> {
  const at = moment(sql, use.now);
  const [row] = await sql<Principal[]>`
    with live as (
      select u.id as "userId", u.tenant_id as "tenantId", s.id as "sessionId", u.email, u.name, u.role, u.platform_role as "platformRole"
        from auth_sessions s join users u on u.id = s.user_id
       where s.id = ${sessionId} and ${isLive(sql, use)}
    ), touched as (
      update auth_sessions s set last_used_at = greatest(s.last_used_at, ${at}), by_cookie = s.by_cookie or ${use.byCookie}::boolean
        from live where s.id = live."sessionId"
         and (s.last_used_at < ${at} - interval '1 minute' or (${use.byCookie}::boolean and not s.by_cookie))
    )
    select * from live`;
  return row;
}

export interface FoundRefreshToken {
  sessionId: number;
  /** seconds since it was exchanged for its successor; null when it was not */
  spentSeconds: number | null;
  /** the token, its session and its user are all still good */
  live: boolean;
  /** seconds until the session ends, whatever happens */
  leftSeconds: number;
}

/** A refresh token by its hash, locked until the transaction ends so that it is spent once. */
export async function lockRefreshToken(sql: Sql, tokenHash: string, use: SessionUse): Promise<FoundRefreshToken | undefined> {
  const at = moment(sql, use.now);
  const end = sql`case when s.by_cookie or ${use.byCookie}::boolean
    then least(s.expires_at, s.created_at + make_interval(secs => ${use.terms.lifetimeSeconds})) else s.expires_at end`;
  const [row] = await sql<FoundRefreshToken[]>`
    select r.session_id as "sessionId", extract(epoch from ${at} - r.spent_at)::float8 as "spentSeconds",
           r.expires_at > ${at} and ${isLive(sql, use)} as live, extract(epoch from ${end} - ${at})::float8 as "leftSeconds"
      from refresh_tokens r join auth_sessions s on s.id = r.session_id join users u on u.id = s.user_id
     where r.token_hash = ${tokenHash}
       for update of r`;
  return row;
}

/** Whether there is such a token that nobody has exchanged yet. */
export async function isUnspent(sql: Sql, tokenHash: string): Promise<boolean> {
  const [row] = await sql`select 1 from refresh_tokens where token_hash = ${tokenHash} and spent_at is null`;
  return row !== undefined;
}

/** Spends one refresh token and writes its successor, which ends with the session. */
export async function rotateRefreshToken(sql: Sql, tokenHash: string, successorHash: string, now?: Date): Promise<void> {
  const at = moment(sql, now);
  await sql`
    with spent as (
      update refresh_tokens set spent_at = ${at} where token_hash = ${tokenHash} returning session_id
    ), used as (
      update auth_sessions s set last_used_at = greatest(s.last_used_at, ${at}) from spent where s.id = spent.session_id
      returning s.id, s.expires_at
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

export interface ListedSession {
  id: number;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  ip: string | null;
  userAgent: string | null;
}

interface Owner {
  tenantId: number;
  userId: number;
}

/** A page of the sessions in which somebody is logged in at this moment, the last used first. */
export async function listSessions(
  sql: Sql,
  owner: Owner,
  page: { terms: BrowserTerms; now?: Date | undefined; limit: number; offset: number },
): Promise<{ rows: ListedSession[]; total: number }> {
  const found = sql`
    from auth_sessions s join users u on u.id = s.user_id
   where s.user_id = ${owner.userId} and s.tenant_id = ${owner.tenantId} and ${isLive(sql, { byCookie: false, ...page })}`;
  const rows = await sql<ListedSession[]>`
    select s.id, s.created_at as "createdAt", s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt", host(s.ip) as ip,
           s.user_agent as "userAgent"
      ${found} order by s.last_used_at desc, s.id desc limit ${page.limit} offset ${page.offset}`;
  const [count] = await sql<Array<{ total: number }>>`select count(*) as total ${found}`;
  return { rows, total: count?.total ?? 0 };
}

/** Ends one of somebody's own sessions and tells every server; false when they have no such living one. */
export async function revokeOwnSession(sql: Sql, owner: Owner, sessionId: number, reason: string): Promise<boolean> {
  const rows = await sql`
    with revoked as (
      update auth_sessions set revoked_at = now(), revoked_reason = ${reason}
       where id = ${sessionId} and user_id = ${owner.userId} and tenant_id = ${owner.tenantId} and revoked_at is null and expires_at > now()
      returning id
    )
    select pg_notify(${SESSION_CHANNEL}, 'session:' || id) from revoked`;
  return rows.length > 0;
}
