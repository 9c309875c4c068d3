import { isIP } from 'node:net';
import { AppError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import type { Sql } from '../db/client.ts';
import {
  findLiveSession,
  insertSession,
  lockRefreshToken,
  revokeSession,
  rotateRefreshToken,
  SESSION_CHANNEL,
} from '../db/query/sessions.ts';
import { noteChange } from './changes.ts';
import { openPasswords, type Passwords } from './passwords.ts';
import type { Runtime } from './runtime.ts';
import { hashRefreshToken, newRefreshToken, openTokens, type Tokens } from './tokens.ts';

/** What proving who somebody is needs, opened once per api process. */
export interface Auth {
  readonly runtime: Runtime;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  /** live sessions as this process last saw them */
  readonly seen: SeenSessions;
  close(): Promise<void>;
}

interface SeenSessions {
  byToken: Map<string, { who: Principal; goodUntilMs: number }>;
  /** grows whenever something was forgotten: what was asked before must not be remembered after */
  epoch: number;
}

export const HOUR_SECONDS = 60 * 60;
/** Absolute end of a session (contracts: dashboard "7 days absolute", admin REFRESH_TOKEN_TTL). */
export const SESSION_SECONDS = 7 * 24 * HOUR_SECONDS;
/** The same for surfaces whose programs stay logged in by refreshing (contract: omnivox "30 days"). */
export const LONG_SESSION_SECONDS = 30 * 24 * HOUR_SECONDS;
/** A browser's session ends after this long without use (contract: dashboard "12 hours idle"). */
export const IDLE_SECONDS = 12 * HOUR_SECONDS;
/** How long the token of surfaces without a refresh route lives. */
export const LONG_TOKEN_SECONDS = 12 * HOUR_SECONDS;

/** How long a session is believed without asking; the bound when a notification is lost. */
const BELIEVED_MS = 5000;
const SEEN_MAX = 10_000;

/** Opens the signer, the hasher and the ear for other servers' revocations. Close it before the runtime. */
export async function openAuth(runtime: Runtime): Promise<Auth> {
  const seen: SeenSessions = { byToken: new Map(), epoch: 0 };
  // connecting again means that something may have been missed
  const ear = await runtime.db.sql.listen(
    SESSION_CHANNEL,
    (word) => forget(seen, word),
    () => forgetAll(seen),
  );
  return { runtime, passwords: openPasswords(), tokens: openTokens(runtime.config.JWT_SECRET), seen, close: () => ear.unlisten() };
}

/**
 * Who an access token stands for. A token seen within the last seconds costs no signature and no query; log-out and
 * changes of the user end that at once, on every server.
 * @throws AppError `token_expired`, or `unauthorized` when it is forged or its session is over
 */
export async function authenticate(auth: Auth, token: string): Promise<Principal> {
  const known = auth.seen.byToken.get(token);
  if (known && known.goodUntilMs > Date.now()) return known.who;
  const claims = auth.tokens.verifyAccess(token);
  const { epoch } = auth.seen;
  const who = await findLiveSession(auth.runtime.db.sql, claims.sessionId);
  if (!who) throw new AppError('unauthorized', 'The session is over');
  if (epoch === auth.seen.epoch) remember(auth.seen, token, who, Math.min(Date.now() + BELIEVED_MS, claims.expiresAt * 1000));
  return who;
}

/** What a client holds after it has proven who it is. */
export interface Login {
  sessionId: number;
  /** short-lived; ACCESS_TOKEN_TTL */
  access: string;
  /** for surfaces without a refresh route, and the session cookie */
  longAccess: string;
  refresh: string;
}

export interface ClientFacts {
  ip: string | undefined;
  userAgent: string | undefined;
}

/** What the database takes for an address: a proxy may forward one with a port, a link-local one has its zone. */
function addressOf(ip: string | undefined): string | undefined {
  return ip !== undefined && isIP(ip) > 0 && !ip.includes('%') ? ip : undefined;
}

/** Opens a session for a user whose proof was checked. */
export async function openSession(
  auth: Auth,
  user: { id: number; tenantId: number },
  client: ClientFacts,
  lifetimeSeconds = SESSION_SECONDS,
): Promise<Login> {
  const refresh = newRefreshToken();
  const sessionId = await insertSession(auth.runtime.db.sql, {
    tenantId: user.tenantId,
    userId: user.id,
    ip: addressOf(client.ip),
    userAgent: client.userAgent?.slice(0, 400),
    refreshHash: hashRefreshToken(refresh),
    lifetimeSeconds,
  });
  // profiles tell of the last log-in
  await noteChange(auth.runtime, user.tenantId, 'users');
  return loginOf(auth, { sessionId, userId: user.id, tenantId: user.tenantId }, refresh);
}

/**
 * Exchanges a refresh token for its successor. Each works once; a spent one that comes back was copied by somebody, so
 * the whole session dies (RFC 9700 §4.14.2).
 * @throws AppError `unauthorized`; `token_expired` when the session's time is over or, with `idleMaxSeconds`, it rested too long
 */
export async function rotateSession(auth: Auth, token: string, options: { idleMaxSeconds?: number } = {}): Promise<Login> {
  const successor = newRefreshToken();
  const { who } = await useRefreshToken(auth, token, options, (tx, tokenHash) =>
    rotateRefreshToken(tx, tokenHash, hashRefreshToken(successor)),
  );
  return loginOf(auth, who, successor);
}

/**
 * A new access token for a refresh token that stays as it is: the admin document's programs keep the one they logged in
 * with. One that was exchanged for its successor counts as copied here too, and ends the session.
 * @throws AppError as `rotateSession`
 */
export async function renewAccess(auth: Auth, token: string): Promise<string> {
  const { who } = await useRefreshToken(auth, token);
  return signShort(auth, who);
}

/**
 * The same with a token that lives `ttlSeconds`, or as long as the session where that ends sooner; answers how long.
 * @throws AppError as `rotateSession`
 */
export async function renewAccessFor(auth: Auth, token: string, ttlSeconds: number): Promise<{ access: string; livesSeconds: number }> {
  const { who, leftSeconds } = await useRefreshToken(auth, token);
  const livesSeconds = Math.max(1, Math.min(ttlSeconds, Math.floor(leftSeconds)));
  return { access: auth.tokens.signAccess(who, livesSeconds), livesSeconds };
}

async function useRefreshToken(
  auth: Auth,
  token: string,
  options: { idleMaxSeconds?: number } = {},
  spend?: (tx: Sql, tokenHash: string) => Promise<void>,
): Promise<{ who: Principal; leftSeconds: number }> {
  const tokenHash = hashRefreshToken(token);
  const answer = await auth.runtime.db.sql.begin(async (tx) => {
    const found = await lockRefreshToken(tx, tokenHash);
    if (!found) return { outcome: 'unknown' as const };
    if (found.spent) {
      await revokeSession(tx, found.sessionId, 'refresh token reused');
      return { outcome: 'reused' as const, sessionId: found.sessionId };
    }
    if (!found.live || (options.idleMaxSeconds !== undefined && found.idleSeconds > options.idleMaxSeconds))
      return { outcome: 'over' as const };
    await spend?.(tx, tokenHash);
    return { outcome: 'good' as const, who: await findLiveSession(tx, found.sessionId), leftSeconds: found.leftSeconds };
  });
  switch (answer.outcome) {
    case 'reused':
      forget(auth.seen, `session:${answer.sessionId}`);
      auth.runtime.log.warn({ sessionId: answer.sessionId }, 'a spent refresh token came back, its session is revoked');
      throw new AppError('unauthorized', 'The refresh token was used before');
    case 'over':
      throw new AppError('token_expired', 'The session is over');
    case 'good':
      if (answer.who) return { who: answer.who, leftSeconds: answer.leftSeconds };
  }
  throw new AppError('unauthorized', 'The refresh token is not valid');
}

/** Ends a session: none of its tokens works any more, on any server. */
export async function logOut(auth: Auth, sessionId: number): Promise<void> {
  await revokeSession(auth.runtime.db.sql, sessionId, 'logged out');
  forget(auth.seen, `session:${sessionId}`);
}

/** What this server remembers of a user is no longer true; the others hear it from the database (`notifyUserChanged`). */
export function forgetUser(auth: Auth, userId: number): void {
  forget(auth.seen, `user:${userId}`);
}

function loginOf(auth: Auth, claims: { sessionId: number; userId: number; tenantId: number }, refresh: string): Login {
  return {
    sessionId: claims.sessionId,
    access: signShort(auth, claims),
    longAccess: auth.tokens.signAccess(claims, LONG_TOKEN_SECONDS),
    refresh,
  };
}

function signShort(auth: Auth, claims: { sessionId: number; userId: number; tenantId: number }): string {
  return auth.tokens.signAccess(claims, auth.runtime.config.ACCESS_TOKEN_TTL);
}

function remember(seen: SeenSessions, token: string, who: Principal, goodUntilMs: number): void {
  if (seen.byToken.size >= SEEN_MAX) seen.byToken.clear();
  seen.byToken.set(token, { who, goodUntilMs });
}

/** `session:<id>` or `user:<id>`. */
function forget(seen: SeenSessions, word: string): void {
  seen.epoch++;
  for (const [token, { who }] of seen.byToken) {
    if (word === `session:${who.sessionId}` || word === `user:${who.userId}`) seen.byToken.delete(token);
  }
}

function forgetAll(seen: SeenSessions): void {
  seen.epoch++;
  seen.byToken.clear();
}
