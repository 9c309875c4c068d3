import { isIP } from 'node:net';
import { AppError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import type { Sql } from '../db/client.ts';
import {
  type BrowserTerms,
  findLiveSession,
  type FoundRefreshToken,
  insertSession,
  isUnspent,
  lockRefreshToken,
  revokeSession,
  rotateRefreshToken,
  SESSION_CHANNEL,
  type SessionUse,
} from '../db/query/sessions.ts';
import { noteChange } from './changes.ts';
import { openPasswords, type Passwords } from './passwords.ts';
import type { Runtime } from './runtime.ts';
import { BELIEVED_MS, forget, forgetAll, openSeen, recall, remember, type SeenSessions } from './seen-sessions.ts';
import { hashRefreshToken, newRefreshToken, openTokens, type Tokens } from './tokens.ts';

/** What proving who somebody is needs, opened once per api process. */
export interface Auth {
  readonly runtime: Runtime;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  /** live sessions as this process last saw them */
  readonly seen: SeenSessions;
  /** what time it is; without it the database's clock counts, which all servers share */
  readonly clock?: (() => Date) | undefined;
  close(): Promise<void>;
}

export const HOUR_SECONDS = 60 * 60;
/** Absolute end of a session (contracts: dashboard "7 days absolute", admin REFRESH_TOKEN_TTL). */
export const SESSION_SECONDS = 7 * 24 * HOUR_SECONDS;
/** The same for surfaces whose programs stay logged in by refreshing (contract: omnivox "30 days"). */
export const LONG_SESSION_SECONDS = 30 * 24 * HOUR_SECONDS;
/** A browser's session ends after this long without use (contract: dashboard "12 hours idle"). */
export const IDLE_SECONDS = 12 * HOUR_SECONDS;
/** What holds of every session whose cookies were ever used, whichever surface opened it. */
export const BROWSER_TERMS: BrowserTerms = { idleSeconds: IDLE_SECONDS, lifetimeSeconds: SESSION_SECONDS };
/**
 * For so long a spent cookie is answered with the successor it was exchanged for: tabs of one browser refresh at the same moment, and
 * an answer may be lost on its way (RFC 9700 §4.14.2 leaves this to the server).
 */
export const GRACE_SECONDS = 30;
/** How long the token of surfaces without a refresh route lives. */
export const LONG_TOKEN_SECONDS = 12 * HOUR_SECONDS;

/** Opens the signer, the hasher and the ear for other servers' revocations. Close it before the runtime. */
export async function openAuth(runtime: Runtime, clock?: () => Date): Promise<Auth> {
  const seen = openSeen();
  // connecting again means that something may have been missed
  const ear = await runtime.db.sql.listen(
    SESSION_CHANNEL,
    (word) => forget(seen, word),
    () => forgetAll(seen),
  );
  const tokens = openTokens(runtime.config.JWT_SECRET);
  return { runtime, passwords: openPasswords(), tokens, seen, clock, close: () => ear.unlisten() };
}

/**
 * Who an access token stands for. A token seen within the last seconds costs no signature and no query; log-out and
 * changes of the user end that at once, on every server. One that comes `byCookie` makes its session a browser's.
 * @throws AppError `token_expired`, or `unauthorized` when it is forged or its session is over
 */
export async function authenticate(auth: Auth, token: string, { byCookie = false }: { byCookie?: boolean } = {}): Promise<Principal> {
  const known = recall(auth.seen, token, byCookie, nowMs(auth));
  if (known) return known;
  const claims = auth.tokens.verifyAccess(token);
  const { epoch } = auth.seen;
  const who = await findLiveSession(auth.runtime.db.sql, claims.sessionId, useOf(auth, byCookie));
  if (!who) throw new AppError('unauthorized', 'The session is over');
  const goodUntilMs = Math.min(nowMs(auth) + BELIEVED_MS, claims.expiresAt * 1000);
  if (epoch === auth.seen.epoch) remember(auth.seen, token, { who, byCookie, goodUntilMs });
  return who;
}

/** What a client holds after it has proven who it is. */
export interface Login {
  sessionId: number;
  /** lives ACCESS_TOKEN_TTL */
  access: string;
  /** for surfaces without a refresh route, and the session cookie; lives LONG_TOKEN_SECONDS */
  longAccess: string;
  refresh: string;
  /** seconds until the session ends, whatever happens */
  leftSeconds: number;
}

export interface ClientFacts {
  ip: string | undefined;
  userAgent: string | undefined;
}

/** What the database takes for an address: a proxy may forward one with a port, a link-local one has its zone. */
function addressOf(ip: string | undefined): string | undefined {
  return ip !== undefined && isIP(ip) > 0 && !ip.includes('%') ? ip : undefined;
}

/** Opens a session for a user whose password was checked. @throws AppError `invalid_credentials` when it, or the user, was changed meanwhile */
export async function openSession(
  auth: Auth,
  user: { id: number; tenantId: number; passwordHash: string },
  client: ClientFacts,
  lifetimeSeconds = SESSION_SECONDS,
): Promise<Login> {
  const refresh = newRefreshToken();
  const sessionId = await insertSession(auth.runtime.db.sql, {
    tenantId: user.tenantId,
    userId: user.id,
    passwordHash: user.passwordHash,
    ip: addressOf(client.ip),
    userAgent: client.userAgent?.slice(0, 400),
    refreshHash: hashRefreshToken(refresh),
    lifetimeSeconds,
  });
  if (sessionId === undefined) throw new AppError('invalid_credentials', 'Invalid email or password');
  // profiles tell of the last log-in
  await noteChange(auth.runtime, user.tenantId, 'users');
  return loginOf(auth, { sessionId, userId: user.id, tenantId: user.tenantId }, refresh, lifetimeSeconds);
}

/**
 * Exchanges a refresh token for its successor. Each works once; a spent one that comes back was copied by somebody, so
 * the whole session dies (RFC 9700 §4.14.2). A cookie that comes back within `GRACE_SECONDS`, while nobody has used the successor, gets
 * that same successor again: two tabs end with one token.
 * @throws AppError `unauthorized`; `token_expired` when the session is over, for browsers also because it rested too long
 */
export async function rotateSession(auth: Auth, token: string, { byCookie = false }: { byCookie?: boolean } = {}): Promise<Login> {
  const successor = auth.tokens.successorOf(token);
  const { who, leftSeconds } = await useRefreshToken(auth, token, byCookie, successor);
  return loginOf(auth, who, successor, leftSeconds);
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

/** Checks a refresh token and, with a successor, exchanges it. */
async function useRefreshToken(
  auth: Auth,
  token: string,
  byCookie = false,
  successor?: string,
): Promise<{ who: Principal; leftSeconds: number }> {
  const use = useOf(auth, byCookie);
  const tokenHash = hashRefreshToken(token);
  const successorHash = successor === undefined ? undefined : hashRefreshToken(successor);
  const answer = await auth.runtime.db.sql.begin(async (tx) => {
    const found = await lockRefreshToken(tx, tokenHash, use);
    if (!found) return { outcome: 'unknown' as const };
    if (found.spentSeconds !== null && !(byCookie && successorHash !== undefined && (await isTwin(tx, found, successorHash)))) {
      await revokeSession(tx, found.sessionId, 'refresh token reused');
      return { outcome: 'reused' as const, sessionId: found.sessionId };
    }
    if (!found.live) {
      // what a browser left lying for too long must not be good for anything else either
      if (byCookie) await revokeSession(tx, found.sessionId, 'rested too long');
      return { outcome: 'over' as const, sessionId: found.sessionId };
    }
    if (successorHash !== undefined && found.spentSeconds === null) await rotateRefreshToken(tx, tokenHash, successorHash, use.now);
    return { outcome: 'good' as const, who: await findLiveSession(tx, found.sessionId, use), leftSeconds: found.leftSeconds };
  });
  switch (answer.outcome) {
    case 'reused':
      forget(auth.seen, `session:${answer.sessionId}`);
      auth.runtime.log.warn({ sessionId: answer.sessionId }, 'a spent refresh token came back, its session is revoked');
      throw new AppError('unauthorized', 'The refresh token was used before');
    case 'over':
      forget(auth.seen, `session:${answer.sessionId}`);
      throw new AppError('token_expired', 'The session is over');
    case 'good':
      if (answer.who) return { who: answer.who, leftSeconds: answer.leftSeconds };
  }
  throw new AppError('unauthorized', 'The refresh token is not valid');
}

/** Spent a moment ago, by another tab: its successor waits unused. */
async function isTwin(tx: Sql, found: FoundRefreshToken, successorHash: string): Promise<boolean> {
  return found.spentSeconds !== null && found.spentSeconds <= GRACE_SECONDS && (await isUnspent(tx, successorHash));
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

function loginOf(auth: Auth, claims: { sessionId: number; userId: number; tenantId: number }, refresh: string, leftSeconds: number): Login {
  return {
    sessionId: claims.sessionId,
    access: signShort(auth, claims),
    longAccess: auth.tokens.signAccess(claims, LONG_TOKEN_SECONDS),
    refresh,
    leftSeconds,
  };
}

function useOf({ clock }: Auth, byCookie: boolean): SessionUse {
  return { byCookie, terms: BROWSER_TERMS, now: clock?.() };
}

function nowMs({ clock }: Auth): number {
  return clock?.().getTime() ?? Date.now();
}

function signShort(auth: Auth, claims: { sessionId: number; userId: number; tenantId: number }): string {
  return auth.tokens.signAccess(claims, auth.runtime.config.ACCESS_TOKEN_TTL);
}
