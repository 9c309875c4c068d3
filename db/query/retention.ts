import type { Sql } from '../client.ts';

/** Deletes what has outlived its use. Call rows and everything that explains them stay. */
export async function deleteExpired(sql: Sql): Promise<{ idempotencyKeys: number; sessions: number; heartbeats: number }> {
  const keys = await sql`delete from idempotency_keys where expires_at < now()`;
  const sessions = await sql`delete from auth_sessions where expires_at < now() - interval '7 days'`;
  const heartbeats = await sql`delete from heartbeats where last_seen_at < now() - interval '1 day'`;
  return { idempotencyKeys: keys.count, sessions: sessions.count, heartbeats: heartbeats.count };
}
