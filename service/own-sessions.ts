import { AppError } from '../core/errors.ts';
import type { Principal } from '../core/principal.ts';
import {
  type ListedSession,
  listSessions,
  lockRefreshToken,
  notifyUserChanged,
  revokeOwnSession,
  revokeSessionsOf,
} from '../db/query/sessions.ts';
import { forget } from './seen-sessions.ts';
import { type Auth, BROWSER_TERMS, forgetUser, logOut } from './sessions.ts';
import { hashRefreshToken } from './tokens.ts';

/** Where a user is logged in at this moment, the last used first. */
export async function listOwnSessions(
  auth: Auth,
  who: Principal,
  page: { limit: number; offset: number },
): Promise<{ rows: ListedSession[]; total: number }> {
  return listSessions(auth.runtime.db.sql, who, { terms: BROWSER_TERMS, now: auth.clock?.(), ...page });
}

/** Ends one session of whoever asks, on every server. @throws AppError `not_found` when they have no such living one */
export async function endOwnSession(auth: Auth, who: Principal, sessionId: number): Promise<void> {
  const ended = await revokeOwnSession(auth.runtime.db.sql, who, sessionId, 'logged out from another session');
  if (!ended) throw new AppError('not_found', 'Session not found');
  forget(auth.seen, `session:${sessionId}`);
}

/** Ends every session of whoever asks, this one too, on all surfaces and every server. */
export async function logOutEverywhere(auth: Auth, { userId }: Principal): Promise<void> {
  await auth.runtime.db.sql.begin(async (tx) => {
    await revokeSessionsOf(tx, userId, 'logged out everywhere');
    await notifyUserChanged(tx, userId);
  });
  forgetUser(auth, userId);
}

/**
 * Ends the session that a browser's refresh token would keep alive, if `maySay` agrees. Answers whether the token is good for nothing,
 * now or already.
 */
export async function endUnproven(auth: Auth, refreshToken: string, maySay: (sessionId: number) => boolean): Promise<boolean> {
  const use = { byCookie: true, terms: BROWSER_TERMS, now: auth.clock?.() };
  const found = await lockRefreshToken(auth.runtime.db.sql, hashRefreshToken(refreshToken), use);
  if (!found?.live) return true;
  if (!maySay(found.sessionId)) return false;
  await logOut(auth, found.sessionId);
  return true;
}
