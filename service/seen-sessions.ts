import type { Principal } from '../core/principal.ts';

interface Seen {
  who: Principal;
  byCookie: boolean;
  goodUntilMs: number;
}

/** Live sessions as one process last saw them. */
export interface SeenSessions {
  byToken: Map<string, Seen>;
  /** grows whenever something was forgotten: what was asked before must not be remembered after */
  epoch: number;
}

/** How long a session is believed without asking; the bound when a notification is lost. */
export const BELIEVED_MS = 5000;
const SEEN_MAX = 10_000;

export function openSeen(): SeenSessions {
  return { byToken: new Map(), epoch: 0 };
}

/** Who a token stood for a moment ago. What came by Bearer only says nothing yet of a cookie, which has terms of its own. */
export function recall({ byToken }: SeenSessions, token: string, byCookie: boolean, nowMs: number): Principal | undefined {
  const known = byToken.get(token);
  return known && known.goodUntilMs > nowMs && (known.byCookie || !byCookie) ? known.who : undefined;
}

export function remember(seen: SeenSessions, token: string, session: Seen): void {
  if (seen.byToken.size >= SEEN_MAX) seen.byToken.clear();
  seen.byToken.set(token, session);
}

/** `session:<id>` or `user:<id>`. */
export function forget(seen: SeenSessions, word: string): void {
  seen.epoch++;
  for (const [token, { who }] of seen.byToken) {
    if (word === `session:${who.sessionId}` || word === `user:${who.userId}`) seen.byToken.delete(token);
  }
}

export function forgetAll(seen: SeenSessions): void {
  seen.epoch++;
  seen.byToken.clear();
}
